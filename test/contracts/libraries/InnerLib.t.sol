// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {InnerLib} from "../../../contracts/src/libraries/InnerLib.sol";
import {Test} from "../helpers/Test.sol";

/// @dev InnerLib takes calldata, so it is called from outside.
contract InnerLibTest is Test {
    function rootOf(uint256 firstStep, bytes calldata bits) external view returns (bytes32) {
        return InnerLib.rootOf(firstStep, bits);
    }

    function test_hashesAsTheVerifierDoes() public view {
        string memory json = vm.readFile("test/fixtures/leaf-vectors.json");
        for (uint256 i; i < 6; ++i) {
            string memory key = string.concat(".inner[", vm.toString(i), "]");
            uint256 firstStep = vm.parseJsonUint(json, string.concat(key, ".firstStep"));
            bytes memory bits = vm.parseJsonBytes(json, string.concat(key, ".bits"));
            bytes32 root = vm.parseJsonBytes32(json, string.concat(key, ".root"));
            assertEq(this.rootOf(firstStep, bits), root, key);
            assertTrue(this.rootOf(firstStep + 1, bits) != root, "the step counts");
            bits[bits.length - 1] ^= 0x01;
            assertTrue(this.rootOf(firstStep, bits) != root, "every bit counts");
            bits[bits.length - 1] ^= 0x01;
            address auditor = vm.parseJsonAddress(json, string.concat(key, ".auditor"));
            bytes32 salt = vm.parseJsonBytes32(json, string.concat(key, ".salt"));
            // Three verdicts, 85 bits each: the first two are passes of these bits.
            uint256 tag = uint256(keccak256(abi.encode(uint256(77), auditor, keccak256(bits)))) >> 171;
            assertEq(bytes32(tag | tag << 85), salt, "salt");
        }
    }
}
