// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Leaf, OrderStatus} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {DisputesTest} from "../disputes/DisputesTest.sol";

/// @notice Fault of peers: whatever was disputed once is settled for good, so a friend disputes something harmless first.
contract FriendlyChallengeTest is DisputesTest {
    /// @dev The seller cheats from step 18 on. Its friend disputes the same segment as if the cheat were right up to step 19,
    /// loses on purpose, and has gained nothing: the segment is challenged again, meanwhile or afterwards.
    function test_losingOnPurposeImmunisesNothing() public {
        cheatsFrom = 18;
        uint256 orderId = orderOfLeaves();
        uint256 friendly = friendlyDispute(orderId);
        assertEq(disputes.disputeOf(friendly).step, 4, "the step that is right, given the one before");
        uint256 beside = challengeTruly(orderId, 4);
        drawJuryOf(friendly);
        // From the agreed state before it the jury comes to the seller's root: the friend loses.
        resolveAll(friendly, claimed(20));
        assertStatus(orderId, OrderStatus.Auditing, "open");
        assertEq(disputes.openOf(orderId), 1, "the other dispute is untouched");

        uint256 snapshot = vm.snapshotState();
        narrow(orderId, beside);
        assertEq(disputes.disputeOf(beside).step, 2, "where the cheat begins");
        drawJuryOf(beside);
        resolveAll(beside, truth(18));
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.FRAUD_PROVED, "convicted beside it");

        vm.revertToState(snapshot);
        resolveAll(votingOn(payer, orderId, 4), Findings.UNUSABLE);
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.FRAUD_PROVED, "convicted after it");
    }

    /// @dev Copying another's challenge costs a bond of one's own and takes nothing from the first: whoever's jury decides
    /// first is paid, the others have their bonds back.
    function test_aCopiedChallengeTakesNothing() public {
        cheatsFrom = 18;
        uint256 orderId = orderOfLeaves();
        uint256 first = challengeTruly(orderId, 4);
        uint256 copy =
            challengeStepsAs(stranger, orderId, claimOf(orderId, 4), trueRoots(claimOf(orderId, 4).leaf));
        assertEq(reservedOf(stranger), CHALLENGE_BOND, "a bond of its own");
        narrow(orderId, first);
        drawJuryOf(first);
        resolveAll(first, truth(18));
        assertGt(balances.freeOf(challenger), 0, "the first is paid");
        disputes.resolve(copy, ballotsOf(copy, 0, 0));
        assertFree(stranger, 0, "the copy is not");
        assertEq(reservedOf(stranger), 0, "bond back");
        assertNothingLeft();
    }

    /// @dev After settlement nothing can be challenged, passed or failed.
    function test_afterSettlementNothingIsChallenged() public {
        uint256 passed = orderOfLeaves();
        auditAll(passed, 1);
        settle(passed);
        uint256 failed = orderOfLeaves();
        convict(failed, 0);
        uint256[2] memory ids = [passed, failed];
        bondAs(challenger, CHALLENGE_BOND);
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(notAuditing(ids[i]));
            vm.prank(challenger);
            disputes.challenge(ids[i], 0);
        }
    }

    /* HELPERS */

    /// @dev With the seller's own states up to the last but one.
    function friendlyDispute(uint256 orderId) internal returns (uint256 disputeId) {
        Leaf memory leaf = claimOf(orderId, 4).leaf;
        bytes32[] memory roots = claimedRoots(leaf);
        bytes32[] memory theirs = claimedRoots(leaf);
        theirs[3] = bytes32("on purpose");
        disputeId = challengeStepsAs(stranger, orderId, claimOf(orderId, 4), theirs);
        vm.prank(seller);
        disputes.answer(disputeId, narrowingOf(roots, theirs));
    }

    function narrow(uint256 orderId, uint256 disputeId) internal {
        Leaf memory leaf = claimOf(orderId, 4).leaf;
        bytes32[] memory roots = claimedRoots(leaf);
        bytes32[] memory theirs = trueRoots(leaf);
        vm.prank(seller);
        disputes.answer(disputeId, narrowingOf(roots, theirs));
    }
}
