// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {PayLib} from "./PayLib.sol";

/// @notice What the chain keeps of a window, and when one is due.
library WindowLib {
    /// @notice Of the agreed time of its steps, how much a window may take.
    uint256 internal constant LATE_FACTOR = 2;
    /// @notice Besides: for its beacon, the store and the chain, and a restart.
    uint256 internal constant GRACE_SECONDS = 60;

    /// @notice 192 bits leave no room for a second preimage nor, for its seller, for two windows with one digest (2^96
    /// trials).
    function digest(bytes32 root, uint32 segments, bytes32 lastStateRoot) internal pure returns (bytes24) {
        return bytes24(keccak256(abi.encode(root, segments, lastStateRoot)));
    }

    /// @notice What a seller of a pair seals: with its order in it, so that the other cannot seal the same.
    function sealedDigest(uint256 orderId, bytes32 root, uint32 segments, bytes32 lastStateRoot)
        internal
        pure
        returns (bytes24)
    {
        return bytes24(keccak256(abi.encode(orderId, root, segments, lastStateRoot)));
    }

    /// @notice When a window of so many steps is late.
    /// @param since the order's start, or the commitment of the window before
    function dueAt(uint256 since, uint256 steps, uint256 stepMicros) internal pure returns (uint256) {
        return since + PayLib.ceilDiv(LATE_FACTOR * steps * stepMicros, 1_000_000) + GRACE_SECONDS;
    }
}
