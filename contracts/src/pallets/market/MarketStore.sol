// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {LibString} from "solady/utils/LibString.sol";

import {IConsents} from "../../interfaces/IConsents.sol";
import {IMarket} from "../../interfaces/IMarket.sol";
import {OrderStatus, Parameters, ProofMode} from "../../interfaces/Types.sol";
import {CloseReasons} from "../../libraries/CloseReasons.sol";
import {PayLib} from "../../libraries/PayLib.sol";
import {Pallet} from "../Pallet.sol";

/// @notice What Market stores, the status computed from it, and its deadlines.
abstract contract MarketStore is Pallet {
    /// @dev Never changed or deleted, so an order need not repeat it: offers end by their machine naming another.
    struct Offer {
        address seller;
        uint96 pricePerHourWei;
        // slot
        uint64 machineId;
        uint64 expiresAt;
        uint32 minSeconds;
        uint32 maxSeconds; // of a signed offer: what was left of it when the order filled it
        // slot
        bytes32 hardwareClass; // the machine's
    }

    /// @dev Four slots. Amounts follow from terms, offer and parameters, and are computed when asked for. Times reach to
    /// the year 2106, offers to four billion.
    struct Order {
        // slot: parties
        address buyer;
        uint40 placedAt;
        uint32 offerId; // also of a signed offer, which is kept like one on chain
        bool signed;
        bool paidByOther; // then _payers knows by whom
        uint8 earlierFaults; // of its seller, where it ended by one
        // slot
        bytes32 jobHash;
        // slot: terms
        uint32 steps;
        uint32 stepMicros;
        uint32 maxSeconds;
        uint16 stepsPerSegment;
        uint16 segmentsPerWindow;
        uint16 unauditedShareBps;
        uint16 parametersVersion; // of Runtime's parameters, as they were when it was placed
        uint8 draws;
        ProofMode mode;
        bool vouched;
        uint40 placedBlock;
        uint32 paidUntil; // of one without proof, once it has ended: by its machine's heartbeats
        // slot: life
        uint32 startedAt;
        uint40 startedBlock;
        uint24 segments; // committed, in windows that are full but for the last
        uint32 closedAt; // when it was ended
        uint32 lastWindowAt; // when the one window after the buyer's cancel came; zero: not
        uint32 settledAt;
        uint40 auditBlock; // in which its audit opened; zero: by the clock, or not yet
        uint16 endReason; // why it was ended; from settlement on, what an audit found stands above that
        uint8 drawn; // segments its auditors were paid for
    }

    /// @dev As IMarket says.
    IConsents public immutable consents;

    /// @dev Of a seller; what is forgotten since the last one is still counted.
    struct Faults {
        uint8 count;
        uint40 lastAt;
    }

    mapping(uint256 offerId => Offer) internal _offers;
    mapping(uint256 orderId => Order) internal _orders;
    mapping(uint256 orderId => address) internal _payers;
    mapping(address seller => Faults) internal _faults;
    uint256 internal _offerCount;
    /// @dev As IMarket says.
    uint256 public orderCount;

    /* STATUS */

    function _statusOf(Order storage order) internal view returns (OrderStatus) {
        if (order.buyer == address(0)) return OrderStatus.None;
        if (order.settledAt == 0) {
            if (order.closedAt != 0) return OrderStatus.Auditing;
            return order.startedAt != 0 ? OrderStatus.Training : OrderStatus.Preparing;
        }
        return _settledStatus(order.endReason);
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

    /// @dev Paid time never runs past its end, however late the ending call comes; without proof, nor past the machine's last
    /// sign of life.
    function _endedAt(Order storage order) internal view returns (uint64) {
        if (order.startedAt == 0) return order.closedAt;
        uint256 deadline = order.paidUntil != 0 ? order.paidUntil : _paidDeadline(order);
        return order.closedAt < deadline ? order.closedAt : uint64(deadline);
    }

    function _confirmDeadline(Order storage order) internal view returns (uint256) {
        return order.placedAt + _parametersOf(order).confirmSeconds;
    }

    function _parametersOf(Order storage order) internal view returns (Parameters memory) {
        return RUNTIME.parametersAt(order.parametersVersion);
    }

    function _offerOf(Order storage order) internal view returns (Offer storage) {
        return _offers[order.offerId];
    }

    function _segmentsOf(Order storage order) internal view returns (uint256) {
        return order.steps == 0 ? 0 : PayLib.ceilDiv(order.steps, order.stepsPerSegment);
    }

    function _payerOf(uint256 orderId, Order storage order) internal view returns (address) {
        return order.paidByOther ? _payers[orderId] : order.buyer;
    }

    function _requireSeller(uint256 orderId, Order storage order) internal view {
        require(msg.sender == _offerOf(order).seller, IMarket.MarketNotSeller(orderId, msg.sender));
    }

    function _paidDeadline(Order storage order) internal view returns (uint256) {
        return uint256(order.startedAt) + order.maxSeconds;
    }

    function _requireStatus(uint256 orderId, Order storage order, OrderStatus expected) internal view {
        OrderStatus status = _statusOf(order);
        require(status == expected, IMarket.MarketUnexpectedStatus(orderId, status, _bit(expected)));
    }

    /// @dev Preparing or Training.
    function _requireOpen(uint256 orderId, Order storage order) internal view returns (OrderStatus status) {
        status = _statusOf(order);
        uint256 allowed = _bit(OrderStatus.Preparing) | _bit(OrderStatus.Training);
        require(allowed & _bit(status) != 0, IMarket.MarketUnexpectedStatus(orderId, status, allowed));
    }

    function _bit(OrderStatus status) internal pure returns (uint256) {
        return 2 ** uint256(status);
    }

    function _requireBefore(uint256 orderId, uint256 deadline) internal view {
        // forge-lint: disable-next-line(unsafe-typecast) a sum of times below 2^64
        require(block.timestamp < deadline, IMarket.MarketTooLate(orderId, uint64(deadline)));
    }

    function _requireSince(uint256 orderId, uint256 notBefore) internal view {
        // forge-lint: disable-next-line(unsafe-typecast) a sum of times below 2^64
        require(block.timestamp >= notBefore, IMarket.MarketTooEarly(orderId, uint64(notBefore)));
    }

    /// @dev The name is packed into a word until it is needed: it costs code, and only a refusal shows it.
    function _requireTerm(bool ok, bytes32 field) internal pure {
        if (!ok) revert IMarket.MarketBadTerms(LibString.fromSmallString(field));
    }
}
