// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {LibString} from "solady/utils/LibString.sol";

import {IConsents} from "../../interfaces/IConsents.sol";
import {IBalances} from "../../interfaces/IBalances.sol";
import {IMachines} from "../../interfaces/IMachines.sol";
import {IMarket} from "../../interfaces/IMarket.sol";
import {IProofs} from "../../interfaces/IProofs.sol";
import {IStaking} from "../../interfaces/IStaking.sol";
import {AuditOutcome, OrderStatus, Parameters, ProofMode} from "../../interfaces/Types.sol";
import {CloseReasons} from "../../libraries/CloseReasons.sol";
import {Pallet} from "../Pallet.sol";

/// @notice What Market stores, the status computed from it, and its deadlines.
abstract contract MarketStore is IMarket, Pallet {
    struct Offer {
        address seller;
        uint96 pricePerHourWei;
        uint64 machineId;
        uint64 expiresAt;
        uint32 minSeconds;
        uint32 maxSeconds;
    }

    struct Order {
        address buyer;
        uint48 placedAt;
        uint48 placedBlock;
        // slot
        address payer;
        uint48 startedAt;
        uint48 startedBlock;
        // slot
        uint48 closedAt; // when it was ended
        uint48 settledAt;
        uint32 maxSeconds;
        uint32 stepMicros;
        uint16 endReason; // why it was ended; what an audit found is in outcome
        uint16 stepsPerSegment;
        uint16 segmentsPerWindow;
        uint16 draws;
        uint16 unauditedShareBps;
        ProofMode mode;
        AuditOutcome outcome; // Pending until settled, and if it settles without an audit
        // slot
        uint96 pricePerHourWei;
        uint64 machineId;
        uint64 offerId;
        uint32 steps;
        // slot
        address seller;
        uint32 offerMaxSeconds; // renewals end here
        uint32 parametersVersion; // of Runtime's parameters, as they were when it was placed
        // slot
        bytes32 jobHash;
        bytes32 hardwareClass;
        uint128 escrowWei;
        uint128 auditFeeWei;
        uint128 stakeWei;
        uint128 paidWei;
        uint128 refundedWei;
        uint128 slashedWei;
    }

    /// @inheritdoc IMarket
    IConsents public immutable consents;

    mapping(uint256 offerId => Offer) internal _offers;
    mapping(uint256 orderId => Order) internal _orders;
    uint256 internal _offerCount;
    /// @inheritdoc IMarket
    uint256 public orderCount;

    /* STATUS */

    function _statusOf(Order storage order) internal view returns (OrderStatus) {
        if (order.buyer == address(0)) return OrderStatus.None;
        if (order.settledAt == 0) {
            if (order.closedAt != 0) return OrderStatus.Auditing;
            return order.startedAt != 0 ? OrderStatus.Training : OrderStatus.Preparing;
        }
        return _settledStatus(_closeReasonOf(order));
    }

    function _settledStatus(uint16 closeReason) internal pure returns (OrderStatus) {
        if (closeReason == CloseReasons.WORK_COMPLETED) return OrderStatus.Completed;
        if (closeReason == CloseReasons.BUYER_CANCELLED) return OrderStatus.Cancelled;
        if (closeReason == CloseReasons.SELLER_DID_NOT_START || closeReason == CloseReasons.SELLER_OVERRAN) {
            return OrderStatus.Expired;
        }
        if (closeReason == CloseReasons.AUDITORS_SILENT) return OrderStatus.Unaudited;
        return OrderStatus.Failed;
    }

    /// @dev What an audit found stands above why the order was ended.
    function _closeReasonOf(Order storage order) internal view returns (uint16) {
        AuditOutcome outcome = order.outcome;
        if (outcome == AuditOutcome.Fail) return CloseReasons.FRAUD_PROVED;
        if (outcome == AuditOutcome.Unavailable) return CloseReasons.CHECKPOINTS_UNAVAILABLE;
        if (outcome == AuditOutcome.Unaudited) return CloseReasons.AUDITORS_SILENT;
        return order.endReason;
    }

    /// @dev Paid time never runs past its end, however late the ending call comes.
    function _endedAt(Order storage order) internal view returns (uint64) {
        if (order.startedAt == 0 || order.closedAt < _paidDeadline(order)) return order.closedAt;
        return uint64(_paidDeadline(order));
    }

    function _confirmDeadline(Order storage order) internal view returns (uint256) {
        return order.placedAt + _parametersOf(order).confirmSeconds;
    }

    function _parametersOf(Order storage order) internal view returns (Parameters memory) {
        return RUNTIME.parametersAt(order.parametersVersion);
    }

    function _paidDeadline(Order storage order) internal view returns (uint256) {
        return uint256(order.startedAt) + order.maxSeconds;
    }

    function _requireStatus(uint256 orderId, Order storage order, OrderStatus expected) internal view {
        OrderStatus status = _statusOf(order);
        require(status == expected, MarketUnexpectedStatus(orderId, status, _bit(expected)));
    }

    /// @dev Preparing or Training.
    function _requireOpen(uint256 orderId, Order storage order) internal view returns (OrderStatus status) {
        status = _statusOf(order);
        uint256 allowed = _bit(OrderStatus.Preparing) | _bit(OrderStatus.Training);
        require(allowed & _bit(status) != 0, MarketUnexpectedStatus(orderId, status, allowed));
    }

    function _bit(OrderStatus status) internal pure returns (uint256) {
        return 2 ** uint256(status);
    }

    function _requireBefore(uint256 orderId, uint256 deadline) internal view {
        // forge-lint: disable-next-line(unsafe-typecast) a sum of times below 2^64
        require(block.timestamp < deadline, MarketTooLate(orderId, uint64(deadline)));
    }

    function _requireSince(uint256 orderId, uint256 notBefore) internal view {
        // forge-lint: disable-next-line(unsafe-typecast) a sum of times below 2^64
        require(block.timestamp >= notBefore, MarketTooEarly(orderId, uint64(notBefore)));
    }

    /// @dev Neither cancelled nor replaced (its machine still names it) nor expired.
    function _isOpen(uint256 offerId, Offer memory offer) internal view returns (bool) {
        if (offer.seller == address(0) || block.timestamp >= offer.expiresAt) return false;
        (,,, uint256 openOfferId) = _machines().factsOf(offer.machineId);
        return openOfferId == offerId;
    }

    /// @dev The name is packed into a word until it is needed: it costs code, and only a refusal shows it.
    function _requireTerm(bool ok, bytes32 field) internal pure {
        if (!ok) revert MarketBadTerms(LibString.fromSmallString(field));
    }

    /* PALLETS */

    function _balances() internal view returns (IBalances) {
        return IBalances(RUNTIME.balances());
    }

    function _machines() internal view returns (IMachines) {
        return IMachines(RUNTIME.machines());
    }

    function _staking() internal view returns (IStaking) {
        return IStaking(RUNTIME.staking());
    }

    function _proofs() internal view returns (IProofs) {
        return IProofs(RUNTIME.proofs());
    }
}
