// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {VerdictLib} from "../../../contracts/src/libraries/VerdictLib.sol";
import {Test} from "../helpers/Test.sol";

contract VerdictLibTest is Test {
    function test_allPass() public pure {
        assertEq(VerdictLib.allPass(1), 1, "one");
        assertEq(VerdictLib.allPass(3), 21, "three: 010101");
        assertEq(VerdictLib.allPass(128), type(uint256).max / 3, "all");
    }

    function testFuzz_isComplete(uint256 verdicts, uint256 count) public pure {
        count = bound(count, 1, 128);
        bool expected = true;
        for (uint256 i; i < 128; ++i) {
            if ((verdicts >> (2 * i) & 3 != 0) != (i < count)) expected = false;
        }
        assertTrue(VerdictLib.isComplete(verdicts, count) == expected, "by hand");
    }

    /// @dev Complete words are rare by chance: make them.
    function testFuzz_filledWordsAreComplete(uint256 seed, uint256 count, uint256 hole) public pure {
        count = bound(count, 1, 128);
        uint256 word;
        for (uint256 i; i < count; ++i) {
            word |= (1 + uint256(keccak256(abi.encode(seed, i))) % 3) << (2 * i);
        }
        assertTrue(VerdictLib.isComplete(word, count), "complete");
        hole = bound(hole, 0, count - 1);
        assertFalse(VerdictLib.isComplete(word & ~(3 << (2 * hole)), count), "a hole");
        if (count < 128) assertFalse(VerdictLib.isComplete(word | 1 << (2 * count), count), "one more");
    }
}
