// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {PoissonLib} from "../../../contracts/src/libraries/PoissonLib.sol";
import {ScoreTest} from "../helpers/ScoreTest.sol";

/// @notice 10,000 epochs: wins follow the shares, and neither splitting, lending nor late keys bring anything.
/// @dev Signatures are unique, so that their hashes are as good as random to everybody: here they are hashes of the
/// epoch and the machine. claim.t.sol claims with real ones.
contract StatisticsTest is ScoreTest {
    uint256 internal constant EPOCHS = 10_000;

    /// @dev In calls of their own: memory is never freed within one.
    function winsOf(uint256 meanWad, string memory name) internal view returns (uint256 wins) {
        for (uint256 from; from < EPOCHS; from += 500) {
            wins += this.winsIn(meanWad, name, from, from + 500);
        }
    }

    function winsIn(uint256 meanWad, string calldata name, uint256 from, uint256 to)
        external
        pure
        returns (uint256 wins)
    {
        for (uint256 e = from; e < to; ++e) {
            wins += PoissonLib.draw(meanWad, keccak256(abi.encode(name, e)));
        }
    }

    /// @dev Poisson with that mean: within 3.9 deviations with a chance of 0.9999.
    function assertShare(uint256 wins, uint256 mean) internal pure {
        uint256 apart = wins > mean ? wins - mean : mean - wins;
        assertLe(apart * apart, 1_521 * mean / 100, "3.9 deviations");
    }

    function test_winsFollowTheShares() public {
        uint256[4] memory nuts = [uint256(50e9), 30e9, 15e9, 5e9];
        for (uint256 i; i < 4; ++i) {
            credit(i + 1, nuts[i]);
        }
        skip(1 days);
        uint256 sum;
        for (uint256 i; i < 4; ++i) {
            uint256 wins = winsOf(rewards.meanWinsOf(i + 1), string.concat("machine", vm.toString(i)));
            assertShare(wins, EPOCHS * 64 * nuts[i] / 100e9);
            sum += wins;
        }
        assertShare(sum, EPOCHS * 64);
    }

    /// @dev One machine of 1.6 mean wins, and fifty of a fiftieth each: the same sum.
    function test_splittingInFiftyBringsNothing() public view {
        assertShare(winsOf(1.6e18, "whole"), 16_000);
        uint256 wins;
        for (uint256 i; i < 50; ++i) {
            wins += this.winsIn(0.032e18, string.concat("part", vm.toString(i)), 0, EPOCHS / 10);
        }
        // A tenth of the epochs, fifty draws in each.
        assertShare(wins, 1_600);
    }

    /// @dev Two machines of one owner that lend each other work, 40 and 10 or all 50 on one: the mean of both together stays.
    function test_lendingScoresBringsNothing() public {
        credit(3, 50e9);
        uint256 snapshot = vm.snapshotState();
        credit(1, 40e9);
        credit(2, 10e9);
        skip(1 days);
        uint256 apart = rewards.meanWinsOf(1) + rewards.meanWinsOf(2);
        vm.revertToState(snapshot);
        credit(1, 50e9);
        skip(1 days);
        uint256 lent = rewards.meanWinsOf(1) + rewards.meanWinsOf(2);
        // Apart by a rounding of the weights: less than a billionth.
        assertLe(lent > apart ? lent - apart : apart - lent, 1e9 * 32, "the same");
        assertShare(winsOf(lent, "lent"), EPOCHS * 32);
    }

    /// @dev Whoever could choose among keys after the beacon would take the best of n. With the wait all n are as good.
    function test_lateKeysBringNothing() public pure {
        uint256 best;
        uint256 fixedKey;
        for (uint256 e; e < 1_000; ++e) {
            uint256 most;
            for (uint256 key; key < 10; ++key) {
                uint256 wins = PoissonLib.draw(1e18, keccak256(abi.encode("key", key, e)));
                if (wins > most) most = wins;
            }
            best += most;
            // Registered two epochs before: chosen by what it would have won then.
            fixedKey += PoissonLib.draw(1e18, keccak256(abi.encode("key", e % 10, e)));
        }
        assertGt(best, 2_500, "what grinding would give: more than twice");
        uint256 apart = fixedKey > 1_000 ? fixedKey - 1_000 : 1_000 - fixedKey;
        assertLe(apart * apart, 15_210, "what it gives");
    }
}
