// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Leaf} from "../../../contracts/src/interfaces/Types.sol";
import {LeafLib} from "../../../contracts/src/libraries/LeafLib.sol";
import {Test} from "../helpers/Test.sol";
import {WindowTree} from "../helpers/WindowTree.sol";

/// @dev LeafLib takes calldata, so it is called from outside.
contract LeafLibTest is Test {
    function hash(Leaf calldata leaf) external pure returns (bytes32) {
        return LeafLib.hash(leaf);
    }

    function rootOf(bytes32 leafHash, uint256 index, uint256 size, bytes32[] calldata path)
        external
        pure
        returns (bytes32)
    {
        return LeafLib.rootOf(leafHash, index, size, path);
    }

    /* AS THE VERIFIER */

    function test_hashesAsTheVerifierDoes() public view {
        bytes32[] memory hashes = vm.parseJsonBytes32Array(vectors(), ".hashes");
        for (uint256 i; i < hashes.length; ++i) {
            assertEq(this.hash(leafOf(i)), hashes[i], string.concat("leaf ", vm.toString(i)));
        }
    }

    function test_followsTheVerifiersPaths() public view {
        string memory json = vectors();
        bytes32[] memory hashes = vm.parseJsonBytes32Array(json, ".hashes");
        for (uint256 t; t < 7; ++t) {
            string memory key = string.concat(".trees[", vm.toString(t), "]");
            uint256 size = vm.parseJsonUint(json, string.concat(key, ".size"));
            bytes32 root = vm.parseJsonBytes32(json, string.concat(key, ".root"));
            assertEq(WindowTree.rootOf(firstOf(hashes, size)), root, "the tests' own tree");
            for (uint256 i; i < size; ++i) {
                bytes32[] memory path =
                    vm.parseJsonBytes32Array(json, string.concat(key, ".paths[", vm.toString(i), "]"));
                assertEq(this.rootOf(hashes[i], i, size, path), root, "root");
            }
        }
    }

    /* FUZZ */

    function testFuzz_leadsToTheRootFromEveryPlace(uint256 seed, uint256 size, uint256 index) public view {
        (bytes32[] memory hashes, bytes32[] memory path) = tree(seed, size, index);
        index %= hashes.length;
        assertEq(this.rootOf(hashes[index], index, hashes.length, path), WindowTree.rootOf(hashes), "root");
    }

    /// @dev A path shows one position of one size: nowhere else, and no other leaf.
    function testFuzz_leadsNowhereFromAnyOtherPlace(uint256 seed, uint256 size, uint256 index, uint256 other)
        public
        view
    {
        (bytes32[] memory hashes, bytes32[] memory path) = tree(seed, size, index);
        size = hashes.length;
        index %= size;
        bytes32 root = WindowTree.rootOf(hashes);
        for (uint256 i; i < size + 2; ++i) {
            if (i != index) assertTrue(this.rootOf(hashes[index], i, size, path) != root, "another place");
        }
        assertTrue(this.rootOf(bytes32(other), index, size, path) != root, "another leaf");
        if (path.length == 0) return;

        bytes32[] memory longer = new bytes32[](path.length + 1);
        bytes32[] memory shorter = new bytes32[](path.length - 1);
        for (uint256 i; i < path.length; ++i) {
            longer[i] = path[i];
            if (i < shorter.length) shorter[i] = path[i];
        }
        assertEq(this.rootOf(hashes[index], index, size, longer), 0, "too long");
        assertEq(this.rootOf(hashes[index], index, size, shorter), 0, "too short");
        path[other % path.length] ^= bytes32(uint256(1));
        assertTrue(this.rootOf(hashes[index], index, size, path) != root, "another sibling");
    }

    function test_nowhereBeyondTheTree() public view {
        bytes32[] memory none = new bytes32[](0);
        assertEq(this.rootOf(bytes32("leaf"), 0, 1, none), bytes32("leaf"), "one leaf is its own root");
        assertEq(this.rootOf(bytes32("leaf"), 1, 1, none), 0, "no second");
        assertEq(this.rootOf(bytes32("leaf"), 0, 0, none), 0, "no tree");
    }

    /* HELPERS */

    function tree(uint256 seed, uint256 size, uint256 index)
        internal
        pure
        returns (bytes32[] memory hashes, bytes32[] memory path)
    {
        hashes = new bytes32[](bound(size, 1, 20));
        for (uint256 i; i < hashes.length; ++i) {
            hashes[i] = keccak256(abi.encode(seed, i));
        }
        path = WindowTree.pathOf(hashes, index % hashes.length);
    }

    function leafOf(uint256 segment) internal pure returns (Leaf memory) {
        return Leaf({
            orderId: 77,
            seller: address(uint160(uint256(word("seller", 0)) >> 96)),
            segment: uint32(segment),
            firstStep: uint64(segment * 32),
            lastStep: uint64(segment * 32 + 32),
            stateRootBefore: word("state", segment),
            stateRootAfter: word("state", segment + 1),
            batchRoot: word("batches", segment),
            rngRoot: word("rng", segment),
            inputsRoot: word("inputs", segment),
            innerRoot: word("inner", segment),
            beaconRound: uint64(1_000 + segment)
        });
    }

    function word(string memory name, uint256 segment) internal pure returns (bytes32) {
        return keccak256(bytes(string.concat(name, " ", vm.toString(segment))));
    }

    function firstOf(bytes32[] memory hashes, uint256 count) internal pure returns (bytes32[] memory first) {
        first = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            first[i] = hashes[i];
        }
    }

    function vectors() internal view returns (string memory) {
        return vm.readFile("test/fixtures/leaf-vectors.json");
    }
}
