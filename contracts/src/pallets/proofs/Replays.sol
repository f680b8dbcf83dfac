// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IProofs} from "../../interfaces/IProofs.sol";
import {LeafProof, ProofFacts} from "../../interfaces/Types.sol";
import {InnerLib} from "../../libraries/InnerLib.sol";
import {LeafLib} from "../../libraries/LeafLib.sol";
import {Signed} from "./Signed.sol";

/// @notice Proof of replay: who passes everything salts its commitment with what only a replay tells.
abstract contract Replays is Signed {
    /// @dev Of the auditor and of every drawn segment's bits, in the draw's order.
    function _replaySalt(uint256 orderId, address auditor, bytes32[] memory digests)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(orderId, auditor, digests));
    }

    /// @dev Each drawn segment's bits, shown to be those behind its committed leaf.
    function _digestsOf(
        uint256 orderId,
        ProofFacts memory facts,
        LeafProof[] calldata leaves,
        bytes[] calldata inner
    ) internal view returns (bytes32[] memory digests) {
        bytes32 seed = _audits[orderId].seed;
        uint32[] memory drawn = _drawnSegments(orderId, facts, seed);
        require(
            drawn.length != 0 && leaves.length == drawn.length && inner.length == drawn.length,
            IProofs.ProofsBadReplay(orderId)
        );
        digests = new bytes32[](drawn.length);
        for (uint256 i; i < drawn.length; ++i) {
            require(
                _isBehind(orderId, facts, drawn[i], leaves[i], inner[i]), IProofs.ProofsBadReplay(orderId)
            );
            digests[i] = keccak256(inner[i]);
        }
    }

    function _isBehind(
        uint256 orderId,
        ProofFacts memory facts,
        uint32 segment,
        LeafProof calldata claim,
        bytes calldata bits
    ) internal view returns (bool) {
        uint32 perWindow = facts.segmentsPerWindow;
        bytes32 leafHash = LeafLib.hash(claim.leaf);
        bool isCommitted = claim.leaf.segment == segment
            && WINDOWS.isCommitted(
                orderId, segment / perWindow, claim.root, claim.segments, claim.lastStateRoot
            ) && LeafLib.rootOf(leafHash, segment % perWindow, claim.segments, claim.path) == claim.root;
        uint256 steps = uint256(claim.leaf.lastStep) - claim.leaf.firstStep;
        return isCommitted && steps != 0 && bits.length == steps * InnerLib.STEP_BYTES
            && InnerLib.rootOf(claim.leaf.firstStep, bits) == claim.leaf.innerRoot;
    }
}
