// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    BaseTest,
    HoldReason,
    IBalances,
    IMarket,
    IStaking,
    MachineStatus,
    OrderStatus,
    OrderTerms,
    OrderView,
    Payment,
    ProofMode
} from "../helpers/BaseTest.sol";

contract PlaceOrderTest is BaseTest {
    /* PLACING */

    function test_holdsEscrowAndFeeAndReservesStake() public {
        vm.expectEmit(address(market));
        emit IMarket.OrderPlaced(
            1, machineId, buyer, buyer, seller, keccak256("job"), "bafyjob", ESCROW, AUDIT_FEE, STAKE
        );
        uint256 orderId = place();

        assertStatus(orderId, OrderStatus.Preparing, "status");
        assertHeld(buyer, HoldReason.Escrow, ESCROW + AUDIT_FEE, "escrow");

        assertFree(buyer, 0, "nothing more was taken");
        assertEq(token.balanceOf(buyer), 1_000 ether - ESCROW - AUDIT_FEE, "wallet");
        assertEq(staking.bondOf(seller).reservedWei, STAKE, "stake");
        assertEq(machines.machineOf(machineId).currentOrderId, orderId, "machine's order");
        assertEq(
            uint256(machines.machineOf(machineId).status), uint256(MachineStatus.Renting), "machine's status"
        );
        assertSolvent();
    }

    function test_storesTheTerms() public {
        OrderTerms memory terms = defaultTerms();
        OrderView memory order = market.orderOf(placeWith(terms));

        assertEq(keccak256(abi.encode(order.terms)), keccak256(abi.encode(terms)), "terms");
        assertEq(order.buyer, buyer, "buyer");
        assertEq(order.payer, buyer, "payer");
        assertEq(order.seller, seller, "seller");
        assertEq(order.machineId, machineId, "machine");
        assertEq(order.pricePerHourWei, PRICE_PER_HOUR, "price");
        assertEq(order.placedAt, time(), "placedAt");
        assertEq(order.placedBlock, height() - 1, "placedBlock");
        assertEq(order.startedAt + order.endedAt + order.settledAt, 0, "no other time");
    }

    function test_usesTheFreeBalanceFirst() public {
        vm.prank(buyer);
        balances.deposit(2 ether);
        place();
        assertEq(token.balanceOf(buyer), 1_000 ether - ESCROW - AUDIT_FEE, "wallet");
        assertFree(buyer, 0, "free");
    }

    function test_needsNoAllowanceIfTheFreeBalanceSuffices() public {
        vm.startPrank(buyer);
        balances.deposit(10 ether);
        token.approve(address(balances), 0);
        vm.stopPrank();
        place();
        assertFree(buyer, 10 ether - ESCROW - AUDIT_FEE, "free");
    }

    function test_stakeIsAtLeastTwoPanelCosts() public {
        OrderTerms memory terms = defaultTerms();
        terms.maxSeconds = 60;
        vm.prank(seller);
        terms.offerId = market.makeOffer(machineId, 1, 60, 60, uint64(time() + 1));
        uint256 orderId = placeWith(terms);
        assertEq(market.orderOf(orderId).stakeWei, 0.2 ether, "twice 0.1");
    }

    function test_acceptsAnOfferAgainOnceItsMachineIsFree() public {
        uint256 orderId = place();
        vm.prank(buyer);
        market.cancelOrder(orderId);
        assertStatus(place(), OrderStatus.Preparing, "status");
    }

    /* FAILURES: OFFER AND MACHINE */

    function test_revertsIf_offerIsUnknown() public {
        OrderTerms memory terms = defaultTerms();
        terms.offerId = 99;
        expectRefused(terms, abi.encodeWithSelector(IMarket.MarketUnknownOffer.selector, 99));
    }

    function test_revertsIf_offerIsClosed() public {
        bytes memory closed = abi.encodeWithSelector(IMarket.MarketOfferClosed.selector, offerId);
        uint256 snapshot = vm.snapshotState();

        vm.prank(seller);
        market.cancelOffer(offerId);
        expectRefused(defaultTerms(), closed);
        vm.revertToState(snapshot);

        vm.prank(seller);
        machines.removeMachine(machineId);
        expectRefused(defaultTerms(), closed);
        vm.revertToState(snapshot);

        vm.warp(market.offerOf(offerId).expiresAt);
        expectRefused(defaultTerms(), closed);
    }

    function test_revertsIf_machineIsTaken() public {
        uint256 orderId = place();
        expectRefused(
            defaultTerms(), abi.encodeWithSelector(IMarket.MarketMachineNotFree.selector, machineId, orderId)
        );
        start(orderId);
        expectRefused(
            defaultTerms(), abi.encodeWithSelector(IMarket.MarketMachineNotFree.selector, machineId, orderId)
        );
    }

    function test_revertsIf_sellersBondIsTooSmall() public {
        vm.prank(seller);
        staking.unbond(BOND - STAKE + 1);
        expectRefused(
            defaultTerms(),
            abi.encodeWithSelector(IStaking.StakingInsufficientActive.selector, seller, STAKE - 1, STAKE)
        );
    }

    /* FAILURES: TERMS */

    function test_revertsIf_termsAreBad() public {
        OrderTerms memory terms = defaultTerms();
        terms.steps = 0;
        expectRefused(terms, badTerms("steps"));
        terms = defaultTerms();
        terms.steps = type(uint64).max;
        expectRefused(terms, badTerms("steps"));
        terms = defaultTerms();
        terms.steps = 4 * (1 << 20) + 1;
        expectRefused(terms, badTerms("steps"));
        terms = defaultTerms();
        terms.stepsPerSegment = 0;
        expectRefused(terms, badTerms("stepsPerSegment"));
        terms.stepsPerSegment = 257;
        expectRefused(terms, badTerms("stepsPerSegment"));
        terms = defaultTerms();
        terms.segmentsPerWindow = 0;
        expectRefused(terms, badTerms("segmentsPerWindow"));
        terms.segmentsPerWindow = 1_025;
        expectRefused(terms, badTerms("segmentsPerWindow"));
        terms = defaultTerms();
        terms.draws = 127;
        expectRefused(terms, badTerms("draws"));
        terms.draws = 3; // four windows: one would never be drawn from
        expectRefused(terms, badTerms("draws"));
        terms = defaultTerms();
        terms.stepMicros = 0;
        expectRefused(terms, badTerms("stepMicros"));
        terms = defaultTerms();
        terms.unauditedShareBps = 10_001;
        expectRefused(terms, badTerms("unauditedShareBps"));
        terms = defaultTerms();
        terms.maxSeconds = 59;
        expectRefused(terms, badTerms("maxSeconds"));
        terms.maxSeconds = 3_601;
        expectRefused(terms, badTerms("maxSeconds"));
    }

    function test_revertsIf_modeIsNotOffered() public {
        ProofMode[3] memory modes = [ProofMode.None, ProofMode.Tolerance, ProofMode.Refereed];
        for (uint256 i; i < 3; ++i) {
            OrderTerms memory terms = i == 0 ? rentalTerms() : defaultTerms();
            (terms.mode, terms.vouched) = (modes[i], false);
            expectRefused(terms, abi.encodeWithSelector(IMarket.MarketModeNotOffered.selector, modes[i]));
        }
    }

    /// @dev The largest order there may be: its numbers fit their types.
    function test_acceptsTheLimits() public {
        OrderTerms memory terms = defaultTerms();
        terms.stepsPerSegment = 256;
        terms.segmentsPerWindow = 1_024;
        terms.draws = 126;
        terms.steps = 126 * 1_024 * 256;
        terms.stepMicros = type(uint32).max;
        terms.maxSeconds = type(uint32).max;
        terms.unauditedShareBps = 10_000;
        vm.prank(seller);
        terms.offerId = market.makeOffer(machineId, type(uint96).max, 1, type(uint32).max, type(uint64).max);
        (uint256 escrowWei, uint256 feeWei, uint256 stakeWei) = market.quote(terms);
        fund(buyer, escrowWei + feeWei);
        bondAs(seller, stakeWei);

        OrderView memory order = market.orderOf(placeWith(terms));
        assertEq(order.escrowWei, escrowWei, "escrow");
        assertEq(order.stakeWei, stakeWei, "stake");
        assertEq(keccak256(abi.encode(order.terms)), keccak256(abi.encode(terms)), "terms");
    }

    /* FAILURES: PARTIES AND SEATS */

    function test_revertsIf_sellerBuysFromItself() public {
        fund(seller, 100 ether);
        vm.expectRevert(badTerms("buyer"));
        vm.prank(seller);
        market.placeOrder(defaultTerms(), "", byCaller());
    }

    /// @dev Four auditors; with the buyer among them three may audit, and one eviction short of the minimum none.
    function test_countsSeatsWithoutTheParties() public {
        for (uint256 i = 1; i < 4; ++i) {
            vm.prank(auditors[i]);
            staking.leaveSeat(CLASS);
        }
        fund(auditors[0], 100 ether);
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketTooFewSeats.selector, CLASS, 0, 1));
        vm.prank(auditors[0]);
        market.placeOrder(defaultTerms(), "", byCaller());

        vm.prank(seller);
        staking.takeSeat(CLASS);
        vm.prank(buyer);
        market.placeOrder(defaultTerms(), "", byCaller());
    }

    function test_revertsIf_onlyTheSellerHasASeat() public {
        for (uint256 i; i < 4; ++i) {
            vm.prank(auditors[i]);
            staking.leaveSeat(CLASS);
        }
        vm.prank(seller);
        staking.takeSeat(CLASS);
        expectRefused(defaultTerms(), abi.encodeWithSelector(IMarket.MarketTooFewSeats.selector, CLASS, 0, 1));
    }

    /* FAILURES: MONEY */

    function test_revertsIf_theTokenRefuses() public {
        vm.prank(buyer);
        token.approve(address(balances), ESCROW + AUDIT_FEE - 1);
        expectRefused(
            defaultTerms(),
            abi.encodeWithSelector(IBalances.BalancesTransferRefused.selector, buyer, ESCROW + AUDIT_FEE)
        );
        assertFree(buyer, 0, "nothing moved");
    }

    function test_revertsIf_itCostsMoreThanAgreed() public {
        Payment memory payment;
        payment.maxTotalWei = ESCROW + AUDIT_FEE - 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                IMarket.MarketPayTooHigh.selector, ESCROW + AUDIT_FEE, ESCROW + AUDIT_FEE - 1
            )
        );
        vm.prank(buyer);
        market.placeOrder(defaultTerms(), "", payment);
    }

    /* QUOTE */

    function test_quote_isWhatPlacingTakes() public view {
        (uint256 escrowWei, uint256 feeWei, uint256 stakeWei) = market.quote(defaultTerms());
        assertEq(escrowWei, ESCROW, "escrow");
        assertEq(feeWei, AUDIT_FEE, "fee");
        assertEq(stakeWei, STAKE, "stake");
    }

    function test_quote_feeIsForAllSegmentsIfFewerThanDraws() public view {
        OrderTerms memory terms = defaultTerms();
        terms.draws = 20;
        (, uint256 feeWei,) = market.quote(terms);
        assertEq(feeWei, 10 * FEE_PER_SEGMENT, "ten segments");
    }

    function test_quote_revertsIf_termsAreBad() public {
        OrderTerms memory terms = defaultTerms();
        terms.stepsPerSegment = 0;
        vm.expectRevert(badTerms("stepsPerSegment"));
        market.quote(terms);
        terms.offerId = 99;
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketUnknownOffer.selector, 99));
        market.quote(terms);
    }

    function testFuzz_quote_isWhatPlacingTakes(uint96 price, uint32 maxSeconds, uint64 steps, uint16 draws)
        public
    {
        price = uint96(bound(price, 1, type(uint96).max));
        OrderTerms memory terms = defaultTerms();
        terms.maxSeconds = uint32(bound(maxSeconds, 1, type(uint32).max));
        terms.steps = uint64(bound(steps, 1, 4 * 3 * 126));
        terms.draws = uint16(bound(draws, (terms.steps + 11) / 12, 126));
        vm.prank(seller);
        terms.offerId = market.makeOffer(machineId, price, 1, type(uint32).max, uint64(time() + 1));
        (uint256 escrowWei, uint256 feeWei, uint256 stakeWei) = market.quote(terms);
        fund(buyer, escrowWei + feeWei);
        bondAs(seller, stakeWei);
        uint256 before = token.balanceOf(buyer);
        placeWith(terms);

        assertEq(before - token.balanceOf(buyer), escrowWei + feeWei, "taken");
        assertHeld(buyer, HoldReason.Escrow, escrowWei + feeWei, "escrow");
        assertEq(staking.bondOf(seller).reservedWei, stakeWei, "stake");
        // Rounded up, by less than one.
        assertGe(escrowWei * 3_600, uint256(price) * terms.maxSeconds, "covers the time");
        assertLt((escrowWei - 1) * 3_600, uint256(price) * terms.maxSeconds, "and no more");
    }

    function expectRefused(OrderTerms memory terms, bytes memory reason) internal {
        vm.expectRevert(reason);
        vm.prank(buyer);
        market.placeOrder(terms, "bafyjob", byCaller());
    }
}
