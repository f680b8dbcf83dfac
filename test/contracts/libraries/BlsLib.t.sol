// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BlsLib} from "../../../contracts/src/libraries/BlsLib.sol";
import {Bn254} from "../../../contracts/src/libraries/Bn254.sol";
import {HashToG1} from "../../../contracts/src/libraries/HashToG1.sol";
import {Test} from "../helpers/Test.sol";

/// @dev Vectors from test/contracts/helpers/blsVectors.ts: real rounds of drand's evmnet, and @noble/curves.
contract BlsLibTest is Test {
    string internal json = vm.readFile("test/fixtures/bls-vectors.json");

    function hashTooLong() external view returns (Bn254.G1 memory) {
        return HashToG1.hash(new bytes(256), "message");
    }

    function pointAt(string memory path) internal view returns (Bn254.G1 memory) {
        uint256[] memory words = vm.parseJsonUintArray(json, path);
        return Bn254.G1(words[0], words[1]);
    }

    function keyAt(string memory path) internal view returns (Bn254.G2 memory) {
        uint256[] memory words = vm.parseJsonUintArray(json, path);
        return Bn254.G2(words[0], words[1], words[2], words[3]);
    }

    function madeAt(uint256 index, string memory field) internal pure returns (string memory) {
        return string.concat(".made[", vm.toString(index), "].", field);
    }

    function roundMessage(uint256 round) internal pure returns (bytes memory) {
        // forge-lint: disable-next-line(unsafe-typecast) rounds of the vectors are small
        return abi.encodePacked(keccak256(abi.encodePacked(uint64(round))));
    }

    function test_verify_realRoundsOfEvmnet() public view {
        Bn254.G2 memory key = keyAt(".evmnet.key");
        uint256[] memory rounds = vm.parseJsonUintArray(json, ".evmnet.rounds");
        for (uint256 i; i < rounds.length; ++i) {
            Bn254.G1 memory signature = pointAt(string.concat(".evmnet.signatures[", vm.toString(i), "]"));
            bytes memory message = roundMessage(rounds[i]);
            assertTrue(BlsLib.verify(key, BlsLib.EVMNET_TAG, message, signature), "round");
            bytes memory next = roundMessage(rounds[i] + 1);
            assertFalse(BlsLib.verify(key, BlsLib.EVMNET_TAG, next, signature), "another round");
            assertFalse(BlsLib.verify(key, "ANOTHER_TAG", message, signature), "another tag");
        }
    }

    function test_verify_asNobleSigns() public view {
        for (uint256 i; i < 6; ++i) {
            bytes memory tag = bytes(vm.parseJsonString(json, madeAt(i, "tag")));
            bytes memory message = abi.encodePacked(vm.parseJsonBytes32(json, madeAt(i, "message")));
            Bn254.G1 memory hashed = HashToG1.hash(tag, message);
            Bn254.G1 memory expected = pointAt(madeAt(i, "hash"));
            assertEq(hashed.x, expected.x, "x");
            assertEq(hashed.y, expected.y, "y");
            Bn254.G1 memory signature = pointAt(madeAt(i, "signature"));
            assertTrue(BlsLib.verify(keyAt(madeAt(i, "key")), tag, message, signature), "its key");
            assertFalse(BlsLib.verify(keyAt(madeAt((i + 1) % 6, "key")), tag, message, signature), "other");
        }
    }

    function test_map_asNobleMaps() public view {
        for (uint256 i; i < 16; ++i) {
            uint256[] memory words = vm.parseJsonUintArray(json, string.concat(".maps[", vm.toString(i), "]"));
            Bn254.G1 memory point = HashToG1.map(words[0]);
            assertEq(point.x, words[1], "x");
            assertEq(point.y, words[2], "y");
        }
    }

    /// @dev Nobody can make a second signature: the negated one, one shifted by P, none at all, or one off the curve.
    function test_verify_oneSignatureOnly() public view {
        Bn254.G2 memory key = keyAt(".made[0].key");
        bytes memory tag = bytes(vm.parseJsonString(json, ".made[0].tag"));
        bytes memory message = abi.encodePacked(vm.parseJsonBytes32(json, ".made[0].message"));
        Bn254.G1 memory s = pointAt(".made[0].signature");
        assertTrue(BlsLib.verify(key, tag, message, s), "right");
        assertFalse(BlsLib.verify(key, tag, message, Bn254.G1(s.x, Bn254.P - s.y)), "negated");
        assertFalse(BlsLib.verify(key, tag, message, Bn254.G1(s.x + Bn254.P, s.y)), "x shifted");
        assertFalse(BlsLib.verify(key, tag, message, Bn254.G1(s.x, s.y + Bn254.P)), "y shifted");
        assertFalse(BlsLib.verify(key, tag, message, Bn254.G1(0, 0)), "infinity");
        assertFalse(BlsLib.verify(key, tag, message, Bn254.G1(s.x, s.y + 1)), "off the curve");
    }

    function test_verify_badKeys() public view {
        bytes memory tag = bytes(vm.parseJsonString(json, ".made[0].tag"));
        bytes memory message = abi.encodePacked(vm.parseJsonBytes32(json, ".made[0].message"));
        Bn254.G1 memory signature = pointAt(".made[0].signature");
        Bn254.G2 memory key = keyAt(".made[0].key");
        key.xIm += 1;
        assertFalse(BlsLib.verify(key, tag, message, signature), "off the curve");
        assertFalse(BlsLib.verify(Bn254.G2(0, 0, 0, 0), tag, message, Bn254.G1(0, 0)), "zero key");
    }

    function test_hash_longestTag() public {
        vm.expectRevert(abi.encodeWithSelector(HashToG1.HashToG1TagTooLong.selector, 256));
        this.hashTooLong();
        assertTrue(Bn254.isOnG1(HashToG1.hash(new bytes(255), "message")), "255");
    }

    function testFuzz_map_isOnTheCurve(uint256 u) public view {
        Bn254.G1 memory point = HashToG1.map(u % Bn254.P);
        assertTrue(Bn254.isOnG1(point), "on the curve");
        assertEq(point.y & 1, u % Bn254.P & 1, "sign");
    }

    function testFuzz_verify_whateverSignature(uint256 x, uint256 y) public view {
        Bn254.G1 memory right = pointAt(".made[0].signature");
        vm.assume(x != right.x || y != right.y);
        bytes memory tag = bytes(vm.parseJsonString(json, ".made[0].tag"));
        bytes memory message = abi.encodePacked(vm.parseJsonBytes32(json, ".made[0].message"));
        assertFalse(BlsLib.verify(keyAt(".made[0].key"), tag, message, Bn254.G1(x, y)), "forged");
    }

    function testFuzz_mul_isRepeatedAdding(uint256 scalar) public view {
        scalar = bound(scalar, 1, 20);
        Bn254.G1 memory base = Bn254.G1(1, 2);
        Bn254.G1 memory sum = base;
        for (uint256 i = 1; i < scalar; ++i) {
            sum = Bn254.add(sum, base);
        }
        Bn254.G1 memory product = Bn254.mul(base, scalar);
        assertEq(product.x, sum.x, "x");
        assertEq(product.y, sum.y, "y");
    }
}
