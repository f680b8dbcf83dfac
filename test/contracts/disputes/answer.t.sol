// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DisputeStage, DisputeView, IDisputes, Leaf, OrderTerms} from "../helpers/BaseTest.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {DisputesTest} from "./DisputesTest.sol";

contract AnswerTest is DisputesTest {
    uint256 internal orderId;
    bytes32[] internal none;

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

    /* REFUSED */

    /// @dev The seller cannot choose on which step it is judged by putting words into the challenger's mouth.
    function test_revertsIf_theChallengersRootsAreOthers() public {
        uint256 disputeId = challengeTruly(orderId, 4);
        Leaf memory leaf = claimOf(orderId, 4).leaf;
        bytes32[] memory roots = claimedRoots(leaf);
        bytes32[] memory theirs = trueRoots(leaf);
        theirs[0] = bytes32("x");
        expectBadSteps(disputeId, roots, theirs);
        theirs = trueRoots(leaf);
        theirs[3] = bytes32("x");
        expectBadSteps(disputeId, roots, theirs);
        expectBadSteps(disputeId, roots, roots);
        expectBadSteps(disputeId, roots, none);
        expectBadSteps(disputeId, roots, new bytes32[](5));
    }

    function test_revertsIf_itDoesNotEndAsTheLeafDoes() public {
        uint256 disputeId = challengeTruly(orderId, 4);
        Leaf memory leaf = claimOf(orderId, 4).leaf;
        bytes32[] memory roots = claimedRoots(leaf);
        roots[3] = truth(20);
        expectBadSteps(disputeId, roots, trueRoots(leaf));
        roots[3] = bytes32("x");
        expectBadSteps(disputeId, roots, trueRoots(leaf));
    }

    function test_revertsIf_theirNumberDiffers() public {
        uint256 disputeId = challengeTruly(orderId, 4);
        Leaf memory leaf = claimOf(orderId, 4).leaf;
        bytes32[] memory roots = new bytes32[](3);
        roots[2] = leaf.stateRootAfter;
        expectBadSteps(disputeId, roots, trueRoots(leaf));
        roots = new bytes32[](5);
        roots[4] = leaf.stateRootAfter;
        expectBadSteps(disputeId, roots, trueRoots(leaf));
    }

    /// @dev A segment that was challenged as a whole has no steps to compare.
    function test_revertsIf_noStepsWerePosted() public {
        uint256 disputeId = challengeAs(challenger, orderId, 4);
        bytes32[] memory roots = new bytes32[](1);
        roots[0] = Findings.VALID;
        expectBadSteps(disputeId, roots, none);
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
        bytes32[] memory roots = claimedRoots(leaf);
        bytes32[] memory theirs = trueRoots(leaf);
        vm.expectRevert(wrongStage(disputeId));
        vm.prank(seller);
        disputes.answer(disputeId, roots, theirs);
    }

    function test_revertsIf_callerIsNotTheSeller() public {
        uint256 disputeId = challengeAs(challenger, orderId, 4);
        address[3] memory others = [stranger, buyer, challenger];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IDisputes.DisputesNotSeller.selector, disputeId, others[i])
            );
            vm.prank(others[i]);
            disputes.answer(disputeId, none, none);
        }
    }

    function test_revertsIf_closedOrUnknownOrSettled() public {
        expectRefused(99, wrongStage(99));
        uint256 disputeId = votingOn(challenger, orderId, 4);
        uint256 other = challengeAs(stranger, orderId, 5);
        resolveAll(disputeId, Findings.FAULT);
        expectRefused(disputeId, wrongStage(disputeId));
        expectRefused(other, wrongStage(other));
    }

    /* HELPERS */

    function answerWith(uint256 disputeId, bytes32[] memory roots, bytes32[] memory theirs) internal {
        vm.prank(seller);
        disputes.answer(disputeId, roots, theirs);
    }

    function expectBadSteps(uint256 disputeId, bytes32[] memory roots, bytes32[] memory theirs) internal {
        vm.expectRevert(badSteps(orderId, 4));
        vm.prank(seller);
        disputes.answer(disputeId, roots, theirs);
    }

    function expectRefused(uint256 disputeId, bytes memory reason) internal {
        vm.expectRevert(reason);
        vm.prank(seller);
        disputes.answer(disputeId, none, none);
    }
}
