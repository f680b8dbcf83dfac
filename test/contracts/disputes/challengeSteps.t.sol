// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DisputeStage, DisputeView, IDisputes, Leaf, LeafProof, OrderTerms} from "../helpers/BaseTest.sol";
import {DisputesTest} from "./DisputesTest.sol";

contract ChallengeStepsTest is DisputesTest {
    uint256 internal orderId;

    function setUp() public override {
        super.setUp();
        cheatsFrom = 18;
        orderId = orderOfLeaves();
    }

    function test_opensADisputeOverTheSteps() public {
        bondAs(challenger, CHALLENGE_BOND);
        vm.expectEmit(address(disputes));
        emit IDisputes.Challenged(1, orderId, challenger, 4, 4, claimed(20), truth(20), CHALLENGE_BOND);
        uint256 disputeId = challengeTruly(orderId, 4);

        DisputeView memory v = disputes.disputeOf(disputeId);
        assertEq(v.segment, 4, "segment");
        assertEq(v.step, 4, "all of its steps");
        assertEq(v.sellerRoot, claimed(20), "as in the leaf");
        assertEq(v.challengerRoot, truth(20), "as replayed");
        assertEq(uint256(v.stage), uint256(DisputeStage.Answering), "stage");
        assertEq(reservedOf(challenger), CHALLENGE_BOND, "reserved");
    }

    function test_everySegmentOfEveryWindow() public {
        for (uint256 segment; segment < 10; ++segment) {
            LeafProof memory claim = claimOf(orderId, segment);
            bytes32[] memory roots = trueRoots(claim.leaf);
            roots[roots.length - 1] = bytes32("elsewhere");
            challengeStepsAs(stranger, orderId, claim, roots);
        }
        assertEq(disputes.openOf(orderId), 10, "open");
    }

    /* WRONG LEAVES */

    /// @dev Whatever of the leaf is changed, it is not the one that was committed.
    function test_revertsIf_anythingOfTheLeafDiffers() public {
        for (uint256 field; field < 11; ++field) {
            LeafProof memory claim = claimOf(orderId, 4);
            bytes32[] memory roots = trueRoots(claim.leaf);
            if (field == 0) claim.leaf.orderId += 1;
            if (field == 1) claim.leaf.seller = stranger;
            if (field == 2) (claim.leaf.firstStep, claim.leaf.lastStep) = (17, 21);
            if (field == 3) claim.leaf.stateRootBefore = bytes32("x");
            if (field == 4) claim.leaf.stateRootAfter = bytes32("x");
            if (field == 5) claim.leaf.batchRoot = bytes32("x");
            if (field == 6) claim.leaf.rngRoot = bytes32("x");
            if (field == 7) claim.leaf.inputsRoot = bytes32("x");
            if (field == 8) claim.leaf.innerRoot = bytes32("x");
            if (field == 9) claim.leaf.beaconRound += 1;
            if (field == 10) claim.leaf.segment = 5;
            expectRefused(claim, roots, badLeaf(orderId, claim.leaf.segment));
        }
    }

    function test_revertsIf_thePathIsWrong() public {
        LeafProof memory claim = claimOf(orderId, 4);
        bytes32[] memory roots = trueRoots(claim.leaf);
        claim.path[0] ^= bytes32(uint256(1));
        expectRefused(claim, roots, badLeaf(orderId, 4));
        claim = claimOf(orderId, 4);
        claim.path = new bytes32[](0);
        expectRefused(claim, roots, badLeaf(orderId, 4));
        claim.path = claimOf(orderId, 3).path;
        expectRefused(claim, roots, badLeaf(orderId, 4));
    }

    /// @dev What the window was committed as is bound by its digest: root, size and last state.
    function test_revertsIf_theWindowIsNotAsCommitted() public {
        LeafProof memory claim = claimOf(orderId, 4);
        bytes32[] memory roots = trueRoots(claim.leaf);
        claim.segments = 4;
        expectRefused(claim, roots, badLeaf(orderId, 4));
        claim = claimOf(orderId, 4);
        claim.root = bytes32("x");
        expectRefused(claim, roots, badLeaf(orderId, 4));
        claim = claimOf(orderId, 4);
        claim.lastStateRoot = bytes32("x");
        expectRefused(claim, roots, badLeaf(orderId, 4));
    }

    /// @dev A leaf that names a segment of another place, or of another window, shows nothing about that segment.
    function test_revertsIf_theLeafStandsElsewhere() public {
        uint256 other = placeAndStart();
        OrderTerms memory terms = defaultTerms();
        Leaf[] memory leaves = windowLeaves(other, terms, 0);
        (leaves[0].segment, leaves[1].segment, leaves[2].segment) = (1, 4, 99);
        commitLeaves(other, leaves);
        commitLeaves(other, windowLeaves(other, terms, 1));
        vm.prank(buyer);
        market.cancelOrder(other);
        bytes32[] memory roots = trueRoots(leaves[0]);
        roots[3] = bytes32("elsewhere");
        bondAs(challenger, BOND);
        bytes32 last = leaves[2].stateRootAfter;
        bytes[3] memory reasons = [
            badLeaf(other, 1),
            badLeaf(other, 4),
            abi.encodeWithSelector(IDisputes.DisputesNoSuchSegment.selector, other, 99)
        ];
        for (uint256 i; i < 3; ++i) {
            LeafProof memory claim = claimIn(leaves, i, last);
            vm.expectRevert(reasons[i]);
            vm.prank(challenger);
            disputes.challengeSteps(other, claim, roots);
        }
    }

    function test_revertsIf_itIsAnotherOrders() public {
        uint256 other = orderOfLeaves();
        LeafProof memory claim = claimOf(orderId, 4);
        vm.expectRevert(badLeaf(other, 4));
        vm.prank(challenger);
        disputes.challengeSteps(other, claim, new bytes32[](4));
    }

    /* WRONG STEPS */

    function test_revertsIf_theStepsDoNotFit() public {
        LeafProof memory claim = claimOf(orderId, 4);
        bytes32[] memory roots = trueRoots(claim.leaf);
        bytes memory reason = badSteps(orderId, 4);
        expectRefused(claim, new bytes32[](0), reason);
        expectRefused(claim, new bytes32[](3), reason);
        expectRefused(claim, new bytes32[](5), reason);
        // Nothing is in dispute where both end in one state.
        roots[3] = claim.leaf.stateRootAfter;
        expectRefused(claim, roots, reason);
    }

    /// @dev A longer segment, or one that runs backwards, can be challenged as a whole only.
    function test_revertsIf_aLeafHasNoOrTooManySteps() public {
        uint64[3] memory lasts = [uint64(0), 257, type(uint64).max];
        for (uint256 i; i < 3; ++i) {
            uint256 other = placeAndStart();
            Leaf[] memory leaves = windowLeaves(other, defaultTerms(), 0);
            leaves[0].lastStep = lasts[i];
            if (i == 0) leaves[0].firstStep = 1;
            commitLeaves(other, leaves);
            vm.prank(seller);
            market.orderFailed(other, 10_002);
            LeafProof memory claim = claimIn(leaves, 0, leaves[2].stateRootAfter);
            for (uint256 count = 256; count < 258; ++count) {
                vm.expectRevert(badSteps(other, 0));
                vm.prank(challenger);
                disputes.challengeSteps(other, claim, new bytes32[](count));
            }
            challengeAs(challenger, other, 0);
            convictOpen(other);
        }
    }

    /// @dev Another's wrong path costs nothing: the bond is asked for last.
    function test_revertsIf_theBondDoesNotCoverIt() public {
        LeafProof memory claim = claimOf(orderId, 4);
        bytes32[] memory roots = trueRoots(claim.leaf);
        vm.expectRevert(
            abi.encodeWithSignature(
                "StakingInsufficientActive(address,uint256,uint256)", stranger, 0, CHALLENGE_BOND
            )
        );
        vm.prank(stranger);
        disputes.challengeSteps(orderId, claim, roots);
    }

    function test_revertsIf_notInAudit() public {
        uint256 running = placeAndStart();
        LeafProof memory claim = claimOf(orderId, 4);
        bytes32[] memory roots = trueRoots(claim.leaf);
        vm.expectRevert();
        vm.prank(challenger);
        disputes.challengeSteps(running, claim, roots);
        convict(orderId, 4);
        vm.expectRevert(notAuditing(orderId));
        vm.prank(challenger);
        disputes.challengeSteps(orderId, claim, roots);
    }

    /* FUZZ */

    /// @dev Any window size up to 20 and any segment of it: the path that the plain tree gives is accepted at its own place
    /// and at no other.
    function testFuzz_anyWindow(uint256 size, uint256 segment, uint256 other) public {
        OrderTerms memory terms = defaultTerms();
        size = bound(size, 1, 20);
        terms.segmentsPerWindow = uint32(size);
        terms.steps = uint64(4 * size);
        terms.draws = 1;
        uint256 placed = orderOfLeaves(terms);
        segment = bound(segment, 0, size - 1);
        other = bound(other, 0, size - 1);
        LeafProof memory claim = claimOf(placed, segment);
        bytes32[] memory roots = trueRoots(claim.leaf);
        roots[3] = bytes32("elsewhere");
        if (other != segment) {
            bytes32[] memory path = claim.path;
            claim.path = claimOf(placed, other).path;
            vm.expectRevert(badLeaf(placed, uint32(segment)));
            vm.prank(challenger);
            disputes.challengeSteps(placed, claim, roots);
            claim.path = path;
        }
        uint256 disputeId = challengeStepsAs(challenger, placed, claim, roots);
        assertEq(disputes.disputeOf(disputeId).segment, segment, "segment");
    }

    /* HELPERS */

    /// @dev So that the seller's machine and stake are free for the next.
    function convictOpen(uint256 id) internal {
        uint256 disputeId = disputes.disputeCount();
        drawJuryOf(disputeId);
        resolveAll(disputeId, keccak256("trainyard.unusable"));
        assertEq(market.orderOf(id).slashedWei, STAKE, "convicted");
    }

    function expectRefused(LeafProof memory claim, bytes32[] memory roots, bytes memory reason) internal {
        vm.expectRevert(reason);
        vm.prank(challenger);
        disputes.challengeSteps(orderId, claim, roots);
    }
}
