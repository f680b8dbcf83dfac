// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EIP712} from "solady/utils/EIP712.sol";

import {IMachines} from "../../interfaces/IMachines.sol";
import {IStaking} from "../../interfaces/IStaking.sol";
import {OrderTerms, Parameters, Payment, ProofMode} from "../../interfaces/Types.sol";
import {PayLib} from "../../libraries/PayLib.sol";
import {MarketStore} from "./MarketStore.sol";

/// @notice What placing and renewing check and store.
abstract contract Placing is MarketStore, EIP712 {
    uint256 internal constant MAX_SEGMENTS = 1 << 20;
    uint256 internal constant MAX_STEPS_PER_SEGMENT = 256;
    uint256 internal constant MAX_SEGMENTS_PER_WINDOW = 1_024;
    uint256 internal constant MAX_DRAWS = 126; // with the first and the last: two bits each in one word
    bytes32 internal constant PAY_ORDER_TYPEHASH = keccak256(
        "PayOrder(address buyer,bytes32 jobHash,uint256 machine,uint256 maxTotalWei,uint256 nonce,uint256 deadline)"
    );

    bytes32 internal constant PAY_RENEWAL_TYPEHASH = keccak256(
        "PayRenewal(address buyer,uint256 orderId,uint32 extraSeconds,uint256 maxTotalWei,uint256 nonce,uint256 deadline)"
    );

    struct Amounts {
        uint256 escrowWei;
        uint256 auditFeeWei;
        uint256 stakeWei;
        uint32 version; // of the parameters they follow from
        uint16 minSeats;
    }

    /// @dev Reads the parameters' version once, before foreign code runs: amounts and order have the same.
    function _admit(OrderTerms calldata terms, Offer memory offer) internal view returns (Amounts memory) {
        (uint32 version, uint64 pausedUntil) = RUNTIME.admission();
        require(block.timestamp >= pausedUntil, MarketPaused(pausedUntil));
        return _amountsOf(terms, offer, version);
    }

    function _amountsOf(OrderTerms calldata terms, Offer memory offer, uint32 version)
        internal
        view
        returns (Amounts memory)
    {
        require(offer.seller != address(0), MarketUnknownOffer(terms.offerId));
        uint256 segments = _checkTerms(terms);
        Parameters memory p = RUNTIME.parametersAt(version);
        uint256 escrowWei = PayLib.priceUp(offer.pricePerHourWei, terms.maxSeconds);
        uint256 audited = uint256(terms.draws) + 2;
        uint256 auditFeeWei = p.auditFeePerSegmentWei * (audited < segments ? audited : segments);
        uint256 totalWei = escrowWei + auditFeeWei;
        uint256 panelWei = 2 * uint256(p.panelCostWei);
        return Amounts(escrowWei, auditFeeWei, totalWei > panelWei ? totalWei : panelWei, version, p.minSeats);
    }

    /// @dev Returns the number of segments. At least one draw a window: which windows are drawn from follows from
    /// the terms, so one that is never drawn from could be faked without risk.
    function _checkTerms(OrderTerms calldata terms) internal pure returns (uint256 segments) {
        require(terms.mode == ProofMode.Bitwise, MarketModeNotOffered(terms.mode));
        _requireTerm(terms.steps != 0, "steps");
        _requireTerm(
            terms.stepsPerSegment != 0 && terms.stepsPerSegment <= MAX_STEPS_PER_SEGMENT, "stepsPerSegment"
        );
        segments = PayLib.ceilDiv(terms.steps, terms.stepsPerSegment);
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

    /// @dev A signed offer has no id: Consents checks it when it is filled, after this.
    function _checkOffer(OrderTerms calldata terms, Offer memory offer) internal view returns (bytes32) {
        _requireTerm(
            terms.maxSeconds >= offer.minSeconds && terms.maxSeconds <= offer.maxSeconds, "maxSeconds"
        );
        (address owner, bytes32 hardwareClass, uint256 currentOrderId, uint256 openOfferId) =
            _machines().factsOf(offer.machineId);
        if (terms.offerId == 0) {
            require(owner == offer.seller, IMachines.MachinesNotOwner(offer.machineId, offer.seller));
        } else {
            require(
                openOfferId == terms.offerId && block.timestamp < offer.expiresAt,
                MarketOfferClosed(terms.offerId)
            );
        }
        require(currentOrderId == 0, MarketMachineNotFree(offer.machineId, currentOrderId));
        return hardwareClass;
    }

    /// @dev Nobody sells to himself, and nobody counts as an auditor of his own order.
    function _checkParties(address seller, address payer, bytes32 hardwareClass, uint256 minSeats)
        internal
        view
    {
        _requireTerm(msg.sender != seller, "buyer");
        _requireTerm(payer != seller, "payer");
        IStaking staking = _staking();
        uint256 seats = staking.seatsOf(hardwareClass);
        if (staking.hasSeat(hardwareClass, seller)) --seats;
        if (staking.hasSeat(hardwareClass, msg.sender)) --seats;
        if (payer != msg.sender && staking.hasSeat(hardwareClass, payer)) --seats;
        require(seats >= minSeats, MarketTooFewSeats(hardwareClass, seats, minSeats));
    }

    function _payerOf(Payment calldata payment) internal view returns (address) {
        return payment.payer == address(0) ? msg.sender : payment.payer;
    }

    /// @dev Escrow and stake that extraSeconds add. Both follow from the whole new time: renewing in many small steps
    /// costs what one large step costs.
    function _renewalOf(Order storage order, uint256 extraSeconds)
        internal
        view
        returns (uint256 escrowWei, uint256 stakeWei)
    {
        uint256 maxSeconds = order.maxSeconds + extraSeconds;
        _requireTerm(extraSeconds != 0 && maxSeconds <= order.offerMaxSeconds, "extraSeconds");
        uint256 totalWei = PayLib.priceUp(order.pricePerHourWei, maxSeconds);
        escrowWei = totalWei - order.escrowWei;
        totalWei += order.auditFeeWei;
        if (totalWei > order.stakeWei) stakeWei = totalWei - order.stakeWei;
    }

    function _usePaySignature(address payer, bytes32 jobHash, uint256 machineId, Payment calldata payment)
        internal
    {
        _usePayerSignature(payer, abi.encode(PAY_ORDER_TYPEHASH, msg.sender, jobHash, machineId), payment);
    }

    function _useRenewalSignature(
        address payer,
        uint256 orderId,
        uint256 extraSeconds,
        Payment calldata payment
    ) internal {
        _usePayerSignature(
            payer, abi.encode(PAY_RENEWAL_TYPEHASH, msg.sender, orderId, extraSeconds), payment
        );
    }

    /// @dev Both messages end alike. head: type hash and the fields before.
    function _usePayerSignature(address payer, bytes memory head, Payment calldata payment) internal {
        bytes32 structHash =
            keccak256(bytes.concat(head, abi.encode(payment.maxTotalWei, payment.nonce, payment.deadline)));
        consents.usePayerSignature(payer, structHash, payment.nonce, payment.deadline, payment.paySignature);
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
        order.offerMaxSeconds = offer.maxSeconds;
        order.parametersVersion = amounts.version;
        order.jobHash = terms.jobHash;
        order.hardwareClass = hardwareClass;
        order.escrowWei = uint128(amounts.escrowWei);
        order.auditFeeWei = uint128(amounts.auditFeeWei);
        order.stakeWei = uint128(amounts.stakeWei);
    }

    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Trainyard", "1");
    }
}
