// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDrilling} from "../../../contracts/src/interfaces/IDrilling.sol";
import {TaskStage} from "../../../contracts/src/interfaces/Types.sol";
import {IHashrate} from "../../../contracts/src/interfaces/IHashrate.sol";
import {Bn254} from "../../../contracts/src/libraries/Bn254.sol";
import {ScoreTest} from "../helpers/ScoreTest.sol";

/// @notice Machines that measure, drill, lie, stay silent, leave and claim, in any order and at any time.
/// @dev No action reverts: refused calls are caught. An arithmetic panic is written to violation.
contract ScoreWorld is ScoreTest {
    bytes4 internal constant PANIC = 0x4e487b71;
    uint256 internal constant MACHINES = 7;

    string public violation;
    uint256[] public ids;
    address[] public owners;
    uint256 public filledWei;
    uint256 public paidWei;
    uint256 public agreed;
    uint256 public disagreed;
    uint256 public punished;
    uint256 public claims;
    uint256 public refused;
    uint256 public rounds;
    uint256 public changed;
    mapping(uint256 machineId => bool) internal _isOtherSince; // than what its last report was of
    mapping(uint256 taskId => mapping(uint256 machineId => bytes32)) internal _said;

    function setUp() public override {
        super.setUp();
        (ids, owners) = crew(MACHINES);
        for (uint256 i; i < 3; ++i) {
            registerKey(i, ids[i], owners[i]);
        }
        fillTreasury(500 ether);
        filledWei = 500 ether;
    }

    /* ACTIONS */

    function wait(uint32 seconds_, uint8 blocks) external {
        skip(bound(seconds_, 1, 1 days));
        mine(bound(blocks, 1, 20));
    }

    function waitShort(uint8 seconds_) external {
        skip(seconds_);
        mine(3);
    }

    function measure(uint8 who, uint16 mflops, bool valid) external {
        uint256 i = who % MACHINES;
        if (hashrate.firstRoundOf(ids[i]) == 0) {
            _try(owners[i], address(hashrate), abi.encodeCall(hashrate.requestBenchmark, (ids[i])));
        }
        _try(address(this), address(hashrate), abi.encodeCall(hashrate.openRound, (height() - 1)));
        mine(3);
        skip(60);
        IHashrate.BenchmarkReport memory report = reportOf(bound(mflops, 300, 9_000));
        if (_try(owners[i], address(hashrate), abi.encodeCall(hashrate.submitBenchmark, (ids[i], report)))) {
            _isOtherSince[ids[i]] = false;
        }
        mine(3);
        address[] memory panel = hashrate.benchmarkPanelOf(ids[i]);
        for (uint256 p; p < panel.length; ++p) {
            bytes memory vote = abi.encodeCall(hashrate.judgeBenchmark, (ids[i], valid || p == 0));
            if (_try(panel[p], address(hashrate), vote)) ++rounds;
        }
    }

    /// @dev To other hardware, and back at once or not.
    function changeSpecs(uint8 who, bool back) external {
        uint256 i = who % MACHINES;
        bytes32 specHash = machines.machineOf(ids[i]).specHash;
        bytes32 other = keccak256(abi.encode(specHash));
        bytes memory change = abi.encodeCall(machines.updateMachine, (ids[i], other, "bafyother", CLASS));
        if (!_try(owners[i], address(machines), change)) return;
        ++changed;
        _isOtherSince[ids[i]] = true;
        change = abi.encodeCall(machines.updateMachine, (ids[i], specHash, "bafyspec", CLASS));
        if (back) _try(owners[i], address(machines), change);
    }

    function enrolOne(uint8 who) external {
        uint256 i = who % MACHINES;
        _try(owners[i], address(drilling), abi.encodeCall(drilling.enrol, (ids[i])));
    }

    function leaveOne(uint8 who) external {
        uint256 i = who % MACHINES;
        _try(owners[i], address(drilling), abi.encodeCall(drilling.withdrawTickets, (ids[i])));
    }

    function begin(bool submitted) external {
        if (submitted) {
            bytes memory call_ = abi.encodeCall(drilling.submitTask, ("spec", "bafytask", 1e9));
            _try(makeAddr("sponsor"), address(drilling), call_);
        }
        if (_try(address(this), address(drilling), abi.encodeCall(drilling.openTask, ()))) mine(3);
        uint256 taskId = drilling.taskCount();
        if (taskId != 0) {
            _try(address(this), address(drilling), abi.encodeCall(drilling.drawMembers, (taskId)));
        }
    }

    /// @dev kinds: for each member two bits, honest, lying, silent, honest.
    function play(uint8 back, uint16 kinds) external {
        uint256 count = drilling.taskCount();
        if (count == 0) return;
        uint256 taskId = count - back % (count < 3 ? count : 3);
        IDrilling.Member[] memory members = drilling.taskOf(taskId).members;
        for (uint256 m; m < members.length; ++m) {
            uint256 kind = (kinds >> (2 * m)) & 3;
            if (kind == 2) continue;
            bytes32 result = kind == 1 ? bytes32("wrong") : bytes32("right");
            bytes32 commitment = drillCommitment(taskId, members[m].machineId, result);
            bytes memory call_ =
                abi.encodeCall(drilling.commitResult, (taskId, members[m].machineId, commitment));
            if (_try(members[m].owner, address(drilling), call_)) {
                _said[taskId][members[m].machineId] = result;
            }
        }
        if (drilling.taskOf(taskId).stage == TaskStage.Committing) skip(300);
        for (uint256 m; m < members.length; ++m) {
            bytes32 result = _said[taskId][members[m].machineId];
            bytes memory call_ =
                abi.encodeCall(drilling.revealResult, (taskId, members[m].machineId, result, SALT));
            _try(members[m].owner, address(drilling), call_);
        }
        close(taskId);
    }

    function close(uint256 taskId) public {
        uint256 before = drilling.ticketCount();
        if (!_try(address(this), address(drilling), abi.encodeCall(drilling.closeTask, (taskId)))) return;
        if (drilling.taskOf(taskId).stage == TaskStage.Agreed) ++agreed;
        else ++disagreed;
        if (drilling.ticketCount() < before) ++punished;
    }

    function claim(uint8 who) external {
        _try(address(this), address(rewards), abi.encodeCall(rewards.openEpoch, ()));
        mine(3);
        uint256 i = who % 3;
        bytes memory message = rewards.messageOf(ids[i]);
        if (message.length == 0) return;
        Bn254.G1 memory signature = signWith(i, CLAIM_TAG, message);
        uint256 before = balances.freeOf(owners[i]);
        if (_try(address(this), address(rewards), abi.encodeCall(rewards.claim, (ids[i], signature)))) {
            ++claims;
            paidWei += balances.freeOf(owners[i]) - before;
        }
    }

    function fill(uint64 amountWei) external {
        fillTreasury(amountWei);
        filledWei += amountWei;
    }

    /* INTERNAL */

    function _try(address from, address to, bytes memory data) internal returns (bool ok) {
        bytes memory answer;
        vm.prank(from);
        (ok, answer) = to.call(data);
        if (ok) return true;
        ++refused;
        if (bytes4(answer) == PANIC) violation = "a call failed by an arithmetic panic";
    }

    /* VIEWS FOR THE RULES */

    function machineCount() external pure returns (uint256) {
        return MACHINES;
    }

    function lastTask() external view returns (uint256) {
        return drilling.taskCount();
    }

    function ticketsOf(uint256 i) external view returns (uint256 tickets) {
        (, tickets,,) = drilling.enrolmentOf(ids[i]);
    }

    /// @notice First rule that is broken; empty: none.
    function broken() external view returns (string memory) {
        if (bytes(violation).length != 0) return violation;
        if (!_creditsAddUp()) return "S1: parts and whole of the credits differ";
        if (!_ticketsAddUp()) {
            return "S2: tickets are not those of the enrolled, or their stake is not reserved";
        }
        if (!_tasksAddUp()) return "S3: open tasks and their members are miscounted";
        if (!_moneyAddsUp()) return "S4: money came from nowhere, or went";
        if (!_sharesAddUp()) return "S5: more than all wins are somebody's";
        if (!_scoresAreOfTheHardware()) return "S7: a score counts of other hardware";
        return "";
    }

    function _creditsAddUp() internal view returns (bool) {
        uint256 decp;
        uint256 perDay;
        for (uint256 i; i < MACHINES; ++i) {
            IHashrate.CreditsView memory c = hashrate.creditsOf(ids[i]);
            decp += c.decpNut;
            perDay += c.effectiveDecpNutPerDay;
        }
        IHashrate.CreditsView memory all = hashrate.totalCredits();
        uint256 apart = perDay > all.effectiveDecpNutPerDay
            ? perDay - all.effectiveDecpNutPerDay
            : all.effectiveDecpNutPerDay - perDay;
        // One nano-ut for each credit on either side, and one for each machine that is read.
        return decp == all.decpNut && apart <= 2 * (decp / 1e9) + MACHINES + 1;
    }

    function _ticketsAddUp() internal view returns (bool) {
        uint256 tickets;
        for (uint256 i; i < MACHINES; ++i) {
            (, uint256 own, uint256 stakeWei,) = drilling.enrolmentOf(ids[i]);
            tickets += own;
            if (staking.bondOf(owners[i]).reservedWei != stakeWei) return false;
        }
        return tickets == drilling.ticketCount();
    }

    function _tasksAddUp() internal view returns (bool) {
        uint256[MACHINES] memory tasks;
        uint256 open;
        for (uint256 taskId = 1; taskId <= drilling.taskCount(); ++taskId) {
            IDrilling.TaskView memory task = drilling.taskOf(taskId);
            if (task.stage == TaskStage.Agreed || task.stage == TaskStage.Abandoned) continue;
            ++open;
            for (uint256 m; m < task.members.length; ++m) {
                ++tasks[task.members[m].machineId - ids[0]];
            }
        }
        for (uint256 i; i < MACHINES; ++i) {
            (,,, uint256 counted) = drilling.enrolmentOf(ids[i]);
            if (counted != tasks[i]) return false;
        }
        return open == drilling.openTasks();
    }

    function _moneyAddsUp() internal view returns (bool) {
        bool whole = balances.totalWei() + balances.burnedWei() == token.balanceOf(address(balances));
        return whole && rewards.treasuryWei() + paidWei == filledWei;
    }

    function _scoresAreOfTheHardware() internal view returns (bool) {
        for (uint256 i; i < MACHINES; ++i) {
            if (_isOtherSince[ids[i]] && hashrate.freshMflops(ids[i]) != 0) return false;
        }
        return true;
    }

    function _sharesAddUp() internal view returns (bool) {
        uint256 means;
        for (uint256 i; i < MACHINES; ++i) {
            means += rewards.meanWinsOf(ids[i]);
        }
        // Each machine's weight and the whole's are rounded on their own: a millionth at these credits.
        return means <= 64e18 + 64e12;
    }
}
