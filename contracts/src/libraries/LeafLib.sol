// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Leaf} from "../interfaces/Types.sol";

/// @notice Segment leaves and their place in a window's tree: a keccak256 tree split as in RFC 6962, so that the path
/// follows from position and size alone and shows the position.
library LeafLib {
    /// @notice Hashed twice, so that no leaf can pass for an inner node.
    function hash(Leaf calldata leaf) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(abi.encode(leaf))));
    }

    /// @notice The root to which a path leads from position `index` of a tree of `size` leaves (RFC 9162, 2.1.3.2).
    /// Zero: the path does not have the length that this position has.
    function rootOf(bytes32 leafHash, uint256 index, uint256 size, bytes32[] calldata path)
        internal
        pure
        returns (bytes32 root)
    {
        if (index >= size) return 0;
        root = leafHash;
        uint256 last = size - 1;
        for (uint256 i; i < path.length; ++i) {
            if (last == 0) return 0;
            if (index & 1 == 1 || index == last) {
                root = keccak256(abi.encode(path[i], root));
                // Levels on which the node is the last of an odd number have no sibling.
                while (index & 1 == 0 && index != 0) {
                    index >>= 1;
                    last >>= 1;
                }
            } else {
                root = keccak256(abi.encode(root, path[i]));
            }
            index >>= 1;
            last >>= 1;
        }
        if (last != 0) return 0;
    }
}
