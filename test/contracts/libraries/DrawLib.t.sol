// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DrawLib} from "../../../contracts/src/libraries/DrawLib.sol";
import {Test} from "../helpers/Test.sol";

contract DrawLibTest is Test {
    /// @dev Vectors from test/contracts/helpers/drawVectors.ts, which shuffles a whole array with ethers' keccak.
    function test_drawsAsTheVectorsSay() public view {
        string memory json = vm.readFile("test/fixtures/draw-vectors.json");
        for (uint256 v; v < 4; ++v) {
            string memory at = string.concat(".draws[", vm.toString(v), "]");
            uint256 orderId = vm.parseJsonUint(json, string.concat(at, ".orderId"));
            uint256 window = vm.parseJsonUint(json, string.concat(at, ".window"));
            bytes32 beacon = vm.parseJsonBytes32(json, string.concat(at, ".beacon"));
            uint256 n = vm.parseJsonUint(json, string.concat(at, ".segments"));
            uint256[] memory picks = vm.parseJsonUintArray(json, string.concat(at, ".picks"));
            DrawLib.Deck memory deck = DrawLib.newDeck(n, picks.length);
            for (uint256 j; j < picks.length; ++j) {
                uint256 random = DrawLib.drawRandom(orderId, window, j, beacon);
                assertEq(DrawLib.pick(deck, random), picks[j], "pick");
            }
        }
    }

    function test_panelAsTheVectorsSay() public view {
        string memory json = vm.readFile("test/fixtures/draw-vectors.json");
        uint256 orderId = vm.parseJsonUint(json, ".panel.orderId");
        bytes32 beacon = vm.parseJsonBytes32(json, ".panel.beacon");
        uint256[] memory picks = vm.parseJsonUintArray(json, ".panel.picks");
        DrawLib.Deck memory deck = DrawLib.newDeck(vm.parseJsonUint(json, ".panel.seats"), picks.length);
        for (uint256 i; i < picks.length; ++i) {
            assertEq(DrawLib.pick(deck, DrawLib.panelRandom(orderId, i, beacon)), picks[i], "pick");
        }
    }

    function test_quota_knownAnswers() public pure {
        // 10 draws over 8 windows.
        uint256[8] memory expected = [uint256(1), 1, 1, 2, 1, 1, 1, 2];
        for (uint256 w; w < 8; ++w) {
            assertEq(DrawLib.quota(10, w, 8, 5, 0), expected[w], "quota");
        }
        assertEq(DrawLib.quota(126, 0, 1, 5, 1), 5, "at most the window");
    }

    /// @dev All draws are given out, and with at least as many draws as windows every window gets one.
    function testFuzz_quotasAddUp(uint256 draws, uint256 windows) public pure {
        windows = bound(windows, 1, 126);
        draws = bound(draws, windows, 126);
        uint256 sum;
        for (uint256 w; w < windows; ++w) {
            uint256 quota = DrawLib.quota(draws, w, windows, 1_024, 0);
            assertEq(DrawLib.quota(draws, w, windows, 1_024, 1), quota + 1, "one more");
            assertTrue(quota >= 1, "every window");
            sum += quota;
        }
        assertEq(sum, draws, "all");
    }

    /// @dev Against the plain shuffle of an array.
    function testFuzz_picksAsAPlainShuffle(uint256 n, uint256 picks, uint256 seed) public pure {
        n = bound(n, 1, 60);
        picks = bound(picks, 1, n);
        uint256[] memory cards = new uint256[](n);
        for (uint256 i; i < n; ++i) {
            cards[i] = i;
        }
        DrawLib.Deck memory deck = DrawLib.newDeck(n, picks);
        for (uint256 j; j < picks; ++j) {
            uint256 random = uint256(keccak256(abi.encode(seed, j)));
            uint256 position = j + random % (n - j);
            (cards[j], cards[position]) = (cards[position], cards[j]);
            assertEq(DrawLib.pick(deck, random), cards[j], "pick");
        }
    }

    /// @dev Uniform enough: of 20 cards each is picked 150 +- 60 times in 1000 draws of three.
    function test_isFair() public pure {
        uint256[20] memory counts;
        for (uint256 seed; seed < 1_000; ++seed) {
            DrawLib.Deck memory deck = DrawLib.newDeck(20, 3);
            for (uint256 j; j < 3; ++j) {
                ++counts[DrawLib.pick(deck, DrawLib.drawRandom(seed, 0, j, "beacon"))];
            }
        }
        for (uint256 i; i < 20; ++i) {
            assertTrue(counts[i] > 90 && counts[i] < 210, "fair");
        }
    }
}
