// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IBalances} from "../../../contracts/src/interfaces/IBalances.sol";
import {IDrilling} from "../../../contracts/src/interfaces/IDrilling.sol";
import {TaskStage} from "../../../contracts/src/interfaces/Types.sol";
import {ScoreTest} from "../helpers/ScoreTest.sol";

contract DrillTest is ScoreTest {
    uint256[] internal ids;
    address[] internal owners;

    function withCrew(uint256 count) internal {
        (ids, owners) = crew(count);
    }

    function decp(uint256 machine) internal view returns (uint256) {
        return hashrate.creditsOf(machine).decpNut;
    }

    function stage(uint256 taskId) internal view returns (TaskStage) {
        return drilling.taskOf(taskId).stage;
    }

    function is_(uint256 taskId, TaskStage expected) internal view {
        assertEq(uint256(stage(taskId)), uint256(expected), "stage");
    }

    function test_default_equalCreditForAll() public {
        withCrew(6);
        uint256 taskId = drillHonestly();
        is_(taskId, TaskStage.Agreed);
        for (uint256 i; i < 6; ++i) {
            assertEq(decp(ids[i]), 1e9, "each the same");
            (,,, uint256 tasks) = drilling.enrolmentOf(ids[i]);
            assertEq(tasks, 0, "free again");
        }
        assertEq(drilling.openTasks(), 0, "none open");
    }

    function test_stages() public {
        withCrew(6);
        uint256 taskId = drilling.openTask();
        is_(taskId, TaskStage.Drawing);
        vm.expectRevert(abi.encodeWithSelector(IDrilling.DrillingSeedUnknown.selector, taskId));
        drilling.drawMembers(taskId);
        mine(3);
        drilling.drawMembers(taskId);
        is_(taskId, TaskStage.Committing);
        IDrilling.Member[] memory members = drilling.taskOf(taskId).members;
        vm.prank(members[0].owner);
        vm.expectRevert(
            abi.encodeWithSelector(IDrilling.DrillingWrongStage.selector, taskId, TaskStage.Committing)
        );
        drilling.revealResult(taskId, members[0].machineId, "right", SALT);
        for (uint256 i; i < 6; ++i) {
            commitAs(members[i], taskId, "right");
        }
        is_(taskId, TaskStage.Revealing);
        for (uint256 i; i < 5; ++i) {
            revealAs(members[i], taskId, "right");
        }
        is_(taskId, TaskStage.Revealing);
        skip(600);
        is_(taskId, TaskStage.Closing);
        drilling.closeTask(taskId);
        is_(taskId, TaskStage.Agreed);
        vm.expectRevert(
            abi.encodeWithSelector(IDrilling.DrillingWrongStage.selector, taskId, TaskStage.Agreed)
        );
        drilling.closeTask(taskId);
    }

    function test_minorityLosesItsStake() public {
        withCrew(6);
        uint256 taskId = openDrawn();
        bytes32[] memory results = new bytes32[](6);
        for (uint256 i; i < 6; ++i) {
            results[i] = i < 4 ? bytes32("right") : bytes32("wrong");
        }
        IDrilling.Member[] memory members = drilling.taskOf(taskId).members;
        uint256 burnedBefore = balances.burnedWei();
        drillWith(taskId, results);
        assertEq(balances.burnedWei() - burnedBefore, 2 ether, "two tickets");
        for (uint256 i; i < 6; ++i) {
            assertEq(decp(members[i].machineId), i < 4 ? 1e9 : 0, "the majority's");
            (, uint256 tickets,,) = drilling.enrolmentOf(members[i].machineId);
            assertEq(tickets, i < 4 ? 1 : 0, "liars are out");
        }
        assertEq(staking.bondOf(members[5].owner).reservedWei, 0, "nothing stays reserved");
        assertEq(drilling.ticketCount(), 4, "four are left");
    }

    function test_silenceCostsATenth() public {
        withCrew(6);
        uint256 taskId = openDrawn();
        bytes32[] memory results = new bytes32[](6);
        for (uint256 i; i < 5; ++i) {
            results[i] = "right";
        }
        address silent = drilling.taskOf(taskId).members[5].owner;
        drillWith(taskId, results);
        assertEq(staking.bondOf(silent).activeWei, 19.9 ether, "a tenth of a ticket");
        assertEq(
            decp(ids[0]) + decp(ids[1]) + decp(ids[2]) + decp(ids[3]) + decp(ids[4]) + decp(ids[5]),
            5e9,
            "five"
        );
    }

    function test_noMajority_noCreditAndANewDraw() public {
        withCrew(6);
        uint256 taskId = openDrawn();
        bytes32[] memory results = new bytes32[](6);
        for (uint256 i; i < 6; ++i) {
            results[i] = i < 3 ? bytes32("right") : bytes32("wrong");
        }
        for (uint256 round; round < 2; ++round) {
            drillWith(taskId, results);
            is_(taskId, TaskStage.Drawing);
            assertEq(drilling.taskOf(taskId).round, round + 1, "round");
            mine(3);
            drilling.drawMembers(taskId);
        }
        drillWith(taskId, results);
        is_(taskId, TaskStage.Abandoned);
        assertEq(hashrate.totalCredits().decpNut, 0, "nobody");
        assertEq(drilling.ticketCount(), 6, "nobody knows who lied");
        assertEq(drilling.openTasks(), 0, "closed");
    }

    /// @dev Three of five are more than half, and no two thirds.
    function test_moreThanHalfIsNoMajority() public {
        withCrew(5);
        uint256 taskId = openDrawn();
        bytes32[] memory results = new bytes32[](5);
        for (uint256 i; i < 5; ++i) {
            results[i] = i < 3 ? bytes32("right") : bytes32("wrong");
        }
        drillWith(taskId, results);
        is_(taskId, TaskStage.Drawing);
        assertEq(hashrate.totalCredits().decpNut, 0, "no credit");
        assertEq(drilling.ticketCount(), 5, "no penalty");
    }

    function test_unavailable_nobodyIsPaidNorPunished() public {
        withCrew(6);
        uint256 taskId = openDrawn();
        bytes32[] memory results = new bytes32[](6);
        for (uint256 i; i < 6; ++i) {
            results[i] = "unavailable";
        }
        drillWith(taskId, results);
        is_(taskId, TaskStage.Agreed);
        assertEq(hashrate.totalCredits().decpNut, 0, "no work, no credit");
        assertEq(drilling.ticketCount(), 6, "no fault");
    }

    function test_drop_onlyWhenAnOrderCame() public {
        withCrew(6);
        uint256 taskId = openDrawn();
        IDrilling.Member memory member = drilling.taskOf(taskId).members[0];
        vm.prank(member.owner);
        vm.expectRevert(abi.encodeWithSelector(IDrilling.DrillingNoOrder.selector, member.machineId));
        drilling.drop(taskId, member.machineId);
        offerId = offerAs(member.owner, member.machineId);
        place();
        vm.prank(member.owner);
        drilling.drop(taskId, member.machineId);
        bytes32[] memory results = new bytes32[](6);
        for (uint256 i = 1; i < 6; ++i) {
            results[i] = i < 5 ? bytes32("right") : bytes32("wrong");
        }
        drillWith(taskId, results);
        is_(taskId, TaskStage.Agreed);
        (, uint256 tickets,,) = drilling.enrolmentOf(member.machineId);
        assertEq(tickets, 1, "not punished");
        assertEq(decp(member.machineId), 0, "nor paid");
    }

    function test_busyAndStaleMachinesAreNotDrawn() public {
        withCrew(7);
        offerId = offerAs(owners[2], ids[2]);
        place();
        uint256 taskId = openDrawn();
        IDrilling.Member[] memory members = drilling.taskOf(taskId).members;
        assertEq(members.length, 6, "all others");
        for (uint256 i; i < members.length; ++i) {
            assertTrue(members[i].machineId != ids[2], "busy");
        }
        skip(8 days);
        uint256 next = drilling.openTask();
        mine(3);
        vm.expectRevert(abi.encodeWithSelector(IDrilling.DrillingTooFewMachines.selector, 0));
        drilling.drawMembers(next);
    }

    function test_submittedTasksComeFirstAndCostWhatTheyCredit() public {
        withCrew(6);
        vm.prank(buyer);
        balances.deposit(10 ether);
        uint256 burnedBefore = balances.burnedWei();
        vm.prank(buyer);
        drilling.submitTask("spec", "bafytask", 5e9);
        // Six credits of 5 ut at a hundredth of an ether.
        assertEq(balances.burnedWei() - burnedBefore, 0.3 ether, "fee");
        assertEq(drilling.queued(), 1, "waits");
        uint256 taskId = drilling.openTask();
        assertEq(drilling.taskOf(taskId).spec, bytes32("spec"), "first");
        assertEq(drilling.taskOf(taskId).nut, 5e9, "its credit");
        vm.expectRevert(
            abi.encodeWithSelector(IBalances.BalancesInsufficientFree.selector, stranger, 0, 0.3 ether)
        );
        vm.prank(stranger);
        drilling.submitTask("spec", "bafytask", 5e9);
    }

    function test_ticketsFollowTheScore() public {
        bondAs(seller, 100 ether);
        measure(machineId, seller, 3_500);
        vm.prank(seller);
        drilling.enrol(machineId);
        (, uint256 tickets, uint256 stakeWei,) = drilling.enrolmentOf(machineId);
        assertEq(tickets, 3, "one a thousand MFLOPS");
        assertEq(stakeWei, 3 ether, "stake");
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(IDrilling.DrillingEnrolled.selector, machineId));
        drilling.enrol(machineId);
        vm.prank(seller);
        drilling.withdrawTickets(machineId);
        assertEq(staking.bondOf(seller).reservedWei, 0, "free");
        assertEq(drilling.ticketCount(), 0, "none");
    }

    /// @dev It borrowed a fast GPU for the score with which it enrolled: its tickets are those of today's score.
    function test_ticketsAreWorthTodaysScore() public {
        bondAs(seller, 100 ether);
        measure(machineId, seller, 16_000);
        vm.prank(seller);
        drilling.enrol(machineId);
        withCrew(3);
        request(machineId, seller);
        for (uint256 round; round < 2; ++round) {
            openRound();
            skip(AFTER_SECONDS);
            submit(machineId, seller, 999);
            judge(machineId, true);
            for (uint256 i; i < 3; ++i) {
                submit(ids[i], owners[i], 1_000);
                judge(ids[i], true);
            }
        }
        IDrilling.Member[] memory members = drilling.taskOf(openDrawn()).members;
        assertEq(members.length, 3, "the others");
        for (uint256 i; i < 3; ++i) {
            assertTrue(members[i].machineId != machineId, "worth no ticket any more");
        }
    }

    /// @dev Machines with many tickets each do not crowd others out: as many as a draw has are found at once.
    function test_drawFindsAllMachines() public {
        (ids, owners) = crewAs(6, 16_000);
        assertEq(drilling.ticketCount(), 96, "sixteen each");
        assertEq(drilling.taskOf(openDrawn()).members.length, 6, "all six");
    }

    /// @dev With too few free machines the task waits 32 blocks for its next beacon, not longer, whoever calls meanwhile.
    function test_tooFewFreeMachines_nextBeaconSoon() public {
        withCrew(3);
        offerId = offerAs(owners[2], ids[2]);
        uint256 orderId = place();
        uint256 taskId = drilling.openTask();
        mine(3);
        uint256 first = height() - 1;
        vm.expectRevert(abi.encodeWithSelector(IDrilling.DrillingTooFewMachines.selector, 2));
        drilling.drawMembers(taskId);
        mine(32);
        vm.prank(buyer);
        market.cancelOrder(orderId);
        drilling.drawMembers(taskId);
        assertEq(drilling.taskOf(taskId).members.length, 3, "as soon as they are free");
        assertEq(drilling.taskOf(taskId).seed, blockhash(first + 32), "the next beacon");
    }

    /// @dev A task for nothing would keep machines busy for nothing; one that takes longer than there is time would have
    /// all who are drawn punished for silence, at the price of its credits: nearly nothing.
    function test_error_submitTask_worthTooLittleOrTooMuch() public {
        assertEq(drilling.fillInNut(), 1e9, "fill-in");
        vm.expectRevert(IDrilling.DrillingBadTask.selector);
        drilling.submitTask("spec", "bafytask", 1e9 - 1);
        vm.expectRevert(IDrilling.DrillingBadTask.selector);
        drilling.submitTask("spec", "bafytask", 16e9 + 1);
        vm.startPrank(buyer);
        balances.deposit(10 ether);
        uint256 burnedBefore = balances.burnedWei();
        drilling.submitTask("spec", "bafytask", 16e9);
        assertEq(balances.burnedWei() - burnedBefore, drilling.feeOf(16e9), "what was quoted");
        vm.stopPrank();
    }

    /// @dev A submitter who serves the data to some machines only gets nobody's stake burned as a liar's.
    function test_unavailableToSome() public {
        withCrew(6);
        for (uint256 without = 1; without < 6; ++without) {
            uint256 snapshot = vm.snapshotState();
            uint256 taskId = openDrawn();
            bytes32[] memory results = new bytes32[](6);
            for (uint256 i; i < 6; ++i) {
                results[i] = i < without ? bytes32("unavailable") : bytes32("right");
            }
            uint256 burnedBefore = balances.burnedWei();
            drillWith(taskId, results);
            // Two thirds did it: the others are as bad as silent. Two thirds could not, or neither: nobody is at fault.
            uint256 silent = without <= 2 ? without : 0;
            assertEq(balances.burnedWei() - burnedBefore, silent * 0.1 ether, "tenths");
            assertEq(drilling.ticketCount(), 6 - silent, "the others stay");
            vm.revertToState(snapshot);
        }
    }

    /// @dev Whoever opens task after task loads no machine with more than two: late results cost their makers.
    function test_machinesHaveTwoTasksAtMost() public {
        (ids, owners) = crewAs(3, 16_000);
        openDrawn();
        openDrawn();
        uint256 third = drilling.openTask();
        mine(3);
        vm.expectRevert(abi.encodeWithSelector(IDrilling.DrillingTooFewMachines.selector, 0));
        drilling.drawMembers(third);
    }

    function test_error_enrol() public {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IDrilling.DrillingNotOwner.selector, machineId, stranger));
        drilling.enrol(machineId);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(IDrilling.DrillingNoTickets.selector, machineId));
        drilling.enrol(machineId);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(IDrilling.DrillingNotEnrolled.selector, machineId));
        drilling.withdrawTickets(machineId);
        vm.expectRevert(abi.encodeWithSelector(IDrilling.DrillingTooFewMachines.selector, 0));
        drilling.openTask();
    }

    function test_error_atWorkNobodyLeaves() public {
        withCrew(6);
        uint256 taskId = openDrawn();
        IDrilling.Member memory member = drilling.taskOf(taskId).members[0];
        vm.prank(member.owner);
        vm.expectRevert(abi.encodeWithSelector(IDrilling.DrillingAtWork.selector, member.machineId));
        drilling.withdrawTickets(member.machineId);
    }

    function test_openTask_onlyWhatMachinesCanDo() public {
        withCrew(6);
        drilling.openTask();
        drilling.openTask();
        vm.expectRevert(abi.encodeWithSelector(IDrilling.DrillingEnough.selector, 2));
        drilling.openTask();
    }

    /// forge-config: default.fuzz.runs = 64
    /// @dev Whatever is said: at most one result has two thirds, and only those who said it are credited.
    function testFuzz_creditOnlyForTwoThirds(uint8[6] memory said) public {
        withCrew(6);
        uint256 taskId = openDrawn();
        IDrilling.Member[] memory members = drilling.taskOf(taskId).members;
        bytes32[] memory results = new bytes32[](6);
        uint256[4] memory votes;
        for (uint256 i; i < 6; ++i) {
            uint256 kind = said[i] % 4;
            results[i] = kind == 0 ? bytes32(0) : bytes32(kind);
            ++votes[kind];
        }
        drillWith(taskId, results);
        for (uint256 i; i < 6; ++i) {
            bool wins = results[i] != 0 && votes[uint256(results[i])] >= 4;
            assertEq(decp(members[i].machineId), wins ? 1e9 : 0, "two thirds");
        }
    }
}
