// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Two-bit verdicts packed into one word, lowest drawn segment first: 0 none, 1 pass, 2 fail, 3 unavailable. Positions
/// are such words too: 1 at each.
library VerdictLib {
    uint256 internal constant PASS = 1;
    uint256 private constant LOW_BITS = type(uint256).max / 3; // 0b0101..01

    /// @notice The word in which every one of `count` (1 to 128) segments passes.
    function allPass(uint256 count) internal pure returns (uint256) {
        return LOW_BITS >> (256 - 2 * count);
    }

    /// @notice There is a verdict at each of `positions` (at least one), and nowhere else.
    function isComplete(uint256 verdicts, uint256 positions) internal pure returns (bool) {
        return positions != 0 && spoken(verdicts) == positions;
    }

    /// @notice The positions that have a verdict.
    function spoken(uint256 verdicts) internal pure returns (uint256) {
        return (verdicts | verdicts >> 1) & LOW_BITS;
    }

    function verdictAt(uint256 verdicts, uint256 index) internal pure returns (uint256) {
        return verdicts >> (2 * index) & 3;
    }

    /// @notice Which of `count` drawn segments each of `members` (one to `count`) of a first panel replays: each segment is one
    /// member's, every third, from the first on, also the next member's. Of one another they have at most one more.
    /// @dev Members take turns along the list of replays: of each three segments the first is in it twice.
    function shares(uint256 count, uint256 members) internal pure returns (uint256[] memory words) {
        words = new uint256[](members);
        if (members == 0) return words;
        uint256 member;
        unchecked {
            for (uint256 i; i < count; ++i) {
                words[member] |= PASS << (2 * i);
                if (++member == members) member = 0;
                if (i % 3 != 0) continue;
                words[member] |= PASS << (2 * i);
                if (++member == members) member = 0;
            }
        }
    }

    /// @notice The positions that somebody passed, and of which nobody said anything else.
    function undisputed(uint256[] memory votes) internal pure returns (uint256) {
        uint256 said;
        uint256 doubted;
        for (uint256 i; i < votes.length; ++i) {
            said |= votes[i];
            doubted |= votes[i] >> 1;
        }
        return said & ~doubted & LOW_BITS;
    }

    /// @notice More than half of all votes passed each of these positions.
    function hasMajority(uint256[] memory votes, uint256 positions) internal pure returns (bool) {
        // Mostly a majority passed all of them.
        uint256 passes;
        for (uint256 i; i < votes.length; ++i) {
            if (votes[i] == positions) ++passes;
        }
        if (2 * passes > votes.length) return true;

        for (uint256 position; position < 128; ++position) {
            if (verdictAt(positions, position) == 0) continue;
            passes = 0;
            for (uint256 i; i < votes.length; ++i) {
                if (verdictAt(votes[i], position) == PASS) ++passes;
            }
            if (2 * passes <= votes.length) return false;
        }
        return true;
    }
}
