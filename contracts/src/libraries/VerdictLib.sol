// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Two-bit verdicts packed into one word, lowest drawn segment first: 1 pass, 2 fail, 3 unavailable.
library VerdictLib {
    uint256 internal constant PASS = 1;
    uint256 private constant LOW_BITS = type(uint256).max / 3; // 0b0101..01

    /// @notice The word in which every one of `count` (1 to 128) segments passes.
    function allPass(uint256 count) internal pure returns (uint256) {
        return LOW_BITS >> (256 - 2 * count);
    }

    /// @notice Every one of `count` segments has a verdict, and nothing is above them.
    function isComplete(uint256 verdicts, uint256 count) internal pure returns (bool) {
        uint256 used = allPass(count);
        return (verdicts | verdicts >> 1) & LOW_BITS == used;
    }

    function verdictAt(uint256 verdicts, uint256 index) internal pure returns (uint256) {
        return verdicts >> (2 * index) & 3;
    }
}
