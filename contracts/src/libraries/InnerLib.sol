// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice The tree behind a leaf's innerRoot: float32 bits of loss and gradient norm, step by step (docs/formats.md 2).
library InnerLib {
    uint256 internal constant STEP_BYTES = 8;

    /// @notice SHA-256 tree as in RFC 6962 2.1 over (u64 step, u32 loss bits, u32 gradient norm's bits), steps counted done.
    /// @param bits eight bytes a step, at least one step
    function rootOf(uint256 firstStep, bytes calldata bits) internal view returns (bytes32) {
        uint256 count = bits.length / STEP_BYTES;
        bytes32[] memory nodes = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            nodes[i] = _leaf(firstStep + 1 + i, bytes8(bits[i * STEP_BYTES:]));
        }
        // Pairs level by level; the last of an odd number moves up as it is, which is the RFC's split.
        for (; count > 1; count = (count + 1) / 2) {
            uint256 pairs = count / 2;
            for (uint256 i; i < pairs; ++i) {
                nodes[i] = _node(nodes[2 * i], nodes[2 * i + 1]);
            }
            if (count % 2 == 1) nodes[pairs] = nodes[count - 1];
        }
        return nodes[0];
    }

    /// @dev In scratch space: a segment has hundreds of these, and memory is never freed.
    function _leaf(uint256 step, bytes8 bits) private view returns (bytes32 hash) {
        uint256 word = uint256(uint64(step)) << 64 | uint64(bits);
        assembly ("memory-safe") {
            mstore(0, shl(120, word)) // a zero byte, the leaf's prefix, then sixteen bytes
            if iszero(staticcall(gas(), 2, 0, 17, 0, 32)) { revert(0, 0) }
            hash := mload(0)
        }
    }

    /// @dev Behind the free memory pointer, which stays where it is.
    function _node(bytes32 left, bytes32 right) private view returns (bytes32 hash) {
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore8(at, 1)
            mstore(add(at, 1), left)
            mstore(add(at, 33), right)
            if iszero(staticcall(gas(), 2, at, 65, 0, 32)) { revert(0, 0) }
            hash := mload(0)
        }
    }
}
