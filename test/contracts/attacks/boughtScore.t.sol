// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IHashrate} from "../../../contracts/src/interfaces/IHashrate.sol";
import {ScoreTest} from "../helpers/ScoreTest.sol";

/// @notice Fault of two peers: a machine's score is what its owner sends, or a table's entry for a name.
/// @dev What a copied or prepared benchmark contains is for auditors: test/verifier/benchmark has those attacks.
contract BoughtScoreTest is ScoreTest {
    function devicesOf(uint256 machine) internal view returns (IHashrate.DeviceView memory) {
        return hashrate.deviceOf(machine);
    }

    /// @dev Last round's answer sent again: the new round has another seed, and auditors find it does not follow from it.
    function test_replayedBenchmark() public {
        measure(machineId, seller, 5_000);
        (,,, bytes32 seed) = hashrate.roundOf(2);
        openRound();
        (,,, bytes32 next) = hashrate.roundOf(3);
        assertTrue(seed != next && next != 0, "another seed");
        skip(AFTER_SECONDS);
        submit(machineId, seller, 5_000);
        judge(machineId, false);
        assertEq(hashrate.freshMflops(machineId), 0, "lost");
    }

    /// @dev Nothing to prepare for: while a round can be asked for, no block that seeds it exists.
    function test_precomputedSeed() public {
        request(machineId, seller);
        skip(2 days);
        hashrate.openRound(0);
        (uint64 seedBlock,,, bytes32 seed) = hashrate.roundOf(1);
        assertGt(seedBlock, height(), "a block to come");
        assertEq(seed, bytes32(0), "unknown");
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateSeedUnknown.selector, 1));
        submit(machineId, seller, 5_000);
        // Nor can products be chosen that hold: which are looked at is drawn after the commitment.
        mine(3);
        submit(machineId, seller, 5_000);
        assertEq(hashrate.sampleSeedOf(machineId), bytes32(0), "unknown when it commits");
        mine(3);
        assertTrue(hashrate.sampleSeedOf(machineId) != 0, "known to auditors");
    }

    /// @dev For one round it borrows what is ten times as fast: the next round, at a time it does not know, undoes it, and a
    /// first round counts half.
    function test_borrowedFasterGpu() public {
        measure(machineId, seller, 1_000);
        openRound();
        skip(AFTER_SECONDS);
        submit(machineId, seller, 10_000);
        judge(machineId, true);
        assertEq(devicesOf(machineId).mflops, 1_000, "the lower of the last two");
        openRound();
        skip(AFTER_SECONDS);
        submit(machineId, seller, 1_000);
        judge(machineId, true);
        assertEq(devicesOf(machineId).mflops, 1_000, "brought nothing");
    }

    /// @dev Two registrations of one GPU: both have the same round, and a GPU that does 8,000 does 4,000 for each.
    function test_sharedGpu() public {
        uint256 second = addMachineAs(seller);
        request(machineId, seller);
        request(second, seller);
        for (uint256 round; round < 2; ++round) {
            openRound();
            skip(AFTER_SECONDS);
            submit(machineId, seller, 4_000);
            submit(second, seller, 4_000);
            judge(machineId, true);
            judge(second, true);
        }
        assertEq(hashrate.freshMflops(machineId) + hashrate.freshMflops(second), 8_000, "what it can do");
        // One after the other, in two rounds: whoever leaves one out has lost that score.
        openRound();
        skip(AFTER_SECONDS);
        submit(machineId, seller, 8_000);
        judge(machineId, true);
        skip(1_800);
        assertEq(hashrate.freshMflops(second), 0, "missed");
        openRound();
        skip(AFTER_SECONDS);
        submit(second, seller, 8_000);
        judge(second, true);
        skip(1_800);
        assertEq(hashrate.freshMflops(machineId) + hashrate.freshMflops(second), 4_000, "less than honest");
    }

    /// @dev It names a class of its own, in which its own accounts hold all seats: they judge nobody's benchmark.
    function test_ownClassWithOwnAuditors() public {
        bytes32 own = keccak256("a class that nobody else is in");
        address[3] memory friends;
        for (uint256 i; i < 3; ++i) {
            friends[i] = makeAddr(string.concat("friend", vm.toString(i)));
            bondAs(friends[i], 20 ether);
            vm.prank(friends[i]);
            staking.takeSeat(own);
        }
        vm.prank(seller);
        uint256 machine = machines.addMachine(bytes32("spec"), "bafyspec", own, "http://127.0.0.1:1");
        request(machine, seller);
        openRound();
        skip(AFTER_SECONDS);
        submit(machine, seller, 1_000_000_000);
        mine(3);
        address[] memory panel = hashrate.benchmarkPanelOf(machine);
        assertEq(panel.length, 3, "canonical auditors");
        for (uint256 i; i < 3; ++i) {
            assertTrue(staking.hasSeat(CLASS, panel[i]), "of the class that anybody checks");
            vm.prank(friends[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IHashrate.HashrateNotOnPanel.selector, machine, friends[i])
            );
            hashrate.judgeBenchmark(machine, true);
        }
        assertEq(hashrate.freshMflops(machine), 0, "no score");
    }
}
