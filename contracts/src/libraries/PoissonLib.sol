// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

/// @notice A Poisson number from one random word.
/// @dev Sums of independent Poisson numbers are Poisson: a large mean is drawn in parts of at most 4, each by inverting its
/// distribution (Devroye 1986, X.3.3) in 18 decimals. Each part is off the exact distribution by less than 10^-15 in total.
library PoissonLib {
    uint256 internal constant WAD = 1e18;
    uint256 private constant PART_WAD = 4e18;
    uint256 private constant PART_E_WAD = 18_315_638_888_734_180; // exp(-4)
    uint256 private constant MOST = 60; // of one part: beyond it lies less than 10^-45

    /// @param meanWad at most 1,000
    function draw(uint256 meanWad, bytes32 random) internal pure returns (uint256 count) {
        uint256 part;
        while (meanWad >= PART_WAD) {
            count += _invert(PART_WAD, PART_E_WAD, _uniform(random, part++));
            meanWad -= PART_WAD;
        }
        if (meanWad == 0) return count;
        // forge-lint: disable-next-line(unsafe-typecast) below 4e18
        uint256 none = uint256(FixedPointMathLib.expWad(-int256(meanWad)));
        count += _invert(meanWad, none, _uniform(random, part));
    }

    /// @dev none: the chance of zero. Nothing overflows: chances are at most 1e18, the mean 4e18, the count MOST.
    function _invert(uint256 meanWad, uint256 none, uint256 uniformWad) private pure returns (uint256 count) {
        uint256 chance = none;
        uint256 sum = chance;
        unchecked {
            while (uniformWad >= sum && count < MOST) {
                ++count;
                chance = chance * meanWad / (count * WAD);
                sum += chance;
            }
        }
    }

    function _uniform(bytes32 random, uint256 part) private pure returns (uint256) {
        return uint256(EfficientHashLib.hash(uint256(random), part)) % WAD;
    }
}
