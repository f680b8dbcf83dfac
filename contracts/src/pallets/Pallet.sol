// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IBalances} from "../interfaces/IBalances.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {IDrilling} from "../interfaces/IDrilling.sol";
import {IHashrate} from "../interfaces/IHashrate.sol";
import {IMachines} from "../interfaces/IMachines.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {IPallet} from "../interfaces/IPallet.sol";
import {IProofs} from "../interfaces/IProofs.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {IWindows} from "../interfaces/IWindows.sol";
import {Pallets} from "../interfaces/Types.sol";

/// @notice What every pallet shares: the Runtime it belongs to, the other pallets, and the refusal of callers that the
/// Runtime does not name.
/// @dev Addresses are code, not storage: reading one costs nothing.
abstract contract Pallet is IPallet {
    IRuntime internal immutable RUNTIME;
    IBalances internal immutable BALANCES;
    IMachines internal immutable MACHINES;
    IStaking internal immutable STAKING;
    IMarket internal immutable MARKET;
    IProofs internal immutable PROOFS;
    IDisputes internal immutable DISPUTES;
    IHashrate internal immutable HASHRATE;
    IDrilling internal immutable DRILLING;
    IWindows internal immutable WINDOWS;

    constructor(IRuntime runtime_) {
        Pallets memory pallets = runtime_.pallets();
        RUNTIME = runtime_;
        BALANCES = IBalances(pallets.balances);
        MACHINES = IMachines(pallets.machines);
        STAKING = IStaking(pallets.staking);
        MARKET = IMarket(pallets.market);
        PROOFS = IProofs(pallets.proofs);
        DISPUTES = IDisputes(pallets.disputes);
        HASHRATE = IHashrate(pallets.hashrate);
        DRILLING = IDrilling(pallets.drilling);
        WINDOWS = IWindows(pallets.windows);
    }

    /// @inheritdoc IPallet
    function runtime() external view returns (IRuntime) {
        return RUNTIME;
    }

    /// @dev Has part of the pallet do this very call, on this storage and as this pallet. Never returns.
    function _delegate(address part) internal {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, 0, calldatasize())
            let done := delegatecall(gas(), part, free, calldatasize(), 0, 0)
            returndatacopy(free, 0, returndatasize())
            if iszero(done) { revert(free, returndatasize()) }
            return(free, returndatasize())
        }
    }

    function _onlyMarket() internal view {
        require(msg.sender == address(MARKET), PalletUnauthorized(msg.sender));
    }

    function _onlyProofs() internal view {
        require(msg.sender == address(PROOFS), PalletUnauthorized(msg.sender));
    }

    function _onlyWindows() internal view {
        require(msg.sender == address(WINDOWS), PalletUnauthorized(msg.sender));
    }

    function _onlyDisputes() internal view {
        require(msg.sender == address(DISPUTES), PalletUnauthorized(msg.sender));
    }

    function _onlyProofsOrDisputes() internal view {
        require(
            msg.sender == address(PROOFS) || msg.sender == address(DISPUTES), PalletUnauthorized(msg.sender)
        );
    }

    function _onlyDrilling() internal view {
        require(msg.sender == address(DRILLING), PalletUnauthorized(msg.sender));
    }

    function _onlyReserving() internal view {
        bool reserves = msg.sender == address(MARKET) || msg.sender == address(DISPUTES)
            || msg.sender == address(DRILLING);
        require(reserves, PalletUnauthorized(msg.sender));
    }

    function _onlyMarketOrStaking() internal view {
        require(
            msg.sender == address(MARKET) || msg.sender == address(STAKING), PalletUnauthorized(msg.sender)
        );
    }
}
