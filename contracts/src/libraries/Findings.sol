// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice What a juror can find besides a state root. No SHA-256 root equals one of these but by accident.
library Findings {
    /// All that the seller claims of the segment holds.
    bytes32 internal constant VALID = keccak256("trainyard.valid");
    /// A replay comes farther from it than the job's tolerance. Jurors of such orders find this instead of a root.
    bytes32 internal constant OUTSIDE = keccak256("trainyard.outside");
    /// What is served contradicts itself, the job or the commitment, so that there is nothing to replay.
    bytes32 internal constant UNUSABLE = keccak256("trainyard.unusable");
    /// What a replay needs is not served.
    bytes32 internal constant UNAVAILABLE = keccak256("trainyard.unavailable");
    /// The job comes to no further state: what the seller said when it ended the order as JOB_STALLED.
    bytes32 internal constant STALLED = keccak256("trainyard.stalled");
}
