// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EIP712} from "solady/utils/EIP712.sol";
import {LibBitmap} from "solady/utils/LibBitmap.sol";
import {SignatureCheckerLib} from "solady/utils/SignatureCheckerLib.sol";

import {IBalances} from "../interfaces/IBalances.sol";
import {IMachines} from "../interfaces/IMachines.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {IProofs} from "../interfaces/IProofs.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {
    AuditOutcome,
    HoldReason,
    OrderStatus,
    OrderTerms,
    OrderView,
    Parameters,
    Payment,
    ProofFacts,
    ProofMode
} from "../interfaces/Types.sol";
import {CloseReasons} from "../libraries/CloseReasons.sol";
import {PayLib} from "../libraries/PayLib.sol";
import {Pallet} from "./Pallet.sol";

/// @title Market
/// @dev ROLES: a seller offers its machine, starts, completes or gives up an order; a buyer places and cancels;
/// a payer may be somebody else, by signature; anyone expires and settles. No admin.
/// ASSUMPTIONS: Proofs decides what was proved, Balances and Staking keep the money. Pallets are trusted; the only
/// foreign code reached is the token and a payer's ERC-1271 check, both in placeOrder before anything is decided.
/// LIVENESS: Preparing ends by startOrder, cancelOrder, orderFailed or, after confirmSeconds, by anyone's
/// expireOrder. Training ends by its parties or, after maxSeconds, by anyone's expireOrder. Auditing ends by
/// anyone's settleOrder, at the latest when the reveal phase is over. No step waits for a particular party.
/// CLOCKS: windows of time are half open: an act is in time while block.timestamp < its deadline.
/// MONEY: an order's escrow and audit fee are held from its payer, its stake from its seller, until it settles;
/// settling moves exactly these three, once.
contract Market is IMarket, Pallet, EIP712 {
    using LibBitmap for LibBitmap.Bitmap;

    uint256 internal constant FIVE_MINUTES = 300;
    /// @dev What a payer gets back for gas when fraud is proved. Zero today: gas has no price in the market's token.
    uint256 internal constant GAS_REFUND_WEI = 0;
    uint256 internal constant MAX_PRICE_PER_HOUR_WEI = type(uint96).max;
    uint256 internal constant MAX_SEGMENTS = 1 << 20;
    uint256 internal constant MAX_STEPS_PER_SEGMENT = 256;
    uint256 internal constant MAX_SEGMENTS_PER_WINDOW = 1_024;
    uint256 internal constant MAX_DRAWS = 126; // with the first and the last: two bits each in one word
    bytes32 internal constant PAY_ORDER_TYPEHASH = keccak256(
        "PayOrder(address buyer,bytes32 jobHash,uint256 machine,uint256 maxTotalWei,uint256 nonce,uint256 deadline)"
    );

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

    struct Amounts {
        uint256 escrowWei;
        uint256 auditFeeWei;
        uint256 stakeWei;
    }

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

    mapping(uint256 offerId => Offer) internal _offers;
    mapping(uint256 orderId => Order) internal _orders;
    mapping(address payer => LibBitmap.Bitmap) internal _payNonces;
    uint256 internal _offerCount;
    /// @inheritdoc IMarket
    uint256 public orderCount;

    constructor(IRuntime runtime_) Pallet(runtime_) {}

    /* OFFERS */

    /// @inheritdoc IMarket
    function makeOffer(
        uint256 machineId,
        uint256 pricePerHourWei,
        uint32 minSeconds,
        uint32 maxSeconds,
        uint64 expiresAt
    ) external returns (uint256 offerId) {
        // Check
        (address owner,,, uint256 formerOfferId) = _machines().factsOf(machineId);
        require(owner != address(0), IMachines.MachinesUnknown(machineId));
        require(owner == msg.sender, IMachines.MachinesNotOwner(machineId, msg.sender));
        require(
            pricePerHourWei != 0 && pricePerHourWei <= MAX_PRICE_PER_HOUR_WEI, MarketBadTerms("pricePerHourWei")
        );
        require(minSeconds != 0 && minSeconds <= maxSeconds, MarketBadTerms("minSeconds"));
        require(expiresAt > block.timestamp, MarketBadTerms("expiresAt"));

        // Effect: one open offer a machine; the former one ends here.
        offerId = ++_offerCount;
        _offers[offerId] = Offer({
            seller: msg.sender,
            pricePerHourWei: uint96(pricePerHourWei),
            machineId: uint64(machineId),
            expiresAt: expiresAt,
            minSeconds: minSeconds,
            maxSeconds: maxSeconds
        });
        if (formerOfferId != 0) emit OfferCancelled(formerOfferId);
        emit OfferMade(offerId, machineId, msg.sender, pricePerHourWei, minSeconds, maxSeconds, expiresAt);

        // Interaction
        _machines().setOffer(machineId, offerId);
    }

    /// @inheritdoc IMarket
    function cancelOffer(uint256 offerId) external {
        // Check
        Offer storage offer = _offers[offerId];
        require(offer.seller != address(0), MarketUnknownOffer(offerId));
        require(offer.seller == msg.sender, IMachines.MachinesNotOwner(offer.machineId, msg.sender));
        (,,, uint256 openOfferId) = _machines().factsOf(offer.machineId);
        require(openOfferId == offerId, MarketOfferClosed(offerId));

        // Effect
        emit OfferCancelled(offerId);

        // Interaction: the machine names its offer no longer.
        _machines().setOffer(offer.machineId, 0);
    }

    /* ORDERS */

    /// @inheritdoc IMarket
    function placeOrder(OrderTerms calldata terms, string calldata jobCid, Payment calldata payment)
        external
        returns (uint256 orderId)
    {
        Offer memory offer = _offers[terms.offerId];
        address payer = payment.payer == address(0) ? msg.sender : payment.payer;

        // Check: terms, price, and that the payer agreed.
        Amounts memory amounts = _amountsOf(terms, offer);
        uint256 totalWei = amounts.escrowWei + amounts.auditFeeWei;
        require(totalWei <= payment.maxTotalWei, MarketPayTooHigh(totalWei, payment.maxTotalWei));
        if (payer != msg.sender) _usePaySignature(payer, terms.jobHash, offer.machineId, payment);

        // Interaction, on purpose before the rest: foreign token code runs while nothing is decided yet.
        _balances().pullUpTo(
            payer, totalWei, payment.maxTotalWei, payment.deadline, payment.permitSignature
        );

        // Check: the offer and the auditors, as they are now.
        bytes32 hardwareClass = _checkOffer(terms, offer);
        _checkParties(offer.seller, payer, hardwareClass);

        // Effect
        orderId = ++orderCount;
        _store(_orders[orderId], terms, offer, payer, hardwareClass, amounts);
        emit OrderPlaced(
            orderId,
            offer.machineId,
            msg.sender,
            payer,
            offer.seller,
            terms.jobHash,
            jobCid,
            amounts.escrowWei,
            amounts.auditFeeWei,
            amounts.stakeWei
        );

        // Interaction
        _balances().hold(payer, HoldReason.Escrow, amounts.escrowWei);
        _balances().hold(payer, HoldReason.Fee, amounts.auditFeeWei);
        _staking().reserve(offer.seller, amounts.stakeWei);
        _machines().assign(offer.machineId, orderId);
    }

    /// @inheritdoc IMarket
    function startOrder(uint256 orderId) external {
        // Check
        Order storage order = _orders[orderId];
        require(order.seller == msg.sender, MarketNotSeller(orderId, msg.sender));
        _requireStatus(orderId, order, OrderStatus.Preparing);
        _requireBefore(orderId, _confirmDeadline(order));

        // Effect
        order.startedAt = uint48(block.timestamp);
        order.startedBlock = uint48(block.number);
        emit OrderStarted(orderId);
    }

    /// @inheritdoc IMarket
    function orderCompleted(uint256 orderId, string calldata resultCid) external {
        // Check: all steps are committed. Windows are refused after the paid time, so being late here gains nothing.
        Order storage order = _orders[orderId];
        require(order.seller == msg.sender, MarketNotSeller(orderId, msg.sender));
        _requireStatus(orderId, order, OrderStatus.Training);
        uint256 steps = _provedSteps(orderId, order);
        require(steps == order.steps, MarketIncomplete(orderId, uint64(steps), order.steps));

        // Effect and interaction
        _end(orderId, order, CloseReasons.WORK_COMPLETED, resultCid);
    }

    /// @inheritdoc IMarket
    function orderFailed(uint256 orderId, uint16 reason) external {
        // Check
        Order storage order = _orders[orderId];
        require(order.seller == msg.sender, MarketNotSeller(orderId, msg.sender));
        require(
            reason == CloseReasons.JOB_NOT_DETERMINISTIC || reason == CloseReasons.JOB_STALLED
                || reason == CloseReasons.JOB_INVALID || reason == CloseReasons.SELLER_GAVE_UP,
            MarketBadReason(reason)
        );
        OrderStatus status = _requireOpen(orderId, order);
        // Later it would be a way around the price of not starting, or of overrunning.
        bool preparing = status == OrderStatus.Preparing;
        _requireBefore(orderId, preparing ? _confirmDeadline(order) : _paidDeadline(order));

        // Effect and interaction
        _end(orderId, order, reason, "");
        if (preparing) _settlePreparing(orderId, order, reason == CloseReasons.SELLER_GAVE_UP);
        else _settleIfUnproved(orderId, order);
    }

    /// @inheritdoc IMarket
    function cancelOrder(uint256 orderId) external {
        // Check
        Order storage order = _orders[orderId];
        require(order.buyer == msg.sender, MarketNotBuyer(orderId, msg.sender));
        if (_requireOpen(orderId, order) == OrderStatus.Preparing) {
            _cancelPreparing(orderId, order);
            return;
        }
        _requireBefore(orderId, _paidDeadline(order));

        // Effect and interaction: the clock stops; the seller may still commit one short window.
        _end(orderId, order, CloseReasons.BUYER_CANCELLED, "");
        if (RUNTIME.parameters().lastWindowSeconds == 0) _settleIfUnproved(orderId, order);
    }

    /// @inheritdoc IMarket
    function expireOrder(uint256 orderId) external {
        Order storage order = _orders[orderId];
        if (_requireOpen(orderId, order) == OrderStatus.Preparing) {
            // Check
            _requireSince(orderId, _confirmDeadline(order));

            // Effect and interaction
            _end(orderId, order, CloseReasons.SELLER_DID_NOT_START, "");
            _settlePreparing(orderId, order, true);
        } else {
            // Check
            _requireSince(orderId, _paidDeadline(order));

            // Effect and interaction
            _end(orderId, order, CloseReasons.SELLER_OVERRAN, "");
            _settleIfUnproved(orderId, order);
        }
    }

    /// @inheritdoc IMarket
    function settleOrder(uint256 orderId) external {
        // Check
        Order storage order = _orders[orderId];
        _requireStatus(orderId, order, OrderStatus.Auditing);
        if (_proofs().windowCount(orderId) == 0) {
            // Only after a buyer's cancel: the last window was allowed and never came.
            _requireSince(orderId, order.closedAt + RUNTIME.parameters().lastWindowSeconds);
            _settleIfUnproved(orderId, order);
            return;
        }

        // Interaction: Proofs lets the panel go and says what it found.
        (AuditOutcome outcome, address[] memory agreeing, uint256 drawn, uint64 deadlineAt) =
            _proofs().closeAudit(orderId);
        require(outcome != AuditOutcome.Pending, MarketTooEarly(orderId, deadlineAt));

        // Effect and interaction
        _settle(orderId, order, _auditedSettlement(orderId, order, outcome, agreeing, drawn));
    }

    /* VIEWS */

    /// @inheritdoc IMarket
    function offerOf(uint256 offerId) external view returns (OfferView memory) {
        Offer memory offer = _offers[offerId];
        return OfferView({
            seller: offer.seller,
            machineId: offer.machineId,
            pricePerHourWei: offer.pricePerHourWei,
            minSeconds: offer.minSeconds,
            maxSeconds: offer.maxSeconds,
            expiresAt: offer.expiresAt,
            open: _isOpen(offerId, offer)
        });
    }

    /// @inheritdoc IMarket
    function orderOf(uint256 orderId) external view returns (OrderView memory v) {
        Order storage order = _orders[orderId];
        v.buyer = order.buyer;
        v.payer = order.payer;
        v.seller = order.seller;
        v.machineId = order.machineId;
        v.terms = OrderTerms({
            offerId: order.offerId,
            jobHash: order.jobHash,
            maxSeconds: order.maxSeconds,
            stepMicros: order.stepMicros,
            steps: order.steps,
            stepsPerSegment: order.stepsPerSegment,
            segmentsPerWindow: order.segmentsPerWindow,
            draws: order.draws,
            unauditedShareBps: order.unauditedShareBps,
            mode: order.mode
        });
        v.pricePerHourWei = order.pricePerHourWei;
        v.escrowWei = order.escrowWei;
        v.auditFeeWei = order.auditFeeWei;
        v.stakeWei = order.stakeWei;
        v.placedAt = order.placedAt;
        v.startedAt = order.startedAt;
        v.endedAt = _endedAt(order);
        v.settledAt = order.settledAt;
        v.placedBlock = order.placedBlock;
        v.startedBlock = order.startedBlock;
        v.status = _statusOf(order);
        v.closeReason = _closeReasonOf(order);
        v.paidWei = order.paidWei;
        v.refundedWei = order.refundedWei;
        v.slashedWei = order.slashedWei;
    }

    /// @inheritdoc IMarket
    function statusOf(uint256 orderId) external view returns (OrderStatus) {
        return _statusOf(_orders[orderId]);
    }

    /// @inheritdoc IMarket
    function factsOf(uint256 orderId) external view returns (ProofFacts memory f) {
        Order storage order = _orders[orderId];
        // Stays all zero: there is no such order.
        if (order.buyer == address(0)) return f;
        f.seller = order.seller;
        f.buyer = order.buyer;
        f.payer = order.payer;
        f.hardwareClass = order.hardwareClass;
        f.placedBlock = order.placedBlock;
        f.startedBlock = order.startedBlock;
        f.deadlineAt = order.startedAt == 0 ? 0 : uint64(_paidDeadline(order));
        f.closedAt = order.closedAt;
        f.stoppedByBuyer = order.startedAt != 0 && order.endReason == CloseReasons.BUYER_CANCELLED;
        f.settled = order.settledAt != 0;
        f.segments = uint32(_ceilDiv(order.steps, order.stepsPerSegment));
        f.segmentsPerWindow = order.segmentsPerWindow;
        f.draws = order.draws;
    }

    /// @inheritdoc IMarket
    function quote(OrderTerms calldata terms)
        external
        view
        returns (uint256 escrowWei, uint256 auditFeeWei, uint256 stakeWei)
    {
        Amounts memory amounts = _amountsOf(terms, _offers[terms.offerId]);
        return (amounts.escrowWei, amounts.auditFeeWei, amounts.stakeWei);
    }

    /// @inheritdoc IMarket
    function payNonceUsed(address payer, uint256 nonce) external view returns (bool) {
        return _payNonces[payer].get(nonce);
    }

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
        return order.placedAt + RUNTIME.parameters().confirmSeconds;
    }

    function _paidDeadline(Order storage order) internal view returns (uint256) {
        return uint256(order.startedAt) + order.maxSeconds;
    }

    function _requireStatus(uint256 orderId, Order storage order, OrderStatus expected) internal view {
        OrderStatus status = _statusOf(order);
        require(status == expected, MarketUnexpectedStatus(orderId, status, 1 << uint256(expected)));
    }

    /// @dev Preparing or Training.
    function _requireOpen(uint256 orderId, Order storage order) internal view returns (OrderStatus status) {
        status = _statusOf(order);
        uint256 allowed = 1 << uint256(OrderStatus.Preparing) | 1 << uint256(OrderStatus.Training);
        require(allowed >> uint256(status) & 1 == 1, MarketUnexpectedStatus(orderId, status, allowed));
    }

    function _requireBefore(uint256 orderId, uint256 deadline) internal view {
        require(block.timestamp < deadline, MarketTooLate(orderId, uint64(deadline)));
    }

    function _requireSince(uint256 orderId, uint256 notBefore) internal view {
        require(block.timestamp >= notBefore, MarketTooEarly(orderId, uint64(notBefore)));
    }

    /* PLACING */

    function _amountsOf(OrderTerms calldata terms, Offer memory offer) internal view returns (Amounts memory) {
        require(offer.seller != address(0), MarketUnknownOffer(terms.offerId));
        uint256 segments = _checkTerms(terms);
        Parameters memory p = RUNTIME.parameters();
        uint256 escrowWei = PayLib.priceUp(offer.pricePerHourWei, terms.maxSeconds);
        uint256 audited = uint256(terms.draws) + 2;
        uint256 auditFeeWei = p.auditFeePerSegmentWei * (audited < segments ? audited : segments);
        uint256 totalWei = escrowWei + auditFeeWei;
        uint256 panelWei = 2 * uint256(p.panelCostWei);
        return Amounts(escrowWei, auditFeeWei, totalWei > panelWei ? totalWei : panelWei);
    }

    /// @dev Returns the number of segments. At least one draw a window: which windows are drawn from follows from
    /// the terms, so one that is never drawn from could be faked without risk.
    function _checkTerms(OrderTerms calldata terms) internal pure returns (uint256 segments) {
        require(terms.mode == ProofMode.Bitwise, MarketModeNotOffered(terms.mode));
        require(terms.steps != 0, MarketBadTerms("steps"));
        require(
            terms.stepsPerSegment != 0 && terms.stepsPerSegment <= MAX_STEPS_PER_SEGMENT,
            MarketBadTerms("stepsPerSegment")
        );
        segments = _ceilDiv(terms.steps, terms.stepsPerSegment);
        require(segments <= MAX_SEGMENTS, MarketBadTerms("steps"));
        require(
            terms.segmentsPerWindow != 0 && terms.segmentsPerWindow <= MAX_SEGMENTS_PER_WINDOW,
            MarketBadTerms("segmentsPerWindow")
        );
        require(
            terms.draws <= MAX_DRAWS && terms.draws >= _ceilDiv(segments, terms.segmentsPerWindow),
            MarketBadTerms("draws")
        );
        require(terms.stepMicros != 0, MarketBadTerms("stepMicros"));
        require(terms.unauditedShareBps <= PayLib.BPS, MarketBadTerms("unauditedShareBps"));
    }

    function _checkOffer(OrderTerms calldata terms, Offer memory offer) internal view returns (bytes32) {
        require(_isOpen(terms.offerId, offer), MarketOfferClosed(terms.offerId));
        require(
            terms.maxSeconds >= offer.minSeconds && terms.maxSeconds <= offer.maxSeconds, MarketBadTerms("maxSeconds")
        );
        (, bytes32 hardwareClass, uint256 currentOrderId,) = _machines().factsOf(offer.machineId);
        require(currentOrderId == 0, MarketMachineNotFree(offer.machineId, currentOrderId));
        return hardwareClass;
    }

    /// @dev Nobody sells to himself, and nobody counts as an auditor of his own order.
    function _checkParties(address seller, address payer, bytes32 hardwareClass) internal view {
        require(msg.sender != seller, MarketBadTerms("buyer"));
        require(payer != seller, MarketBadTerms("payer"));
        IStaking staking = _staking();
        uint256 seats = staking.seatsOf(hardwareClass);
        if (staking.hasSeat(hardwareClass, seller)) --seats;
        if (staking.hasSeat(hardwareClass, msg.sender)) --seats;
        if (payer != msg.sender && staking.hasSeat(hardwareClass, payer)) --seats;
        uint256 minSeats = RUNTIME.parameters().minSeats;
        require(seats >= minSeats, MarketTooFewSeats(hardwareClass, seats, minSeats));
    }

    function _usePaySignature(address payer, bytes32 jobHash, uint256 machineId, Payment calldata payment) internal {
        // Check: in time, unused, and signed for this buyer, job and machine.
        require(block.timestamp <= payment.deadline, MarketTooLate(0, uint64(payment.deadline)));
        require(!_payNonces[payer].get(payment.nonce), MarketPayNonceUsed(payer, payment.nonce));
        bytes32 digest = _hashTypedData(
            keccak256(
                abi.encode(
                    PAY_ORDER_TYPEHASH,
                    msg.sender,
                    jobHash,
                    machineId,
                    payment.maxTotalWei,
                    payment.nonce,
                    payment.deadline
                )
            )
        );
        require(
            SignatureCheckerLib.isValidSignatureNowCalldata(payer, digest, payment.paySignature),
            MarketBadPayerSignature(payer)
        );

        // Effect
        _payNonces[payer].set(payment.nonce);
    }

    /// @dev Casts are exact: _checkTerms and makeOffer bound every number, Runtime bounds the parameters.
    function _store(
        Order storage order,
        OrderTerms calldata terms,
        Offer memory offer,
        address payer,
        bytes32 hardwareClass,
        Amounts memory amounts
    ) internal {
        order.buyer = msg.sender;
        order.placedAt = uint48(block.timestamp);
        order.placedBlock = uint48(block.number);
        order.payer = payer;
        order.maxSeconds = terms.maxSeconds;
        order.stepMicros = terms.stepMicros;
        order.stepsPerSegment = uint16(terms.stepsPerSegment);
        order.segmentsPerWindow = uint16(terms.segmentsPerWindow);
        order.draws = terms.draws;
        order.unauditedShareBps = terms.unauditedShareBps;
        order.mode = terms.mode;
        order.pricePerHourWei = offer.pricePerHourWei;
        order.machineId = offer.machineId;
        order.offerId = uint64(terms.offerId);
        order.steps = uint32(terms.steps);
        order.seller = offer.seller;
        order.jobHash = terms.jobHash;
        order.hardwareClass = hardwareClass;
        order.escrowWei = uint128(amounts.escrowWei);
        order.auditFeeWei = uint128(amounts.auditFeeWei);
        order.stakeWei = uint128(amounts.stakeWei);
    }

    /// @dev Neither cancelled nor replaced (its machine still names it) nor expired.
    function _isOpen(uint256 offerId, Offer memory offer) internal view returns (bool) {
        if (offer.seller == address(0) || block.timestamp >= offer.expiresAt) return false;
        (,,, uint256 openOfferId) = _machines().factsOf(offer.machineId);
        return openOfferId == offerId;
    }

    /* ENDING */

    function _end(uint256 orderId, Order storage order, uint16 reason, string memory resultCid) internal {
        // Effect
        order.closedAt = uint48(block.timestamp);
        order.endReason = reason;
        emit OrderEnded(orderId, reason, resultCid);

        // Interaction: the machine may take its next order; stake and holds stay until settlement.
        _machines().free(order.machineId);
    }

    /// @dev Buyer, before the start. In time: five minutes' price to the seller. Late: the seller pays it, as in
    /// expireOrder, and the order is cancelled all the same.
    function _cancelPreparing(uint256 orderId, Order storage order) internal {
        bool inTime = block.timestamp < _confirmDeadline(order);
        _end(orderId, order, CloseReasons.BUYER_CANCELLED, "");
        if (!inTime) {
            _settlePreparing(orderId, order, true);
            return;
        }
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
        Parameters memory p = RUNTIME.parameters();
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
        s.slashedWei = order.stakeWei;
        s.toPayerWei = s.auditorFeeWei * agreeing.length + GAS_REFUND_WEI;
        s.toAuditorsWei = (s.slashedWei - s.toPayerWei) / 2;
    }

    function _settle(uint256 orderId, Order storage order, Settlement memory s) internal {
        uint256 auditorsPaidWei = s.auditorFeeWei * s.auditors.length;
        uint256 escrowBackWei = order.escrowWei - s.paidWei;
        uint256 feeBackWei = order.auditFeeWei - auditorsPaidWei;

        // Effect: settled, once and for all.
        order.settledAt = uint48(block.timestamp);
        order.outcome = s.outcome;
        order.paidWei = uint128(s.paidWei);
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
            _staking().slash(order.seller, s.slashedWei, order.payer, s.toPayerWei, s.auditors, s.toAuditorsWei);
        }
        if (order.stakeWei > s.slashedWei) _staking().unreserve(order.seller, order.stakeWei - s.slashedWei);
        _machines().count(order.machineId, closeReason);
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
        uint256 priceWei = PayLib.priceDown(order.pricePerHourWei, FIVE_MINUTES);
        return priceWei < order.escrowWei ? priceWei : order.escrowWei;
    }

    function _ceilDiv(uint256 a, uint256 b) internal pure returns (uint256) {
        return (a + b - 1) / b;
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

    /* EIP-712 */

    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Trainyard", "1");
    }
}
