// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    BaseTest,
    HoldReason,
    IMarket,
    IRuntime,
    IStaking,
    OrderStatus,
    OrderTerms,
    Parameters,
    Role,
    SignedOffer
} from "../helpers/BaseTest.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";

/// @notice What the two roles can do, and above all what they cannot. The deployer (this contract) holds both.
contract GovernanceTest is BaseTest {
    /* PROPOSALS */

    function test_changesAfterTheDelay_byAnyone() public {
        Parameters memory p = harsher();
        vm.expectEmit(address(runtime));
        emit IRuntime.ParametersProposed(p, uint64(time() + 2 days));
        runtime.proposeParameters(p);
        (Parameters memory proposed, uint64 effectiveAt) = runtime.proposal();
        assertEq(keccak256(abi.encode(proposed)), keccak256(abi.encode(p)), "proposed");

        skip(2 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IRuntime.RuntimeTooEarly.selector, effectiveAt));
        runtime.applyProposal();
        skip(1);
        vm.expectEmit(address(runtime));
        emit IRuntime.ParametersChanged(1, p);
        vm.prank(stranger);
        runtime.applyProposal();
        assertEq(keccak256(abi.encode(runtime.parameters())), keccak256(abi.encode(p)), "in force");
        assertEq(
            keccak256(abi.encode(runtime.parametersAt(0))),
            keccak256(abi.encode(parameters())),
            "the first version stays"
        );

        vm.expectRevert(abi.encodeWithSelector(IRuntime.RuntimeNothingProposed.selector));
        runtime.applyProposal();
    }

    function test_lapses() public {
        runtime.proposeParameters(harsher());
        skip(16 days);
        vm.expectRevert(abi.encodeWithSelector(IRuntime.RuntimeTooLate.selector, time()));
        runtime.applyProposal();
    }

    function test_canBeWithdrawn() public {
        vm.expectRevert(abi.encodeWithSelector(IRuntime.RuntimeNothingProposed.selector));
        runtime.withdrawProposal();
        runtime.proposeParameters(harsher());
        runtime.withdrawProposal();
        skip(3 days);
        vm.expectRevert(abi.encodeWithSelector(IRuntime.RuntimeNothingProposed.selector));
        runtime.applyProposal();
    }

    /// @dev A second proposal starts the delay anew: nobody slips in other numbers under an old clock.
    function test_aNewProposalStartsAnew() public {
        runtime.proposeParameters(parameters());
        skip(2 days - 1);
        runtime.proposeParameters(harsher());
        skip(1);
        vm.expectRevert(abi.encodeWithSelector(IRuntime.RuntimeTooEarly.selector, time() + 2 days - 1));
        runtime.applyProposal();
    }

    function test_revertsIf_beyondTheCaps() public {
        Parameters memory p = parameters();
        p.protocolFeeBps = 2_001;
        expectBad(p, "protocolFeeBps");
        p = parameters();
        p.commitSeconds = 7 days + 1;
        expectBad(p, "commitSeconds");
        p = parameters();
        p.auditFeePerSegmentWei = 10 * p.auditFeePerSegmentWei + 1;
        expectBad(p, "auditFeePerSegmentWei");
        p = parameters();
        p.seatStakeWei = 10 * p.seatStakeWei + 1;
        expectBad(p, "seatStakeWei");
        p = parameters();
        p.panelCostWei = 10 * p.panelCostWei + 1;
        expectBad(p, "panelCostWei");
    }

    /// @dev Ten times what it was at deployment, not ten times each time.
    function test_theCapDoesNotMove() public {
        change(harsher());
        Parameters memory p = harsher();
        p.seatStakeWei += 1;
        expectBad(p, "seatStakeWei");
        p = parameters();
        p.beaconDelayBlocks += 1;
        expectBad(p, "beaconDelayBlocks");
    }

    /// @dev A seat that was left backs audits of every version, so the longest of all counts.
    function test_longestAuditSeconds_neverFalls() public {
        assertEq(runtime.longestAuditSeconds(), 390, "at deployment");
        change(harsher());
        assertEq(runtime.longestAuditSeconds(), 390, "a shorter one changes nothing");
        Parameters memory p = parameters();
        p.revealSeconds = 1 days;
        change(p);
        assertEq(runtime.longestAuditSeconds(), 2 * 60 + 4 * 1 days + 30, "a longer one does");
    }

    function test_revertsIf_callerHoldsNotTheRole() public {
        vm.startPrank(stranger);
        expectNotHolder(Role.Governor);
        runtime.proposeParameters(parameters());
        expectNotHolder(Role.Governor);
        runtime.withdrawProposal();
        expectNotHolder(Role.Guardian);
        runtime.pauseOrders(1);
        expectNotHolder(Role.Governor);
        runtime.offerRole(Role.Governor, stranger);
        expectNotHolder(Role.Guardian);
        runtime.renounceRole(Role.Guardian);
    }

    /* WHAT IS OPEN STAYS AS IT WAS */

    function test_ordersKeepTheirTimings() public {
        uint256 orderId = place();
        change(harsher()); // confirm window 1 s
        // It was placed under 60 s, and these are over now.
        assertVersion(orderId, 0);
        vm.expectRevert(tooLate(orderId, market.orderOf(orderId).placedAt + 60));
        vm.prank(seller);
        market.startOrder(orderId);
        market.expireOrder(orderId);

        orderId = place();
        assertVersion(orderId, 1);
        skip(1);
        vm.expectRevert(tooLate(orderId, time()));
        vm.prank(seller);
        market.startOrder(orderId);
    }

    /// @dev The same order, settled under changed parameters, moves the same money.
    function test_ordersKeepTheirFees() public {
        uint256 orderId = completedAfter(100);
        uint256 drawn = drawnCount(orderId);
        uint256 snapshot = vm.snapshotState();
        auditAll(orderId, 1);
        settle(orderId);
        bytes32 before = keccak256(abi.encode(market.orderOf(orderId)));
        vm.revertToState(snapshot);

        // Changed in the very second, as if the delay had passed long ago.
        applyNow(harsher());
        auditAll(orderId, 1);
        settle(orderId);
        assertEq(keccak256(abi.encode(market.orderOf(orderId))), before, "order");
        assertEq(balances.burnedWei(), 0.008 ether, "2 %, not 20 %");
        assertFree(panelOf(orderId)[0], FEE_PER_SEGMENT * drawn / 3, "auditor");
        assertNothingLeft();
    }

    function test_renewalsKeepTheOrdersTerms() public {
        uint256 orderId = placeAndStart();
        applyNow(harsher());
        vm.prank(buyer);
        market.renewOrder(orderId, 100, byCaller());
        assertEq(market.orderOf(orderId).auditFeeWei, AUDIT_FEE, "fee");
        assertEq(market.orderOf(orderId).stakeWei, STAKE + 1 ether, "stake");
    }

    function test_seatsKeepTheirStake() public {
        applyNow(harsher());
        assertEq(staking.seatStakeOf(CLASS, auditors[0]), SEAT_STAKE, "old");
        bondAs(stranger, 10 * SEAT_STAKE);
        vm.prank(stranger);
        staking.takeSeat(CLASS);
        assertEq(staking.seatStakeOf(CLASS, stranger), 10 * SEAT_STAKE, "new");

        vm.prank(auditors[0]);
        staking.leaveSeat(CLASS);
        skip(390);
        vm.prank(auditors[0]);
        staking.freeSeatStake(CLASS);
        assertEq(staking.bondOf(auditors[0]).reservedWei, 0, "nothing left behind");
        vm.prank(address(proofs));
        staking.evict(CLASS, auditors[1]);
        assertEq(balances.burnedWei(), SEAT_STAKE, "what it was taken with");
        vm.prank(stranger);
        staking.leaveSeat(CLASS);
        skip(390);
        vm.prank(stranger);
        staking.freeSeatStake(CLASS);
        assertEq(staking.bondOf(stranger).reservedWei, 0, "nothing left behind");
        assertEq(staking.seatStakeOf(CLASS, stranger), 0, "no seat");
    }

    /// @dev Any change at any moment: what was held comes out, and everything can still be closed.
    function testFuzz_noChangeReachesAnOpenOrder(uint256 seed, uint8 when, uint8 verdict) public {
        uint256 orderId = place();
        if (when % 5 == 0) applyNow(randomly(seed));
        start(orderId);
        if (when % 5 == 1) applyNow(randomly(seed));
        commitWindows(orderId, 2);
        if (when % 5 == 2) applyNow(randomly(seed));
        commitWindows(orderId, 2);
        skip(50);
        complete(orderId);
        if (when % 5 == 3) applyNow(randomly(seed));
        uint256 disputeId;
        if (verdict % 4 == 0) skip(120);
        else if (verdict % 4 == 1) auditAll(orderId, 1);
        else disputeId = votingOn(challenger, orderId, 0);
        if (when % 5 == 4) applyNow(randomly(seed));
        if (disputeId == 0) settle(orderId);
        else resolveAll(disputeId, verdict % 4 == 2 ? Findings.UNUSABLE : Findings.UNAVAILABLE);

        OrderStatus expected = verdict % 4 == 0
            ? OrderStatus.Unaudited
            : verdict % 4 == 1 ? OrderStatus.Completed : OrderStatus.Failed;
        assertStatus(orderId, expected, "status");
        if (verdict % 4 == 1) assertEq(balances.burnedWei(), 0.008 ether, "fee as it was");
        assertEq(staking.bondOf(challenger).reservedWei, 0, "a challenge's bond too");
        assertNothingLeft();
    }

    /* PAUSE */

    function test_pause_stopsNewOrdersOnly() public {
        uint256 running = placeAndStart();
        uint256 second = addMachineAs(seller);
        uint256 secondOffer = offerAs(seller, second);
        vm.expectEmit(address(runtime));
        emit IRuntime.OrdersPaused(uint64(time() + 3 days));
        runtime.pauseOrders(3 days);

        OrderTerms memory terms = defaultTerms();
        terms.offerId = secondOffer;
        expectPaused();
        market.placeOrder(terms, "", byCaller());
        expectPaused();
        market.placeResumedOrder(terms, "", byCaller(), nowhere());
        SignedOffer memory offer = signedOffer(second);
        OrderTerms memory noOffer = signedTerms();
        expectPaused();
        market.placeSignedOrder(offer, "", noOffer, "", byCaller(), nowhere());

        // Everything else goes on: work, renewal, audit, settlement, and every way out.
        vm.prank(buyer);
        market.renewOrder(running, 10, byCaller());
        commitWindows(running, WINDOWS);
        skip(40);
        complete(running);
        auditAll(running, 1);
        settle(running);
        vm.prank(auditors[0]);
        staking.leaveSeat(CLASS);
        vm.startPrank(seller);
        market.cancelOffer(secondOffer);
        machines.removeMachine(second);
        staking.unbond(BOND);
        skip(1_000);
        staking.withdrawUnbonded();
        balances.withdraw(balances.freeOf(seller));
        vm.stopPrank();
        vm.startPrank(buyer);
        balances.withdraw(balances.freeOf(buyer));
        vm.stopPrank();
        assertNothingLeft();
    }

    function test_pause_endsByItself() public {
        runtime.pauseOrders(3 days);
        skip(3 days - 1);
        offerId = offerAs(seller, machineId);
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketPaused.selector, time() + 1));
        vm.prank(buyer);
        market.placeOrder(defaultTerms(), "", byCaller());
        skip(1);
        place();
    }

    function test_pause_cannotBeChained() public {
        runtime.pauseOrders(3 days);
        bytes memory early =
            abi.encodeWithSelector(IRuntime.RuntimeTooEarly.selector, time() + 3 days + 7 days);
        // Neither lengthened while it runs, nor renewed at its end.
        vm.expectRevert(early);
        runtime.pauseOrders(3 days);
        skip(1 days);
        vm.expectRevert(early);
        runtime.pauseOrders(2 days);
        skip(2 days);
        vm.expectRevert(early);
        runtime.pauseOrders(1);
        skip(7 days - 1);
        vm.expectRevert(early);
        runtime.pauseOrders(1);
        skip(1);
        runtime.pauseOrders(1);
    }

    function test_pause_canBeShortenedWithoutGainingAnother() public {
        runtime.pauseOrders(3 days);
        uint64 next = runtime.nextPauseAt();
        skip(1 hours);
        runtime.pauseOrders(0);
        place();
        vm.expectRevert(abi.encodeWithSelector(IRuntime.RuntimeTooEarly.selector, next));
        runtime.pauseOrders(1);
    }

    function test_pause_revertsIf_tooLong() public {
        vm.expectRevert(abi.encodeWithSelector(IRuntime.RuntimePauseTooLong.selector, 3 days + 1, 3 days));
        runtime.pauseOrders(3 days + 1);
    }

    /// @dev Whatever a guardian tries, of any ten days at most three are paused.
    function testFuzz_pause_atMostThreeOfTenDays(uint32[12] memory waits, uint32[12] memory lengths) public {
        uint256 pausedSeconds;
        uint256 begin = time();
        for (uint256 i; i < 12; ++i) {
            uint256 wait = bound(waits[i], 1, 4 days);
            (, uint64 until) = runtime.admission();
            if (until > time()) pausedSeconds += until - time() < wait ? until - time() : wait;
            skip(wait);
            try runtime.pauseOrders(uint32(bound(lengths[i], 0, 3 days))) {} catch {}
        }
        uint256 periods = (time() - begin) / 10 days + 1;
        assertLe(pausedSeconds, periods * 3 days, "paused");
    }

    /* ROLES */

    function test_handOverTakesTwoSteps() public {
        vm.expectEmit(address(runtime));
        emit IRuntime.RoleOffered(Role.Governor, stranger);
        runtime.offerRole(Role.Governor, stranger);
        assertEq(runtime.holderOf(Role.Governor), address(this), "not yet");
        vm.expectRevert(abi.encodeWithSelector(IRuntime.RuntimeNotOffered.selector, Role.Governor, buyer));
        vm.prank(buyer);
        runtime.acceptRole(Role.Governor);
        vm.expectRevert(abi.encodeWithSelector(IRuntime.RuntimeNotOffered.selector, Role.Guardian, stranger));
        vm.prank(stranger);
        runtime.acceptRole(Role.Guardian);

        vm.expectEmit(address(runtime));
        emit IRuntime.RoleTaken(Role.Governor, stranger);
        vm.prank(stranger);
        runtime.acceptRole(Role.Governor);
        assertEq(runtime.holderOf(Role.Governor), stranger, "new");
        assertEq(runtime.holderOf(Role.Guardian), address(this), "the other role stays");
        vm.expectRevert(
            abi.encodeWithSelector(IRuntime.RuntimeNotHolder.selector, Role.Governor, address(this))
        );
        runtime.proposeParameters(parameters());
        // Once.
        vm.prank(stranger);
        runtime.offerRole(Role.Governor, buyer);
        vm.expectRevert(abi.encodeWithSelector(IRuntime.RuntimeNotOffered.selector, Role.Governor, stranger));
        vm.prank(stranger);
        runtime.acceptRole(Role.Governor);
    }

    function test_anOfferCanBeTakenBack() public {
        runtime.offerRole(Role.Guardian, stranger);
        runtime.offerRole(Role.Guardian, address(0));
        vm.expectRevert(abi.encodeWithSelector(IRuntime.RuntimeNotOffered.selector, Role.Guardian, stranger));
        vm.prank(stranger);
        runtime.acceptRole(Role.Guardian);
    }

    /// @dev For good: also nobody to whom it was offered gets it afterwards, and no proposal outlives it.
    function test_renouncedIsGone() public {
        runtime.proposeParameters(harsher());
        runtime.offerRole(Role.Governor, stranger);
        runtime.renounceRole(Role.Governor);
        runtime.renounceRole(Role.Guardian);
        assertEq(runtime.holderOf(Role.Governor), address(0), "governor");
        vm.expectRevert(abi.encodeWithSelector(IRuntime.RuntimeNotOffered.selector, Role.Governor, stranger));
        vm.prank(stranger);
        runtime.acceptRole(Role.Governor);
        skip(3 days);
        vm.expectRevert(abi.encodeWithSelector(IRuntime.RuntimeNothingProposed.selector));
        runtime.applyProposal();
        offerId = offerAs(seller, machineId);
        place();
    }

    /* HELPERS */

    /// @dev Everything as harsh as it may become.
    function harsher() internal pure returns (Parameters memory p) {
        p = parameters();
        p.confirmSeconds = 1;
        p.lastWindowSeconds = 0;
        p.commitSeconds = 2;
        p.revealSeconds = 1;
        p.challengeSeconds = 1;
        p.unbondingSeconds = 90 days;
        p.protocolFeeBps = 2_000;
        p.panelSize = 1;
        p.auditFeePerSegmentWei *= 10;
        p.seatStakeWei *= 10;
        p.panelCostWei *= 10;
    }

    function randomly(uint256 seed) internal pure returns (Parameters memory p) {
        Parameters memory now_ = parameters();
        p.confirmSeconds = uint32(bound(seed >> 1, 1, 7 days));
        p.lastWindowSeconds = uint32(bound(seed >> 2, 0, 7 days));
        p.commitSeconds = uint32(bound(seed >> 3, 2, 7 days));
        p.revealSeconds = uint32(bound(seed >> 4, 1, 7 days));
        p.challengeSeconds = uint32(bound(seed >> 14, 1, 7 days));
        p.unbondingSeconds = uint32(bound(seed >> 5, 0, 90 days));
        p.beaconDelayBlocks = now_.beaconDelayBlocks;
        p.protocolFeeBps = uint16(bound(seed >> 7, 0, 2_000));
        p.minSeats = uint16(bound(seed >> 8, 1, 1_000));
        p.panelSize = uint16(bound(seed >> 9, 1, 8));
        p.auditFeePerSegmentWei = uint128(bound(seed >> 10, 0, 10 * now_.auditFeePerSegmentWei));
        p.seatStakeWei = uint128(bound(seed >> 11, 1, 10 * now_.seatStakeWei));
        p.panelCostWei = uint128(bound(seed >> 12, 0, 10 * now_.panelCostWei));
    }

    function change(Parameters memory p) internal {
        runtime.proposeParameters(p);
        skip(2 days);
        runtime.applyProposal();
        offerId = offerAs(seller, machineId);
    }

    /// @dev Without the clock's moving for anything else: the delay is over when the change meets the order.
    function applyNow(Parameters memory p) internal {
        uint256 now_ = time();
        vm.warp(now_ - 2 days);
        runtime.proposeParameters(p);
        vm.warp(now_);
        runtime.applyProposal();
    }

    function assertVersion(uint256 orderId, uint256 expected) internal view {
        (, uint32 version) = market.agreedOf(orderId);
        assertEq(version, expected, "version");
    }

    function expectBad(Parameters memory p, string memory field) internal {
        vm.expectRevert(abi.encodeWithSelector(IRuntime.RuntimeBadParameter.selector, field));
        runtime.proposeParameters(p);
    }

    function expectNotHolder(Role role) internal {
        vm.expectRevert(abi.encodeWithSelector(IRuntime.RuntimeNotHolder.selector, role, stranger));
    }

    function expectPaused() internal {
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketPaused.selector, time() + 3 days));
        vm.prank(buyer);
    }
}
