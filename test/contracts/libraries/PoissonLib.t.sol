// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {PoissonLib} from "../../../contracts/src/libraries/PoissonLib.sol";
import {Test} from "../helpers/Test.sol";

contract PoissonLibTest is Test {
    function test_draw_nothing() public pure {
        for (uint256 i; i < 100; ++i) {
            assertEq(PoissonLib.draw(0, bytes32(i)), 0, "no mean, no wins");
        }
    }

    /// @dev 20,000 draws of mean 1.5: each count's share within four standard deviations of e^-1.5 1.5^k / k!.
    function test_draw_isPoisson() public pure {
        uint256[6] memory counts;
        for (uint256 i; i < 20_000; ++i) {
            uint256 wins = PoissonLib.draw(1.5e18, keccak256(abi.encode("poisson", i)));
            ++counts[wins < 5 ? wins : 5];
        }
        // Exact shares of 20,000, and four deviations.
        uint256[6] memory expected = [uint256(4_463), 6_694, 5_020, 2_510, 941, 372];
        uint256[6] memory slack = [uint256(236), 267, 243, 188, 121, 78];
        for (uint256 k; k < 6; ++k) {
            assertGe(counts[k] + slack[k], expected[k], "too few");
            assertLe(counts[k], expected[k] + slack[k], "too many");
        }
    }

    /// @dev Mean and variance of mean 61.3, drawn in sixteen parts: both equal the mean.
    function test_draw_largeMeans() public pure {
        uint256 sum;
        uint256 squares;
        uint256 runs = 4_000;
        for (uint256 i; i < runs; ++i) {
            uint256 wins = PoissonLib.draw(61.3e18, keccak256(abi.encode("large", i)));
            sum += wins;
            squares += wins * wins;
        }
        // Mean 61.3 +- 4 x 0.124; variance 61.3 +- 4 x 1.38.
        assertGe(sum * 1_000 / runs, 60_804, "mean");
        assertLe(sum * 1_000 / runs, 61_796, "mean");
        uint256 variance = (squares * runs - sum * sum) * 100 / (runs * runs);
        assertGe(variance, 5_578, "variance");
        assertLe(variance, 6_682, "variance");
    }
}
