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

    /// @dev Complete words are rare by chance: make them.
    function testFuzz_isComplete_withAVerdictAtExactlyThese(uint256 seed, uint256 positions, uint256 place)
        public
        pure
    {
        positions &= VerdictLib.allPass(128);
        place = bound(place, 0, 127);
        uint256 word;
        for (uint256 i; i < 128; ++i) {
            if (positions >> (2 * i) & 1 == 1) {
                word |= (1 + uint256(keccak256(abi.encode(seed, i))) % 3) << (2 * i);
            }
        }
        assertTrue(VerdictLib.isComplete(word, positions) == (positions != 0), "complete, unless empty");
        bool isIn = positions >> (2 * place) & 1 == 1;
        uint256 other = isIn ? word & ~(3 << (2 * place)) : word | (1 + seed % 3) << (2 * place);
        assertFalse(VerdictLib.isComplete(other, positions), "one too few, or one too many");
    }

    /* SHARES */

    /// @dev As docs/formats.md has it: replay number r of the list, in which every third segment is twice, is member r's.
    function testFuzz_shares_takeTurnsAlongTheReplays(uint256 count, uint256 members) public pure {
        (count, members) = (bound(count, 1, 128), bound(members, 1, 16));
        if (members > count) members = count;
        uint256[] memory words = VerdictLib.shares(count, members);
        assertEq(words.length, members, "members");
        uint256 replay;
        for (uint256 i; i < count; ++i) {
            uint256 expected = 1 << (replay++ % members);
            if (i % 3 == 0) expected |= 1 << (replay++ % members);
            uint256 actual;
            for (uint256 m; m < members; ++m) {
                actual |= (words[m] >> (2 * i) & 1) << m;
            }
            assertEq(actual, expected, "who replays it");
        }
    }

    function testFuzz_shares_coverAll_andAreAlike(uint256 count, uint256 members) public pure {
        (count, members) = (bound(count, 1, 128), bound(members, 1, 16));
        if (members > count) members = count;
        uint256[] memory words = VerdictLib.shares(count, members);
        (uint256 union, uint256 least, uint256 most, uint256 sum) = (0, 256, 0, 0);
        for (uint256 m; m < members; ++m) {
            uint256 size = sizeOf(words[m]);
            union |= words[m];
            sum += size;
            if (size < least) least = size;
            if (size > most) most = size;
        }
        assertEq(union, VerdictLib.allPass(count), "every segment, and nothing else");
        assertEq(sum, members == 1 ? count : count + (count + 2) / 3, "a third of them twice");
        assertTrue(least != 0 && most - least <= 1, "at most one more");
    }

    function test_sharesOfNobody() public pure {
        assertEq(VerdictLib.shares(5, 0).length, 0, "none");
    }

    /* WEIGHING */

    /// @dev Against the rule, spelt out: somebody passed it, and nobody said anything else.
    function testFuzz_undisputed(uint256 seed, uint256 members) public pure {
        uint256[] memory votes = randomVotes(seed, bound(members, 0, 8));
        uint256 expected;
        for (uint256 i; i < 128; ++i) {
            (uint256 passes, uint256 others) = (0, 0);
            for (uint256 m; m < votes.length; ++m) {
                uint256 verdict = votes[m] >> (2 * i) & 3;
                if (verdict == 1) ++passes;
                else if (verdict != 0) ++others;
            }
            if (passes != 0 && others == 0) expected |= 1 << (2 * i);
        }
        assertEq(VerdictLib.undisputed(votes), expected, "by hand");
    }

    /// @dev Against a count written the long way, with mostly passes, so that both come up.
    function testFuzz_hasMajority(uint256 seed, uint256 members, uint256 positions) public pure {
        uint256[] memory votes = randomVotes(seed, bound(members, 1, 8));
        positions &= VerdictLib.allPass(1 + seed % 8);
        bool expected = true;
        for (uint256 i; i < 8; ++i) {
            uint256 passes;
            for (uint256 m; m < votes.length; ++m) {
                votes[m] &= positions * 3;
                if (votes[m] >> (2 * i) & 3 == 1) ++passes;
            }
            if (positions >> (2 * i) & 1 == 1 && 2 * passes <= votes.length) expected = false;
        }
        assertTrue(VerdictLib.hasMajority(votes, positions) == expected, "by hand");
    }

    /* HELPERS */

    function sizeOf(uint256 word) internal pure returns (uint256 size) {
        for (uint256 i; i < 128; ++i) {
            size += word >> (2 * i) & 1;
        }
    }

    function randomVotes(uint256 seed, uint256 members) internal pure returns (uint256[] memory votes) {
        votes = new uint256[](members);
        for (uint256 m; m < members; ++m) {
            for (uint256 i; i < 128; ++i) {
                uint256 roll = uint256(keccak256(abi.encode(seed, m, i))) % 12;
                votes[m] |= (roll < 4 ? roll : 1) << (2 * i);
            }
        }
    }
}
