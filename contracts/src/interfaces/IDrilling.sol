// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {TaskStage} from "./Types.sol";

/// @title Drilling: the same task for several machines, drawn by lot, who agree or do not.
interface IDrilling {
    struct Member {
        uint64 machineId;
        address owner; // when it enrolled
        bool dropped;
        bytes32 commitment; // zero: none
        bytes32 result; // zero: not revealed
    }

    struct TaskView {
        bytes32 spec; // sha256 of the submitted task's canonical JSON; zero: a fill-in, made from the seed
        bytes32 seed; // zero: not drawn
        uint256 nut; // credit of each member that agrees
        uint8 round; // draws before this one
        TaskStage stage;
        uint64 deadlineAt; // of Committing and Revealing
        bytes32 result; // that was agreed on
        Member[] members;
    }

    event Enrolled(uint256 indexed machineId, address indexed owner, uint256 tickets, uint256 stakeWei);
    event Left(uint256 indexed machineId);
    event TaskSubmitted(bytes32 indexed spec, address indexed by, string uri, uint256 nut, uint256 feeWei);
    event TaskOpened(uint256 indexed taskId, bytes32 indexed spec, uint256 nut, uint64 seedBlock);
    event MembersDrawn(uint256 indexed taskId, uint8 round, bytes32 seed, uint256[] machineIds);
    event ResultCommitted(uint256 indexed taskId, uint256 indexed machineId);
    event ResultRevealed(uint256 indexed taskId, uint256 indexed machineId, bytes32 result);
    event Dropped(uint256 indexed taskId, uint256 indexed machineId);
    event TaskAgreed(uint256 indexed taskId, bytes32 result, uint256 agreeing);
    event TaskDisagreed(uint256 indexed taskId, uint8 round);
    event TaskAbandoned(uint256 indexed taskId);
    /// @notice lied: said something else than the majority; otherwise it stayed silent.
    event Punished(uint256 indexed taskId, uint256 indexed machineId, bool lied, uint256 burnedWei);

    error DrillingBadParameter(string field);
    error DrillingNotOwner(uint256 machineId, address caller);
    error DrillingEnrolled(uint256 machineId);
    error DrillingNotEnrolled(uint256 machineId);
    error DrillingAtWork(uint256 machineId);
    error DrillingNoTickets(uint256 machineId);
    error DrillingEnough(uint256 openTasks);
    error DrillingTooFewMachines(uint256 machines);
    error DrillingSeedUnknown(uint256 taskId);
    error DrillingWrongStage(uint256 taskId, TaskStage stage);
    error DrillingNotMember(uint256 taskId, uint256 machineId);
    error DrillingCommitted(uint256 taskId, uint256 machineId);
    error DrillingBadReveal(uint256 taskId, uint256 machineId);
    error DrillingNoOrder(uint256 machineId);
    error DrillingBadTask();

    /// @notice Owner of a machine with a fresh device score: one ticket for each ticketMflops of it, at most 16. Reserves
    /// ticketStakeWei of its bond for each.
    function enrol(uint256 machineId) external;
    /// @notice Owner, while the machine is in no open task.
    function withdrawTickets(uint256 machineId) external;
    /// @notice Queues a task. Burns, out of the caller's free balance, what its credits for a full draw cost.
    /// @param spec sha256 of the task's canonical JSON, served at uri
    /// @param nut credit of each machine that agrees
    function submitTask(bytes32 spec, string calldata uri, uint256 nut) external;
    /// @notice Anyone, while there are machines for one more: opens the first submitted task, or a fill-in.
    function openTask() external returns (uint256 taskId);
    /// @notice Anyone, once the beacon is known: draws machines that are enrolled, fresh and free.
    function drawMembers(uint256 taskId) external;
    /// @param commitment keccak256(abi.encode(taskId, round, machineId, result, salt))
    function commitResult(uint256 taskId, uint256 machineId, bytes32 commitment) external;
    /// @notice From when all have committed, or the commit phase is over.
    function revealResult(uint256 taskId, uint256 machineId, bytes32 result, bytes32 salt) external;
    /// @notice Owner, before it committed, with an order on the machine: leaves the task without penalty.
    function drop(uint256 taskId, uint256 machineId) external;
    /// @notice Anyone, once all have revealed or the time is over.
    function closeTask(uint256 taskId) external;

    function taskOf(uint256 taskId) external view returns (TaskView memory);
    function taskCount() external view returns (uint256);
    function openTasks() external view returns (uint256);
    /// @notice What submitting a task of that credit burns: credits for a full draw.
    function feeOf(uint256 nut) external view returns (uint256);
    /// @notice Credit of a fill-in: the least that a submitted task gives; the most is sixteen times that.
    function fillInNut() external view returns (uint256);
    function queued() external view returns (uint256);
    function ticketCount() external view returns (uint256);
    function enrolmentOf(uint256 machineId)
        external
        view
        returns (address owner, uint256 tickets, uint256 stakeWei, uint256 tasks);
}
