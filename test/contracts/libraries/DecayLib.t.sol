// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DecayLib} from "../../../contracts/src/libraries/DecayLib.sol";
import {Test} from "../helpers/Test.sol";

contract DecayLibTest is Test {
    /// @dev Exact values, from test/contracts/helpers/decayVectors.ts: integers of 2^-(t/week) with 400 bits, no floats.
    function test_decayed_withinTheStatedError() public view {
        string memory json = vm.readFile("test/fixtures/decay-vectors.json");
        for (uint256 i; i < 40; ++i) {
            string memory path = string.concat(".[", vm.toString(i), "]");
            uint256[] memory v = vm.parseJsonUintArray(json, path);
            uint256 found = DecayLib.decayed(v[0], v[1]);
            // v[2] is the exact value rounded down.
            assertLe(found, v[2], "never above");
            assertLe(v[2] - found, (v[0] >> 121) + 1, "short by no more than it says");
        }
    }

    function test_decayed_halvesAWeek() public pure {
        assertEq(DecayLib.decayed(1e18, 7 days), 5e17, "half");
        assertEq(DecayLib.decayed(1e18, 14 days), 25e16, "quarter");
        assertEq(DecayLib.decayed(1e18, 0), 1e18, "now");
        assertEq(DecayLib.decayed(type(uint128).max, 127 * 7 days), 1, "almost nothing");
        assertEq(DecayLib.decayed(type(uint128).max, 128 * 7 days), 0, "nothing");
        assertEq(DecayLib.decayed(type(uint128).max, type(uint64).max), 0, "ages");
    }

    /// @dev In two steps as in one, but for one rounding more.
    function testFuzz_decayed_inSteps(uint128 value, uint32 first, uint32 second) public pure {
        uint256 once = DecayLib.decayed(value, uint256(first) + second);
        uint256 twice = DecayLib.decayed(DecayLib.decayed(value, first), second);
        uint256 apart = once > twice ? once - twice : twice - once;
        assertLe(apart, (uint256(value) >> 119) + 2, "the same");
    }

    function testFuzz_decayed_falls(uint128 value, uint32 elapsed) public pure {
        assertLe(
            DecayLib.decayed(value, uint256(elapsed) + 1), DecayLib.decayed(value, elapsed), "never rises"
        );
    }
}
