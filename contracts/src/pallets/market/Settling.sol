// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IMarket} from "../../interfaces/IMarket.sol";
import {AuditOutcome, HoldReason, Parameters, Payout, ProofMode} from "../../interfaces/Types.sol";
import {CloseReasons} from "../../libraries/CloseReasons.sol";
import {PayLib} from "../../libraries/PayLib.sol";
import {SlashLib} from "../../libraries/SlashLib.sol";
import {Placing} from "./Placing.sol";

/// @notice How an order ends and where its money goes.
abstract contract Settling is Placing {
    /// @dev So long after a machine's last heartbeat it is taken to be up: what a heartbeat that is late or lost may cost.
    uint256 internal constant HEARTBEAT_GRACE_SECONDS = 300;

    /// @dev Where a settled order's money goes; follows from what is stored of it. What is not named here returns to
    /// where it was held from.
    struct Settlement {
        uint256 paidWei; // of the escrow, protocol fee included
        uint256 protocolFeeWei;
        uint256 auditorsWei; // of the audit fee, and of the pay for what lateness added, together
        uint256 slashedWei; // of the stake
        uint256 toPayerWei; // of the slash
        uint256 toAuditorsWei; // of the slash, together
    }

    function _end(uint256 orderId, Order storage order, uint16 reason, string memory resultCid) internal {
        // Effect. After a buyer's cancel the audit opens with the last window, or by the clock.
        order.closedAt = uint32(block.timestamp);
        order.endReason = reason;
        if (!_mayGetLastWindow(order)) order.auditBlock = uint40(block.number);
        if (order.mode == ProofMode.None && order.startedAt != 0) {
            (uint256 until, uint256 deadline) = (_upUntil(order), _paidDeadline(order));
            // forge-lint: disable-next-line(unsafe-typecast) the lesser is a time not far from now
            order.paidUntil = uint32(until < deadline ? until : deadline);
        }
        emit IMarket.OrderEnded(orderId, reason, resultCid);

        // Interaction: seconds of a signed offer that were never used may be filled again.
        if (order.signed && order.startedAt == 0) consents.giveBack(orderId, order.maxSeconds);

        // Interaction: the machine may take its next order; stake and holds stay until settlement.
        MACHINES.free(_offerOf(order).machineId);
    }

    function _mayGetLastWindow(Order storage order) internal view returns (bool) {
        if (order.endReason != CloseReasons.BUYER_CANCELLED || order.startedAt == 0) return false;
        return order.segments < _segmentsOf(order) && _parametersOf(order).lastWindowSeconds != 0;
    }

    /// @dev From when on no window of it can come; zero: it runs. Stays as it is when an audit replaces the reason.
    function _overAt(Order storage order) internal view returns (uint64) {
        if (order.lastWindowAt != 0) return order.lastWindowAt;
        // Its end opened the audit, unless a last window might come.
        if (order.closedAt == 0 || order.auditBlock != 0) return order.closedAt;
        return order.closedAt + _parametersOf(order).lastWindowSeconds;
    }

    /// @dev Until when a machine that was started counts as up, by its heartbeats.
    function _upUntil(Order storage order) internal view returns (uint256) {
        uint256 toldAt = MACHINES.lastHeartbeatAt(_offerOf(order).machineId);
        return (toldAt > order.startedAt ? toldAt : order.startedAt) + HEARTBEAT_GRACE_SECONDS;
    }

    /// @dev The seller did not start in time: it pays what the buyer would have paid for cancelling in time.
    function _expirePreparing(uint256 orderId, Order storage order) internal {
        _end(orderId, order, CloseReasons.SELLER_DID_NOT_START, "");
        _settleUnaudited(orderId, order);
    }

    /// @dev The buyer changed his mind in time: five minutes' price to the seller, who kept the machine free.
    function _cancelPreparing(uint256 orderId, Order storage order) internal {
        _end(orderId, order, CloseReasons.BUYER_CANCELLED, "");
        _settleUnaudited(orderId, order);
    }

    /// @dev No window: nothing to audit and nothing to pay for.
    function _settleIfUnproved(uint256 orderId, Order storage order) internal {
        if (order.segments == 0) _settleUnaudited(orderId, order);
    }

    function _settleUnaudited(uint256 orderId, Order storage order) internal {
        _settle(orderId, order, new address[](0));
    }

    /// @dev agreeing: auditors who found what the panel found.
    function _settleAudited(
        uint256 orderId,
        Order storage order,
        AuditOutcome outcome,
        address[] memory agreeing,
        uint256 drawn
    ) internal {
        // What an audit found stands above why the order was ended.
        if (outcome != AuditOutcome.Pass) order.endReason = _reasonOf(outcome);
        if (outcome == AuditOutcome.Fault) order.earlierFaults = _countFault(_offerOf(order).seller);
        // Where nobody agreed on all of it nobody is paid.
        // forge-lint: disable-next-line(unsafe-typecast) at most 128 segments are drawn
        if (agreeing.length != 0) order.drawn = uint8(drawn);
        _settle(orderId, order, agreeing);
    }

    /// @dev One more. Returns how many came before it and are not forgotten, as far as that matters.
    function _countFault(address seller) internal returns (uint8 earlier) {
        earlier = uint8(_faultsOf(seller));
        _faults[seller] = Faults(earlier + 1, uint40(block.timestamp));
    }

    function _faultsOf(address seller) internal view returns (uint256 count) {
        Faults storage faults = _faults[seller];
        count = SlashLib.rememberedFaults(faults.count, block.timestamp - faults.lastAt);
        if (count > SlashLib.MAX_EARLIER_FAULTS) count = SlashLib.MAX_EARLIER_FAULTS;
    }

    function _reasonOf(AuditOutcome outcome) internal pure returns (uint16) {
        if (outcome == AuditOutcome.Fail) return CloseReasons.FRAUD_PROVED;
        if (outcome == AuditOutcome.Unavailable) return CloseReasons.CHECKPOINTS_UNAVAILABLE;
        if (outcome == AuditOutcome.Fault) return CloseReasons.FAULT_PROVED;
        if (outcome == AuditOutcome.Mismatch) return CloseReasons.MISMATCH;
        if (outcome == AuditOutcome.Mismatches) return CloseReasons.MISMATCHES;
        return
            outcome == AuditOutcome.NotDeterministic
                ? CloseReasons.JURY_DIFFERED
                : CloseReasons.AUDITORS_SILENT;
    }

    /// @dev Of a settled order with windows: nothing else was found of them.
    function _hasPassed(uint16 reason) internal pure returns (bool) {
        return !_isFraud(reason) && !_endsPay(reason) && reason != CloseReasons.AUDITORS_SILENT
            && reason != CloseReasons.JURY_DIFFERED;
    }

    function _isFraud(uint16 reason) internal pure returns (bool) {
        return reason == CloseReasons.FRAUD_PROVED || reason == CloseReasons.CHECKPOINTS_UNAVAILABLE;
    }

    /// @dev What was proved before the wrong window is paid; of several mismatches nothing.
    function _endsPay(uint16 reason) internal pure returns (bool) {
        return reason == CloseReasons.FAULT_PROVED || reason == CloseReasons.MISMATCH
            || reason == CloseReasons.MISMATCHES;
    }

    function _settle(uint256 orderId, Order storage order, address[] memory agreeing) internal {
        Parameters memory p = _parametersOf(order);
        Amounts memory amounts = _amountsOf(order, p, order.maxSeconds);
        Settlement memory s = _settlementOf(orderId, order, amounts, p);

        // Effect: settled, once and for all.
        order.settledAt = uint32(block.timestamp);
        emit IMarket.OrderSettled(
            orderId,
            _settledStatus(order.endReason),
            order.endReason,
            s.paidWei,
            _backWei(amounts, s),
            s.slashedWei,
            s.auditorsWei,
            s.protocolFeeWei
        );

        // Interaction: pallets only.
        _move(_payerOf(orderId, order), _offerOf(order).seller, amounts, s, agreeing);
        _record(order, s.protocolFeeWei);
    }

    /// @dev First what the payer had held, then the seller's stake.
    function _move(
        address payer,
        address seller,
        Amounts memory amounts,
        Settlement memory s,
        address[] memory agreeing
    ) internal {
        uint256 count = agreeing.length;
        Payout[] memory payouts = new Payout[](count + 2);
        payouts[0] = Payout(seller, s.paidWei - s.protocolFeeWei);
        payouts[1] = Payout(payer, _backWei(amounts, s));
        // Auditors share equally; what does not divide goes to the first.
        for (uint256 i; i < count; ++i) {
            payouts[i + 2] = Payout(agreeing[i], s.auditorsWei / count + (i == 0 ? s.auditorsWei % count : 0));
        }
        BALANCES.payOut(payer, HoldReason.Escrow, payouts, s.protocolFeeWei);
        if (s.slashedWei != 0) {
            STAKING.slash(seller, s.slashedWei, payer, s.toPayerWei, agreeing, s.toAuditorsWei);
        }
        if (amounts.stakeWei > s.slashedWei) STAKING.unreserve(seller, amounts.stakeWei - s.slashedWei);
    }

    function _backWei(Amounts memory amounts, Settlement memory s) internal pure returns (uint256) {
        return amounts.escrowWei + amounts.auditFeeWei - s.paidWei - s.auditorsWei;
    }

    /* ARITHMETIC */

    /// @dev All zero while it is open.
    function _settlementOf(uint256 orderId, Order storage order, Amounts memory amounts, Parameters memory p)
        internal
        view
        returns (Settlement memory s)
    {
        uint16 reason = order.endReason;
        if (order.startedAt == 0) return _unstarted(order, amounts, reason);
        // No window: nothing was proved. Without proof time alone is paid.
        if (order.segments == 0) {
            if (order.mode != ProofMode.None) return s;
            s.paidWei = PayLib.priceDown(_offerOf(order).pricePerHourWei, _endedAt(order) - order.startedAt);
            s.protocolFeeWei = PayLib.shareDown(s.paidWei, p.protocolFeeBps);
            return s;
        }
        uint256 provedSteps = _endsPay(reason) ? _stepsBeforeWrongWindow(orderId, order) : _provedSteps(order);
        uint256 earnedWei = _earnedWei(order, provedSteps);
        if (reason == CloseReasons.AUDITORS_SILENT) {
            s.paidWei = PayLib.shareDown(earnedWei, order.unauditedShareBps);
            return s;
        }

        // Auditors, or challenger and jurors, are paid by the segment that was drawn, whatever they found.
        uint256 feeWei = amounts.feePerSegmentWei * order.drawn;
        s.auditorsWei = feeWei < amounts.auditFeeWei ? feeWei : amounts.auditFeeWei;
        if (!_isFraud(reason)) {
            s.paidWei = earnedWei;
            s.protocolFeeWei = PayLib.shareDown(s.paidWei, p.protocolFeeBps);
            if (_hasPassed(reason)) _payForLateness(s, feeWei - s.auditorsWei);
            if (reason != CloseReasons.FAULT_PROVED) return s;
        }

        // Fraud or fault: the payer has its fee back, challenger and jurors get at most half of the rest, and what is left
        // is burned, so that accusing oneself always loses.
        s.slashedWei = _isFraud(reason)
            ? PayLib.shareDown(amounts.stakeWei, SlashLib.FRAUD_BPS)
            : SlashLib.faultWei(amounts.stakeWei, s.auditorsWei, order.earlierFaults);
        s.toPayerWei = s.auditorsWei;
        s.toAuditorsWei = SlashLib.challengersWei(s.slashedWei, s.toPayerWei);
    }

    /// @dev Draws beyond those that the payer put a fee up for come of windows that were late or amended: the seller pays them.
    function _payForLateness(Settlement memory s, uint256 lateWei) internal pure {
        uint256 netWei = s.paidWei - s.protocolFeeWei;
        if (lateWei > netWei) lateWei = netWei;
        s.paidWei -= lateWei;
        s.auditorsWei += lateWei;
    }

    /// @dev Whoever drew back pays five minutes' price; a job that cannot run is nobody's fault.
    function _unstarted(Order storage order, Amounts memory amounts, uint16 reason)
        internal
        view
        returns (Settlement memory s)
    {
        uint256 fiveMinutesWei = SlashLib.lateStartWei(_offerOf(order).pricePerHourWei, amounts.escrowWei);
        if (reason == CloseReasons.BUYER_CANCELLED) s.paidWei = fiveMinutesWei;
        if (reason == CloseReasons.SELLER_DID_NOT_START || reason == CloseReasons.SELLER_GAVE_UP) {
            s.slashedWei = fiveMinutesWei;
            s.toPayerWei = fiveMinutesWei;
        }
    }

    /// @dev Never more than the escrow: paid time is at most maxSeconds, and the escrow rounds up.
    function _earnedWei(Order storage order, uint256 provedSteps) internal view returns (uint256) {
        uint256 elapsedSeconds = _endedAt(order) - order.startedAt;
        return
            PayLib.earnedDown(_offerOf(order).pricePerHourWei, elapsedSeconds, provedSteps * order.stepMicros);
    }

    /// @dev Proofs keeps which segment a dispute was about.
    function _stepsBeforeWrongWindow(uint256 orderId, Order storage order) internal view returns (uint256) {
        if (order.endReason == CloseReasons.MISMATCHES) return 0;
        (,,,, uint32 wrongSegment) = PROOFS.auditOf(orderId);
        return
            uint256(wrongSegment / order.segmentsPerWindow) * order.segmentsPerWindow * order.stepsPerSegment;
    }

    function _provedSteps(Order storage order) internal view returns (uint256) {
        uint256 steps = uint256(order.segments) * order.stepsPerSegment;
        return steps < order.steps ? steps : order.steps;
    }

    /* RECORD */

    /// @dev For what a seller answers for: how long it let the buyer wait, and how much longer than agreed the proved
    /// steps took.
    function _record(Order storage order, uint256 feeBurnedWei) internal {
        uint256 startedAt = order.startedAt;
        uint256 lateSeconds = (startedAt != 0 ? startedAt : order.closedAt) - order.placedAt;
        uint256 overrunMicros;
        if (startedAt != 0 && order.mode != ProofMode.None) {
            overrunMicros = (_endedAt(order) - startedAt) * 1_000_000;
            uint256 provedMicros = _provedSteps(order) * order.stepMicros;
            overrunMicros = overrunMicros > provedMicros ? overrunMicros - provedMicros : 0;
        }
        Offer storage offer = _offerOf(order);
        MACHINES.record(
            offer.machineId,
            offer.seller,
            order.endReason,
            lateSeconds,
            overrunMicros / 1_000_000,
            feeBurnedWei
        );
    }
}
