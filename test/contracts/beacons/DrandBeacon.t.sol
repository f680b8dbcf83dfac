// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DrandBeacon} from "../../../contracts/src/beacons/DrandBeacon.sol";
import {Bn254} from "../../../contracts/src/libraries/Bn254.sol";
import {Prices} from "../gas.t.sol";
import {Test} from "../helpers/Test.sol";

/// @dev Real rounds of drand's evmnet, from test/fixtures/bls-vectors.json.
abstract contract EvmnetTest is Test {
    uint64 internal constant GENESIS = 1_727_521_075;
    string internal json = vm.readFile("test/fixtures/bls-vectors.json");
    uint256[] internal rounds = vm.parseJsonUintArray(json, ".evmnet.rounds");
    DrandBeacon internal beacon =
        DrandBeacon(deployed("DrandBeacon", abi.encode(_key(), bytes32("evmnet"), GENESIS, 3, 2, 100)));

    function _key() internal view returns (Bn254.G2 memory) {
        uint256[] memory words = vm.parseJsonUintArray(json, ".evmnet.key");
        return Bn254.G2(words[0], words[1], words[2], words[3]);
    }

    function _round(uint256 i) internal view returns (uint64) {
        // forge-lint: disable-next-line(unsafe-typecast) rounds of the vectors are small
        return uint64(rounds[i]);
    }

    function _signature(uint256 i) internal view returns (Bn254.G1 memory) {
        uint256[] memory words =
            vm.parseJsonUintArray(json, string.concat(".evmnet.signatures[", vm.toString(i), "]"));
        return Bn254.G1(words[0], words[1]);
    }
}

/// forge-config: default.isolate = true
contract DrandBeaconGasTest is EvmnetTest, Prices {
    function test_gas_showRound() public {
        beacon.showRound(_round(0), _signature(0));
        price("beacons", "showRound");
        beacon.showRound(_round(0), _signature(0));
        price("beacons", "showRoundAgain");
    }
}

contract DrandBeaconTest is EvmnetTest {
    event RoundShown(uint64 indexed round, bytes32 value);

    function deploy(Bn254.G2 memory key, uint64 period, uint64 grid) external returns (DrandBeacon) {
        return new DrandBeacon(key, bytes32("evmnet"), GENESIS, period, 2, grid);
    }

    function test_showRound_realRounds() public {
        for (uint256 i; i < rounds.length; ++i) {
            uint64 round = _round(i);
            Bn254.G1 memory signature = _signature(i);
            assertEq(uint256(beacon.valueOf(round)), 0, "before");
            bytes32 value = beacon.showRound(round, signature);
            assertEq(
                uint256(value), uint256(sha256(abi.encodePacked(signature.x, signature.y))), "randomness"
            );
            assertEq(uint256(beacon.valueOf(round)), uint256(value), "kept");
        }
        // What the network itself says of round 1.
        assertEq(
            uint256(beacon.valueOf(1)),
            0x781b75698adc3af62cfa55db83cf0c73ae54e1ac8c0d4c3a2224126b65369ec5,
            "evmnet's round 1"
        );
        assertEq(
            uint256(beacon.valueOf(9_337_227)),
            0xa1e645cd6193837f626716851f5c42ad4bf63ad75193b2cae40f88c08c8f3bd8,
            "evmnet's round 9,337,227"
        );
    }

    function test_showRound_again() public {
        vm.recordLogs();
        bytes32 first = beacon.showRound(_round(0), _signature(0));
        // Nothing is checked any more, and nothing changes.
        assertEq(uint256(beacon.showRound(_round(0), Bn254.G1(1, 2))), uint256(first), "same");
        assertEq(vm.getRecordedLogs().length, 1, "one event");
    }

    function test_showRound_anotherRound() public {
        vm.expectRevert(abi.encodeWithSelector(DrandBeacon.DrandBeaconBadSignature.selector, _round(0) + 1));
        beacon.showRound(_round(0) + 1, _signature(0));
    }

    function testFuzz_showRound_forged(uint256 x, uint256 y) public {
        Bn254.G1 memory right = _signature(0);
        vm.assume(x != right.x || y != right.y);
        vm.expectRevert(abi.encodeWithSelector(DrandBeacon.DrandBeaconBadSignature.selector, _round(0)));
        beacon.showRound(_round(0), Bn254.G1(x, y));
    }

    function test_roundAfter_followsTheClock() public view {
        assertEq(beacon.roundAfter(GENESIS - 1), 0 + 1 + 2, "before the first");
        assertEq(beacon.roundAfter(GENESIS), 1 + 1 + 2, "round 1");
        assertEq(beacon.roundAfter(GENESIS + 2), 1 + 1 + 2, "still");
        assertEq(beacon.roundAfter(GENESIS + 3 * 512), 513 + 1 + 2, "round 513");
    }

    /// @dev A round was published when its time came: it must lie behind the block that fixes it, and the margin.
    function testFuzz_roundAfter_wasNotThereYet(uint64 timestamp) public view {
        uint256 at = bound(timestamp, GENESIS, type(uint40).max);
        uint256 publishedAt = GENESIS + 3 * (uint256(beacon.roundAfter(at)) - 1);
        assertLt(at + 2 * 3, publishedAt, "later than the margin");
        assertLt(publishedAt, at + 3 * 3 + 1, "and no later than it has to be");
    }

    function testFuzz_drawAfter_isOnTheGrid(uint64 timestamp) public {
        uint256 at = bound(timestamp, GENESIS, type(uint40).max);
        (uint64 round, bytes32 value) = beacon.drawAfter(at);
        uint64 first = beacon.roundAfter(at);
        assertEq(round % 100, 0, "on the grid");
        assertTrue(round >= first && round < first + 100, "the next one");
        assertEq(uint256(value), 0, "not shown");
    }

    function test_drawAfter_givesWhatWasShown() public {
        bytes32 value = beacon.showRound(_round(3), _signature(3));
        // 20,000,000 is on the grid: whatever counts from the five minutes before it is drawn by it.
        (uint64 round, bytes32 found) = beacon.drawAfter(GENESIS + 3 * (uint256(_round(3)) - 100));
        assertEq(round, _round(3), "round");
        assertEq(uint256(found), uint256(value), "value");
    }

    function test_constructor_badKeys() public {
        Bn254.G2 memory key = _key();
        key.yRe += 1;
        vm.expectRevert(DrandBeacon.DrandBeaconBadKey.selector);
        this.deploy(key, 3, 1);
        vm.expectRevert(DrandBeacon.DrandBeaconBadKey.selector);
        this.deploy(Bn254.G2(0, 0, 0, 0), 3, 1);
        Bn254.G2 memory right = _key();
        vm.expectRevert(DrandBeacon.DrandBeaconBadPeriod.selector);
        this.deploy(right, 0, 1);
        vm.expectRevert(DrandBeacon.DrandBeaconBadPeriod.selector);
        this.deploy(right, 3, 0);
    }
}
