// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRewards} from "../../../contracts/src/interfaces/IRewards.sol";
import {Bn254} from "../../../contracts/src/libraries/Bn254.sol";
import {ScoreTest} from "../helpers/ScoreTest.sol";

contract ClaimTest is ScoreTest {
    /// @dev A key that counts, a score, a treasury.
    function ready() internal {
        registerKey(0, machineId, seller);
        fillTreasury(1_000 ether);
        skip(2 days);
        credit(machineId, 1_000_000e9);
        nextEpoch();
    }

    function epoch() internal view returns (uint256) {
        return hashrate.epoch();
    }

    function test_default_paysTheOwnerByTheWin() public {
        ready();
        assertEq(rewards.meanWinsOf(machineId), 64e18, "alone");
        Bn254.G1 memory signature = winningOf(0, machineId);
        uint256 freeBefore = balances.freeOf(seller);
        uint256 treasury = rewards.treasuryWei();
        vm.prank(stranger);
        uint256 wins = rewards.claim(machineId, signature);
        assertGt(wins, 30, "some");
        assertLt(wins, 100, "not all");
        assertEq(balances.freeOf(seller) - freeBefore, wins * 1 ether, "64 ether over 64 wins");
        assertEq(treasury - rewards.treasuryWei(), wins * 1 ether, "out of the treasury");
    }

    function test_error_onceAnEpoch() public {
        ready();
        Bn254.G1 memory signature = winningOf(0, machineId);
        rewards.claim(machineId, signature);
        vm.expectRevert(abi.encodeWithSelector(IRewards.RewardsClaimed.selector, epoch(), machineId));
        rewards.claim(machineId, signature);
    }

    function test_error_otherSignatures() public {
        ready();
        bytes memory refusal =
            abi.encodeWithSelector(IRewards.RewardsBadSignature.selector, epoch(), machineId);
        Bn254.G1 memory other = winningOf(1, machineId);
        vm.expectRevert(refusal);
        rewards.claim(machineId, other);
        other = winningOf(0, machineId + 1);
        vm.expectRevert(refusal);
        rewards.claim(machineId, other);
        Bn254.G1 memory old = winningOf(0, machineId);
        nextEpoch();
        refusal = abi.encodeWithSelector(IRewards.RewardsBadSignature.selector, epoch(), machineId);
        vm.expectRevert(refusal);
        rewards.claim(machineId, old);
    }

    /// @dev Its pay would go to nobody, and be lost to the treasury.
    function test_error_machineThatWasRemoved() public {
        ready();
        Bn254.G1 memory signature = winningOf(0, machineId);
        vm.prank(seller);
        machines.removeMachine(machineId);
        vm.expectRevert(abi.encodeWithSelector(IRewards.RewardsNotOwner.selector, machineId, stranger));
        vm.prank(stranger);
        rewards.claim(machineId, signature);
    }

    function test_keysCountFromTwoEpochsOn() public {
        fillTreasury(1_000 ether);
        credit(machineId, 1_000_000e9);
        registerKey(0, machineId, seller);
        uint64 from = uint64(epoch() + 2);
        nextEpoch();
        Bn254.G1 memory signature = winningOf(0, machineId);
        vm.expectRevert(abi.encodeWithSelector(IRewards.RewardsKeyNotCounting.selector, machineId, from));
        rewards.claim(machineId, signature);
        nextEpoch();
        signature = winningOf(0, machineId);
        assertGt(rewards.claim(machineId, signature), 0, "from now on");
        // A new key waits again.
        registerKey(1, machineId, seller);
        nextEpoch();
        signature = winningOf(1, machineId);
        vm.expectRevert(abi.encodeWithSelector(IRewards.RewardsKeyNotCounting.selector, machineId, from + 2));
        rewards.claim(machineId, signature);
    }

    function test_error_possession() public {
        Bn254.G2 memory key = publicOf(0);
        bytes memory refusal = abi.encodeWithSelector(IRewards.RewardsBadPossession.selector, machineId);
        // Of another machine, of another owner, by another key.
        Bn254.G1[3] memory wrong = [
            possessionOf(0, machineId + 1, seller),
            possessionOf(0, machineId, stranger),
            possessionOf(1, machineId, seller)
        ];
        for (uint256 i; i < 3; ++i) {
            vm.prank(seller);
            vm.expectRevert(refusal);
            rewards.registerKey(machineId, key, wrong[i]);
        }
        // A rogue key: the victim's, shifted by one whose secret is known, has no signature the attacker can make.
        Bn254.G1 memory right = possessionOf(0, machineId, seller);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IRewards.RewardsNotOwner.selector, machineId, stranger));
        rewards.registerKey(machineId, key, right);
        vm.prank(seller);
        vm.expectRevert(refusal);
        rewards.registerKey(machineId, Bn254.G2(0, 0, 0, 0), Bn254.G1(0, 0));
    }

    function test_epochs() public {
        vm.expectRevert(abi.encodeWithSelector(IRewards.RewardsKeyNotCounting.selector, machineId, 0));
        rewards.claim(machineId, Bn254.G1(1, 2));
        registerKey(0, machineId, seller);
        vm.warp((time() / 1 days + 2) * 1 days);
        vm.expectRevert(abi.encodeWithSelector(IRewards.RewardsNotOpened.selector, epoch()));
        rewards.claim(machineId, Bn254.G1(1, 2));
        rewards.openEpoch();
        vm.expectRevert(abi.encodeWithSelector(IRewards.RewardsOpened.selector, epoch()));
        rewards.openEpoch();
        vm.expectRevert(abi.encodeWithSelector(IRewards.RewardsBeaconUnknown.selector, epoch()));
        rewards.claim(machineId, Bn254.G1(1, 2));
        assertEq(rewards.messageOf(machineId).length, 0, "nothing to sign yet");
        mine(3);
        assertGt(rewards.messageOf(machineId).length, 0, "now");
    }

    /// @dev Alone, it does not like what it won, and waits for another beacon: there is none, and that epoch pays nothing.
    function test_missedBeaconPaysNothing() public {
        ready();
        Bn254.G1 memory signature = winningOf(0, machineId);
        mine(rewards.epochOf(epoch()).beaconBlock + 256 - height());
        assertGt(rewards.messageOf(machineId).length, 0, "the last block that reaches it");
        mine(1);
        assertEq(rewards.epochOf(epoch()).beacon, bytes32(0), "gone");
        assertEq(rewards.messageOf(machineId).length, 0, "nothing to sign");
        bytes memory refusal = abi.encodeWithSelector(IRewards.RewardsBeaconMissed.selector, epoch());
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(refusal);
            rewards.claim(machineId, signature);
            vm.expectRevert(refusal);
            rewards.storeBeacon();
            vm.expectRevert(abi.encodeWithSelector(IRewards.RewardsOpened.selector, epoch()));
            rewards.openEpoch();
            mine(256);
        }
        nextEpoch();
        signature = winningOf(0, machineId);
        assertGt(rewards.claim(machineId, signature), 0, "the next one is not held up");
    }

    /// @dev Whoever wants epochs to pay stores their beacons, with or without a machine; then there is time to claim.
    function test_storeBeacon_byAnybody() public {
        ready();
        bytes32 beacon = rewards.epochOf(epoch()).beacon;
        vm.prank(stranger);
        rewards.storeBeacon();
        mine(600);
        rewards.storeBeacon(); // once more changes nothing
        assertEq(rewards.epochOf(epoch()).beacon, beacon, "the first one");
        Bn254.G1 memory signature = winningOf(0, machineId);
        assertGt(rewards.claim(machineId, signature), 0, "later");
    }

    function test_emissionHalves() public view {
        uint256 first = epoch();
        assertEq(rewards.emissionOf(first), 64 ether, "first");
        assertEq(rewards.emissionOf(first + 364), 64 ether, "a year");
        assertEq(rewards.emissionOf(first + 365), 32 ether, "half");
        assertEq(rewards.emissionOf(first + 3_650), 64 ether >> 10, "ten years");
        assertEq(rewards.emissionOf(first + 365 * 300), 0, "gone");
        assertEq(rewards.emissionOf(first - 1), 0, "before");
    }

    /// @dev Small treasury, small scores: less than the emission.
    function test_payIsTheLeastOfThree() public {
        registerKey(0, machineId, seller);
        skip(2 days);
        credit(machineId, 1_000_000e9);
        fillTreasury(12.8 ether);
        nextEpoch();
        assertEq(rewards.epochOf(epoch()).winWei, 0.1 ether, "half the treasury over 64");
        fillTreasury(1_000 ether);
        vm.warp(time() + 7 days * 20);
        nextEpoch();
        // Of 1,000,000 ut a millionth is left, weighing 0.4: 0.04 ut a day at a hundredth of an ether.
        uint256 perDay = hashrate.totalCredits().effectiveNutPerDay;
        uint256 winWei = rewards.epochOf(epoch()).winWei;
        uint256 priceWei = perDay * 0.01 ether / 1e9 / 64;
        assertLe(winWei, priceWei * 101 / 100, "price of all scores");
        assertGe(winWei, priceWei * 99 / 100, "price of all scores");
    }

    function test_noScoresNoPay() public {
        registerKey(0, machineId, seller);
        fillTreasury(100 ether);
        skip(2 days);
        nextEpoch();
        Bn254.G1 memory signature = winningOf(0, machineId);
        assertEq(rewards.claim(machineId, signature), 0, "no wins");
    }

    function test_withholdingGivesOthersNothing() public {
        address other = makeAddr("other");
        uint256 second = addMachineAs(other);
        registerKey(1, second, other);
        ready();
        credit(second, 1_000_000e9);
        nextEpoch();
        uint256 snapshot = vm.snapshotState();
        Bn254.G1 memory mine_ = winningOf(0, machineId);
        Bn254.G1 memory theirs = winningOf(1, second);
        uint256 wins = rewards.claim(machineId, mine_);
        vm.revertToState(snapshot);
        rewards.claim(second, theirs);
        assertEq(
            rewards.claim(machineId, mine_), wins, "whoever claims, or does not, changes nothing for others"
        );
    }
}
