// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IMachines} from "../../interfaces/IMachines.sol";
import {IMarket} from "../../interfaces/IMarket.sol";
import {HoldReason, OrderTerms, Parameters, Payment, ProofMode} from "../../interfaces/Types.sol";
import {PayLib} from "../../libraries/PayLib.sol";
import {SlashLib} from "../../libraries/SlashLib.sol";
import {MarketStore} from "./MarketStore.sol";

/// @notice What placing checks and stores.
abstract contract Placing is MarketStore {
    uint256 internal constant MAX_SEGMENTS = 1 << 20;
    uint256 internal constant MAX_STEPS_PER_SEGMENT = 256;
    uint256 internal constant MAX_TOLERANCE_STEPS = 10; // longer ones amplify what is small (docs/tolerance.md)
    uint256 internal constant MAX_SEGMENTS_PER_WINDOW = 1_024;
    uint256 internal constant MAX_DRAWS = 126; // with the first and the last: two bits each in one word
    bytes32 internal constant PAY_ORDER_TYPEHASH = keccak256(
        "PayOrder(address buyer,bytes32 jobHash,uint256 machine,uint256 maxTotalWei,uint256 nonce,uint256 deadline)"
    );

    /// @dev What an order takes. Each follows from its terms, its price and its version of the parameters.
    struct Amounts {
        uint256 escrowWei;
        uint256 feePerSegmentWei; // of one audited segment
        uint256 auditFeeWei;
        uint256 stakeWei;
    }

    /// @dev What the amounts depend on, besides the parameters.
    struct Size {
        uint256 pricePerHourWei;
        uint256 maxSeconds;
        uint256 stepMicros;
        uint256 steps;
        uint256 stepsPerSegment;
        uint256 draws;
    }

    struct Admission {
        Amounts amounts;
        uint32 version; // of the parameters that they follow from
        uint16 minSeats;
    }

    /// @dev An order that is not one of a pair.
    function _placeAlone(
        OrderTerms calldata terms,
        string calldata jobCid,
        Payment calldata payment,
        Offer memory offer,
        uint256 offerId
    ) internal returns (uint256 orderId) {
        require(terms.mode != ProofMode.Refereed, IMarket.MarketModeNotOffered(terms.mode));
        (orderId,) = _place(terms, jobCid, payment, offer, offerId, _payerOf(payment));
    }

    /// @dev Under an offer on chain, or (offerId is the id it will get) one that its seller signed. otherParty: who does not
    /// count as an auditor either.
    function _place(
        OrderTerms calldata terms,
        string calldata jobCid,
        Payment calldata payment,
        Offer memory offer,
        uint256 offerId,
        address otherParty
    ) internal returns (uint256 orderId, uint256 totalWei) {
        address payer = _payerOf(payment);

        // Check: no pause, terms, price, and that the payer agreed.
        Admission memory admitted = _admit(terms, offer, offerId);
        totalWei = admitted.amounts.escrowWei + admitted.amounts.auditFeeWei;
        require(totalWei <= payment.maxTotalWei, IMarket.MarketPayTooHigh(totalWei, payment.maxTotalWei));
        if (payer != msg.sender) _usePaySignature(payer, terms.jobHash, offer.machineId, payment);

        // Interaction, on purpose before the rest: foreign token code runs while nothing is decided yet.
        BALANCES.pullUpTo(payer, totalWei, payment.maxTotalWei, payment.deadline, payment.permitSignature);

        // Effect
        orderId = ++orderCount;
        _store(_orders[orderId], terms, offerId, admitted.version);
        if (payer != msg.sender) (_orders[orderId].paidByOther, _payers[orderId]) = (true, payer);
        _announce(orderId, terms.jobHash, jobCid, payer, offer, admitted.amounts);

        // Check and interaction: the machine and the auditors, as they are now. Pallets only, and a refusal undoes all.
        _takeMachine(terms, offer, offerId, orderId);
        _checkParties(offer, payer, otherParty, admitted.minSeats);
        BALANCES.hold(payer, HoldReason.Escrow, totalWei);
        STAKING.reserve(offer.seller, admitted.amounts.stakeWei);
    }

    function _announce(
        uint256 orderId,
        bytes32 jobHash,
        string calldata jobCid,
        address payer,
        Offer memory offer,
        Amounts memory amounts
    ) internal {
        emit IMarket.OrderPlaced(
            orderId,
            offer.machineId,
            msg.sender,
            payer,
            offer.seller,
            jobHash,
            jobCid,
            amounts.escrowWei,
            amounts.auditFeeWei,
            amounts.stakeWei
        );
    }

    /// @dev Reads the parameters' version once, before foreign code runs: amounts and order have the same.
    function _admit(OrderTerms calldata terms, Offer memory offer, uint256 offerId)
        internal
        view
        returns (Admission memory admitted)
    {
        require(offer.seller != address(0), IMarket.MarketUnknownOffer(terms.offerId == 0 ? 0 : offerId));
        uint64 pausedUntil;
        (admitted.version, pausedUntil) = RUNTIME.admission();
        require(block.timestamp >= pausedUntil, IMarket.MarketPaused(pausedUntil));
        Parameters memory p = RUNTIME.parametersAt(admitted.version);
        if (terms.mode != ProofMode.None) admitted.minSeats = p.minSeats;
        _checkTerms(terms);
        admitted.amounts = _amounts(p, _sizeOf(terms, offer.pricePerHourWei));
    }

    function _amounts(Parameters memory p, Size memory size) internal pure returns (Amounts memory) {
        uint256 escrowWei = PayLib.priceUp(size.pricePerHourWei, size.maxSeconds);
        // Without proof nobody audits, and the seller can only fail to start.
        if (size.steps == 0) {
            return Amounts(escrowWei, 0, 0, SlashLib.lateStartWei(size.pricePerHourWei, escrowWei));
        }
        uint256 feeWei = PayLib.segmentFeeWei(
            p.auditFeePerSegmentWei, size.pricePerHourWei, size.stepsPerSegment * size.stepMicros
        );
        uint256 segments = PayLib.ceilDiv(size.steps, size.stepsPerSegment);
        uint256 audited = size.draws + 2;
        uint256 auditFeeWei = feeWei * (audited < segments ? audited : segments);
        uint256 totalWei = escrowWei + auditFeeWei;
        uint256 panelWei = 2 * uint256(p.panelCostWei);
        return Amounts(escrowWei, feeWei, auditFeeWei, totalWei > panelWei ? totalWei : panelWei);
    }

    function _sizeOf(OrderTerms calldata terms, uint256 pricePerHourWei) internal pure returns (Size memory) {
        return Size(
            pricePerHourWei,
            terms.maxSeconds,
            terms.stepMicros,
            terms.steps,
            terms.stepsPerSegment,
            terms.draws
        );
    }

    function _amountsOf(Order storage order, Parameters memory p, uint256 maxSeconds)
        internal
        view
        returns (Amounts memory)
    {
        uint256 price = _offerOf(order).pricePerHourWei;
        return _amounts(
            p, Size(price, maxSeconds, order.stepMicros, order.steps, order.stepsPerSegment, order.draws)
        );
    }

    /// @dev At least one draw a window: which windows are drawn from follows from
    /// the terms, so one that is never drawn from could be faked without risk.
    function _checkTerms(OrderTerms calldata terms) internal pure {
        if (terms.mode == ProofMode.None) {
            uint256 ofProofs = terms.steps | terms.stepsPerSegment | terms.segmentsPerWindow | terms.draws
                | terms.stepMicros | terms.unauditedShareBps;
            _requireTerm(ofProofs == 0 && !terms.vouched, "mode");
            return;
        }
        if (terms.mode == ProofMode.Tolerance) {
            // Other bits are no fault where bits differ anyway.
            _requireTerm(!terms.vouched, "vouched");
            _requireTerm(terms.stepsPerSegment <= MAX_TOLERANCE_STEPS, "stepsPerSegment");
        }
        _requireTerm(terms.steps != 0, "steps");
        _requireTerm(
            terms.stepsPerSegment != 0 && terms.stepsPerSegment <= MAX_STEPS_PER_SEGMENT, "stepsPerSegment"
        );
        uint256 segments = PayLib.ceilDiv(terms.steps, terms.stepsPerSegment);
        _requireTerm(segments <= MAX_SEGMENTS, "steps");
        _requireTerm(
            terms.segmentsPerWindow != 0 && terms.segmentsPerWindow <= MAX_SEGMENTS_PER_WINDOW,
            "segmentsPerWindow"
        );
        _requireTerm(
            terms.draws <= MAX_DRAWS && terms.draws >= PayLib.ceilDiv(segments, terms.segmentsPerWindow),
            "draws"
        );
        _requireTerm(terms.stepMicros != 0, "stepMicros");
        _requireTerm(terms.unauditedShareBps <= PayLib.BPS, "unauditedShareBps");
    }

    /// @dev A signed offer has no id in the terms: Consents checks it when it is filled, after this.
    function _takeMachine(OrderTerms calldata terms, Offer memory offer, uint256 offerId, uint256 orderId)
        internal
    {
        _requireTerm(
            terms.maxSeconds >= offer.minSeconds && terms.maxSeconds <= offer.maxSeconds, "maxSeconds"
        );
        if (terms.offerId == 0) {
            (address owner, bytes32 hardwareClass,,) = MACHINES.factsOf(offer.machineId);
            require(owner == offer.seller, IMachines.MachinesNotOwner(offer.machineId, offer.seller));
            offer.hardwareClass = hardwareClass;
        }
        (uint256 openOfferId, uint256 currentOrderId, uint8 modes) = MACHINES.assign(offer.machineId, orderId);
        require(
            terms.offerId == 0 || openOfferId == offerId && block.timestamp < offer.expiresAt,
            IMarket.MarketOfferClosed(offerId)
        );
        require(currentOrderId == 0, IMarket.MarketMachineNotFree(offer.machineId, currentOrderId));
        require(modes >> uint256(terms.mode) & 1 != 0, IMarket.MarketModeNotOffered(terms.mode));
    }

    /// @dev Nobody sells to himself, and nobody counts as an auditor of his own order.
    function _checkParties(Offer memory offer, address payer, address otherParty, uint256 minSeats)
        internal
        view
    {
        _requireTerm(msg.sender != offer.seller, "buyer");
        _requireTerm(payer != offer.seller, "payer");
        if (minSeats == 0) return;
        uint256 seats = STAKING.seatsBesides(offer.hardwareClass, offer.seller, msg.sender, otherParty);
        require(seats >= minSeats, IMarket.MarketTooFewSeats(offer.hardwareClass, seats, minSeats));
    }

    function _payerOf(Payment calldata payment) internal view returns (address) {
        return payment.payer == address(0) ? msg.sender : payment.payer;
    }

    function _usePaySignature(address payer, bytes32 jobHash, uint256 machineId, Payment calldata payment)
        internal
    {
        _usePayerSignature(payer, abi.encode(PAY_ORDER_TYPEHASH, msg.sender, jobHash, machineId), payment);
    }

    /// @dev Both messages end alike. head: type hash and the fields before.
    function _usePayerSignature(address payer, bytes memory head, Payment calldata payment) internal {
        bytes32 structHash =
            keccak256(bytes.concat(head, abi.encode(payment.maxTotalWei, payment.nonce, payment.deadline)));
        consents.usePayerSignature(payer, structHash, payment.nonce, payment.deadline, payment.paySignature);
    }

    function _newOfferId() internal returns (uint256 offerId) {
        offerId = ++_offerCount;
        _requireTerm(offerId <= type(uint32).max, "offerId");
    }

    /// @dev Casts are exact: _checkTerms bounds every number, versions are days apart, times and offers see Order.
    function _store(Order storage order, OrderTerms calldata terms, uint256 offerId, uint32 version)
        internal
    {
        order.buyer = msg.sender;
        order.placedAt = uint40(block.timestamp);
        order.offerId = uint32(offerId);
        order.signed = terms.offerId == 0;
        order.jobHash = terms.jobHash;
        order.steps = uint32(terms.steps);
        order.stepMicros = terms.stepMicros;
        order.maxSeconds = terms.maxSeconds;
        order.stepsPerSegment = uint16(terms.stepsPerSegment);
        order.segmentsPerWindow = uint16(terms.segmentsPerWindow);
        order.unauditedShareBps = terms.unauditedShareBps;
        order.parametersVersion = uint16(version);
        order.draws = uint8(terms.draws);
        order.mode = terms.mode;
        order.vouched = terms.vouched;
        order.placedBlock = uint40(block.number);
    }
}
