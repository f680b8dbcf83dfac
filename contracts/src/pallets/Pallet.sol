// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IPallet} from "../interfaces/IPallet.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";

/// @notice What every pallet shares: the Runtime it belongs to, and the refusal of callers the Runtime does not name.
abstract contract Pallet is IPallet {
    IRuntime internal immutable RUNTIME;

    constructor(IRuntime runtime_) {
        RUNTIME = runtime_;
    }

    /// @inheritdoc IPallet
    function runtime() external view returns (IRuntime) {
        return RUNTIME;
    }

    function _onlyMarket() internal view {
        require(msg.sender == RUNTIME.market(), PalletUnauthorized(msg.sender));
    }

    function _onlyProofs() internal view {
        require(msg.sender == RUNTIME.proofs(), PalletUnauthorized(msg.sender));
    }

    function _onlyMarketOrStaking() internal view {
        require(
            msg.sender == RUNTIME.market() || msg.sender == RUNTIME.staking(), PalletUnauthorized(msg.sender)
        );
    }
}
