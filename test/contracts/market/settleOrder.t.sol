// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IPallet, OrderStatus, OrderTerms, OrderView} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {SettleTest} from "./SettleTest.sol";

contract SettleOrderTest is SettleTest {
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

    function assertPanelFree(uint256 orderId, uint256 expectedWei) internal view {
        address[] memory panel = panelOf(orderId);
        assertEq(panel.length, 3, "panel");
        for (uint256 i; i < 3; ++i) {
            assertFree(panel[i], expectedWei, "auditor");
        }
    }
}
