// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IBalances} from "../../interfaces/IBalances.sol";
import {IMachines} from "../../interfaces/IMachines.sol";
import {AuditOutcome, HoldReason, Parameters} from "../../interfaces/Types.sol";
import {CloseReasons} from "../../libraries/CloseReasons.sol";
import {PayLib} from "../../libraries/PayLib.sol";
import {SlashLib} from "../../libraries/SlashLib.sol";
import {MarketStore} from "./MarketStore.sol";

/// @notice How an order ends and where its money goes.
abstract contract Settling is MarketStore {
    /// @dev Where an order's money goes. What is not named here returns to where it was held from.
    struct Settlement {
        AuditOutcome outcome;
        uint256 paidWei; // of the escrow, protocol fee included
        uint256 protocolFeeWei;
        address[] auditors;
        uint256 auditorFeeWei; // to each
        uint256 slashedWei; // of the stake
        uint256 toPayerWei; // of the slash
        uint256 toAuditorsWei; // of the slash, together
    }

    function _end(uint256 orderId, Order storage order, uint16 reason, string memory resultCid) internal {
        // Effect
        order.closedAt = uint48(block.timestamp);
        order.endReason = reason;
        emit OrderEnded(orderId, reason, resultCid);

        // Interaction: seconds of a signed offer that were never used may be filled again.
        if (order.offerId == 0 && order.startedAt == 0) consents.giveBack(orderId, order.maxSeconds);

        // Interaction: the machine may take its next order; stake and holds stay until settlement.
        _machines().free(order.machineId);
    }

    /// @dev The seller did not start in time: it pays what the buyer would have paid for cancelling in time.
    function _expirePreparing(uint256 orderId, Order storage order) internal {
        _end(orderId, order, CloseReasons.SELLER_DID_NOT_START, "");
        _settlePreparing(orderId, order, true);
    }

    /// @dev The buyer changed his mind in time: five minutes' price to the seller, who kept the machine free.
    function _cancelPreparing(uint256 orderId, Order storage order) internal {
        _end(orderId, order, CloseReasons.BUYER_CANCELLED, "");
        Settlement memory s;
        s.paidWei = _fiveMinutesWei(order);
        _settle(orderId, order, s);
    }

    function _settlePreparing(uint256 orderId, Order storage order, bool sellerPays) internal {
        Settlement memory s;
        if (sellerPays) {
            s.slashedWei = _fiveMinutesWei(order);
            s.toPayerWei = s.slashedWei;
        }
        _settle(orderId, order, s);
    }

    /// @dev No window: nothing to audit and nothing to pay for.
    function _settleIfUnproved(uint256 orderId, Order storage order) internal {
        if (_proofs().windowCount(orderId) != 0) return;
        Settlement memory s;
        _settle(orderId, order, s);
    }

    function _auditedSettlement(
        uint256 orderId,
        Order storage order,
        AuditOutcome outcome,
        address[] memory agreeing,
        uint256 drawn
    ) internal view returns (Settlement memory s) {
        Parameters memory p = _parametersOf(order);
        s.outcome = outcome;

        if (outcome == AuditOutcome.Unaudited) {
            s.paidWei = PayLib.shareDown(_earnedWei(orderId, order), order.unauditedShareBps);
            return s;
        }

        // Auditors are paid by the segment they audited, in equal parts, whatever they found.
        s.auditors = agreeing;
        if (agreeing.length != 0) s.auditorFeeWei = p.auditFeePerSegmentWei * drawn / agreeing.length;

        if (outcome == AuditOutcome.Pass) {
            s.paidWei = _earnedWei(orderId, order);
            s.protocolFeeWei = PayLib.shareDown(s.paidWei, p.protocolFeeBps);
            return s;
        }

        // Fraud: the payer is made whole, auditors get at most half of the rest, and what is left is burned, so
        // that accusing oneself always loses.
        s.slashedWei = PayLib.shareDown(order.stakeWei, SlashLib.FRAUD_BPS);
        s.toPayerWei = s.auditorFeeWei * agreeing.length;
        s.toAuditorsWei = SlashLib.challengersWei(s.slashedWei, s.toPayerWei);
    }

    function _settle(uint256 orderId, Order storage order, Settlement memory s) internal {
        uint256 auditorsPaidWei = s.auditorFeeWei * s.auditors.length;
        uint256 escrowBackWei = order.escrowWei - s.paidWei;
        uint256 feeBackWei = order.auditFeeWei - auditorsPaidWei;

        // Effect: settled, once and for all.
        order.settledAt = uint48(block.timestamp);
        order.outcome = s.outcome;
        order.paidWei = uint128(s.paidWei);
        // forge-lint: disable-next-line(unsafe-typecast) both parts were held as uint128
        order.refundedWei = uint128(escrowBackWei + feeBackWei);
        order.slashedWei = uint128(s.slashedWei);
        uint16 closeReason = _closeReasonOf(order);
        emit OrderSettled(
            orderId,
            _settledStatus(closeReason),
            closeReason,
            s.paidWei,
            escrowBackWei + feeBackWei,
            s.slashedWei,
            auditorsPaidWei,
            s.protocolFeeWei
        );

        // Interaction: pallets only. First what the payer had held, then the seller's stake.
        _moveEscrow(order, s, escrowBackWei);
        _moveFee(order, s, feeBackWei);
        if (s.slashedWei != 0) {
            _staking()
                .slash(order.seller, s.slashedWei, order.payer, s.toPayerWei, s.auditors, s.toAuditorsWei);
        }
        if (order.stakeWei > s.slashedWei) _staking().unreserve(order.seller, order.stakeWei - s.slashedWei);
        _record(orderId, order, closeReason, s.protocolFeeWei);
    }

    function _moveEscrow(Order storage order, Settlement memory s, uint256 backWei) internal {
        IBalances balances = _balances();
        address payer = order.payer;
        uint256 toSellerWei = s.paidWei - s.protocolFeeWei;
        if (toSellerWei != 0) balances.transferHeld(payer, HoldReason.Escrow, order.seller, toSellerWei);
        if (s.protocolFeeWei != 0) balances.slashHeld(payer, HoldReason.Escrow, s.protocolFeeWei);
        if (backWei != 0) balances.release(payer, HoldReason.Escrow, backWei);
    }

    function _moveFee(Order storage order, Settlement memory s, uint256 backWei) internal {
        IBalances balances = _balances();
        address payer = order.payer;
        for (uint256 i; s.auditorFeeWei != 0 && i < s.auditors.length; ++i) {
            balances.transferHeld(payer, HoldReason.Fee, s.auditors[i], s.auditorFeeWei);
        }
        if (backWei != 0) balances.release(payer, HoldReason.Fee, backWei);
    }

    /* ARITHMETIC */

    /// @dev Never more than the escrow: paid time is at most maxSeconds, and the escrow rounds up.
    function _earnedWei(uint256 orderId, Order storage order) internal view returns (uint256) {
        uint256 elapsedSeconds = _endedAt(order) - order.startedAt;
        uint256 provedMicros = _provedSteps(orderId, order) * order.stepMicros;
        return PayLib.earnedDown(order.pricePerHourWei, elapsedSeconds, provedMicros);
    }

    function _provedSteps(uint256 orderId, Order storage order) internal view returns (uint256) {
        uint256 steps = uint256(_proofs().committedSegments(orderId)) * order.stepsPerSegment;
        return steps < order.steps ? steps : order.steps;
    }

    function _fiveMinutesWei(Order storage order) internal view returns (uint256) {
        return SlashLib.lateStartWei(order.pricePerHourWei, order.escrowWei);
    }

    /* RECORD */

    /// @dev For what a seller answers for: how long it let the buyer wait, and how much longer than agreed the proved
    /// steps took.
    function _record(uint256 orderId, Order storage order, uint16 closeReason, uint256 feeBurnedWei)
        internal
    {
        IMachines machines = _machines();
        machines.count(order.machineId, closeReason);
        uint256 startedAt = order.startedAt;
        uint256 lateSeconds = (startedAt != 0 ? startedAt : order.closedAt) - order.placedAt;
        uint256 overrunMicros;
        if (startedAt != 0) {
            overrunMicros = (_endedAt(order) - startedAt) * 1_000_000;
            uint256 provedMicros = _provedSteps(orderId, order) * order.stepMicros;
            overrunMicros = overrunMicros > provedMicros ? overrunMicros - provedMicros : 0;
        }
        machines.record(
            order.machineId, order.seller, closeReason, lateSeconds, overrunMicros / 1_000_000, feeBurnedWei
        );
    }
}
