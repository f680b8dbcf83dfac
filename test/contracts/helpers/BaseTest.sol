// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    AuditOutcome,
    Ballot,
    DisputeStage,
    DisputeView,
    HoldReason,
    Leaf,
    LeafProof,
    MachineStatus,
    Narrowing,
    Opening,
    OrderStatus,
    OrderTerms,
    OrderView,
    Pallets,
    Parameters,
    Payment,
    ProofFacts,
    ProofMode,
    ResumeFrom,
    Role,
    SealedBallot,
    SignedOffer
} from "../../../contracts/src/interfaces/Types.sol";
import {IBalances} from "../../../contracts/src/interfaces/IBalances.sol";
import {IConsents} from "../../../contracts/src/interfaces/IConsents.sol";
import {IDisputes} from "../../../contracts/src/interfaces/IDisputes.sol";
import {IHashrate} from "../../../contracts/src/interfaces/IHashrate.sol";
import {IMachines} from "../../../contracts/src/interfaces/IMachines.sol";
import {IMarket} from "../../../contracts/src/interfaces/IMarket.sol";
import {IPallet} from "../../../contracts/src/interfaces/IPallet.sol";
import {IProofs} from "../../../contracts/src/interfaces/IProofs.sol";
import {IRuntime} from "../../../contracts/src/interfaces/IRuntime.sol";
import {IStaking} from "../../../contracts/src/interfaces/IStaking.sol";
import {IWindows} from "../../../contracts/src/interfaces/IWindows.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {DisputeSteps} from "./DisputeSteps.sol";

/// @notice What every test of the market stands on: a composed market, the steps of orders, audits and disputes, and what is asserted
/// of them. Tests take their types from here.
abstract contract BaseTest is DisputeSteps {
    function assertStatus(uint256 orderId, OrderStatus expected, string memory message) internal view {
        assertEq(uint256(market.statusOf(orderId)), uint256(expected), message);
    }

    function assertFree(address account, uint256 expectedWei, string memory message) internal view {
        assertEq(balances.freeOf(account), expectedWei, message);
    }

    function assertHeld(address account, HoldReason reason, uint256 expectedWei, string memory message)
        internal
        view
    {
        assertEq(balances.heldOf(account, reason), expectedWei, message);
    }

    /// @notice No escrow and no fee is held, the seller has nothing reserved: the order left nothing behind.
    function assertNothingLeft() internal view {
        assertHeld(buyer, HoldReason.Escrow, 0, "buyer's escrow left");
        assertHeld(payer, HoldReason.Escrow, 0, "payer's escrow left");
        assertEq(staking.bondOf(seller).reservedWei, 0, "seller's stake left");
        assertSolvent();
    }

    function assertSolvent() internal view {
        assertEq(
            balances.totalWei() + balances.burnedWei(),
            token.balanceOf(address(balances)),
            "free + held + burned != tokens"
        );
    }

    function unexpected(uint256 orderId, OrderStatus current, uint256 allowed)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(IMarket.MarketUnexpectedStatus.selector, orderId, current, allowed);
    }

    function badTerms(string memory field) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IMarket.MarketBadTerms.selector, field);
    }

    function tooEarly(uint256 orderId, uint256 notBefore) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IMarket.MarketTooEarly.selector, orderId, notBefore);
    }

    function tooLate(uint256 orderId, uint256 deadline) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IMarket.MarketTooLate.selector, orderId, deadline);
    }
}
