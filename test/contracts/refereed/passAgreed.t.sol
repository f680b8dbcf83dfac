// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AuditOutcome, IHashrate, IProofs, OrderStatus, OrderView} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {RefereedTest} from "./RefereedTest.sol";

contract PassAgreedTest is RefereedTest {
    function test_bothArePaid_andNobodyReplays() public {
        agreedPair();
        assertTrue(proofs.isAgreed(first) && proofs.isAgreed(second), "agreed");
        vm.expectEmit(address(proofs));
        emit IProofs.AuditPassed(first, new address[](0), 0, uint64(time() + 30));
        vm.prank(stranger);
        proofs.passAgreed(first);
        (AuditOutcome outcome,,, uint64 deadlineAt,) = proofs.auditOf(first);
        assertTrue(outcome == AuditOutcome.Pass && deadlineAt == time() + 30, "can be challenged");

        awaitPay(first);
        proofs.settlePassed(first, new address[](0), 0);
        passAndSettle(second);
        for (uint256 id = first; id <= second; ++id) {
            OrderView memory order = market.orderOf(id);
            assertStatus(id, OrderStatus.Completed, "status");
            assertEq(order.paidWei, 40 * SECOND_PRICE, "all steps");
            assertEq(order.refundedWei, ESCROW + AUDIT_FEE - order.paidWei, "the whole fee goes back");
            assertTrue(proofs.passedByAgreement(id), "by agreement");
        }
        assertNobodyJudged();
    }

    /// @dev One that ended long before waits for the other.
    function test_isAuditedOnceBothHaveEnded() public {
        startPair();
        sealWindows(first, WINDOWS);
        completeAs(first);
        skip(300);
        bytes memory reason = ofOrder(IProofs.ProofsNotAuditing.selector, first);
        vm.expectRevert(reason);
        proofs.passAgreed(first);
        vm.expectRevert(reason);
        market.settleOrder(first);
        vm.expectRevert(reason);
        proofs.pinDraw(first);
        sealWindows(second, WINDOWS);
        completeAs(second);
        assertEq(market.factsOf(first).opensAt, time() + 10, "time to open");
        assertEq(market.factsOf(second).opensAt, time() + 10, "for both");
        openAll(first);
        openAll(second);
        vm.expectRevert(ofOrder(IProofs.ProofsWrongPhase.selector, first));
        proofs.passAgreed(first);
        skip(10);
        passAndSettle(first);
        passAndSettle(second);
        assertNobodyJudged();
    }

    function test_bothStoppedByTheBuyer_withAShortLastWindow() public {
        startPair();
        for (uint256 i; i < 2; ++i) {
            sealNext(first);
            sealNext(second);
        }
        vm.startPrank(buyer);
        market.cancelOrder(first);
        market.cancelOrder(second);
        vm.stopPrank();
        for (uint256 id = first; id <= second; ++id) {
            seal(id, 2, 2);
        }
        for (uint256 id = first; id <= second; ++id) {
            openAll(id, 2);
            open(id, 2, 2);
        }
        awaitAudit(first);
        passAndSettle(first);
        passAndSettle(second);
        assertStatus(first, OrderStatus.Cancelled, "as its buyer ended it");
        assertEq(market.orderOf(second).paidWei, 0, "no time passed");
        assertNobodyJudged();
    }

    /* NOT AGREED */

    function test_whereTheyDiffer_bothAreAudited() public {
        differentPair();
        expectNotAgreed(first);
        auditAll(first, 1);
        settle(first);
        assertStatus(first, OrderStatus.Completed, "the honest one passes");
        assertFalse(proofs.passedByAgreement(first), "by its auditors");
        convict(second, 6);
        assertStatus(second, OrderStatus.Failed, "the other is convicted");
        assertNothingLeft();
    }

    /// @dev Root and state of the last window are alike, and yet they went another way.
    function test_whereOnlyAnEarlierWindowDiffers() public {
        startPair();
        for (uint32 index; index < WINDOWS; ++index) {
            strayFrom[second] = index == 1 ? 1 : 0;
            sealNext(first);
            sealNext(second);
            openNext(first);
            openNext(second);
        }
        completeAs(first);
        completeAs(second);
        awaitAudit(first);
        expectNotAgreed(first);
        expectNotAgreed(second);
    }

    function test_whereOneOpensLess() public {
        completedButSealed();
        openAll(first);
        openAll(second, 3);
        awaitAudit(first);
        expectNotAgreed(first);
        expectNotAgreed(second);
        openNext(second);
        assertTrue(proofs.isAgreed(first), "there is no deadline but the audit's");
    }

    function test_whileTheyTrain_nothingIsAgreed() public {
        startPair();
        sealNext(first);
        sealNext(second);
        openNext(first);
        openNext(second);
        assertFalse(windows.agreed(first), "more may come");
        vm.prank(seller);
        market.orderFailed(first, CloseReasons.SELLER_GAVE_UP);
        assertFalse(windows.agreed(first) || windows.agreed(second), "of the other");
        vm.prank(rival);
        market.orderFailed(second, CloseReasons.SELLER_GAVE_UP);
        assertTrue(windows.agreed(first) && windows.agreed(second), "as far as both went");
    }

    /// @dev Whoever ends first fixes no draw: only the clock opens the audit, for both.
    function test_drawIsFixedOnceItIsOpen() public {
        startPair();
        strayFrom[second] = 1;
        trainPair();
        awaitAudit(first);
        (, uint64 position) = proofs.drawBeaconOf(first);
        assertEq(position, 0, "no block is fixed");
        proofs.pinDraw(first);
        (, position) = proofs.drawBeaconOf(first);
        assertEq(position, height() + 2, "from now on");
    }

    function test_whereNeitherOpensAnything() public {
        completedButSealed();
        awaitAudit(first);
        expectNotAgreed(first);
    }

    /// @dev Both opened one window and no more: alike so far is not alike.
    function test_whereBothOpenLess() public {
        completedButSealed();
        openAll(first, 1);
        openAll(second, 1);
        awaitAudit(first);
        expectNotAgreed(first);
        expectNotAgreed(second);
    }

    function test_whereOneEndsEarly_bothAreAudited() public {
        startPair();
        sealWindows(first, WINDOWS);
        sealWindows(second, 2);
        vm.prank(rival);
        market.orderFailed(second, CloseReasons.SELLER_GAVE_UP);
        completeAs(first);
        openAll(first);
        openAll(second);
        awaitAudit(first);
        expectNotAgreed(first);
        expectNotAgreed(second);
        auditAll(first, 1);
        settle(first);
        auditAll(second, 1);
        settle(second);
        assertStatus(second, OrderStatus.Failed, "it gave up");
        assertEq(staking.bondOf(rival).reservedWei, 0, "and has its stake");
        assertNothingLeft();
    }

    /// @dev A short last window of one is none of the other's.
    function test_whereOneIsStoppedByTheBuyer() public {
        startPair();
        sealWindows(first, 2);
        sealWindows(second, 2);
        vm.prank(buyer);
        market.cancelOrder(second);
        seal(second, 2, 2);
        sealWindows(first, 2);
        completeAs(first);
        openAll(first);
        openAll(second, 2);
        open(second, 2, 2);
        awaitAudit(first);
        expectNotAgreed(first);
        auditAll(second, 1);
        settle(second);
        assertStatus(second, OrderStatus.Cancelled, "paid for what it proved");
    }

    /// @dev Anyone ends it once its time to start is over.
    function test_whereOneNeverStarts_theOtherIsAuditedAsEver() public {
        placePair();
        start(first);
        sealWindows(first, WINDOWS);
        skip(40);
        completeAs(first);
        assertEq(market.factsOf(first).opensAt, 0, "the other may still start");
        skip(20);
        market.expireOrder(second);
        assertStatus(second, OrderStatus.Expired, "status");
        assertEq(market.orderOf(second).slashedWei, FIVE_MINUTES_PRICE, "its seller pays for that");
        openAll(first);
        awaitAudit(first);
        expectNotAgreed(first);
        auditAll(first, 1);
        settle(first);
        assertStatus(first, OrderStatus.Completed, "paid");
        assertEq(market.orderOf(first).paidWei, 40 * SECOND_PRICE, "as any order");
        assertNothingLeft();
    }

    function test_settlesAtOnce_ifNothingWasCommitted() public {
        startPair();
        sealWindows(first, WINDOWS);
        vm.prank(rival);
        market.orderFailed(second, CloseReasons.SELLER_GAVE_UP);
        assertStatus(second, OrderStatus.Failed, "it waits for nobody");
        completeAs(first);
        assertEq(market.factsOf(first).opensAt, time() + 10, "nor does the other now");
    }

    /* PANELS */

    /// @dev Whoever stays silent because nobody had to look keeps the seat.
    function test_noPanelIsDrawn_norEvicted() public {
        agreedPair();
        openDraw(first);
        assertEq(panelOf(first).length, 3, "who it would be is known");
        proofs.pinDraw(first);
        address member = panelOf(first)[0];
        vm.expectRevert(ofOrder(IProofs.ProofsAgreed.selector, first));
        vm.prank(member);
        proofs.commitVerdicts(first, bytes32("commitment"));
        skip(120);
        (AuditOutcome outcome,,,,) = proofs.auditOf(first);
        assertTrue(outcome == AuditOutcome.Pending, "and no larger one is due");
        vm.expectRevert(ofOrder(IProofs.ProofsAgreed.selector, first));
        market.settleOrder(first);
        passAndSettle(first);
        passAndSettle(second);
        assertNobodyJudged();
    }

    /// @dev What auditors began on chain ends there: nobody agrees them out of their fee.
    function test_revertsIf_anAuditorHasCommitted() public {
        completedButSealed();
        openAll(first);
        openAll(second, 3);
        awaitAudit(first);
        openDraw(first);
        address member = panelOf(first)[0];
        commitVerdictsAs(member, first, uniform(first, 1));
        openNext(second);
        assertTrue(windows.agreed(first), "all is open now");
        expectNotAgreed(first);
        assertTrue(proofs.isAgreed(second), "the other's auditors have not begun");
        revealAll(first);
        settle(first);
        assertFalse(proofs.passedByAgreement(first), "by its auditors");
        assertGt(balances.freeOf(member), 0, "who are paid");
    }

    /// @dev Nor out of what the first panel did.
    function test_revertsIf_aLargerPanelSits() public {
        completedButSealed();
        openAll(first);
        openAll(second, 3);
        awaitAudit(first);
        openDraw(first);
        address member = panelOf(first)[0];
        commitVerdictsAs(member, first, uniform(first, 1));
        skip(120);
        market.settleOrder(first);
        assertEq(proofs.roundOf(first), 1, "a larger one");
        openNext(second);
        assertTrue(windows.agreed(first), "all is open now");
        expectNotAgreed(first);
    }

    function test_revertsIf_itHasPassed() public {
        agreedPair();
        proofs.passAgreed(first);
        vm.expectRevert(ofOrder(IProofs.ProofsWrongPhase.selector, first));
        proofs.passAgreed(first);
    }

    function test_revertsIf_itIsNoPair() public {
        uint256 orderId = completedAfter(10);
        expectNotAgreed(orderId);
        assertFalse(proofs.passedByAgreement(orderId), "nothing passed");
    }

    function test_settlePassed_namesNobodyElse() public {
        agreedPair();
        proofs.passAgreed(first);
        address[] memory friend = new address[](1);
        friend[0] = stranger;
        skip(30);
        vm.expectRevert(ofOrder(IProofs.ProofsNotPassed.selector, first));
        proofs.settlePassed(first, friend, 8);
        vm.expectRevert(ofOrder(IProofs.ProofsAgreeingNeeded.selector, first));
        market.settleOrder(first);
    }

    /// @dev Two accounts of one person agree for nothing.
    function test_givesNoCredit() public {
        agreedPair();
        passAndSettle(first);
        vm.expectRevert(ofOrder(IHashrate.HashrateNotProved.selector, first));
        hashrate.creditOrder(first);
    }

    /* HELPERS */

    function revealAll(uint256 orderId) internal {
        address[] memory panel = panelOf(orderId);
        for (uint256 i = 1; i < panel.length; ++i) {
            commitVerdictsAs(panel[i], orderId, uniform(orderId, 1));
        }
        for (uint256 i; i < panel.length; ++i) {
            revealAs(panel[i], orderId, uniform(orderId, 1));
        }
    }

    function expectNotAgreed(uint256 orderId) internal {
        assertFalse(proofs.isAgreed(orderId), "not agreed");
        vm.expectRevert(ofOrder(IProofs.ProofsNotAgreed.selector, orderId));
        proofs.passAgreed(orderId);
    }

    function assertNobodyJudged() internal view {
        assertEq(staking.bondOf(rival).reservedWei, 0, "the rival's stake");
        for (uint256 i; i < auditors.length; ++i) {
            assertTrue(staking.hasSeat(CLASS, auditors[i]), "nobody is out");
            assertFree(auditors[i], 0, "nobody is paid");
        }
        assertNothingLeft();
    }
}
