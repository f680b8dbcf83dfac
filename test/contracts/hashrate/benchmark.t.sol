// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IHashrate} from "../../../contracts/src/interfaces/IHashrate.sol";
import {ScoreTest} from "../helpers/ScoreTest.sol";

contract BenchmarkTest is ScoreTest {
    function device() internal view returns (IHashrate.DeviceView memory) {
        return hashrate.deviceOf(machineId);
    }

    function test_default_halfAtFirstThenAll() public {
        request(machineId, seller);
        openRound();
        skip(AFTER_SECONDS);
        submit(machineId, seller, 5_000);
        assertEq(device().mflops, 0, "not before auditors looked");
        judge(machineId, true);
        assertEq(device().mflops, 2_500, "half");
        assertTrue(device().fresh, "fresh");

        openRound();
        skip(AFTER_SECONDS);
        submit(machineId, seller, 6_000);
        assertEq(hashrate.freshMflops(machineId), 2_500, "the old one until the new one is audited");
        judge(machineId, true);
        assertEq(device().mflops, 5_000, "the lower of both");
    }

    /// @dev Time comes from the chain: whoever takes twice as long is half as fast.
    function test_timeIsTheChains() public {
        request(machineId, seller);
        openRound();
        skip(AFTER_SECONDS * 3 / 2);
        submit(machineId, seller, 6_000);
        judge(machineId, true);
        assertEq(device().lastMflops, 4_000, "per second since the round was opened");
    }

    function test_openRound_drawnByABlock() public {
        openRound();
        uint256 opened = time();
        skip(43_199);
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateTooEarly.selector, opened + 43_200));
        hashrate.openRound(height() - 1);
        skip(1);
        uint256 lucky = height() - 1;
        vm.setBlockhash(lucky, bytes32(uint256(4_001)));
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateNotLucky.selector, lucky));
        hashrate.openRound(lucky);
        // Hashes that are multiples of roundOdds open.
        mine(10);
        lucky = height() - 1;
        vm.setBlockhash(lucky, bytes32(uint256(4_000)));
        hashrate.openRound(lucky);
        assertEq(hashrate.currentRound(), 2, "opened");
    }

    function test_openRound_neitherOldNorFutureBlocks() public {
        openRound();
        skip(50_000);
        mine(100);
        uint256 old = height() - 65;
        vm.setBlockhash(old, bytes32(uint256(4_000)));
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateNotLucky.selector, old));
        hashrate.openRound(old);
        uint256 now_ = height();
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateNotLucky.selector, now_));
        hashrate.openRound(now_);
    }

    function test_error_whoAndWhen() public {
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateNotOwner.selector, machineId, stranger));
        request(machineId, stranger);
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateNotRequested.selector, machineId, 0));
        submit(machineId, seller, 1);
        openRound();
        // Asked after it opened: from the next round on.
        request(machineId, seller);
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateNotRequested.selector, machineId, 1));
        submit(machineId, seller, 1);
        openRound();
        skip(600);
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateRoundClosed.selector, 2));
        submit(machineId, seller, 1);
    }

    function test_error_twiceInOneRound() public {
        request(machineId, seller);
        openRound();
        submit(machineId, seller, 1_000);
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateSubmitted.selector, machineId, 1));
        submit(machineId, seller, 2_000);
        judge(machineId, true);
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateSubmitted.selector, machineId, 1));
        submit(machineId, seller, 2_000);
    }

    function test_error_badReports() public {
        request(machineId, seller);
        openRound();
        skip(AFTER_SECONDS);
        IHashrate.BenchmarkReport memory r = reportOf(1_000);
        r.size = 15;
        refuse(r, "size");
        r = reportOf(1_000);
        r.products = 0;
        refuse(r, "products");
        r = reportOf(1_000);
        r.root = 0;
        refuse(r, "root");
        r.root = "root";
        r.precisions = new IHashrate.PrecisionClaim[](5);
        refuse(r, "precisions");
        r.precisions = new IHashrate.PrecisionClaim[](0);
        // Less than one MFLOPS is no score: it could not be told from none.
        r.products = 1;
        r.size = 16;
        refuse(r, "products");
        (r.size, r.products) = (65_536, type(uint32).max);
        refuse(r, "products");
    }

    function refuse(IHashrate.BenchmarkReport memory r, string memory field) internal {
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateBadReport.selector, field));
        hashrate.submitBenchmark(machineId, r);
    }

    function test_judge_onlyThePanelAndOnce() public {
        request(machineId, seller);
        openRound();
        submit(machineId, seller, 1_000);
        mine(3);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateNotOnPanel.selector, machineId, stranger));
        hashrate.judgeBenchmark(machineId, true);
        address[] memory panel = hashrate.benchmarkPanelOf(machineId);
        assertEq(panel.length, 3, "three");
        vm.prank(panel[0]);
        hashrate.judgeBenchmark(machineId, true);
        vm.prank(panel[0]);
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateNotOnPanel.selector, machineId, panel[0]));
        hashrate.judgeBenchmark(machineId, true);
        assertFalse(device().fresh, "one of three is not enough");
        vm.prank(panel[1]);
        hashrate.judgeBenchmark(machineId, true);
        assertTrue(device().fresh, "two are");
    }

    function test_judge_rejectedLosesEverything() public {
        measure(machineId, seller, 1_000);
        openRound();
        submit(machineId, seller, 9_000);
        judge(machineId, false);
        assertEq(device().mflops, 0, "also what it had");
        assertFalse(hashrate.firstRoundOf(machineId) != 0, "has to ask again");
    }

    /// @dev The last of the panel votes after it was decided: without a refusal it would undo that the owner asked anew.
    function test_judge_noVoteAfterTheRejection() public {
        request(machineId, seller);
        openRound();
        submit(machineId, seller, 9_000);
        mine(3);
        address[] memory panel = hashrate.benchmarkPanelOf(machineId);
        for (uint256 i; i < 2; ++i) {
            vm.prank(panel[i]);
            hashrate.judgeBenchmark(machineId, false);
        }
        request(machineId, seller);
        vm.prank(panel[2]);
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateNothingPending.selector, machineId));
        hashrate.judgeBenchmark(machineId, false);
        assertEq(hashrate.firstRoundOf(machineId), 2, "asked for the next round");
    }

    /// @dev The block of the report, which has clocks and driver, and the memory that was seen, stay with the score.
    function test_whatIsKeptWithTheScore() public {
        request(machineId, seller);
        openRound();
        skip(AFTER_SECONDS);
        uint256 at = time();
        uint256 number = height();
        submit(machineId, seller, 5_000);
        assertEq(device().memoryMiB, 0, "not before auditors looked");
        judge(machineId, true);
        assertEq(device().measuredAt, at, "date");
        assertEq(device().measuredBlock, number, "block");
        assertEq(device().memoryMiB, 64, "memory");
    }

    function test_fresh_untilTheNextRoundIsAudited() public {
        measure(machineId, seller, 1_000);
        openRound();
        skip(1_799);
        assertTrue(device().fresh, "auditors have two more windows");
        skip(1);
        assertFalse(device().fresh, "it missed the round");
    }

    function test_fresh_staleAfterAWeek() public {
        measure(machineId, seller, 1_000);
        uint256 measuredAt = device().measuredAt;
        vm.warp(measuredAt + 7 days - 1);
        assertTrue(device().fresh, "a week less a second");
        vm.warp(measuredAt + 7 days);
        assertFalse(device().fresh, "a week");
    }

    function test_fresh_otherHardwareHasNoScore() public {
        measure(machineId, seller, 1_000);
        vm.prank(seller);
        machines.updateMachine(machineId, bytes32("other"), "bafyother", CLASS);
        assertEq(hashrate.freshMflops(machineId), 0, "changed");
        openRound();
        skip(AFTER_SECONDS);
        submit(machineId, seller, 8_000);
        judge(machineId, true);
        assertEq(device().mflops, 4_000, "begins anew, by half");
    }

    /// @dev Changed and changed back, before or after the report: what was measured was another registration's.
    function test_fresh_changedBackIsNotTheSame() public {
        measure(machineId, seller, 1_000);
        changeAndChangeBack();
        assertEq(hashrate.freshMflops(machineId), 0, "not revived");
        openRound();
        skip(AFTER_SECONDS);
        submit(machineId, seller, 8_000);
        changeAndChangeBack();
        judge(machineId, true);
        assertEq(hashrate.freshMflops(machineId), 0, "changed while auditors looked");
    }

    function changeAndChangeBack() internal {
        bytes32 specHash = machines.machineOf(machineId).specHash;
        vm.startPrank(seller);
        machines.updateMachine(machineId, bytes32("other"), "bafyother", CLASS);
        machines.updateMachine(machineId, specHash, "bafyspec", CLASS);
        vm.stopPrank();
    }

    /// @dev The same facts registered again, under another class too, are the same hardware.
    function test_fresh_sameFactsAgain() public {
        measure(machineId, seller, 1_000);
        bytes32 specHash = machines.machineOf(machineId).specHash;
        vm.prank(seller);
        machines.updateMachine(machineId, specHash, "bafyspec", keccak256("other class"));
        assertEq(hashrate.freshMflops(machineId), 1_000, "stays");
        vm.prank(seller);
        machines.removeMachine(machineId);
        assertEq(hashrate.freshMflops(machineId), 0, "a machine that is gone has none");
    }

    function test_excuse_whileItWorks() public {
        measure(machineId, seller, 1_000);
        openRound();
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateNotRenting.selector, machineId));
        hashrate.excuse(machineId);
        vm.prank(seller);
        offerId = market.makeOffer(machineId, PRICE_PER_HOUR, 60, 3_600, uint64(time() + 1 days));
        place();
        hashrate.excuse(machineId);
        skip(1_800);
        assertTrue(device().fresh, "excused");
        vm.warp(device().measuredAt + 7 days);
        assertFalse(device().fresh, "the week goes on");
    }
}
