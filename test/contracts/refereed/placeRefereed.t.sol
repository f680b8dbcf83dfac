// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    HoldReason,
    IMarket,
    IPallet,
    IWindows,
    OrderTerms,
    OrderView,
    Payment,
    ProofMode,
    SignedOffer
} from "../helpers/BaseTest.sol";
import {RefereedTest} from "./RefereedTest.sol";

contract PlaceRefereedTest is RefereedTest {
    function test_placesTwoOrders() public {
        vm.expectEmit(address(windows));
        emit IWindows.OrdersPaired(1, 2);
        placePair();
        assertEq(windows.twinOf(first), second, "twin of the first");
        assertEq(windows.twinOf(second), first, "twin of the second");
        assertEq(market.factsOf(first).otherParty, rival, "judges nothing of the first");
        assertEq(market.factsOf(second).otherParty, seller, "nor of the second");
        for (uint256 id = first; id <= second; ++id) {
            OrderView memory order = market.orderOf(id);
            assertEq(order.seller, sellerOf(id), "seller");
            assertEq(order.machineId, id == first ? machineId : rivalMachine, "machine");
            assertEq(order.terms.offerId, id == first ? offerId : rivalOffer, "offer");
            assertEq(uint256(order.terms.mode), uint256(ProofMode.Refereed), "mode");
            assertEq(staking.bondOf(order.seller).reservedWei, STAKE, "stake of its own");
        }
        assertHeld(buyer, HoldReason.Escrow, 2 * (ESCROW + AUDIT_FEE), "both held");
    }

    function test_onePermitCoversBoth() public {
        vm.prank(buyer);
        token.approve(address(balances), 0);
        Payment memory payment;
        payment.maxTotalWei = 2 * (ESCROW + AUDIT_FEE);
        payment.deadline = time() + 100;
        payment.permitSignature = permitSignature(BUYER_KEY, payment.maxTotalWei, payment.deadline);
        vm.prank(buyer);
        market.placeRefereed(pairTerms(), rivalOffer, "bafyjob", payment);
        assertHeld(buyer, HoldReason.Escrow, payment.maxTotalWei, "both held");
        assertEq(token.allowance(buyer, address(balances)), 0, "all used");
    }

    /// @dev Each order is its own before it starts, too.
    function test_oneCanBeCancelledAlone() public {
        placePair();
        vm.prank(buyer);
        market.cancelOrder(second);
        assertEq(market.orderOf(second).paidWei, FIVE_MINUTES_PRICE, "five minutes");
        start(first);
        assertEq(market.factsOf(first).startedAt, time(), "the other goes on");
    }

    function test_quote_knowsTheMode() public view {
        (uint256 escrowWei, uint256 feeWei, uint256 stakeWei) = market.quote(pairTerms());
        assertEq(escrowWei, ESCROW, "escrow");
        assertEq(feeWei, AUDIT_FEE, "fee");
        assertEq(stakeWei, STAKE, "stake");
    }

    /* FAILURES */

    function test_placeOrder_refusesTheMode() public {
        bytes memory reason =
            abi.encodeWithSelector(IMarket.MarketModeNotOffered.selector, ProofMode.Refereed);
        OrderTerms memory terms = pairTerms();
        vm.startPrank(buyer);
        vm.expectRevert(reason);
        market.placeOrder(terms, "bafyjob", byCaller());
        vm.expectRevert(reason);
        market.placeResumedOrder(terms, "bafyjob", byCaller(), nowhere());
        vm.stopPrank();

        SignedOffer memory offer = signedOffer(machineId);
        bytes memory signature = offerSignature(offer);
        terms.offerId = 0;
        vm.expectRevert(reason);
        vm.prank(buyer);
        market.placeSignedOrder(offer, signature, terms, "bafyjob", byCaller(), nowhere());
    }

    function test_revertsIf_modeIsAnother() public {
        OrderTerms memory terms = pairTerms();
        for (uint256 mode; mode < uint256(ProofMode.Refereed); ++mode) {
            terms.mode = ProofMode(mode);
            expectRefused(terms, rivalOffer, badTerms("mode"));
        }
    }

    function test_revertsIf_sellersAreTheSame() public {
        expectRefused(pairTerms(), offerId, badTerms("secondOfferId"));
        uint256 another = addMachineAs(seller);
        setModesAs(seller, another, MODES);
        expectRefused(pairTerms(), offerAs(seller, another), badTerms("secondOfferId"));
    }

    /// @dev Unlike hardware comes to other bits, whoever is honest.
    function test_revertsIf_classesDiffer() public {
        vm.prank(rival);
        uint256 another =
            machines.addMachine(bytes32("spec"), "bafyspec", keccak256("gpu"), "http://127.0.0.1:1");
        setModesAs(rival, another, MODES);
        expectRefused(pairTerms(), offerAs(rival, another), badTerms("secondOfferId"));
    }

    /// @dev A payer signs for one order.
    function test_revertsIf_somebodyElsePays() public {
        OrderTerms memory terms = pairTerms();
        Payment memory payment = signedPayment(PAYER_KEY, buyer, terms, 7);
        vm.expectRevert(badTerms("payer"));
        vm.prank(buyer);
        market.placeRefereed(terms, rivalOffer, "bafyjob", payment);
    }

    function test_revertsIf_togetherTheyCostMore() public {
        Payment memory payment = byCaller();
        payment.maxTotalWei = 2 * (ESCROW + AUDIT_FEE) - 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                IMarket.MarketPayTooHigh.selector, payment.maxTotalWei + 1, payment.maxTotalWei
            )
        );
        vm.prank(buyer);
        market.placeRefereed(pairTerms(), rivalOffer, "bafyjob", payment);
    }

    function test_revertsIf_aMachineDoesNotTakeIt() public {
        bytes memory reason =
            abi.encodeWithSelector(IMarket.MarketModeNotOffered.selector, ProofMode.Refereed);
        setModesAs(rival, rivalMachine, 2);
        expectRefused(pairTerms(), rivalOffer, reason);
        setModesAs(rival, rivalMachine, MODES);
        setModesAs(seller, machineId, 2);
        expectRefused(pairTerms(), rivalOffer, reason);
    }

    function test_revertsIf_anOfferIsNotThere() public {
        expectRefused(pairTerms(), 99, badTerms("secondOfferId")); // of no class
        OrderTerms memory terms = pairTerms();
        terms.offerId = 0;
        expectRefused(terms, rivalOffer, badTerms("secondOfferId"));
        expectRefused(terms, 99, badTerms("secondOfferId"));
        uint256 closed = rivalOffer;
        vm.prank(rival);
        market.cancelOffer(closed);
        expectRefused(pairTerms(), closed, abi.encodeWithSelector(IMarket.MarketOfferClosed.selector, closed));
    }

    function test_revertsIf_aMachineIsNotFree() public {
        OrderTerms memory terms = defaultTerms();
        terms.offerId = rivalOffer;
        uint256 orderId = placeWith(terms);
        expectRefused(
            pairTerms(),
            rivalOffer,
            abi.encodeWithSelector(IMarket.MarketMachineNotFree.selector, rivalMachine, orderId)
        );
        assertEq(staking.bondOf(seller).reservedWei, 0, "the first is undone");
    }

    function test_revertsIf_theBuyerSellsOneOfThem() public {
        fund(rival, 1_000 ether);
        vm.expectRevert(badTerms("buyer"));
        vm.prank(rival);
        market.placeRefereed(pairTerms(), rivalOffer, "bafyjob", byCaller());
    }

    /// @dev Whoever sells one of them is no auditor of either.
    function test_revertsIf_nobodyElseCouldAudit() public {
        for (uint256 i; i < 2; ++i) {
            vm.prank(i == 0 ? seller : rival);
            staking.takeSeat(CLASS);
        }
        for (uint256 i; i < auditors.length; ++i) {
            vm.prank(auditors[i]);
            staking.leaveSeat(CLASS);
        }
        expectRefused(
            pairTerms(), rivalOffer, abi.encodeWithSelector(IMarket.MarketTooFewSeats.selector, CLASS, 0, 1)
        );
    }

    function test_pair_isForMarketAlone() public {
        vm.expectRevert(abi.encodeWithSelector(IPallet.PalletUnauthorized.selector, seller));
        vm.prank(seller);
        windows.pair(1, 2);
    }

    function expectRefused(OrderTerms memory terms, uint256 secondOfferId, bytes memory reason) internal {
        vm.expectRevert(reason);
        vm.prank(buyer);
        market.placeRefereed(terms, secondOfferId, "bafyjob", byCaller());
    }
}
