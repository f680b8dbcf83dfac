// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDisputes} from "../../interfaces/IDisputes.sol";
import {LeafProof, ProofFacts} from "../../interfaces/Types.sol";
import {LeafLib} from "../../libraries/LeafLib.sol";
import {Pallet} from "../Pallet.sol";

/// @notice What whoever accuses a seller has to show: an order in audit, and leaves that are committed.
abstract contract Claims is Pallet {
    function _requireAuditing(uint256 orderId, ProofFacts memory facts) internal pure {
        bool isAuditing = facts.opensAt != 0 && !facts.settled && facts.committed != 0;
        require(isAuditing, IDisputes.DisputesNotAuditing(orderId));
    }

    /// @dev The leaf is this order's, stands at its place in its window's tree, and the window is as committed.
    function _requireCommitted(uint256 orderId, ProofFacts memory facts, LeafProof calldata claim)
        internal
        view
    {
        uint32 segment = claim.leaf.segment;
        require(segment < facts.committed, IDisputes.DisputesNoSuchSegment(orderId, segment));
        uint32 perWindow = facts.segmentsPerWindow;
        bytes32 leafHash = LeafLib.hash(claim.leaf);
        require(
            WINDOWS.isCommitted(orderId, segment / perWindow, claim.root, claim.segments, claim.lastStateRoot)
                && LeafLib.rootOf(leafHash, segment % perWindow, claim.segments, claim.path) == claim.root,
            IDisputes.DisputesBadLeaf(orderId, segment)
        );
    }
}
