// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Leaf} from "../../../contracts/src/interfaces/Types.sol";

/// @notice Window trees the plain way: split at the largest power of two below the size, as RFC 6962 says it in words.
library WindowTree {
    function hashesOf(Leaf[] memory leaves) internal pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](leaves.length);
        for (uint256 i; i < leaves.length; ++i) {
            hashes[i] = keccak256(bytes.concat(keccak256(abi.encode(leaves[i]))));
        }
    }

    function rootOf(bytes32[] memory hashes) internal pure returns (bytes32) {
        return _root(hashes, 0, hashes.length);
    }

    /// @notice Siblings, nearest first.
    function pathOf(bytes32[] memory hashes, uint256 position) internal pure returns (bytes32[] memory path) {
        path = new bytes32[](32);
        uint256 length = _path(hashes, 0, hashes.length, position, path);
        assembly ("memory-safe") {
            mstore(path, length)
        }
    }

    function _root(bytes32[] memory hashes, uint256 from, uint256 to) private pure returns (bytes32) {
        if (to - from == 1) return hashes[from];
        uint256 middle = from + _split(to - from);
        return keccak256(bytes.concat(_root(hashes, from, middle), _root(hashes, middle, to)));
    }

    function _path(bytes32[] memory hashes, uint256 from, uint256 to, uint256 position, bytes32[] memory path)
        private
        pure
        returns (uint256 length)
    {
        if (to - from == 1) return 0;
        uint256 middle = from + _split(to - from);
        bool left = position < middle;
        length =
            left ? _path(hashes, from, middle, position, path) : _path(hashes, middle, to, position, path);
        path[length] = left ? _root(hashes, middle, to) : _root(hashes, from, middle);
        return length + 1;
    }

    function _split(uint256 size) private pure returns (uint256 split) {
        split = 1;
        while (2 * split < size) split *= 2;
    }
}
