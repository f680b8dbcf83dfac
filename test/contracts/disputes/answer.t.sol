// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DisputeStage, DisputeView, IDisputes, Leaf, Narrowing, OrderTerms} from "../helpers/BaseTest.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {WindowTree} from "../helpers/WindowTree.sol";
import {DisputesTest} from "./DisputesTest.sol";

contract AnswerTest is DisputesTest {
    uint256 internal orderId;
    Narrowing internal none;

    function setUp() public override {
        super.setUp();
        cheatsFrom = 18;
        orderId = orderOfLeaves();
    }

    function test_withoutRoots_hasTheJuryDrawn() public {
        uint256 disputeId = challengeAs(challenger, orderId, 4);
        vm.expectEmit(address(disputes));
        emit IDisputes.Answered(disputeId, 0, 0, Findings.VALID, 0);
        answerAsSeller(disputeId);
        DisputeView memory v = disputes.disputeOf(disputeId);
        assertEq(uint256(v.stage), uint256(DisputeStage.Drawing), "stage");
        assertEq(v.step, 0, "still the whole segment");
        mine(3);
        disputes.drawJury(disputeId);
        assertEq(disputes.disputeOf(disputeId).jury.length, 5, "jury");
    }

    /// @dev Also where the challenger posted steps: then the jury decides the segment's end.
    function test_withoutRoots_leavesTheStepsAsTheyAre() public {
        uint256 disputeId = challengeTruly(orderId, 4);
        answerAsSeller(disputeId);
        DisputeView memory v = disputes.disputeOf(disputeId);
        assertEq(v.step, 4, "all steps");
        assertEq(v.sellerRoot, claimed(20), "the leaf's end");
        assertEq(v.challengerRoot, truth(20), "the challenger's end");
    }

    /// @dev Segment 4 is steps 17 to 20; the made up states begin after step 18.
    function test_withRoots_singlesOutTheFirstDifference() public {
        uint256 disputeId = challengeTruly(orderId, 4);
        Leaf memory leaf = claimOf(orderId, 4).leaf;
        vm.expectEmit(address(disputes));
        emit IDisputes.Answered(disputeId, 2, truth(17), claimed(18), truth(18));
        answerWith(disputeId, claimedRoots(leaf), trueRoots(leaf));
        DisputeView memory v = disputes.disputeOf(disputeId);
        assertEq(v.step, 2, "the second of the segment");
        assertEq(v.sellerRoot, claimed(18), "seller's");
        assertEq(v.challengerRoot, truth(18), "challenger's");
        assertEq(uint256(v.stage), uint256(DisputeStage.Drawing), "stage");
    }

    /// @dev Before the first step both have the leaf's own state, so none is repeated.
    function test_withRoots_differingAtOnce() public {
        uint256 disputeId = challengeTruly(orderId, 5);
        Leaf memory leaf = claimOf(orderId, 5).leaf;
        vm.expectEmit(address(disputes));
        emit IDisputes.Answered(disputeId, 1, 0, claimed(21), truth(21));
        answerWith(disputeId, claimedRoots(leaf), trueRoots(leaf));
    }

    /// @dev Any vectors of any length: the first difference, found by counting.
    function testFuzz_singlesOutTheFirstDifference(uint256 seed, uint256 length, uint256 first) public {
        OrderTerms memory terms = defaultTerms();
        terms.stepsPerSegment = uint32(bound(length, 1, 256));
        terms.steps = terms.stepsPerSegment;
        terms.draws = 1;
        cheatsFrom = terms.steps; // the leaf's end is made up
        uint256 placed = orderOfLeaves(terms);
        first = bound(first, 0, terms.steps - 1);

        Leaf memory leaf = claimOf(placed, 0).leaf;
        bytes32[] memory theirs = new bytes32[](terms.steps);
        bytes32[] memory sellers = new bytes32[](terms.steps);
        for (uint256 i; i < theirs.length; ++i) {
            theirs[i] = keccak256(abi.encode(seed, i));
            // After the first difference equal ones mean nothing.
            bool same = i < first || i > first && uint256(keccak256(abi.encode(seed, i, "same"))) % 2 == 0;
            sellers[i] = same ? theirs[i] : keccak256(abi.encode(seed, i, "seller"));
        }
        sellers[sellers.length - 1] = leaf.stateRootAfter;
        uint256 disputeId = challengeStepsAs(challenger, placed, claimOf(placed, 0), theirs);
        answerWith(disputeId, sellers, theirs);
        DisputeView memory v = disputes.disputeOf(disputeId);
        assertEq(v.step, first + 1, "counted from one");
        assertEq(v.sellerRoot, sellers[first], "seller's");
        assertEq(v.challengerRoot, theirs[first], "challenger's");
    }

    /// @dev It need not be the first: who is right about every step is right about any on which the other differs.
    function test_singlesOutAnyDifference() public {
        uint256 disputeId = challengeTruly(orderId, 5);
        Leaf memory leaf = claimOf(orderId, 5).leaf;
        Narrowing memory n = narrowingAt(claimedRoots(leaf), trueRoots(leaf), 2);
        vm.prank(seller);
        disputes.answer(disputeId, n);
        DisputeView memory v = disputes.disputeOf(disputeId);
        assertEq(v.step, 3, "the third");
        assertEq(v.challengerRoot, truth(23), "challenger's");
    }

    /* REFUSED */

    /// @dev The seller cannot put words into the challenger's mouth, about the step or the one before.
    function test_revertsIf_theChallengersRootsAreOthers() public {
        uint256 disputeId = challengeTruly(orderId, 4);
        Leaf memory leaf = claimOf(orderId, 4).leaf;
        bytes32[] memory roots = claimedRoots(leaf);
        bytes32[] memory theirs = trueRoots(leaf);
        theirs[0] = bytes32("x");
        expectBadSteps(disputeId, narrowingAt(roots, theirs, 1));
        theirs = trueRoots(leaf);
        theirs[3] = bytes32("x");
        expectBadSteps(disputeId, narrowingAt(roots, theirs, 1));
        Narrowing memory n = narrowingAt(roots, trueRoots(leaf), 1);
        n.challengerRoot = bytes32("x");
        expectBadSteps(disputeId, n);
        n = narrowingAt(roots, trueRoots(leaf), 1);
        n.preRoot = bytes32("x");
        expectBadSteps(disputeId, n);
        n = narrowingAt(roots, trueRoots(leaf), 1);
        n.step = 3;
        expectBadSteps(disputeId, n);
        n = narrowingAt(roots, trueRoots(leaf), 0);
        n.preRoot = leaf.stateRootBefore;
        expectBadSteps(disputeId, n);
    }

    /// @dev A root of the challenger's tree that is no leaf of it.
    function test_revertsIf_itShowsAnInnerNode() public {
        uint256 disputeId = challengeTruly(orderId, 4);
        bytes32[] memory theirs = trueRoots(claimOf(orderId, 4).leaf);
        Narrowing memory n = narrowingAt(claimedRoots(claimOf(orderId, 4).leaf), theirs, 0);
        n.challengerRoot = keccak256(abi.encode(theirs[0], theirs[1]));
        n.path = new bytes32[](1);
        n.path[0] = keccak256(abi.encode(theirs[2], theirs[3]));
        expectBadSteps(disputeId, n);
    }

    function test_revertsIf_theyDoNotDiffer() public {
        uint256 disputeId = challengeTruly(orderId, 4);
        Narrowing memory n =
            narrowingAt(claimedRoots(claimOf(orderId, 4).leaf), trueRoots(claimOf(orderId, 4).leaf), 0);
        expectBadSteps(disputeId, n);
    }

    function test_revertsIf_itDoesNotEndAsTheLeafDoes() public {
        uint256 disputeId = challengeTruly(orderId, 4);
        bytes32[] memory roots = claimedRoots(claimOf(orderId, 4).leaf);
        roots[3] = bytes32("x");
        expectBadSteps(disputeId, narrowingAt(roots, trueRoots(claimOf(orderId, 4).leaf), 3));
        roots[3] = 0;
        expectBadSteps(disputeId, narrowingAt(roots, trueRoots(claimOf(orderId, 4).leaf), 3));
    }

    function test_revertsIf_theStepIsBeyondTheSegment() public {
        uint256 disputeId = challengeTruly(orderId, 4);
        Narrowing memory n =
            narrowingAt(claimedRoots(claimOf(orderId, 4).leaf), trueRoots(claimOf(orderId, 4).leaf), 3);
        n.step = 5;
        expectBadSteps(disputeId, n);
    }

    /// @dev A segment that was challenged as a whole has no steps to compare.
    function test_revertsIf_noStepsWerePosted() public {
        uint256 disputeId = challengeAs(challenger, orderId, 4);
        Narrowing memory n;
        (n.step, n.sellerRoot) = (1, Findings.VALID);
        expectBadSteps(disputeId, n);
    }

    function test_revertsIf_late() public {
        uint256 disputeId = challengeTruly(orderId, 4);
        skip(ANSWER_SECONDS - 1);
        uint256 snapshot = vm.snapshotState();
        answerAsSeller(disputeId);
        vm.revertToState(snapshot);
        skip(1);
        expectRefused(disputeId, wrongStage(disputeId));
    }

    function test_revertsIf_twice() public {
        uint256 disputeId = challengeTruly(orderId, 4);
        answerAsSeller(disputeId);
        expectRefused(disputeId, wrongStage(disputeId));
        Leaf memory leaf = claimOf(orderId, 4).leaf;
        Narrowing memory n = narrowingOf(claimedRoots(leaf), trueRoots(leaf));
        vm.expectRevert(wrongStage(disputeId));
        vm.prank(seller);
        disputes.answer(disputeId, n);
    }

    function test_revertsIf_callerIsNotTheSeller() public {
        uint256 disputeId = challengeAs(challenger, orderId, 4);
        address[3] memory others = [stranger, buyer, challenger];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IDisputes.DisputesNotSeller.selector, disputeId, others[i])
            );
            vm.prank(others[i]);
            disputes.answer(disputeId, none);
        }
    }

    function test_revertsIf_closedOrUnknownOrSettled() public {
        expectRefused(99, wrongStage(99));
        uint256 disputeId = votingOn(challenger, orderId, 4);
        uint256 other = challengeAs(stranger, orderId, 5);
        resolveAll(disputeId, Findings.UNUSABLE);
        expectRefused(disputeId, wrongStage(disputeId));
        expectRefused(other, wrongStage(other));
    }

    /* HELPERS */

    function answerWith(uint256 disputeId, bytes32[] memory roots, bytes32[] memory theirs) internal {
        Narrowing memory n = narrowingOf(roots, theirs);
        vm.prank(seller);
        disputes.answer(disputeId, n);
    }

    /// @dev The step at that position, counted from zero.
    function narrowingAt(bytes32[] memory roots, bytes32[] memory theirs, uint256 position)
        internal
        pure
        returns (Narrowing memory n)
    {
        n.step = uint32(position + 1);
        n.preRoot = position == 0 ? bytes32(0) : theirs[position - 1];
        (n.sellerRoot, n.challengerRoot) = (roots[position], theirs[position]);
        if (position != 0) n.prePath = WindowTree.pathOf(theirs, position - 1);
        n.path = WindowTree.pathOf(theirs, position);
    }

    function expectBadSteps(uint256 disputeId, Narrowing memory n) internal {
        vm.expectRevert(badSteps(orderId, 4));
        vm.prank(seller);
        disputes.answer(disputeId, n);
    }

    function expectRefused(uint256 disputeId, bytes memory reason) internal {
        vm.expectRevert(reason);
        vm.prank(seller);
        disputes.answer(disputeId, none);
    }
}
