// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AuditOutcome, IMarket, IProofs, OrderStatus, OrderView} from "../helpers/BaseTest.sol";
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
        assertEq(staking.bondOf(rival).reservedWei, 0, "the rival's stake");
        for (uint256 i; i < auditors.length; ++i) {
            assertTrue(staking.hasSeat(CLASS, auditors[i]), "nobody is out");
            assertFree(auditors[i], 0, "nobody is paid");
        }
        assertNothingLeft();
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
        assertNothingLeft();
    }

    function test_whereTheyDiffer_bothAreAudited() public {
        startPair();
        strayFrom[second] = 2;
        for (uint256 i; i < WINDOWS; ++i) {
            sealNext(second);
            sealNext(first);
        }
        completeAs(second);
        completeAs(first);
        openAll(first);
        openAll(second);
        awaitAudit(first);
        assertFalse(windows.agreed(first) || windows.agreed(second), "they differ");
        vm.expectRevert(ofOrder(IProofs.ProofsNotAgreed.selector, first));
        proofs.passAgreed(first);

        auditAll(first, 1);
        settle(first);
        assertStatus(first, OrderStatus.Completed, "the honest one passes");
        assertFalse(proofs.passedByAgreement(first), "by its auditors");
        convict(second, 6);
        assertStatus(second, OrderStatus.Failed, "the other is convicted");
        assertNothingLeft();
    }
}
