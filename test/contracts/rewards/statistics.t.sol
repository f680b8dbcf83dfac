// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";

import {PoissonLib} from "../../../contracts/src/libraries/PoissonLib.sol";
import {ScoreTest} from "../helpers/ScoreTest.sol";

/// @notice 10,000 epochs: wins follow the shares, and neither splitting, lending nor late keys bring anything.
/// @dev Signatures are unique, so that their hashes are as good as random to everybody: here they are hashes of the
/// epoch and the machine. claim.t.sol claims with real ones.
contract StatisticsTest is ScoreTest {
    uint256 internal constant EPOCHS = 10_000;

    function winsOf(uint256 meanWad, string memory name) internal pure returns (uint256 wins) {
        uint256 machine = uint256(keccak256(bytes(name)));
        for (uint256 e; e < EPOCHS; ++e) {
            wins += PoissonLib.draw(meanWad, EfficientHashLib.hash(machine, e));
        }
    }

    /// @dev Poisson with that mean: within 3.9 deviations with a chance of 0.9999. What was counted is in
    /// snapshots/statistics.json (FOUNDRY_PROFILE=snapshot).
    function assertShare(string memory name, uint256 wins, uint256 mean) internal {
        vm.snapshotValue("statistics", name, wins);
        uint256 apart = wins > mean ? wins - mean : mean - wins;
        assertLe(apart * apart, 1_521 * mean / 100, "3.9 deviations");
    }

    /// @dev Two numbers of the same Poisson mean: their difference has the variance of their sum. 0.9999 again.
    function assertAlike(uint256 a, uint256 b) internal pure {
        uint256 apart = a > b ? a - b : b - a;
        assertLe(apart * apart, 1_521 * (a + b) / 100, "3.9 deviations apart");
    }

    function test_winsFollowTheShares() public {
        uint256[4] memory nuts = [uint256(50e9), 30e9, 15e9, 5e9];
        for (uint256 i; i < 4; ++i) {
            credit(i + 1, nuts[i]);
        }
        skip(1 days);
        uint256 sum;
        for (uint256 i; i < 4; ++i) {
            string memory name = string.concat("share", vm.toString(nuts[i] / 1e9));
            uint256 wins = winsOf(rewards.meanWinsOf(i + 1), name);
            assertShare(name, wins, EPOCHS * 64 * nuts[i] / 100e9);
            sum += wins;
        }
        assertShare("all", sum, EPOCHS * 64);
    }

    /// @dev One machine of 1.6 mean wins, and fifty of a fiftieth each: the same sum.
    function test_splittingInFiftyBringsNothing() public {
        uint256 whole = winsOf(1.6e18, "whole");
        uint256 parts;
        for (uint256 i; i < 50; ++i) {
            parts += winsOf(0.032e18, string.concat("part", vm.toString(i)));
        }
        assertShare("whole", whole, EPOCHS * 16 / 10);
        assertShare("fiftyParts", parts, EPOCHS * 16 / 10);
        assertAlike(whole, parts);
    }

    /// @dev Two machines of one owner that lend each other work: 40 and 10, or all 50 on one. Others have 50.
    function test_lendingScoresBringsNothing() public {
        credit(3, 50e9);
        uint256 snapshot = vm.snapshotState();
        credit(1, 40e9);
        credit(2, 10e9);
        skip(1 days);
        uint256 apart = winsOf(rewards.meanWinsOf(1), "lender") + winsOf(rewards.meanWinsOf(2), "borrower");
        vm.revertToState(snapshot);
        credit(1, 50e9);
        skip(1 days);
        uint256 lent = winsOf(rewards.meanWinsOf(1), "both");
        assertShare("ownWork", apart, EPOCHS * 32);
        assertShare("lentWork", lent, EPOCHS * 32);
        assertAlike(apart, lent);
    }

    /// @dev Whoever could choose among ten keys after the beacon would take the best: of Poisson(1) that is 2.738 on average,
    /// with a deviation of 0.906. With the wait he has the one that he registered before, whichever would have won most then.
    function test_lateKeysBringNothing() public {
        uint256 best;
        uint256 chosen;
        // Of the last three epochs, the key that would have won most: the one of two epochs before was registered then.
        uint256[3] memory favourite;
        for (uint256 e; e < EPOCHS; ++e) {
            uint256 most;
            for (uint256 key; key < 10; ++key) {
                uint256 wins = PoissonLib.draw(1e18, EfficientHashLib.hash(key, e));
                if (wins > most) (most, favourite[e % 3]) = (wins, key);
                if (key == favourite[(e + 1) % 3]) chosen += wins;
            }
            best += most;
        }
        vm.snapshotValue("statistics", "keyChosenAfterwards", best);
        assertGe(best, EPOCHS * 2_703 / 1_000, "what grinding would give: 2.738, 3.9 deviations less");
        assertLe(best, EPOCHS * 2_773 / 1_000, "or more");
        assertShare("keyChosenBefore", chosen, EPOCHS);
    }
}
