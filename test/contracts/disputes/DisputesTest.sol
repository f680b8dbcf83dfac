// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, Leaf, LeafProof, Opening, OrderTerms} from "../helpers/BaseTest.sol";
import {ReplayClaim} from "../../../contracts/src/interfaces/Types.sol";
import {WindowTree} from "../helpers/WindowTree.sol";

/// @notice Orders whose windows are real trees over real leaves, by a seller that may leave the truth at some step.
/// @dev Five seats, so a jury is everybody who is no party. The seller answers within 15 s, a jury votes within 30.
abstract contract DisputesTest is BaseTest {
    uint256 internal constant ANSWER_SECONDS = 15;
    uint256 internal constant VOTE_SECONDS = 30;
    uint256 internal constant SEAL_SECONDS = 20;

    /// @dev First step whose state the seller made up.
    uint256 internal cheatsFrom = type(uint256).max;

    function setUp() public virtual override {
        super.setUp();
        seatAuditor("auditor4");
    }

    /* STATES */

    function truth(uint256 step) internal pure returns (bytes32) {
        return keccak256(abi.encode("truth", step));
    }

    /// @notice State root after so many steps, as the seller has it.
    function claimed(uint256 step) internal view returns (bytes32) {
        return step < cheatsFrom ? truth(step) : keccak256(abi.encode("made up", step));
    }

    /// @notice After each step of a segment, by an honest replay.
    function trueRoots(Leaf memory leaf) internal pure returns (bytes32[] memory roots) {
        roots = new bytes32[](leaf.lastStep - leaf.firstStep);
        for (uint256 i; i < roots.length; ++i) {
            roots[i] = truth(leaf.firstStep + i + 1);
        }
    }

    function claimedRoots(Leaf memory leaf) internal view returns (bytes32[] memory roots) {
        roots = new bytes32[](leaf.lastStep - leaf.firstStep);
        for (uint256 i; i < roots.length; ++i) {
            roots[i] = claimed(leaf.firstStep + i + 1);
        }
    }

    /// @notice What a replay has of a segment: loss and gradient norm of each step, eight bytes.
    function bitsOf(Leaf memory leaf) internal pure returns (bytes memory bits) {
        for (uint256 step = leaf.firstStep + 1; step <= leaf.lastStep; ++step) {
            bits = abi.encodePacked(bits, bytes8(keccak256(abi.encode("inner", step))));
        }
    }

    /// @dev Written out from RFC 6962, not taken from the contract.
    function innerRootOf(uint256 firstStep, bytes memory bits) internal pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](bits.length / 8);
        for (uint256 i; i < hashes.length; ++i) {
            uint256 word;
            assembly ("memory-safe") {
                word := shr(192, mload(add(add(bits, 0x20), mul(8, i))))
            }
            hashes[i] = sha256(abi.encodePacked(uint8(0), uint64(firstStep + 1 + i), uint64(word)));
        }
        return treeOf(hashes, 0, hashes.length);
    }

    function treeOf(bytes32[] memory hashes, uint256 from, uint256 count) internal pure returns (bytes32) {
        if (count == 1) return hashes[from];
        uint256 split = 1;
        while (2 * split < count) split *= 2;
        bytes32 left = treeOf(hashes, from, split);
        return sha256(abi.encodePacked(uint8(1), left, treeOf(hashes, from + split, count - split)));
    }

    /* WINDOWS */

    function leafOf(uint256 orderId, OrderTerms memory terms, uint256 segment)
        internal
        view
        returns (Leaf memory leaf)
    {
        leaf.orderId = orderId;
        leaf.seller = seller;
        leaf.segment = uint32(segment);
        leaf.firstStep = uint64(segment * terms.stepsPerSegment);
        uint256 last = (segment + 1) * terms.stepsPerSegment;
        leaf.lastStep = uint64(last < terms.steps ? last : terms.steps);
        leaf.stateRootBefore = claimed(leaf.firstStep);
        leaf.stateRootAfter = claimed(leaf.lastStep);
        leaf.innerRoot = innerRootOf(leaf.firstStep, bitsOf(leaf));
        leaf.batchRoot = keccak256(abi.encode("batches", segment));
        leaf.beaconRound = uint64(segment);
    }

    function windowLeaves(uint256 orderId, OrderTerms memory terms, uint256 window)
        internal
        view
        returns (Leaf[] memory leaves)
    {
        uint256 segments = (terms.steps + terms.stepsPerSegment - 1) / terms.stepsPerSegment;
        uint256 first = window * terms.segmentsPerWindow;
        uint256 count =
            segments - first < terms.segmentsPerWindow ? segments - first : terms.segmentsPerWindow;
        leaves = new Leaf[](count);
        for (uint256 i; i < count; ++i) {
            leaves[i] = leafOf(orderId, terms, first + i);
        }
    }

    function commitLeaves(uint256 orderId, Leaf[] memory leaves) internal {
        commitLeavesEnding(orderId, leaves, leaves[leaves.length - 1].stateRootAfter);
    }

    function commitLeavesEnding(uint256 orderId, Leaf[] memory leaves, bytes32 lastStateRoot) internal {
        bytes32 root = WindowTree.rootOf(WindowTree.hashesOf(leaves));
        uint32 index = windows.windowCount(orderId);
        vm.prank(seller);
        windows.commitWindow(orderId, index, root, uint32(leaves.length), lastStateRoot, 0, "bafyleaves");
        mine(3);
    }

    /// @notice Placed, started, every window committed from its leaves, completed.
    function orderOfLeaves(OrderTerms memory terms) internal returns (uint256 orderId) {
        orderId = placeWith(terms);
        start(orderId);
        uint256 segments = (terms.steps + terms.stepsPerSegment - 1) / terms.stepsPerSegment;
        for (uint256 w; w * terms.segmentsPerWindow < segments; ++w) {
            commitLeaves(orderId, windowLeaves(orderId, terms, w));
        }
        skip(40);
        complete(orderId);
    }

    function orderOfLeaves() internal returns (uint256 orderId) {
        return orderOfLeaves(defaultTerms());
    }

    /// @notice The leaf of a segment and its path, as orderOfLeaves committed it.
    function claimOf(uint256 orderId, uint256 segment) internal view returns (LeafProof memory) {
        OrderTerms memory terms = market.orderOf(orderId).terms;
        Leaf[] memory leaves = windowLeaves(orderId, terms, segment / terms.segmentsPerWindow);
        return claimIn(leaves, segment % terms.segmentsPerWindow, leaves[leaves.length - 1].stateRootAfter);
    }

    function claimIn(Leaf[] memory leaves, uint256 position, bytes32 lastStateRoot)
        internal
        pure
        returns (LeafProof memory)
    {
        bytes32[] memory hashes = WindowTree.hashesOf(leaves);
        return LeafProof({
            leaf: leaves[position],
            root: WindowTree.rootOf(hashes),
            segments: uint32(leaves.length),
            lastStateRoot: lastStateRoot,
            path: WindowTree.pathOf(hashes, position)
        });
    }

    /// @notice The panel's first member's opened pass, and what a replay gives.
    /// @notice About the segment at this position, by the first member of the panel.
    function lazyClaim(uint256 orderId, address[] memory panel, Opening memory opening, uint32 position)
        internal
        view
        returns (ReplayClaim memory claim)
    {
        (claim.auditor, claim.agreeing, claim.verdicts) = (panel[0], panel, opening.verdicts);
        (claim.salt, claim.report, claim.signature) = (opening.salt, opening.report, opening.signature);
        (claim.round, claim.draw) = (proofs.roundOf(orderId), drawnAs(orderId));
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        claim.position = position;
        claim.leaf = claimOf(orderId, segments[position]);
        claim.inner = bitsOf(claim.leaf.leaf);
    }

    /* DISPUTES */

    function challengeStepsAs(
        address account,
        uint256 orderId,
        LeafProof memory claim,
        bytes32[] memory roots
    ) internal returns (uint256 disputeId) {
        coverBond(account, orderId);
        vm.prank(account);
        return disputes.challengeSteps(orderId, claim, roots);
    }

    /// @notice By the challenger, with an honest replay's roots.
    function challengeTruly(uint256 orderId, uint256 segment) internal returns (uint256 disputeId) {
        LeafProof memory claim = claimOf(orderId, segment);
        return challengeStepsAs(challenger, orderId, claim, trueRoots(claim.leaf));
    }

    /// @notice Nobody answers; the block is fixed, and the jury drawn from it.
    function drawAfterSilence(uint256 disputeId) internal returns (address[] memory jury) {
        skip(ANSWER_SECONDS);
        disputes.drawJury(disputeId);
        mine(3);
        disputes.drawJury(disputeId);
        return disputes.disputeOf(disputeId).jury;
    }

    function reservedOf(address account) internal view returns (uint256) {
        return staking.bondOf(account).reservedWei;
    }

    function unseat(address auditor) internal {
        vm.prank(auditor);
        staking.leaveSeat(CLASS);
    }

    /* REASONS */

    function wrongStage(uint256 disputeId) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("DisputesWrongStage(uint256)", disputeId);
    }

    function badLeaf(uint256 orderId, uint32 segment) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("DisputesBadLeaf(uint256,uint32)", orderId, segment);
    }

    function badSteps(uint256 orderId, uint32 segment) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("DisputesBadSteps(uint256,uint32)", orderId, segment);
    }

    function badBallot(uint256 disputeId, address juror) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("DisputesBadBallot(uint256,address)", disputeId, juror);
    }

    function notAuditing(uint256 orderId) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("DisputesNotAuditing(uint256)", orderId);
    }
}
