// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice What the chain keeps of a window.
library WindowLib {
    /// @notice 216 bits leave no room for a second preimage nor, for its seller, for two windows with one digest (2^108
    /// trials).
    function digest(bytes32 root, uint32 segments, bytes32 lastStateRoot) internal pure returns (bytes27) {
        return bytes27(keccak256(abi.encode(root, segments, lastStateRoot)));
    }
}
