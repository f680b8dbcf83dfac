// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IHashrate} from "../../../contracts/src/interfaces/IHashrate.sol";
import {IRuntime} from "../../../contracts/src/interfaces/IRuntime.sol";
import {ScoreParameters} from "../../../contracts/src/interfaces/Types.sol";
import {Hashrate} from "../../../contracts/src/pallets/Hashrate.sol";
import {ScoreTest} from "../helpers/ScoreTest.sol";

/// @notice Hashrate, but that the test credits what it likes.
contract OpenHashrate is Hashrate {
    constructor(IRuntime runtime_, ScoreParameters memory p) Hashrate(runtime_, p) {}

    function credit(uint256 machineId, uint256 decpNut, uint256 tecpNut) external {
        _credit(machineId, decpNut, tecpNut);
    }
}

/// @notice Many credits at any times, then read: against exact values of test/contracts/helpers/effectiveVectors.ts.
/// @dev The bound of docs/hashrate.md 1: with n credits an average is never above the exact one, and below it by less than
/// 0.1 n + 2 nano-ut a day and 2 x 10^-18 of itself; a weight by less than 5.1 n + 2 and 2^-110 of itself.
contract EffectiveTest is ScoreTest {
    OpenHashrate internal open;

    function setUp() public override {
        super.setUp();
        open = new OpenHashrate(runtime, scoreParameters());
    }

    function test_withinTheStatedError() public {
        string memory json = vm.readFile("test/fixtures/effective-vectors.json");
        uint256 start = vm.snapshotState();
        for (uint256 h; h < 6; ++h) {
            string memory path = string.concat(".[", vm.toString(h), "]");
            uint256[] memory credits = vm.parseJsonUintArray(json, string.concat(path, ".credits"));
            uint256[] memory exact = vm.parseJsonUintArray(json, string.concat(path, ".exact"));
            for (uint256 i; i < credits.length; i += 4) {
                vm.warp(credits[i]);
                open.credit(credits[i + 1], credits[i + 2], credits[i + 3]);
            }
            vm.warp(vm.parseJsonUint(json, string.concat(path, ".readAt")));
            for (uint256 m; m < 4; ++m) {
                // After the three machines, all together.
                IHashrate.CreditsView memory c = m < 3 ? open.creditsOf(m) : open.totalCredits();
                (uint256 weight, uint256 total) = open.weightsAtEpoch(m);
                uint256 n = exact[5 * m];
                assertShort(c.effectiveDecpNutPerDay, exact[5 * m + 1], n);
                assertShort(c.effectiveTecpNutPerDay, exact[5 * m + 2], n);
                assertShort(c.effectiveNutPerDay, exact[5 * m + 3], n);
                uint256 exactWeight = exact[5 * m + 4];
                weight = m < 3 ? weight : total;
                assertLe(weight, exactWeight, "weight: never above");
                assertLe(exactWeight - weight, 51 * n / 10 + 2 + (exactWeight >> 110), "weight: short");
            }
            vm.revertToState(start);
        }
    }

    function assertShort(uint256 found, uint256 exact, uint256 n) internal pure {
        assertLe(found, exact, "never above");
        assertLe(exact - found, n / 10 + 3 + exact * 2 / 1e18, "short by no more than it says");
    }
}
