// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDrilling} from "../interfaces/IDrilling.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {ScoreParameters, TaskStage} from "../interfaces/Types.sol";
import {DrawLib} from "../libraries/DrawLib.sol";
import {Tickets} from "./drilling/Tickets.sol";
import {Pallet} from "./Pallet.sol";

/// @title Drilling
/// @dev ROLES: owners enrol machines and answer for them; anyone opens, draws and closes tasks, and submits some for a fee.
/// ASSUMPTIONS: fewer than a third of a draw collude. A task has one right result on every machine.
/// LIVENESS: every stage ends by the clock and a call that anyone may make. A task without enough free machines, or that
/// nobody draws, waits for the next of its beacons, 32 blocks later. Three draws without a majority abandon it.
/// CLOCKS: half open. Committing lasts drillSeconds from the draw, revealing as long again.
/// MAJORITY: two thirds of those drawn who did not drop, and more than half of all drawn, so that nobody makes one by orders
/// that have the others drop. Whoever withholds a result blocks a majority, so silence costs too.
/// DRAWS: a ticket keeps its place, and counts if it was there when the beacon's block came: with the beacon known nobody
/// changes who is drawn, but by leaving himself.
/// MONEY: a liar's ticket stake is burned, also of one who hides his lie, and a tenth of that of who is silent or alone
/// cannot get the data. A submitted task burns what its credits cost.
contract Drilling is Tickets {
    uint256 internal constant MIN_MEMBERS = 3;
    uint256 internal constant MAX_DRAWS = 3;
    uint256 internal constant REDRAW_BLOCKS = 32;
    uint256 internal constant LIAR_BPS = 10_000;
    uint256 internal constant SILENT_BPS = 1_000;
    uint256 internal constant NUT_PER_UT = 1e9;
    uint256 internal constant MAX_NUT = type(uint88).max;
    uint256 internal constant MAX_FILL_INS = 16; // that one submitted task is worth
    uint256 internal constant MAX_TASKS = 2; // of one machine at a time
    bytes32 internal constant TICKET = "trainyard.drill";
    /// @notice What a member says that could not get the task's data: agreed on, it closes the task without credit.
    bytes32 internal constant UNAVAILABLE = "unavailable";

    struct Task {
        bytes32 spec;
        bytes32 seed;
        bytes32 result;
        // slot
        uint88 nut;
        uint40 openedBlock;
        uint40 drawnAt; // zero: no members
        uint8 round;
        uint8 committed;
        uint8 revealed;
        uint8 dropped;
        bool closed;
        Member[] members;
    }

    struct Queued {
        bytes32 spec;
        uint88 nut;
    }

    uint256 internal immutable SIZE;
    uint256 internal immutable DRILL_SECONDS;
    /// @inheritdoc IDrilling
    uint256 public immutable fillInNut;
    uint256 internal immutable SEED_DELAY_BLOCKS;

    /// @inheritdoc IDrilling
    uint256 public taskCount;
    /// @inheritdoc IDrilling
    uint256 public openTasks;
    mapping(uint256 taskId => Task) internal _tasks;
    Queued[] internal _queue;
    uint256 internal _head;

    constructor(IRuntime runtime_, ScoreParameters memory p) Pallet(runtime_) Tickets(p) {
        require(p.drillSize >= MIN_MEMBERS && p.drillSize <= 9, DrillingBadParameter("drillSize"));
        require(p.drillSeconds != 0, DrillingBadParameter("drillSeconds"));
        bool fits = p.fillInNut != 0 && MAX_FILL_INS * p.fillInNut <= MAX_NUT;
        require(fits, DrillingBadParameter("fillInNut"));
        SIZE = p.drillSize;
        DRILL_SECONDS = p.drillSeconds;
        fillInNut = p.fillInNut;
        SEED_DELAY_BLOCKS = RUNTIME.parametersAt(0).beaconDelayBlocks;
    }

    /* TASKS */

    /// @inheritdoc IDrilling
    function submitTask(bytes32 spec, string calldata uri, uint256 nut) external {
        // Check: neither for nothing, nor so large that drawn machines would be late and pay for it.
        require(spec != 0 && nut >= fillInNut && nut <= MAX_FILL_INS * fillInNut, DrillingBadTask());

        // Effect: every credit it can give is paid for, whoever is drawn.
        uint256 feeWei = feeOf(nut);
        // forge-lint: disable-next-line(unsafe-typecast) just compared
        _queue.push(Queued(spec, uint88(nut)));
        emit TaskSubmitted(spec, msg.sender, uri, nut, feeWei);

        // Interaction
        BALANCES.burn(msg.sender, feeWei);
    }

    /// @inheritdoc IDrilling
    function openTask() external returns (uint256 taskId) {
        // Check: machines for one more.
        uint256 tickets = ticketCount;
        require(tickets >= MIN_MEMBERS, DrillingTooFewMachines(tickets));
        require(openTasks <= tickets / SIZE, DrillingEnough(openTasks));

        // Effect
        taskId = ++taskCount;
        ++openTasks;
        Task storage task = _tasks[taskId];
        // forge-lint: disable-next-line(unsafe-typecast) bounded at deployment
        task.nut = uint88(fillInNut);
        if (_head < _queue.length) {
            task.spec = _queue[_head].spec;
            task.nut = _queue[_head].nut;
            delete _queue[_head++];
        }
        task.openedBlock = uint40(block.number);
        emit TaskOpened(taskId, task.spec, task.nut, uint64(block.number + SEED_DELAY_BLOCKS));
    }

    /// @inheritdoc IDrilling
    function drawMembers(uint256 taskId) external {
        // Check: open, and its beacon is known.
        Task storage task = _tasks[taskId];
        _requireStage(taskId, task, TaskStage.Drawing);
        (bytes32 seed, uint256 target) = _seedOf(task);
        require(seed != 0, DrillingSeedUnknown(taskId));

        // Effect
        uint256[] memory machineIds = _draw(taskId, task.round, seed, target);
        uint256 count = machineIds.length;
        require(count >= MIN_MEMBERS, DrillingTooFewMachines(count));
        for (uint256 i; i < count; ++i) {
            Enrolment storage e = _enrolments[machineIds[i]];
            ++e.tasks;
            // forge-lint: disable-next-line(unsafe-typecast) came out of a uint64
            task.members.push(Member(uint64(machineIds[i]), e.owner, false, 0, 0));
        }
        task.seed = seed;
        task.drawnAt = uint40(block.timestamp);
        emit MembersDrawn(taskId, task.round, seed, machineIds);
    }

    /// @inheritdoc IDrilling
    function commitResult(uint256 taskId, uint256 machineId, bytes32 commitment) external {
        // Check
        Task storage task = _tasks[taskId];
        _requireStage(taskId, task, TaskStage.Committing);
        Member storage member = _memberOf(taskId, task, machineId);
        require(member.commitment == 0 && !member.dropped, DrillingCommitted(taskId, machineId));
        require(commitment != 0, DrillingBadReveal(taskId, machineId));

        // Effect
        member.commitment = commitment;
        ++task.committed;
        emit ResultCommitted(taskId, machineId);
    }

    /// @inheritdoc IDrilling
    function revealResult(uint256 taskId, uint256 machineId, bytes32 result, bytes32 salt) external {
        // Check: what it committed to; a copy of somebody else's commitment opens under no other machine's number.
        Task storage task = _tasks[taskId];
        _requireStage(taskId, task, TaskStage.Revealing);
        Member storage member = _memberOf(taskId, task, machineId);
        bytes32 commitment = keccak256(abi.encode(taskId, task.round, machineId, result, salt));
        bool opens = result != 0 && member.result == 0 && member.commitment == commitment;
        require(opens, DrillingBadReveal(taskId, machineId));

        // Effect
        member.result = result;
        ++task.revealed;
        emit ResultRevealed(taskId, machineId, result);
    }

    /// @inheritdoc IDrilling
    function drop(uint256 taskId, uint256 machineId) external {
        // Check: an order came.
        Task storage task = _tasks[taskId];
        _requireStage(taskId, task, TaskStage.Committing);
        Member storage member = _memberOf(taskId, task, machineId);
        require(member.commitment == 0 && !member.dropped, DrillingCommitted(taskId, machineId));
        (,, uint256 orderId,) = MACHINES.factsOf(machineId);
        require(orderId != 0, DrillingNoOrder(machineId));

        // Effect
        member.dropped = true;
        ++task.dropped;
        emit Dropped(taskId, machineId);
    }

    /// @inheritdoc IDrilling
    function closeTask(uint256 taskId) external {
        // Check
        Task storage task = _tasks[taskId];
        _requireStage(taskId, task, TaskStage.Closing);

        // Effect: the machines are free of it first.
        Member[] memory members = task.members;
        for (uint256 i; i < members.length; ++i) {
            --_enrolments[members[i].machineId].tasks;
        }
        bytes32 result = _majority(members, task.dropped);
        if (result == 0) _redraw(taskId, task);
        else _agree(taskId, task, result);

        // Interaction
        for (uint256 i; i < members.length; ++i) {
            _settle(taskId, task.nut, members[i], result);
            _release(members[i].machineId);
        }
        // Kept for whoever wants to look, unless they will be drawn anew.
        if (!task.closed) delete task.members;
    }

    /* VIEWS */

    /// @inheritdoc IDrilling
    function taskOf(uint256 taskId) external view returns (TaskView memory v) {
        Task storage task = _tasks[taskId];
        v.spec = task.spec;
        v.seed = task.seed;
        v.nut = task.nut;
        v.round = task.round;
        v.stage = _stageOf(task);
        v.deadlineAt = uint64(task.drawnAt + DRILL_SECONDS);
        if (v.stage == TaskStage.Revealing) v.deadlineAt = uint64(task.drawnAt + 2 * DRILL_SECONDS);
        v.result = task.result;
        v.members = task.members;
    }

    /// @inheritdoc IDrilling
    function feeOf(uint256 nut) public view returns (uint256) {
        return (nut * SIZE * HASHRATE.creditPriceWei() + NUT_PER_UT - 1) / NUT_PER_UT;
    }

    /// @inheritdoc IDrilling
    function queued() external view returns (uint256) {
        return _queue.length - _head;
    }

    /* INTERNAL */

    function _stageOf(Task storage task) internal view returns (TaskStage) {
        if (task.openedBlock == 0) return TaskStage.None;
        if (task.closed) return task.result == 0 ? TaskStage.Abandoned : TaskStage.Agreed;
        if (task.drawnAt == 0) return TaskStage.Drawing;
        uint256 working = task.members.length - task.dropped;
        bool allIn = task.committed == working;
        if (!allIn && block.timestamp < task.drawnAt + DRILL_SECONDS) return TaskStage.Committing;
        bool allOpen = task.revealed == task.committed;
        if (!allOpen && block.timestamp < task.drawnAt + 2 * DRILL_SECONDS) return TaskStage.Revealing;
        return TaskStage.Closing;
    }

    function _requireStage(uint256 taskId, Task storage task, TaskStage needed) internal view {
        TaskStage stage = _stageOf(task);
        require(stage == needed, DrillingWrongStage(taskId, stage));
    }

    function _memberOf(uint256 taskId, Task storage task, uint256 machineId)
        internal
        view
        returns (Member storage)
    {
        for (uint256 i; i < task.members.length; ++i) {
            Member storage member = task.members[i];
            if (member.machineId != machineId) continue;
            require(member.owner == msg.sender, DrillingNotOwner(machineId, msg.sender));
            return member;
        }
        revert DrillingNotMember(taskId, machineId);
    }

    /// @dev The hash of a block after it was opened. While too few machines are free, or nobody draws, of one 32 blocks later,
    /// and so on: at any time one seed, which the caller does not choose.
    function _seedOf(Task storage task) internal view returns (bytes32 seed, uint256 target) {
        target = uint256(task.openedBlock) + SEED_DELAY_BLOCKS;
        if (target >= block.number) return (0, target);
        target += (block.number - target - 1) / REDRAW_BLOCKS * REDRAW_BLOCKS;
        return (blockhash(target), target);
    }

    /// @dev Tickets in the order in which they are drawn; a machine counts once, if it is free, and with the tickets that its
    /// score has today. So many are looked at that SIZE machines are among them if there are so many.
    function _draw(uint256 taskId, uint256 round, bytes32 seed, uint256 target)
        internal
        view
        returns (uint256[] memory ids)
    {
        uint256 places = _placesAt(target);
        uint256 picks = places < MAX_TICKETS * SIZE ? places : MAX_TICKETS * SIZE;
        DrawLib.Deck memory deck = DrawLib.newDeck(places, picks);
        ids = new uint256[](SIZE);
        uint256 count;
        for (uint256 i; i < picks && count < SIZE; ++i) {
            uint256 random = uint256(keccak256(abi.encode(TICKET, taskId, round, i, seed)));
            Ticket memory ticket = _tickets[DrawLib.pick(deck, random)];
            if (ticket.machineId == 0 || ticket.sinceBlock > target) continue;
            if (_isAmong(ids, count, ticket.machineId)) continue;
            (,, uint256 orderId,) = MACHINES.factsOf(ticket.machineId);
            if (orderId != 0 || !_hasTime(ticket.machineId)) continue;
            bool counts = HASHRATE.freshMflops(ticket.machineId) / TICKET_MFLOPS > ticket.k;
            if (counts) ids[count++] = ticket.machineId;
        }
        assembly ("memory-safe") {
            mstore(ids, count)
        }
    }

    /// @dev No more tasks at a time than tickets: the stake of one answers for each.
    function _hasTime(uint256 machineId) internal view returns (bool) {
        Enrolment storage e = _enrolments[machineId];
        return e.tasks < MAX_TASKS && e.tasks < e.tickets;
    }

    function _isAmong(uint256[] memory ids, uint256 count, uint256 machineId) internal pure returns (bool) {
        for (uint256 i; i < count; ++i) {
            if (ids[i] == machineId) return true;
        }
        return false;
    }

    /// @dev Zero: no two thirds of the members that did not drop, no half of all, or fewer than MIN_MEMBERS left.
    function _majority(Member[] memory members, uint256 dropped) internal pure returns (bytes32) {
        uint256 working = members.length - dropped;
        if (working < MIN_MEMBERS) return 0;
        for (uint256 i; i < members.length; ++i) {
            bytes32 result = members[i].result;
            if (result == 0) continue;
            uint256 votes;
            for (uint256 j; j < members.length; ++j) {
                if (members[j].result == result) ++votes;
            }
            if (3 * votes >= 2 * working && 2 * votes > members.length) return result;
        }
        return 0;
    }

    function _agree(uint256 taskId, Task storage task, bytes32 result) internal {
        task.closed = true;
        task.result = result;
        --openTasks;
        uint256 agreeing;
        for (uint256 i; i < task.members.length; ++i) {
            if (task.members[i].result == result) ++agreeing;
        }
        emit TaskAgreed(taskId, result, agreeing);
    }

    function _redraw(uint256 taskId, Task storage task) internal {
        emit TaskDisagreed(taskId, task.round);
        if (++task.round == MAX_DRAWS) {
            task.closed = true;
            --openTasks;
            emit TaskAbandoned(taskId);
            return;
        }
        task.openedBlock = uint40(block.number);
        task.drawnAt = 0;
        task.seed = 0;
        task.committed = 0;
        task.revealed = 0;
        task.dropped = 0;
    }

    /// @dev Credit for the majority; penalties for liars, where a majority says who they are, and for the silent always. Who
    /// committed and then hides what it said, having seen the others, is a liar: else every liar would hide.
    /// Data that some can get and others cannot make no liars: whoever says so alone is as bad as silent, and whoever did
    /// the work alone is nothing. Else a submitter who serves a part of them could have the others punished.
    function _settle(uint256 taskId, uint256 nut, Member memory member, bytes32 result) internal {
        if (member.dropped) return;
        bool isDone = result != 0 && result != UNAVAILABLE;
        bool hides = isDone && member.result == 0 && member.commitment != 0;
        bool isSilent = member.result == 0 || (isDone && member.result == UNAVAILABLE);
        if (isSilent && !hides) {
            emit Punished(taskId, member.machineId, false, _expel(member.machineId, SILENT_BPS));
        } else if (isDone && member.result != result) {
            emit Punished(taskId, member.machineId, true, _expel(member.machineId, LIAR_BPS));
        } else if (isDone) {
            HASHRATE.creditDrill(member.machineId, nut);
        }
    }
}
