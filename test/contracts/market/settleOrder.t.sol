// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    AuditOutcome,
    BaseTest,
    HoldReason,
    IMarket,
    IPallet,
    OrderStatus,
    OrderTerms,
    OrderView
} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";

/// @dev 40 steps of one second are 0.4 ether; the protocol takes 2 % of what is paid for.
contract SettleOrderTest is BaseTest {
    uint256 internal constant PASS = 1;
    uint256 internal constant FAIL = 2;
    uint256 internal constant UNAVAILABLE = 3;

    /* PASS */

    function test_pass_paysTimeCappedByProof() public {
        uint256 orderId = completedAfter(100);
        uint256 drawn = drawnCount(orderId);
        auditAll(orderId, PASS);
        settle(orderId);

        // 100 s passed, 40 s were proved: 0.4 ether, of which 0.008 burned.
        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Completed, "status");
        assertEq(order.closeReason, CloseReasons.WORK_COMPLETED, "reason");
        assertEq(order.paidWei, 0.4 ether, "paid");
        assertFree(seller, 0.392 ether, "seller");
        assertEq(balances.burnedWei(), 0.008 ether, "burned");
        uint256 share = FEE_PER_SEGMENT * drawn / 3;
        assertPanelFree(orderId, share);
        assertFree(buyer, ESCROW + AUDIT_FEE - 0.4 ether - 3 * share, "buyer");
        assertEq(order.refundedWei, ESCROW + AUDIT_FEE - 0.4 ether - 3 * share, "refunded");
        assertEq(order.slashedWei, 0, "slashed");
        assertEq(machines.machineOf(machineId).completed, 1, "count");
        assertNothingLeft();
    }

    function test_pass_paysElapsedTimeIfThatIsShorter() public {
        uint256 orderId = completedAfter(25);
        auditAll(orderId, PASS);
        settle(orderId);

        assertEq(market.orderOf(orderId).paidWei, 0.25 ether, "paid");
        assertFree(seller, 0.245 ether, "seller");
        assertNothingLeft();
    }

    function test_pass_refundsThePayerNotTheBuyer() public {
        uint256 orderId = placePaidByOther();
        start(orderId);
        commitWindows(orderId, WINDOWS);
        skip(100);
        complete(orderId);
        auditAll(orderId, PASS);
        settle(orderId);

        assertFree(buyer, 0, "buyer");
        assertFree(payer, market.orderOf(orderId).refundedWei, "payer");
        assertNothingLeft();
    }

    /// @dev Three of four pass; the fourth, who saw a mismatch nowhere else, gets nothing and keeps his seat.
    function test_pass_byMajority_paysOnlyWhoAgreed() public {
        uint256 orderId = completedAfter(100);
        address[] memory panel = largerPanelOf(orderId);
        uint256 pass = uniform(orderId, PASS);
        auditWith(orderId, four(pass, pass, pass, uniform(orderId, FAIL)));
        uint256 share = FEE_PER_SEGMENT * drawnCount(orderId) / 3;
        settle(orderId);

        assertStatus(orderId, OrderStatus.Completed, "status");
        assertFree(panel[0], share, "first");
        assertFree(panel[1], share, "second");
        assertFree(panel[3], 0, "fourth");
        assertTrue(staking.hasSeat(CLASS, panel[3]), "a minority keeps its seat");
        assertNothingLeft();
    }

    /// @dev Every segment passes by majority although nobody passed them all: the fee goes back.
    function test_pass_withoutAnyoneAgreeingOnAll_refundsTheFee() public {
        uint256 orderId = completedAfter(100);
        address[] memory panel = largerPanelOf(orderId);
        uint256 pass = uniform(orderId, PASS);
        // Segment i of member i: fail (2) instead of pass (1).
        auditWith(orderId, four(pass + 1, pass + 4, pass + 16, pass + 64));
        settle(orderId);

        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Completed, "status");
        assertEq(order.refundedWei, ESCROW - 0.4 ether + AUDIT_FEE, "whole fee back");
        for (uint256 i; i < 4; ++i) {
            assertFree(panel[i], 0, "nobody is paid");
        }
        assertNothingLeft();
    }

    function test_pass_afterSellerGaveUp_paysWhatWasProved() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 2);
        skip(100);
        vm.prank(seller);
        market.orderFailed(orderId, CloseReasons.SELLER_GAVE_UP);
        auditAll(orderId, PASS);
        settle(orderId);

        // Six segments of four steps.
        assertStatus(orderId, OrderStatus.Failed, "status");
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.SELLER_GAVE_UP, "reason");
        assertEq(market.orderOf(orderId).paidWei, 0.24 ether, "paid");
        assertEq(machines.machineOf(machineId).failed, 1, "count");
        assertNothingLeft();
    }

    function test_pass_afterJobFault_paysWhatWasProvedAndCountsNothing() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        skip(100);
        vm.prank(seller);
        market.orderFailed(orderId, CloseReasons.JOB_STALLED);
        auditAll(orderId, PASS);
        settle(orderId);

        assertStatus(orderId, OrderStatus.Failed, "status");
        assertEq(market.orderOf(orderId).paidWei, 0.12 ether, "paid");
        assertEq(machines.machineOf(machineId).failed, 0, "not the machine's fault");
        assertNothingLeft();
    }

    /* FAIL AND UNAVAILABLE */

    /// @dev The challenger and the four jurors are paid alike; what does not divide is the challenger's.
    function test_fail_slashesTheWholeStake() public {
        uint256 orderId = completedAfter(100);
        uint256 fee = FEE_PER_SEGMENT * drawnCount(orderId);
        convict(orderId, 0);

        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Failed, "status");
        assertEq(order.closeReason, CloseReasons.FRAUD_PROVED, "reason");
        assertEq(order.paidWei, 0, "paid");
        assertEq(order.slashedWei, STAKE, "slashed");
        // The payer has everything back: the fee that the jury got comes out of the stake.
        assertFree(buyer, ESCROW + AUDIT_FEE, "buyer is whole");
        uint256 reward = (STAKE - fee) / 2 / 5;
        assertFree(challenger, fee / 5 + fee % 5 + reward, "challenger");
        assertEq(staking.bondOf(challenger).reservedWei, 0, "its bond is free");
        assertEq(staking.bondOf(challenger).activeWei, CHALLENGE_BOND, "and whole");
        for (uint256 i; i < 4; ++i) {
            assertFree(auditors[i], fee / 5 + reward, "juror");
        }
        assertEq(balances.burnedWei(), STAKE - fee - 5 * reward, "burned");
        assertFree(seller, 0, "seller");
        assertEq(staking.bondOf(seller).activeWei, BOND - STAKE, "bond");
        assertEq(machines.machineOf(machineId).failed, 1, "count");
        assertNothingLeft();
    }

    function test_unavailable_isTreatedAsFraud() public {
        uint256 orderId = completedAfter(100);
        convictBy(orderId, 0, Findings.UNAVAILABLE);

        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Failed, "status");
        assertEq(order.closeReason, CloseReasons.CHECKPOINTS_UNAVAILABLE, "reason");
        assertEq(order.slashedWei, STAKE, "slashed");
        assertFree(buyer, ESCROW + AUDIT_FEE, "buyer is whole");
        assertNothingLeft();
    }

    /// @dev However it was ended, also as the job's fault: fraud in what was committed is fraud.
    function test_fail_cannotBeEscapedByBlamingTheJob() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        vm.prank(seller);
        market.orderFailed(orderId, CloseReasons.JOB_INVALID);
        convict(orderId, 0);

        assertEq(market.orderOf(orderId).closeReason, CloseReasons.FRAUD_PROVED, "reason");
        assertEq(market.orderOf(orderId).slashedWei, STAKE, "slashed");
        assertNothingLeft();
    }

    /// @dev Only those of the jury who saw it share the slash, with the challenger.
    function test_fail_byTwoThirds_paysOnlyWhoSawIt() public {
        uint256 orderId = completedAfter(100);
        uint256 fee = FEE_PER_SEGMENT * drawnCount(orderId);
        uint256 disputeId = votingOn(challenger, orderId, 0);
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        voteAs(jury[2], disputeId, Findings.VALID);
        voteAs(jury[0], disputeId, Findings.UNUSABLE);
        voteAs(jury[1], disputeId, Findings.UNUSABLE);
        voteAs(jury[3], disputeId, Findings.UNUSABLE);
        assertStatus(orderId, OrderStatus.Auditing, "sealed votes decide nothing");
        openVotes(disputeId);

        uint256 each = fee / 4 + (STAKE - fee) / 2 / 4;
        assertFree(jury[2], 0, "wrong");
        assertTrue(staking.hasSeat(CLASS, jury[2]), "a minority keeps its seat");
        assertFree(jury[0], each, "right");
        assertFree(jury[1], each, "right");
        assertFree(jury[3], each, "right");
        assertFree(challenger, each + fee % 4, "right");
        assertNothingLeft();
    }

    /// @dev The seller as its own buyer, challenger and whole jury: what comes back is less than what was lost.
    function test_fail_accusingOneselfLoses() public {
        uint256 orderId = completedAfter(100);
        bondAs(challenger, CHALLENGE_BOND);
        uint256 before = wealth(buyer) + wealth(seller) + wealth(challenger) + wealthOf(auditors);
        convict(orderId, 0);

        uint256 afterwards = wealth(buyer) + wealth(seller) + wealth(challenger) + wealthOf(auditors);
        assertLe(afterwards + (STAKE - AUDIT_FEE) / 2, before, "at least half of the stake is gone");
    }

    /// @dev Verdicts convict nobody: a panel that found fraud and does not challenge it leaves the order unaudited, and
    /// not before the time in which it can be challenged is over.
    function test_fail_byVerdictsAloneIsNoConviction() public {
        for (uint256 verdict = FAIL; verdict <= UNAVAILABLE; ++verdict) {
            uint256 orderId = completedAfter(100);
            auditAll(orderId, verdict);
            vm.expectRevert(tooEarly(orderId, time() + 120));
            market.settleOrder(orderId);
            skip(119);
            vm.expectRevert(tooEarly(orderId, time() + 1));
            market.settleOrder(orderId);
            skip(1);
            settle(orderId);

            assertStatus(orderId, OrderStatus.Unaudited, "status");
            assertEq(market.orderOf(orderId).paidWei, 0.2 ether, "the agreed half");
            assertEq(market.orderOf(orderId).slashedWei, 0, "slashed");
            assertEq(staking.seatsOf(CLASS), 4, "all spoke");
            assertNothingLeft();
        }
    }

    /* UNAUDITED */

    function test_unaudited_paysTheAgreedShareAndEvicts() public {
        uint256 orderId = completedAfter(100);
        proofs.pinDraw(orderId);
        address[] memory panel = panelOf(orderId);
        skip(60);
        settle(orderId);

        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Unaudited, "status");
        assertEq(order.closeReason, CloseReasons.AUDITORS_SILENT, "reason");
        assertEq(order.paidWei, 0.2 ether, "half of 0.4");
        assertFree(seller, 0.2 ether, "seller, no protocol fee");
        assertFree(buyer, ESCROW + AUDIT_FEE - 0.2 ether, "buyer");
        for (uint256 i; i < 3; ++i) {
            assertFalse(staking.hasSeat(CLASS, panel[i]), "evicted");
            assertEq(staking.bondOf(panel[i]).activeWei, 0, "seat's stake gone");
            assertHeld(panel[i], HoldReason.Stake, 0, "seat's stake gone");
        }
        assertEq(balances.burnedWei(), 3 * SEAT_STAKE, "burned");
        assertEq(staking.seatsOf(CLASS), 1, "the fourth was not drawn");
        assertEq(machines.machineOf(machineId).completed, 0, "no count");
        assertNothingLeft();
    }

    function test_unaudited_withoutPanel_evictsNobody() public {
        uint256 orderId = completedAfter(100);
        skip(60);
        settle(orderId);

        assertStatus(orderId, OrderStatus.Unaudited, "status");
        assertEq(staking.seatsOf(CLASS), 4, "nobody was told");
        assertNothingLeft();
    }

    function test_unaudited_bySplitVotes_evictsNobody() public {
        uint256 orderId = completedAfter(100);
        auditWith(
            orderId, three(uniform(orderId, PASS), uniform(orderId, FAIL), uniform(orderId, UNAVAILABLE))
        );
        skip(120);
        settle(orderId);

        assertStatus(orderId, OrderStatus.Unaudited, "status");
        assertEq(market.orderOf(orderId).paidWei, 0.2 ether, "paid");
        assertEq(staking.seatsOf(CLASS), 4, "all spoke");
        assertNothingLeft();
    }

    function test_unaudited_evictsWhoCommittedAndKeptQuiet() public {
        uint256 orderId = completedAfter(100);
        address[] memory panel = panelOf(orderId);
        for (uint256 i; i < 3; ++i) {
            commitVerdictsAs(panel[i], orderId, uniform(orderId, PASS));
        }
        revealAs(panel[0], orderId, uniform(orderId, PASS));
        skip(119);
        vm.expectRevert(tooEarly(orderId, time() + 1));
        market.settleOrder(orderId);
        skip(1);
        settle(orderId);

        assertStatus(orderId, OrderStatus.Unaudited, "what only the silent had is not passed");
        assertTrue(staking.hasSeat(CLASS, panel[0]), "spoke");
        assertFalse(staking.hasSeat(CLASS, panel[1]), "silent");
        assertFalse(staking.hasSeat(CLASS, panel[2]), "silent");
        assertNothingLeft();
    }

    /// @dev A panel stored so late that its members had no time: nobody is evicted for it.
    function test_unaudited_lateDrawnPanelIsNotEvicted() public {
        uint256 orderId = completedAfter(100);
        skip(59);
        address[] memory panel = panelOf(orderId);
        commitVerdictsAs(panel[0], orderId, uniform(orderId, PASS));
        skip(1);
        revealAs(panel[0], orderId, uniform(orderId, PASS));
        skip(60);
        settle(orderId);

        assertStatus(orderId, OrderStatus.Unaudited, "status");
        assertEq(staking.seatsOf(CLASS), 4, "nobody had half of the commit phase");
        assertNothingLeft();
    }

    /* SILENT MEMBERS OF A DECIDED AUDIT */

    function test_pass_evictsTheSilentFourth() public {
        uint256 orderId = completedAfter(100);
        address[] memory panel = largerPanelOf(orderId);
        uint256 word = uniform(orderId, PASS);
        for (uint256 i; i < 3; ++i) {
            commitVerdictsAs(panel[i], orderId, word);
        }
        skip(60);
        for (uint256 i; i < 3; ++i) {
            revealAs(panel[i], orderId, word);
        }
        settle(orderId);

        assertStatus(orderId, OrderStatus.Completed, "status");
        assertFalse(staking.hasSeat(CLASS, panel[3]), "silent");
        assertEq(balances.burnedWei(), 0.008 ether + SEAT_STAKE, "protocol fee and the seat");
        assertNothingLeft();
    }

    /// @dev Nobody can settle the third member out of its fee while it may still reveal.
    function test_pending_whileAMemberMayStillReveal() public {
        uint256 orderId = completedAfter(100);
        address[] memory panel = panelOf(orderId);
        uint256 word = uniform(orderId, PASS);
        for (uint256 i; i < 3; ++i) {
            commitVerdictsAs(panel[i], orderId, word);
        }
        revealAs(panel[0], orderId, word);
        revealAs(panel[1], orderId, word);

        vm.expectRevert(tooEarly(orderId, time() + 120));
        market.settleOrder(orderId);
        revealAs(panel[2], orderId, word);
        settle(orderId);
        assertPanelFree(orderId, FEE_PER_SEGMENT * drawnCount(orderId) / 3);
    }

    /// @dev One auditor silent in two audits: the second settlement finds the seat gone and settles all the same.
    function test_evictedAuditorBlocksNoOtherOrder() public {
        uint256 first = completedAfter(100);
        uint256 second = completedAfter(100);
        proofs.pinDraw(first);
        proofs.pinDraw(second);
        skip(60);
        settle(first);
        settle(second);

        assertStatus(second, OrderStatus.Unaudited, "status");
        assertNothingLeft();
    }

    /* STAKE AND MACHINE */

    function test_freesTheSellersStakeForUnbonding() public {
        uint256 orderId = completedAfter(100);
        auditAll(orderId, PASS);
        settle(orderId);

        vm.startPrank(seller);
        staking.unbond(BOND);
        skip(1_000);
        staking.withdrawUnbonded();
        balances.withdraw(balances.freeOf(seller));
        assertEq(token.balanceOf(seller), BOND + 0.392 ether, "all of it");
    }

    function test_settlesAfterTheMachineIsGone() public {
        uint256 orderId = completedAfter(100);
        auditAll(orderId, PASS);
        vm.prank(seller);
        machines.removeMachine(machineId);
        settle(orderId);

        assertStatus(orderId, OrderStatus.Completed, "status");
        assertNothingLeft();
    }

    /* FAILURES */

    function test_revertsIf_alreadySettled() public {
        uint256 orderId = completedAfter(100);
        auditAll(orderId, PASS);
        settle(orderId);

        vm.expectRevert(unexpected(orderId, OrderStatus.Completed, 1 << uint256(OrderStatus.Auditing)));
        market.settleOrder(orderId);
    }

    function test_revertsIf_notEnded() public {
        uint256 allowed = 1 << uint256(OrderStatus.Auditing);
        vm.expectRevert(unexpected(1, OrderStatus.None, allowed));
        market.settleOrder(1);

        uint256 orderId = place();
        vm.expectRevert(unexpected(orderId, OrderStatus.Preparing, allowed));
        market.settleOrder(orderId);

        start(orderId);
        vm.expectRevert(unexpected(orderId, OrderStatus.Training, allowed));
        market.settleOrder(orderId);
    }

    function test_revertsIf_auditIsPending() public {
        uint256 orderId = completedAfter(100);
        vm.expectRevert(tooEarly(orderId, time() + 60));
        market.settleOrder(orderId);
    }

    function test_closeAudit_isMarketsOnly() public {
        vm.expectRevert(abi.encodeWithSelector(IPallet.PalletUnauthorized.selector, address(this)));
        proofs.closeAudit(1);
    }

    /* FUZZ */

    /// @dev Any price, time, share and verdict: three holds go in, the same sums come out, and nothing is left.
    function testFuzz_movesExactlyWhatWasHeld(
        uint256 pricePerHourWei,
        uint32 maxSeconds,
        uint32 stepMicros,
        uint16 shareBps,
        uint256 elapsed,
        uint256 verdict
    ) public {
        pricePerHourWei = bound(pricePerHourWei, 1, type(uint96).max);
        OrderTerms memory terms = defaultTerms();
        terms.maxSeconds = uint32(bound(maxSeconds, 1, 30 days));
        terms.stepMicros = uint32(bound(stepMicros, 1, type(uint32).max));
        terms.unauditedShareBps = uint16(bound(shareBps, 0, 10_000));
        verdict = bound(verdict, 1, 4);
        vm.prank(seller);
        terms.offerId = market.makeOffer(machineId, pricePerHourWei, 1, 30 days, uint64(time() + 1 days));
        (uint256 escrowWei, uint256 feeWei, uint256 stakeWei) = market.quote(terms);
        fund(buyer, escrowWei + feeWei);
        bondAs(seller, stakeWei);

        bondAs(challenger, CHALLENGE_BOND + stakeWei);
        uint256 total = token.balanceOf(buyer) + wealth(seller) + wealthOf(auditors) + wealth(challenger)
            + balances.burnedWei();
        uint256 orderId = placeWith(terms);
        start(orderId);
        commitWindows(orderId, WINDOWS);
        skip(bound(elapsed, 0, 2 * uint256(terms.maxSeconds)));
        endAndAudit(orderId, verdict);

        OrderView memory order = market.orderOf(orderId);
        assertLe(order.paidWei, escrowWei, "paid within escrow");
        assertGe(order.paidWei + order.refundedWei, escrowWei, "escrow leaves whole");
        assertLe(order.slashedWei, stakeWei, "slashed within stake");
        assertEq(
            token.balanceOf(buyer) + balances.freeOf(buyer) + wealth(seller) + wealthOf(auditors)
                + wealth(challenger) + balances.burnedWei(),
            total,
            "sum of all"
        );
        assertNothingLeft();
    }

    /* HELPERS */

    function endAndAudit(uint256 orderId, uint256 verdict) internal {
        OrderView memory order = market.orderOf(orderId);
        if (time() >= uint256(order.startedAt) + order.terms.maxSeconds) market.expireOrder(orderId);
        else complete(orderId);
        if (market.statusOf(orderId) != OrderStatus.Auditing) return;
        if (verdict < 4) return judge(orderId, verdict);
        skip(120);
        settle(orderId);
    }

    function four(uint256 a, uint256 b, uint256 c, uint256 d) internal pure returns (uint256[] memory words) {
        words = new uint256[](4);
        (words[0], words[1], words[2], words[3]) = (a, b, c, d);
    }

    function three(uint256 a, uint256 b, uint256 c) internal pure returns (uint256[] memory words) {
        words = new uint256[](3);
        (words[0], words[1], words[2]) = (a, b, c);
    }

    function assertPanelFree(uint256 orderId, uint256 expectedWei) internal view {
        address[] memory panel = panelOf(orderId);
        assertEq(panel.length, 3, "panel");
        for (uint256 i; i < 3; ++i) {
            assertFree(panel[i], expectedWei, "auditor");
        }
    }

    /// @dev Free, held and bonded.
    function wealth(address account) internal view returns (uint256) {
        return balances.freeOf(account) + balances.heldOf(account, HoldReason.Escrow)
            + balances.heldOf(account, HoldReason.Stake);
    }

    function wealthOf(address[] memory accounts) internal view returns (uint256 sum) {
        for (uint256 i; i < accounts.length; ++i) {
            sum += wealth(accounts[i]);
        }
    }
}
