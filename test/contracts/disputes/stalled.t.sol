// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Ballot, DisputeView, OrderStatus, OrderTerms, OrderView} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {IDisputes} from "../../../contracts/src/interfaces/IDisputes.sol";
import {DisputesTest} from "./DisputesTest.sol";

/// @notice A seller that says its job stalls after the first window of three segments, and whoever says that it does not.
contract StalledTest is DisputesTest {
    uint256 internal constant PASS = 1;
    uint32 internal constant NEXT = 3;
    uint256 internal orderId;

    function stalled(OrderTerms memory terms) internal {
        orderId = placeWith(terms);
        start(orderId);
        commitLeaves(orderId, windowLeaves(orderId, terms, 0));
        vm.warp(windows.dueAtOf(orderId));
        vm.prank(seller);
        market.orderFailed(orderId, CloseReasons.JOB_STALLED);
        mine(3);
    }

    function setUp() public override {
        super.setUp();
        stalled(defaultTerms());
    }

    function test_jobThatGoesOn_isItsSellersFault_andWhatIsProvedIsPaid() public {
        uint256 disputeId = votingOn(challenger, orderId, NEXT);
        DisputeView memory v = disputes.disputeOf(disputeId);
        assertEq(v.sellerRoot, Findings.STALLED, "what the seller says");
        assertEq(v.further.length, 3, "all that was committed is looked at");
        for (uint256 i; i < 3; ++i) {
            assertLt(v.further[i], 3, "committed");
        }
        resolveAll(disputeId, truth(16), true);

        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Failed, "status");
        assertEq(order.closeReason, CloseReasons.FAULT_PROVED, "reason");
        assertEq(order.paidWei, 0.12 ether, "three segments of four seconds");
        uint256 fee = FEE_PER_SEGMENT * drawnCount(orderId);
        assertEq(order.slashedWei, fee + (STAKE - fee) / 5, "as of a fault");
        assertEq(machines.machineOf(machineId).failed, 1, "count");
        assertGt(balances.freeOf(challenger), 0, "challenger");
        assertNothingLeft();
    }

    /// @dev Else a seller would make windows up, say that the job stalls, and have a friend show that it does not before anybody
    /// challenges what it made up.
    function test_jobThatGoesOn_fromWhatWasMadeUp_isFraud() public {
        resolveAll(votingOn(challenger, orderId, NEXT), truth(16), false);
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.FRAUD_PROVED, "reason");
        assertEq(market.orderOf(orderId).paidWei, 0, "nothing of it is paid");
    }

    function test_notVouched_fromWhatWasMadeUp_paysNothing() public {
        OrderTerms memory terms = defaultTerms();
        terms.vouched = false;
        stalled(terms);
        resolveAll(votingOn(challenger, orderId, NEXT), truth(16), false);
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.MISMATCHES, "reason");
        assertEq(market.orderOf(orderId).paidWei, 0, "nothing of it is paid");
    }

    function test_jobThatStalls_costsTheChallengerItsBond() public {
        uint256 disputeId = votingOn(challenger, orderId, NEXT);
        resolveAll(disputeId, Findings.STALLED, false);
        assertStatus(orderId, OrderStatus.Auditing, "the audit goes on");
        assertLt(staking.bondOf(challenger).activeWei, CHALLENGE_BOND, "bond");
        auditAll(orderId, PASS);
        settle(orderId);
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.JOB_STALLED, "reason");
        assertEq(market.orderOf(orderId).slashedWei, 0, "slashed");
        assertEq(machines.machineOf(machineId).failed, 0, "count");
        assertNothingLeft();
    }

    function test_notVouched_slashesNobody() public {
        OrderTerms memory terms = defaultTerms();
        terms.vouched = false;
        stalled(terms);
        uint256 disputeId = votingOn(challenger, orderId, NEXT);
        resolveAll(disputeId, truth(16), true);
        OrderView memory order = market.orderOf(orderId);
        assertEq(order.closeReason, CloseReasons.MISMATCH, "reason");
        assertEq(order.slashedWei, 0, "slashed");
        assertEq(order.paidWei, 0.12 ether, "what was proved");
    }

    function test_revertsIf_itIsNotTheNextSegment() public {
        coverBond(challenger, orderId);
        vm.prank(challenger);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputesNoSuchSegment.selector, orderId, NEXT + 1));
        disputes.challenge(orderId, NEXT + 1);
    }

    function test_revertsIf_theSellerGaveUpInstead() public {
        OrderTerms memory terms = defaultTerms();
        orderId = placeWith(terms);
        start(orderId);
        commitLeaves(orderId, windowLeaves(orderId, terms, 0));
        vm.prank(seller);
        market.orderFailed(orderId, CloseReasons.SELLER_GAVE_UP);
        coverBond(challenger, orderId);
        vm.prank(challenger);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputesNoSuchSegment.selector, orderId, NEXT));
        disputes.challenge(orderId, NEXT);
    }

    function test_committedSegmentsAreChallengedAsEver() public {
        uint256 disputeId = votingOn(challenger, orderId, 1);
        assertEq(disputes.disputeOf(disputeId).sellerRoot, Findings.VALID, "that all of it holds");
        resolveAll(disputeId, Findings.UNUSABLE);
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.FRAUD_PROVED, "reason");
    }
}
