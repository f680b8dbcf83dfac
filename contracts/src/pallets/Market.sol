// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IMachines} from "../interfaces/IMachines.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {IProofs} from "../interfaces/IProofs.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {
    AuditOutcome,
    HoldReason,
    OrderStatus,
    OrderTerms,
    OrderView,
    Payment,
    ProofFacts,
    ResumeFrom,
    SignedOffer
} from "../interfaces/Types.sol";
import {CloseReasons} from "../libraries/CloseReasons.sol";
import {PayLib} from "../libraries/PayLib.sol";
import {Consents} from "./Consents.sol";
import {Pallet} from "./Pallet.sol";
import {Placing} from "./market/Placing.sol";
import {Settling} from "./market/Settling.sol";

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
contract Market is Placing, Settling {
    uint256 internal constant MAX_PRICE_PER_HOUR_WEI = type(uint96).max;

    constructor(IRuntime runtime_) Pallet(runtime_) {
        consents = new Consents(runtime_);
    }

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
        _requireTerm(pricePerHourWei != 0 && pricePerHourWei <= MAX_PRICE_PER_HOUR_WEI, "pricePerHourWei");
        _requireTerm(minSeconds != 0 && minSeconds <= maxSeconds, "minSeconds");
        _requireTerm(expiresAt > block.timestamp, "expiresAt");

        // Effect: one open offer a machine; the former one ends here.
        offerId = ++_offerCount;
        _offers[offerId] = Offer({
            seller: msg.sender,
            // forge-lint: disable-next-line(unsafe-typecast) checked, or an id that counts up
            pricePerHourWei: uint96(pricePerHourWei),
            // forge-lint: disable-next-line(unsafe-typecast) checked, or an id that counts up
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
        return _place(terms, jobCid, payment, _offers[terms.offerId]);
    }

    /// @inheritdoc IMarket
    function placeResumedOrder(
        OrderTerms calldata terms,
        string calldata jobCid,
        Payment calldata payment,
        ResumeFrom calldata from
    ) external returns (uint256 orderId) {
        orderId = _place(terms, jobCid, payment, _offers[terms.offerId]);
        _resume(orderId, from);
    }

    /// @inheritdoc IMarket
    function placeSignedOrder(
        SignedOffer calldata offer,
        bytes calldata signature,
        OrderTerms calldata terms,
        string calldata jobCid,
        Payment calldata payment,
        ResumeFrom calldata from
    ) external returns (uint256 orderId) {
        // Check
        _requireTerm(terms.offerId == 0, "offerId");

        // As with an offer on chain, then the seller's signature: filled last, refused means nothing has happened.
        orderId = _place(
            terms,
            jobCid,
            payment,
            Offer({
                seller: offer.seller,
                pricePerHourWei: offer.pricePerHourWei,
                machineId: offer.machineId,
                expiresAt: offer.expiresAt,
                minSeconds: offer.minSeconds,
                maxSeconds: offer.maxSeconds
            })
        );
        _orders[orderId].offerMaxSeconds = consents.fill(offer, signature, orderId, terms.maxSeconds);
        if (from.orderId != 0) _resume(orderId, from);
    }

    /// @inheritdoc IMarket
    function renewOrder(uint256 orderId, uint32 extraSeconds, Payment calldata payment) external {
        Order storage order = _orders[orderId];
        address payer = _payerOf(payment);

        // Check: the parties, the seller's limit, the price, and that the payer agreed. One payer an order, so that
        // every refund is that payer's.
        require(order.buyer == msg.sender, MarketNotBuyer(orderId, msg.sender));
        _requireTerm(order.payer == payer, "payer");
        (uint256 escrowWei, uint256 stakeWei) = _renewalOf(order, extraSeconds);
        require(escrowWei <= payment.maxTotalWei, MarketPayTooHigh(escrowWei, payment.maxTotalWei));
        if (payer != msg.sender) _useRenewalSignature(payer, orderId, extraSeconds, payment);

        // Interaction, on purpose before the rest, as in placeOrder. Balances' guard refuses a renewal within.
        _balances().pullUpTo(payer, escrowWei, payment.maxTotalWei, payment.deadline, payment.permitSignature);

        // Check: it runs, as of now.
        _requireStatus(orderId, order, OrderStatus.Training);
        _requireBefore(orderId, _paidDeadline(order));

        // Effect. Sums are below 2^128 and, for the time, at most offerMaxSeconds.
        order.maxSeconds += extraSeconds;
        // forge-lint: disable-next-line(unsafe-typecast)
        order.escrowWei += uint128(escrowWei);
        // forge-lint: disable-next-line(unsafe-typecast)
        order.stakeWei += uint128(stakeWei);
        emit OrderRenewed(orderId, order.maxSeconds, escrowWei, stakeWei);

        // Interaction
        _balances().hold(payer, HoldReason.Escrow, escrowWei);
        _staking().reserve(order.seller, stakeWei);
        if (order.offerId == 0) consents.fillMore(orderId, extraSeconds);
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
        // forge-lint: disable-next-line(unsafe-typecast) at most order.steps
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
            // Effect and interaction: after the confirm window it is the seller who is late, as in expireOrder.
            if (block.timestamp < _confirmDeadline(order)) _cancelPreparing(orderId, order);
            else _expirePreparing(orderId, order);
            return;
        }

        // Check: later it has expired.
        _requireBefore(orderId, _paidDeadline(order));

        // Effect and interaction: the clock stops; the seller may still commit one short window.
        _end(orderId, order, CloseReasons.BUYER_CANCELLED, "");
        if (_parametersOf(order).lastWindowSeconds == 0) _settleIfUnproved(orderId, order);
    }

    /// @inheritdoc IMarket
    function expireOrder(uint256 orderId) external {
        Order storage order = _orders[orderId];
        if (_requireOpen(orderId, order) == OrderStatus.Preparing) {
            // Check
            _requireSince(orderId, _confirmDeadline(order));

            // Effect and interaction
            _expirePreparing(orderId, order);
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
            _requireSince(orderId, order.closedAt + _parametersOf(order).lastWindowSeconds);
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
    function agreedOf(uint256 orderId)
        external
        view
        returns (uint32 offerMaxSeconds, uint32 parametersVersion)
    {
        Order storage order = _orders[orderId];
        return (order.offerMaxSeconds, order.parametersVersion);
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
        f.segments = uint32(PayLib.ceilDiv(order.steps, order.stepsPerSegment));
        f.segmentsPerWindow = order.segmentsPerWindow;
        f.draws = order.draws;
    }

    /// @inheritdoc IMarket
    function quote(OrderTerms calldata terms)
        external
        view
        returns (uint256 escrowWei, uint256 auditFeeWei, uint256 stakeWei)
    {
        Amounts memory amounts = _amountsOf(terms, _offers[terms.offerId], RUNTIME.parametersVersion());
        return (amounts.escrowWei, amounts.auditFeeWei, amounts.stakeWei);
    }

    /// @inheritdoc IMarket
    function payNonceUsed(address payer, uint256 nonce) external view returns (bool) {
        return consents.payNonceUsed(payer, nonce);
    }

    /* INTERNAL */

    function _place(
        OrderTerms calldata terms,
        string calldata jobCid,
        Payment calldata payment,
        Offer memory offer
    ) internal returns (uint256 orderId) {
        address payer = _payerOf(payment);

        // Check: no pause, terms, price, and that the payer agreed.
        Amounts memory amounts = _admit(terms, offer);
        uint256 totalWei = amounts.escrowWei + amounts.auditFeeWei;
        require(totalWei <= payment.maxTotalWei, MarketPayTooHigh(totalWei, payment.maxTotalWei));
        if (payer != msg.sender) _usePaySignature(payer, terms.jobHash, offer.machineId, payment);

        // Interaction, on purpose before the rest: foreign token code runs while nothing is decided yet.
        _balances().pullUpTo(payer, totalWei, payment.maxTotalWei, payment.deadline, payment.permitSignature);

        // Check: the offer and the auditors, as they are now.
        bytes32 hardwareClass = _checkOffer(terms, offer);
        _checkParties(offer.seller, payer, hardwareClass, amounts.minSeats);

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

    /// @dev Proved means: the other order's audit has passed.
    function _resume(uint256 orderId, ResumeFrom calldata from) internal {
        require(
            _orders[from.orderId].outcome == AuditOutcome.Pass,
            IProofs.ProofsNotProved(from.orderId, from.window)
        );
        _proofs().resume(orderId, from.orderId, from.window);
    }
}
