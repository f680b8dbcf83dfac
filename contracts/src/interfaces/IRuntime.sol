// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Parameters} from "./Types.sol";

/// @title Runtime: names the pallets and holds the parameters. A pallet accepts privileged calls only from these.
interface IRuntime {
    event Composed(address balances, address machines, address staking, address market, address proofs);

    error RuntimeAlreadyComposed();
    error RuntimeNotDeployer(address caller);
    error RuntimeBadParameter(string field);

    /// @notice Deployer, once: names the pallets. Nothing can change afterwards.
    function compose(address balances, address machines, address staking, address market, address proofs)
        external;

    function balances() external view returns (address);
    function machines() external view returns (address);
    function staking() external view returns (address);
    function market() external view returns (address);
    function proofs() external view returns (address);
    function parameters() external view returns (Parameters memory);
}
