// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDrilling} from "../../../contracts/src/interfaces/IDrilling.sol";
import {TaskStage} from "../../../contracts/src/interfaces/Types.sol";
import {ScoreTest} from "../helpers/ScoreTest.sol";

/// @notice Fault of the original rule ("all lose when one differs"): one liar takes everybody's credit. Here he loses.
contract DrillCollusionTest is ScoreTest {
    uint256[] internal ids;
    address[] internal owners;

    function decp(uint256 machine) internal view returns (uint256) {
        return hashrate.creditsOf(machine).decpNut;
    }

    function said(uint256 liars) internal pure returns (bytes32[] memory results) {
        results = new bytes32[](6);
        for (uint256 i; i < 6; ++i) {
            results[i] = i < liars ? bytes32("wrong") : bytes32("right");
        }
    }

    /// @dev docs/hashrate.md 5 has this table: liars of six, credits under the old rule and under this one.
    function test_liarsUnderBothRules() public {
        (ids,) = crew(6);
        uint256 start = vm.snapshotState();
        uint256[7] memory honest = [uint256(6), 5, 4, 0, 0, 0, 0];
        uint256[7] memory lying = [uint256(0), 0, 0, 0, 4, 5, 6];
        for (uint256 liars; liars <= 6; ++liars) {
            uint256 taskId = openDrawn();
            IDrilling.Member[] memory members = drilling.taskOf(taskId).members;
            drillWith(taskId, said(liars));
            uint256 credited;
            uint256 stolen;
            for (uint256 i; i < 6; ++i) {
                if (i < liars) stolen += decp(members[i].machineId);
                else credited += decp(members[i].machineId);
            }
            assertEq(credited, honest[liars] * 1e9, "honest");
            assertEq(stolen, lying[liars] * 1e9, "liars");
            vm.revertToState(start);
        }
    }

    /// @dev Waits for another's commitment and sends the same: it opens under no other machine's number.
    function test_copiedCommitment() public {
        crew(6);
        uint256 taskId = openDrawn();
        IDrilling.Member[] memory members = drilling.taskOf(taskId).members;
        bytes32 copied = drillCommitment(taskId, members[0].machineId, "right");
        for (uint256 i; i < 5; ++i) {
            commitAs(members[i], taskId, "right");
        }
        vm.prank(members[5].owner);
        drilling.commitResult(taskId, members[5].machineId, copied);
        revealAs(members[0], taskId, "right");
        // Now it knows the result and the salt.
        vm.prank(members[5].owner);
        vm.expectRevert(
            abi.encodeWithSelector(IDrilling.DrillingBadReveal.selector, taskId, members[5].machineId)
        );
        drilling.revealResult(taskId, members[5].machineId, "right", SALT);
        for (uint256 i = 1; i < 5; ++i) {
            revealAs(members[i], taskId, "right");
        }
        skip(600);
        drilling.closeTask(taskId);
        assertEq(decp(members[5].machineId), 0, "no credit");
        assertEq(staking.bondOf(members[5].owner).activeWei, 19 ether, "and as bad as a lie");
    }

    /// @dev Waits for another's result, then commits: nobody opens before all have committed or may commit no more.
    function test_copiedResult() public {
        crew(6);
        uint256 taskId = openDrawn();
        IDrilling.Member[] memory members = drilling.taskOf(taskId).members;
        for (uint256 i; i < 5; ++i) {
            commitAs(members[i], taskId, "right");
        }
        bytes memory refusal =
            abi.encodeWithSelector(IDrilling.DrillingWrongStage.selector, taskId, TaskStage.Committing);
        vm.prank(members[0].owner);
        vm.expectRevert(refusal);
        drilling.revealResult(taskId, members[0].machineId, "right", SALT);
        skip(300);
        revealAs(members[0], taskId, "right");
        bytes32 late = drillCommitment(taskId, members[5].machineId, "right");
        vm.prank(members[5].owner);
        vm.expectRevert(
            abi.encodeWithSelector(IDrilling.DrillingWrongStage.selector, taskId, TaskStage.Revealing)
        );
        drilling.commitResult(taskId, members[5].machineId, late);
    }

    /// @dev Just under a third, silent or lying: nothing is held up, and each act costs them.
    function test_underAThirdHoldsNothingUp() public {
        crew(9);
        for (uint256 kind; kind < 2; ++kind) {
            uint256 taskId = openDrawn();
            bytes32[] memory results = said(0);
            results[0] = kind == 0 ? bytes32(0) : bytes32("wrong");
            drillWith(taskId, results);
            assertEq(uint256(drilling.taskOf(taskId).stage), uint256(TaskStage.Agreed), "agreed");
        }
        assertEq(hashrate.totalCredits().decpNut, 10e9, "five honest ones, twice");
        assertEq(drilling.ticketCount(), 7, "both are out");
        assertEq(balances.burnedWei(), 1.1 ether, "a tenth and a whole ticket");
    }

    /// @dev A third that withholds: no majority, a new draw, and a tenth of each ticket.
    function test_withheldReveals() public {
        crew(9);
        uint256 taskId = openDrawn();
        bytes32[] memory results = said(0);
        (results[0], results[1], results[2]) = (0, 0, 0);
        drillWith(taskId, results);
        assertEq(uint256(drilling.taskOf(taskId).stage), uint256(TaskStage.Drawing), "anew");
        assertEq(balances.burnedWei(), 0.3 ether, "three tenths");
        mine(3);
        drilling.drawMembers(taskId);
        drillWith(taskId, said(0));
        assertEq(hashrate.totalCredits().decpNut, 6e9, "without them it works");
    }

    /// @dev It lies, sees that the others agree, and keeps quiet: that costs what the lie costs.
    function test_lieThatIsHidden() public {
        crew(6);
        uint256 taskId = openDrawn();
        IDrilling.Member[] memory members = drilling.taskOf(taskId).members;
        for (uint256 i; i < 6; ++i) {
            commitAs(members[i], taskId, i == 0 ? bytes32("wrong") : bytes32("right"));
        }
        for (uint256 i = 1; i < 6; ++i) {
            revealAs(members[i], taskId, "right");
        }
        skip(600);
        drilling.closeTask(taskId);
        assertEq(staking.bondOf(members[0].owner).activeWei, 19 ether, "a whole ticket");
        assertEq(hashrate.totalCredits().decpNut, 5e9, "the others lose nothing");
    }

    /// @dev Silent in one task, and out; then it lies in the other, in which it still is: its stake is there for that.
    function test_expelledAndLyingElsewhere() public {
        crewAs(3, 3_000);
        uint256 first = openDrawn();
        uint256 second = openDrawn();
        bytes32[] memory results = new bytes32[](3);
        (results[1], results[2]) = ("right", "right");
        address liar = drilling.taskOf(first).members[0].owner;
        // It commits to the lie before it is punished for its silence.
        IDrilling.Member[] memory members = drilling.taskOf(second).members;
        for (uint256 i; i < 3; ++i) {
            commitAs(members[i], second, members[i].owner == liar ? bytes32("wrong") : bytes32("right"));
        }
        for (uint256 i; i < 3; ++i) {
            revealAs(members[i], second, members[i].owner == liar ? bytes32("wrong") : bytes32("right"));
        }
        drillWith(first, results);
        assertEq(staking.bondOf(liar).activeWei, 19.9 ether, "silent");
        assertEq(staking.bondOf(liar).reservedWei, 2.9 ether, "held while the other is open");
        drilling.closeTask(second);
        assertEq(staking.bondOf(liar).activeWei, 18.9 ether, "and a liar");
        assertEq(staking.bondOf(liar).reservedWei, 0, "then free");
        assertEq(hashrate.totalCredits().decpNut, 4e9, "two honest ones, twice");
    }

    /// @dev With one ticket it has one task at a time: no second lie is without a stake.
    function test_oneTicketOneTask() public {
        crew(6);
        openDrawn();
        uint256 second = drilling.openTask();
        mine(3);
        vm.expectRevert(abi.encodeWithSelector(IDrilling.DrillingTooFewMachines.selector, 0));
        drilling.drawMembers(second);
    }

    /// @dev Two of six order three of the others away: what is left agrees by two thirds, but it is no half of the draw.
    function test_ordersThatHaveTheHonestDrop() public {
        crew(6);
        uint256 taskId = openDrawn();
        IDrilling.Member[] memory members = drilling.taskOf(taskId).members;
        for (uint256 i = 2; i < 5; ++i) {
            offerId = offerAs(members[i].owner, members[i].machineId);
            place();
            vm.prank(members[i].owner);
            drilling.drop(taskId, members[i].machineId);
        }
        bytes32[] memory results = new bytes32[](6);
        (results[0], results[1], results[5]) = ("wrong", "wrong", "right");
        uint256 burnedBefore = balances.burnedWei();
        drillWith(taskId, results);
        assertEq(uint256(drilling.taskOf(taskId).stage), uint256(TaskStage.Drawing), "drawn anew");
        assertEq(hashrate.totalCredits().decpNut, 0, "no credit for the lie");
        assertEq(balances.burnedWei(), burnedBefore, "and nobody who was honest pays");
    }

    /// @dev With the beacon known it tries who would be drawn if it enrolled, left, or did both: nothing brings its machines in.
    function test_ticketsMovedAfterTheBeacon() public {
        (ids, owners) = measured(10, 1_000);
        for (uint256 i; i < 9; ++i) {
            enrol(i);
        }
        uint256 taskId = drilling.openTask();
        mine(3);
        uint256 known = vm.snapshotState();
        uint256[] memory honest = drawn(taskId);
        vm.revertToState(known);
        enrol(9);
        assertEq(
            keccak256(abi.encode(drawn(taskId))),
            keccak256(abi.encode(honest)),
            "too late to be drawn, or to move others"
        );
        for (uint256 i; i < 9; ++i) {
            vm.revertToState(known);
            vm.prank(owners[i]);
            drilling.withdrawTickets(ids[i]);
            enrol(9); // into the place that is free now
            enrol(i); // into a new one
            uint256[] memory members = drawn(taskId);
            uint256 same;
            for (uint256 m; m < 6; ++m) {
                assertTrue(members[m] != ids[i] && members[m] != ids[9], "who left or came is not drawn");
                if (isAmong(honest, members[m])) ++same;
            }
            assertEq(same, isAmong(honest, ids[i]) ? 5 : 6, "all others are");
        }
    }

    function enrol(uint256 i) internal {
        vm.prank(owners[i]);
        drilling.enrol(ids[i]);
    }

    function drawn(uint256 taskId) internal returns (uint256[] memory machineIds) {
        drilling.drawMembers(taskId);
        IDrilling.Member[] memory members = drilling.taskOf(taskId).members;
        machineIds = new uint256[](members.length);
        for (uint256 i; i < members.length; ++i) {
            machineIds[i] = members[i].machineId;
        }
    }

    function isAmong(uint256[] memory list, uint256 machine) internal pure returns (bool) {
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == machine) return true;
        }
        return false;
    }
}
