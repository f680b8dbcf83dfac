// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {LeafLib} from "./LeafLib.sol";

/// @notice A challenger's step roots as a keccak256 tree split as in RFC 6962, with the roots themselves as leaves: the
/// number of steps is known, so a path's length follows from its position, and no inner node passes for a leaf.
library StepsLib {
    /// @dev Level by level, in place: a last node without a sibling goes up as it is. roots is not empty.
    function rootOf(bytes32[] calldata roots) internal pure returns (bytes32 root) {
        bytes32[] memory nodes = roots;
        assembly ("memory-safe") {
            let data := add(nodes, 0x20)
            let count := mload(nodes)
            for {} gt(count, 1) {} {
                let pairs := shr(1, count)
                for { let i := 0 } lt(i, pairs) { i := add(i, 1) } {
                    mstore(add(data, shl(5, i)), keccak256(add(data, shl(6, i)), 0x40))
                }
                if and(count, 1) {
                    mstore(add(data, shl(5, pairs)), mload(add(data, shl(5, sub(count, 1)))))
                    pairs := add(pairs, 1)
                }
                count := pairs
            }
            root := mload(data)
        }
    }

    /// @notice Whether `root` is that of step number `step`, counted from one, of so many.
    function isAt(bytes32 stepsRoot, bytes32[] calldata path, bytes32 root, uint256 step, uint256 steps)
        internal
        pure
        returns (bool)
    {
        return LeafLib.rootOf(root, step - 1, steps, path) == stepsRoot;
    }
}
