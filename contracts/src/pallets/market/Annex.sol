// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IConsents} from "../../interfaces/IConsents.sol";
import {IMachines} from "../../interfaces/IMachines.sol";
import {IMarket} from "../../interfaces/IMarket.sol";
import {IRuntime} from "../../interfaces/IRuntime.sol";
import {
    HoldReason,
    OrderStatus,
    OrderTerms,
    OrderView,
    Parameters,
    Payment
} from "../../interfaces/Types.sol";
import {Pallet} from "../Pallet.sol";
import {Settling} from "./Settling.sol";

/// @title Annex: the part of Market that is not on every order's way: offers, renewals, and what is asked of an order.
/// @dev One contract has room for 24,576 bytes (EIP-170), so Market delegates to this one what it has no code for. It runs
/// on Market's storage and as Market; its own stays empty, and called by itself it reads zeros and is refused by every other pallet.
/// Market creates it, for good: nobody can put another in its place.
contract Annex is Settling {
    uint256 internal constant MAX_PRICE_PER_HOUR_WEI = type(uint96).max;

    bytes32 internal constant PAY_RENEWAL_TYPEHASH = keccak256(
        "PayRenewal(address buyer,uint256 orderId,uint32 extraSeconds,uint256 maxTotalWei,uint256 nonce,uint256 deadline)"
    );

    constructor(IRuntime runtime_, IConsents consents_) Pallet(runtime_) {
        consents = consents_;
    }

    /* OFFERS */

    /// @dev As IMarket says.
    function makeOffer(
        uint256 machineId,
        uint256 pricePerHourWei,
        uint32 minSeconds,
        uint32 maxSeconds,
        uint64 expiresAt
    ) external returns (uint256 offerId) {
        // Check
        (address owner, bytes32 hardwareClass,, uint256 formerOfferId) = MACHINES.factsOf(machineId);
        require(owner != address(0), IMachines.MachinesUnknown(machineId));
        require(owner == msg.sender, IMachines.MachinesNotOwner(machineId, msg.sender));
        _requireTerm(pricePerHourWei != 0 && pricePerHourWei <= MAX_PRICE_PER_HOUR_WEI, "pricePerHourWei");
        _requireTerm(minSeconds != 0 && minSeconds <= maxSeconds, "minSeconds");
        _requireTerm(expiresAt > block.timestamp, "expiresAt");

        // Effect: one open offer a machine; the former one ends here.
        offerId = _newOfferId();
        _offers[offerId] = Offer({
            seller: msg.sender,
            // forge-lint: disable-next-line(unsafe-typecast) checked, or an id that counts up
            pricePerHourWei: uint96(pricePerHourWei),
            // forge-lint: disable-next-line(unsafe-typecast) checked, or an id that counts up
            machineId: uint64(machineId),
            expiresAt: expiresAt,
            minSeconds: minSeconds,
            maxSeconds: maxSeconds,
            hardwareClass: hardwareClass
        });
        if (formerOfferId != 0) emit IMarket.OfferCancelled(formerOfferId);
        emit IMarket.OfferMade(
            offerId, machineId, msg.sender, pricePerHourWei, minSeconds, maxSeconds, expiresAt
        );

        // Interaction
        MACHINES.setOffer(machineId, offerId);
    }

    /// @dev As IMarket says.
    function cancelOffer(uint256 offerId) external {
        // Check
        Offer storage offer = _offers[offerId];
        require(offer.seller != address(0), IMarket.MarketUnknownOffer(offerId));
        require(offer.seller == msg.sender, IMachines.MachinesNotOwner(offer.machineId, msg.sender));
        (,,, uint256 openOfferId) = MACHINES.factsOf(offer.machineId);
        require(openOfferId == offerId, IMarket.MarketOfferClosed(offerId));

        // Effect
        emit IMarket.OfferCancelled(offerId);

        // Interaction: the machine names its offer no longer.
        MACHINES.setOffer(offer.machineId, 0);
    }

    /* ORDERS */

    /// @dev As IMarket says.
    function renewOrder(uint256 orderId, uint32 extraSeconds, Payment calldata payment) external {
        Order storage order = _orders[orderId];
        address payer = _payerOf(payment);

        // Check: the parties, the seller's limit, the price, and that the payer agreed. One payer an order, so that
        // every refund is that payer's.
        require(order.buyer == msg.sender, IMarket.MarketNotBuyer(orderId, msg.sender));
        _requireTerm(_payerOf(orderId, order) == payer, "payer");
        (uint256 escrowWei, uint256 stakeWei) = _renewalOf(order, extraSeconds);
        require(escrowWei <= payment.maxTotalWei, IMarket.MarketPayTooHigh(escrowWei, payment.maxTotalWei));
        if (payer != msg.sender) _useRenewalSignature(payer, orderId, extraSeconds, payment);

        // Interaction, on purpose before the rest, as in placeOrder. Balances' guard refuses a renewal within.
        BALANCES.pullUpTo(payer, escrowWei, payment.maxTotalWei, payment.deadline, payment.permitSignature);

        // Check: it runs, as of now.
        _requireStatus(orderId, order, OrderStatus.Training);
        _requireBefore(orderId, _paidDeadline(order));

        // Effect: at most the offer's maximum.
        order.maxSeconds += extraSeconds;
        emit IMarket.OrderRenewed(orderId, order.maxSeconds, escrowWei, stakeWei);

        // Interaction
        BALANCES.hold(payer, HoldReason.Escrow, escrowWei);
        STAKING.reserve(_offerOf(order).seller, stakeWei);
        if (order.signed) consents.fillMore(orderId, extraSeconds);
    }

    /* VIEWS */

    /// @dev As IMarket says.
    function faultsOf(address seller) external view returns (uint256) {
        return _faultsOf(seller);
    }

    /// @dev As IMarket says.
    function offerOf(uint256 offerId) external view returns (IMarket.OfferView memory) {
        Offer storage offer = _offers[offerId];
        (,,, uint256 openOfferId) = MACHINES.factsOf(offer.machineId);
        return IMarket.OfferView({
            seller: offer.seller,
            machineId: offer.machineId,
            pricePerHourWei: offer.pricePerHourWei,
            minSeconds: offer.minSeconds,
            maxSeconds: offer.maxSeconds,
            expiresAt: offer.expiresAt,
            // Neither cancelled nor replaced (its machine still names it) nor expired.
            open: offerId != 0 && openOfferId == offerId && block.timestamp < offer.expiresAt
        });
    }

    /// @dev As IMarket says.
    function orderOf(uint256 orderId) external view returns (OrderView memory v) {
        Order storage order = _orders[orderId];
        if (order.buyer == address(0)) return v;
        Offer storage offer = _offerOf(order);
        v.buyer = order.buyer;
        v.payer = _payerOf(orderId, order);
        v.seller = offer.seller;
        v.machineId = offer.machineId;
        v.terms = OrderTerms({
            offerId: order.signed ? 0 : order.offerId,
            jobHash: order.jobHash,
            maxSeconds: order.maxSeconds,
            stepMicros: order.stepMicros,
            steps: order.steps,
            stepsPerSegment: order.stepsPerSegment,
            segmentsPerWindow: order.segmentsPerWindow,
            draws: order.draws,
            unauditedShareBps: order.unauditedShareBps,
            mode: order.mode,
            vouched: order.vouched
        });
        v.pricePerHourWei = offer.pricePerHourWei;
        v.placedAt = order.placedAt;
        v.startedAt = order.startedAt;
        v.endedAt = _endedAt(order);
        v.settledAt = order.settledAt;
        v.placedBlock = order.placedBlock;
        v.startedBlock = order.startedBlock;
        v.status = _statusOf(order);
        if (v.status == OrderStatus.Auditing && DISPUTES.openOf(orderId) != 0) {
            v.status = OrderStatus.Disputed;
        }
        v.closeReason = order.endReason;
        Parameters memory p = _parametersOf(order);
        Amounts memory amounts = _amountsOf(order, p, order.maxSeconds);
        v.escrowWei = amounts.escrowWei;
        v.auditFeeWei = amounts.auditFeeWei;
        v.stakeWei = amounts.stakeWei;
        if (order.settledAt == 0) return v;
        Settlement memory s = _settlementOf(orderId, order, amounts, p);
        v.paidWei = s.paidWei;
        v.refundedWei = _backWei(amounts, s);
        v.slashedWei = s.slashedWei;
    }

    /// @dev As IMarket says.
    function agreedOf(uint256 orderId)
        external
        view
        returns (uint32 offerMaxSeconds, uint32 parametersVersion)
    {
        Order storage order = _orders[orderId];
        return (_offerOf(order).maxSeconds, order.parametersVersion);
    }

    /// @dev As IMarket says.
    function quote(OrderTerms calldata terms)
        external
        view
        returns (uint256 escrowWei, uint256 auditFeeWei, uint256 stakeWei)
    {
        Offer storage offer = _offers[terms.offerId];
        require(offer.seller != address(0), IMarket.MarketUnknownOffer(terms.offerId));
        _checkTerms(terms);
        Amounts memory amounts = _amounts(RUNTIME.parameters(), _sizeOf(terms, offer.pricePerHourWei));
        return (amounts.escrowWei, amounts.auditFeeWei, amounts.stakeWei);
    }

    /* INTERNAL */

    /// @dev Escrow and stake that extraSeconds add. Both follow from the whole new time: renewing in many small steps
    /// costs what one large step costs.
    function _renewalOf(Order storage order, uint256 extraSeconds)
        internal
        view
        returns (uint256 escrowWei, uint256 stakeWei)
    {
        uint256 maxSeconds = order.maxSeconds + extraSeconds;
        _requireTerm(extraSeconds != 0 && maxSeconds <= _offerOf(order).maxSeconds, "extraSeconds");
        Parameters memory p = _parametersOf(order);
        Amounts memory before = _amountsOf(order, p, order.maxSeconds);
        Amounts memory then_ = _amountsOf(order, p, maxSeconds);
        return (then_.escrowWei - before.escrowWei, then_.stakeWei - before.stakeWei);
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
}
