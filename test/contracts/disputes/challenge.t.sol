// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DisputeStage, DisputeView, IDisputes, IStaking, OrderStatus} from "../helpers/BaseTest.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {DisputesTest} from "./DisputesTest.sol";

contract ChallengeTest is DisputesTest {
    function test_opensADisputeAndReservesItsBond() public {
        uint256 orderId = completedAfter(100);
        bondAs(challenger, CHALLENGE_BOND);
        vm.expectEmit(address(disputes));
        emit IDisputes.Challenged(1, orderId, challenger, 7, 0, Findings.VALID, 0, CHALLENGE_BOND);
        vm.prank(challenger);
        uint256 disputeId = disputes.challenge(orderId, 7);

        DisputeView memory v = disputes.disputeOf(disputeId);
        assertEq(v.orderId, orderId, "order");
        assertEq(v.challenger, challenger, "challenger");
        assertEq(v.segment, 7, "segment");
        assertEq(v.step, 0, "the segment as a whole");
        assertEq(v.sellerRoot, Findings.VALID, "the seller says that it holds");
        assertEq(v.challengerRoot, 0, "the challenger names no root");
        assertEq(v.bondWei, CHALLENGE_BOND, "bond");
        assertEq(v.bondWei, disputes.bondWeiOf(orderId), "twice a panel's cost");
        assertEq(uint256(v.stage), uint256(DisputeStage.Answering), "stage");
        assertEq(v.deadlineAt, time() + ANSWER_SECONDS, "a quarter of the reveal phase");
        assertEq(v.jury.length, 0, "no jury");
        assertEq(reservedOf(challenger), CHALLENGE_BOND, "reserved");
        assertEq(disputes.openOf(orderId), 1, "open");
        assertEq(disputes.disputeCount(), 1, "count");
        assertEq(uint256(market.orderOf(orderId).status), uint256(OrderStatus.Disputed), "status");
    }

    function test_thereIsNoOther() public view {
        DisputeView memory v = disputes.disputeOf(99);
        assertEq(v.challenger, address(0), "nobody");
        assertEq(uint256(v.stage), uint256(DisputeStage.None), "stage");
    }

    /// @dev Several at once, of one segment or of several, each with its own bond.
    function test_severalAtOnce() public {
        uint256 orderId = completedAfter(100);
        bondAs(challenger, 2 * CHALLENGE_BOND);
        uint256 first = challengeAs(challenger, orderId, 3);
        uint256 second = challengeAs(challenger, orderId, 3);
        uint256 third = challengeAs(stranger, orderId, 4);
        assertTrue(first != second && second != third, "numbers of their own");
        assertEq(reservedOf(challenger), 2 * CHALLENGE_BOND, "two bonds");
        assertEq(reservedOf(stranger), CHALLENGE_BOND, "one bond");
        assertEq(disputes.openOf(orderId), 3, "open");
    }

    /// @dev Also of what was committed before the buyer cancelled, and when only part of the job was.
    function test_anyCommittedSegment() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 2);
        vm.prank(buyer);
        market.cancelOrder(orderId);
        challengeAs(challenger, orderId, 5);
        coverBond(challenger, orderId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputesNoSuchSegment.selector, orderId, 6));
        vm.prank(challenger);
        disputes.challenge(orderId, 6);
    }

    function test_revertsIf_theBondDoesNotCoverIt() public {
        uint256 orderId = completedAfter(100);
        bondAs(challenger, CHALLENGE_BOND - 1);
        expectShort(challenger, CHALLENGE_BOND - 1);
        vm.prank(challenger);
        disputes.challenge(orderId, 0);
        // A seat's stake is not there for challenges.
        expectShort(auditors[0], 0);
        vm.prank(auditors[0]);
        disputes.challenge(orderId, 0);
        assertEq(disputes.openOf(orderId), 0, "none");
    }

    function test_revertsIf_notInAudit() public {
        bondAs(challenger, BOND);
        expectNotAuditing(99);
        uint256 orderId = place();
        expectNotAuditing(orderId);
        start(orderId);
        commitWindows(orderId, WINDOWS);
        expectNotAuditing(orderId);
        skip(100);
        complete(orderId);
        auditAll(orderId, 1);
        settle(orderId);
        expectNotAuditing(orderId);
    }

    /// @dev The buyer cancelled, and no window has come yet: there is nothing to challenge.
    function test_revertsIf_nothingIsCommitted() public {
        bondAs(challenger, BOND);
        uint256 orderId = placeAndStart();
        vm.prank(buyer);
        market.cancelOrder(orderId);
        expectNotAuditing(orderId);
    }

    function test_revertsIf_thereIsNoSuchSegment() public {
        uint256 orderId = completedAfter(100);
        bondAs(challenger, BOND);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputesNoSuchSegment.selector, orderId, 10));
        vm.prank(challenger);
        disputes.challenge(orderId, 10);
    }

    function expectNotAuditing(uint256 orderId) internal {
        vm.expectRevert(notAuditing(orderId));
        vm.prank(challenger);
        disputes.challenge(orderId, 0);
    }

    function expectShort(address account, uint256 unreservedWei) internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                IStaking.StakingInsufficientActive.selector, account, unreservedWei, CHALLENGE_BOND
            )
        );
    }
}
