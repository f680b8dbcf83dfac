// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IConsents} from "../interfaces/IConsents.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {IWindows} from "../interfaces/IWindows.sol";
import {
    AuditOutcome,
    OrderStatus,
    OrderTerms,
    Payment,
    ProofFacts,
    ProofMode,
    ResumeFrom,
    SignedOffer,
    WindowFacts
} from "../interfaces/Types.sol";
import {CloseReasons} from "../libraries/CloseReasons.sol";
import {PayLib} from "../libraries/PayLib.sol";
import {Consents} from "./Consents.sol";
import {Pallet} from "./Pallet.sol";
import {Annex} from "./market/Annex.sol";
import {Settling} from "./market/Settling.sol";

/// @title Market
/// @dev ROLES: a seller offers its machine, starts, completes or gives up an order; a buyer places and cancels;
/// a payer may be somebody else, by signature; anyone expires and settles. No admin.
/// ASSUMPTIONS: Proofs decides what was proved, Balances and Staking keep the money. Pallets are trusted; the only
/// foreign code reached is the token and a payer's ERC-1271 check, both in placeOrder before anything is decided.
/// LIVENESS: Preparing ends by startOrder, cancelOrder, orderFailed or, after confirmSeconds, by anyone's
/// expireOrder. Training ends by its parties or, after maxSeconds, by anyone's expireOrder. Auditing ends by
/// anyone's settleOrder, at the latest when the reveal phase of the second panel is over; orders without proof have
/// none. No step waits for a particular party.
/// CLOCKS: windows of time are half open: an act is in time while block.timestamp < its deadline.
/// SIZE: what is not on every order's way is in the annex, and runs here.
/// MONEY: an order's escrow and audit fee are held from its payer, its stake from its seller, until it settles;
/// settling moves exactly these three, once.
contract Market is Settling {
    address internal immutable ANNEX;

    constructor(IRuntime runtime_) Pallet(runtime_) {
        IConsents consents_ = new Consents(runtime_);
        consents = consents_;
        ANNEX = address(new Annex(runtime_, consents_));
    }

    /// @dev Everything of IMarket that is not below: the annex runs on this storage.
    fallback() external {
        _delegate(ANNEX);
    }

    /* ORDERS */

    /// @dev As IMarket says.
    function placeOrder(OrderTerms calldata terms, string calldata jobCid, Payment calldata payment)
        external
        returns (uint256 orderId)
    {
        return _placeAlone(terms, jobCid, payment, _offers[terms.offerId], terms.offerId);
    }

    /// @dev As IMarket says.
    function placeResumedOrder(
        OrderTerms calldata terms,
        string calldata jobCid,
        Payment calldata payment,
        ResumeFrom calldata from
    ) external returns (uint256 orderId) {
        orderId = _placeAlone(terms, jobCid, payment, _offers[terms.offerId], terms.offerId);
        _resume(orderId, from);
    }

    /// @dev As IMarket says.
    function placeRefereed(
        OrderTerms calldata terms,
        uint256 secondOfferId,
        string calldata jobCid,
        Payment calldata payment
    ) external returns (uint256 firstId, uint256 secondId) {
        // Check: the buyer pays (a payer signs for one order), and two sellers can come to the same bits.
        _requireTerm(terms.mode == ProofMode.Refereed, "mode");
        _requireTerm(_payerOf(payment) == msg.sender, "payer");
        _checkPair(_offers[terms.offerId], _offers[secondOfferId]);

        // Each as an order of its own.
        uint256 totalWei;
        uint256 secondWei;
        (firstId, totalWei) = _placeBeside(terms, jobCid, payment, terms.offerId, secondOfferId);
        (secondId, secondWei) = _placeBeside(terms, jobCid, payment, secondOfferId, terms.offerId);
        totalWei += secondWei;
        require(totalWei <= payment.maxTotalWei, IMarket.MarketPayTooHigh(totalWei, payment.maxTotalWei));

        // Interaction
        WINDOWS.pair(firstId, secondId);
    }

    /// @dev As IMarket says.
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
        uint256 offerId = _newOfferId();
        Offer memory filled = Offer({
            seller: offer.seller,
            pricePerHourWei: offer.pricePerHourWei,
            machineId: offer.machineId,
            expiresAt: offer.expiresAt,
            minSeconds: offer.minSeconds,
            maxSeconds: offer.maxSeconds,
            hardwareClass: 0 // of the machine, as it is when the order takes it
        });
        orderId = _placeAlone(terms, jobCid, payment, filled, offerId);
        filled.maxSeconds = consents.fill(offer, signature, orderId, terms.maxSeconds);
        _offers[offerId] = filled;
        if (from.orderId != 0) _resume(orderId, from);
    }

    /// @dev As IMarket says.
    function startOrder(uint256 orderId) external {
        // Check
        Order storage order = _orders[orderId];
        _requireSeller(orderId, order);
        _requireStatus(orderId, order, OrderStatus.Preparing);
        _requireBefore(orderId, _confirmDeadline(order));

        // Effect
        order.startedAt = uint32(block.timestamp);
        order.startedBlock = uint40(block.number);
        emit IMarket.OrderStarted(orderId);
    }

    /// @dev As IMarket says.
    function orderCompleted(uint256 orderId, string calldata resultCid) external {
        // Check: all steps are committed. Windows are refused after the paid time, so being late here gains nothing.
        Order storage order = _orders[orderId];
        _requireSeller(orderId, order);
        _requireStatus(orderId, order, OrderStatus.Training);
        uint256 steps = _provedSteps(order);
        // forge-lint: disable-next-line(unsafe-typecast) at most order.steps
        require(steps == order.steps, IMarket.MarketIncomplete(orderId, uint64(steps), order.steps));

        // Effect and interaction
        _end(orderId, order, CloseReasons.WORK_COMPLETED, resultCid);
        _settleIfUnproved(orderId, order);
    }

    /// @dev As IMarket says.
    function orderFailed(uint256 orderId, uint16 reason) external {
        // Check
        Order storage order = _orders[orderId];
        _requireSeller(orderId, order);
        require(
            reason == CloseReasons.JOB_NOT_DETERMINISTIC || reason == CloseReasons.JOB_STALLED
                || reason == CloseReasons.JOB_INVALID || reason == CloseReasons.SELLER_GAVE_UP,
            IMarket.MarketBadReason(reason)
        );
        OrderStatus status = _requireOpen(orderId, order);
        // Check: a job is stalled once its next window is late, not when its seller would rather do something else.
        if (reason == CloseReasons.JOB_STALLED) {
            uint64 dueAt = WINDOWS.dueAtOf(orderId);
            require(dueAt != 0 && block.timestamp >= dueAt, IWindows.WindowsNotLate(orderId, dueAt));
        }
        // Later it would be a way around the price of not starting, or of overrunning.
        bool preparing = status == OrderStatus.Preparing;
        _requireBefore(orderId, preparing ? _confirmDeadline(order) : _paidDeadline(order));

        // Effect and interaction
        _end(orderId, order, reason, "");
        _settleIfUnproved(orderId, order);
    }

    /// @dev As IMarket says.
    function cancelOrder(uint256 orderId) external {
        // Check
        Order storage order = _orders[orderId];
        require(order.buyer == msg.sender, IMarket.MarketNotBuyer(orderId, msg.sender));
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
        if (!_mayGetLastWindow(order)) _settleIfUnproved(orderId, order);
    }

    /// @dev As IMarket says.
    function expireOrder(uint256 orderId) external {
        Order storage order = _orders[orderId];
        if (_requireOpen(orderId, order) == OrderStatus.Preparing) {
            // Check
            _requireSince(orderId, _confirmDeadline(order));

            // Effect and interaction
            _expirePreparing(orderId, order);
        } else {
            // Check: without proof paid time that is over is all that was agreed, but for a machine that fell silent before.
            (uint256 dueAt, uint16 reason) = (_paidDeadline(order), CloseReasons.SELLER_OVERRAN);
            if (order.mode == ProofMode.None) {
                uint256 upUntil = _upUntil(order);
                reason = upUntil < dueAt ? CloseReasons.MACHINE_SILENT : CloseReasons.WORK_COMPLETED;
                if (upUntil < dueAt) dueAt = upUntil;
            }
            _requireSince(orderId, dueAt);

            // Effect and interaction
            _end(orderId, order, reason, "");
            _settleIfUnproved(orderId, order);
        }
    }

    /// @dev As IMarket says.
    function settleOrder(uint256 orderId) external {
        // Check
        Order storage order = _orders[orderId];
        _requireStatus(orderId, order, OrderStatus.Auditing);
        if (order.segments == 0) {
            // Only after a buyer's cancel: the last window was allowed and never came.
            _requireSince(orderId, uint256(order.closedAt) + _parametersOf(order).lastWindowSeconds);
            _settleUnaudited(orderId, order);
            return;
        }

        // Interaction: Proofs says what the panel found.
        (AuditOutcome outcome, address[] memory agreeing, uint256 drawn, uint64 deadlineAt) =
            PROOFS.closeAudit(orderId);
        require(outcome != AuditOutcome.Pending, IMarket.MarketTooEarly(orderId, deadlineAt));
        // A larger panel sits now.
        if (outcome == AuditOutcome.Undecided) return;

        // Effect and interaction
        _settleAudited(orderId, order, outcome, agreeing, drawn);
    }

    /* PROOFS */

    /// @dev As IMarket says.
    function countWindow(uint256 orderId, address caller, uint32 segments)
        external
        returns (WindowFacts memory f)
    {
        // Check
        _onlyWindows();
        Order storage order = _orders[orderId];
        require(_offerOf(order).seller == caller, IWindows.WindowsNotSeller(orderId, caller));
        require(_mayCommitWindow(order), IWindows.WindowsNotTraining(orderId));
        f.placedBlock = order.placedBlock;
        f.placedAt = order.placedAt;
        f.startedBlock = order.startedBlock;
        f.startedAt = order.startedAt;
        f.paired = order.mode == ProofMode.Refereed;
        f.closed = order.closedAt != 0;
        f.segments = uint32(_segmentsOf(order));
        f.committed = order.segments;
        f.segmentsPerWindow = order.segmentsPerWindow;
        f.stepsPerSegment = order.stepsPerSegment;
        f.steps = order.steps;
        f.stepMicros = order.stepMicros;

        // Effect: Windows refuses more than the job has.
        // forge-lint: disable-next-line(unsafe-typecast)
        order.segments = uint24(uint256(order.segments) + segments);
        if (f.closed) {
            order.lastWindowAt = uint32(block.timestamp);
            order.auditBlock = uint40(block.number);
        }
    }

    /// @dev As IMarket says.
    function settleAudited(uint256 orderId, AuditOutcome outcome, address[] calldata agreeing, uint256 drawn)
        external
    {
        _onlyProofs();
        Order storage order = _orders[orderId];
        _requireStatus(orderId, order, OrderStatus.Auditing);
        _settleAudited(orderId, order, outcome, agreeing, drawn);
    }

    /* VIEWS */

    /// @dev As IMarket says.
    function statusOf(uint256 orderId) external view returns (OrderStatus) {
        return _statusOf(_orders[orderId]);
    }

    /// @dev As IMarket says.
    function factsOf(uint256 orderId) external view returns (ProofFacts memory f) {
        Order storage order = _orders[orderId];
        // Stays all zero: there is no such order.
        if (order.buyer == address(0)) return f;
        Offer storage offer = _offerOf(order);
        f.seller = offer.seller;
        f.buyer = order.buyer;
        f.otherParty = _payerOf(orderId, order);
        f.hardwareClass = offer.hardwareClass;
        f.placedBlock = order.placedBlock;
        f.placedAt = order.placedAt;
        f.startedBlock = order.startedBlock;
        f.startedAt = order.startedAt;
        f.overAt = _overAt(order);
        f.opensAt = f.overAt;
        f.auditBlock = order.auditBlock;
        f.settled = order.settledAt != 0;
        f.closeReason = order.endReason;
        f.segments = uint32(_segmentsOf(order));
        f.committed = order.segments;
        f.segmentsPerWindow = order.segmentsPerWindow;
        f.draws = order.draws;
        f.parametersVersion = order.parametersVersion;
        f.mode = order.mode;
        f.vouched = order.vouched;
        if (order.mode != ProofMode.Refereed) return f;

        // Of a pair both are audited once both are over and their sellers had time to open what they sealed.
        f.twin = WINDOWS.twinOf(orderId);
        Order storage twin = _orders[f.twin];
        f.otherParty = _offerOf(twin).seller;
        uint64 overAt = _overAt(twin);
        f.auditBlock = 0;
        if (overAt > f.opensAt) f.opensAt = overAt;
        f.opensAt = f.overAt == 0 || overAt == 0 ? 0 : f.opensAt + _parametersOf(order).lastWindowSeconds;
    }

    /* INTERNAL */

    /// @dev In Training and in its paid time; or the one short window after the buyer's cancel.
    function _mayCommitWindow(Order storage order) internal view returns (bool) {
        if (order.startedAt == 0 || order.mode == ProofMode.None) return false;
        if (order.closedAt == 0) return block.timestamp < _paidDeadline(order);
        if (order.settledAt != 0 || order.lastWindowAt != 0) return false;
        if (order.endReason != CloseReasons.BUYER_CANCELLED) return false;
        return block.timestamp < uint256(order.closedAt) + _parametersOf(order).lastWindowSeconds;
    }

    /// @dev Neither seller judges the other's order.
    function _placeBeside(
        OrderTerms calldata terms,
        string calldata jobCid,
        Payment calldata payment,
        uint256 offerId,
        uint256 otherOfferId
    ) internal returns (uint256 orderId, uint256 totalWei) {
        return _place(terms, jobCid, payment, _offers[offerId], offerId, _offers[otherOfferId].seller);
    }

    function _checkPair(Offer storage first, Offer storage second) internal view {
        _requireTerm(
            first.seller != second.seller && first.hardwareClass == second.hardwareClass, "secondOfferId"
        );
    }

    /// @dev Proved means: the other order's audit has passed.
    function _resume(uint256 orderId, ResumeFrom calldata from) internal {
        Order storage proved = _orders[from.orderId];
        bool passed = proved.settledAt != 0 && proved.segments != 0 && _hasPassed(proved.endReason);
        require(passed, IWindows.WindowsNotProved(from.orderId, from.window));
        WINDOWS.resume(orderId, from);
    }
}
