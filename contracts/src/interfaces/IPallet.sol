// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRuntime} from "./IRuntime.sol";

/// @title IPallet: what every pallet answers.
interface IPallet {
    error PalletUnauthorized(address caller);

    function runtime() external view returns (IRuntime);
}
