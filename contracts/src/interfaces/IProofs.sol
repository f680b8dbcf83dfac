// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AuditOutcome, WindowView} from "./Types.sol";

/// @title Proofs: windows, beacons, draws and verdicts.
/// @notice Beacon i of an order: 0 after placeOrder, 1 after startOrder, 2 + w after window w's commitment.
/// Beacon i seeds window i, and beacon 2 + w draws window w's audited segments. One beacon, two uses,
/// separated by what is hashed with it.
interface IProofs {
    event WindowCommitted(
        uint256 indexed orderId,
        uint32 indexed index,
        bytes32 root,
        uint32 segments,
        bytes32 lastStateRoot,
        string evidence
    );
    /// @notice The order starts at the last state of a window whose work an audit has passed.
    event OrderResumed(
        uint256 indexed orderId, uint256 indexed fromOrderId, uint32 window, bytes32 stateRoot
    );
    event BeaconPinned(uint256 indexed orderId, uint32 indexed index, uint64 blockNumber, bytes32 value);
    event PanelDrawn(uint256 indexed orderId, address[] panel);
    event VerdictsCommitted(uint256 indexed orderId, address indexed auditor, bytes32 commitment);
    event VerdictsRevealed(uint256 indexed orderId, address indexed auditor, uint256 verdicts, string report);

    error ProofsNotSeller(uint256 orderId, address caller);
    error ProofsNotTraining(uint256 orderId);
    error ProofsWrongIndex(uint256 orderId, uint32 index, uint32 expected);
    error ProofsBadSegments(uint256 orderId, uint32 segments, uint32 expected);
    error ProofsBeaconNotReady(uint256 orderId, uint32 index, uint64 blockNumber);
    error ProofsNotAuditing(uint256 orderId);
    error ProofsNotDrawn(uint256 orderId, address caller);
    error ProofsAlreadyCommitted(uint256 orderId, address auditor);
    error ProofsWrongPhase(uint256 orderId);
    error ProofsBadReveal(uint256 orderId, address auditor);
    /// @notice No such window, or no audit that has passed it.
    error ProofsNotProved(uint256 orderId, uint32 window);

    /// @notice Seller, while training (or one short last window after the buyer's cancel).
    /// @param root keccak256 tree of the window's segment leaves
    /// @param segments how many; segmentsPerWindow, fewer only for the job's last window or a short last one
    /// @param lastStateRoot state root after the window's last segment
    /// @param evidence CID of the window's leaves
    function commitWindow(
        uint256 orderId,
        uint32 index,
        bytes32 root,
        uint32 segments,
        bytes32 lastStateRoot,
        string calldata evidence
    ) external;
    /// @notice Anyone: stores the beacons that are due. Call within 256 blocks of a beacon's block; after that it
    /// moves on by 256 blocks at a time until one is still readable. In the first half of the commit phase it also
    /// stores the panel, so that auditors who all stay silent are known and evicted.
    function pinBeacons(uint256 orderId) external;
    /// @param commitment keccak256(abi.encode(orderId, auditor, verdicts, keccak256(bytes(report)), salt))
    function commitVerdicts(uint256 orderId, bytes32 commitment) external;
    /// @param verdicts two bits per drawn segment in drawOf's order, lowest first: 1 pass, 2 fail, 3 unavailable
    /// @param report CID of the auditor's report
    function revealVerdicts(uint256 orderId, uint256 verdicts, bytes32 salt, string calldata report) external;

    /// @notice Market only, at settlement: lets the panel go, evicts its silent members. Changes nothing while Pending.
    /// @return outcome what the panel found
    /// @return agreeing members who revealed with it
    /// @return drawn how many segments they audited
    /// @return deadlineAt end of the current phase
    function closeAudit(uint256 orderId)
        external
        returns (AuditOutcome outcome, address[] memory agreeing, uint256 drawn, uint64 deadlineAt);

    /// @notice Market only, when an order is placed: names the proved checkpoint it starts at.
    function resume(uint256 orderId, uint256 fromOrderId, uint32 window) external;

    /// @notice Where an order starts; all zero: at its job's first step. stateRoot is that window's lastStateRoot.
    function resumeOf(uint256 orderId)
        external
        view
        returns (uint256 fromOrderId, uint32 window, bytes32 stateRoot);
    /// @notice Value is zero and blockNumber the target while it is not known yet; both zero if not even anchored.
    function beaconOf(uint256 orderId, uint32 index) external view returns (bytes32 value, uint64 blockNumber);
    /// @notice Drawn segments and panel; ready is false (and both may be partial) until the last beacon is known.
    function drawOf(uint256 orderId)
        external
        view
        returns (bool ready, uint32[] memory segments, address[] memory panel);
    function windowOf(uint256 orderId, uint32 index) external view returns (WindowView memory);
    function windowCount(uint256 orderId) external view returns (uint32);
    function committedSegments(uint256 orderId) external view returns (uint32);
    /// @notice deadlineAt: when the current phase ends; failedSegment is meaningful for Fail and Unavailable.
    function auditOf(uint256 orderId)
        external
        view
        returns (
            AuditOutcome outcome,
            uint32 committed,
            uint32 revealed,
            uint64 deadlineAt,
            uint32 failedSegment
        );
}
