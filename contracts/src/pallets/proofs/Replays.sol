// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {LibBit} from "solady/utils/LibBit.sol";

import {LeafProof, ProofFacts} from "../../interfaces/Types.sol";
import {InnerLib} from "../../libraries/InnerLib.sol";
import {LeafLib} from "../../libraries/LeafLib.sol";
import {VerdictLib} from "../../libraries/VerdictLib.sol";
import {Signed} from "./Signed.sol";

/// @notice Proof of replay: who passes a segment salts its commitment with what only a replay tells.
abstract contract Replays is Signed {
    /// @dev The part of an auditor's salt that stands for one of the segments that it passed: as many bits as its verdicts, as
    /// many as there are, leave for each.
    /// @return width of the part, in bits
    /// @return shift at which it is in the salt
    function _saltPlace(uint256 verdicts, uint256 position)
        internal
        pure
        returns (uint256 width, uint256 shift)
    {
        uint256 spoken = VerdictLib.spoken(verdicts);
        width = 256 / LibBit.popCount(spoken);
        shift = width * LibBit.popCount(spoken & ((1 << 2 * position) - 1));
    }

    /// @dev Of the auditor and of the segment's bits, `width` bits long.
    function _replayTag(uint256 orderId, address auditor, bytes calldata inner, uint256 width)
        internal
        pure
        returns (uint256)
    {
        return uint256(keccak256(abi.encode(orderId, auditor, keccak256(inner)))) >> (256 - width);
    }

    /// @dev These bits are those behind the segment's committed leaf.
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
