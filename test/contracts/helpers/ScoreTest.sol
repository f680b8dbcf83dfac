// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDrilling} from "../../../contracts/src/interfaces/IDrilling.sol";
import {TaskStage} from "../../../contracts/src/interfaces/Types.sol";
import {IHashrate} from "../../../contracts/src/interfaces/IHashrate.sol";
import {IRewards} from "../../../contracts/src/interfaces/IRewards.sol";
import {Bn254} from "../../../contracts/src/libraries/Bn254.sol";
import {HashToG1} from "../../../contracts/src/libraries/HashToG1.sol";
import {BaseTest} from "./BaseTest.sol";

/// @notice Machines that are measured, drill and claim, in one-line helpers.
abstract contract ScoreTest is BaseTest {
    uint32 internal constant SIZE = 256; // 33,554,432 operations a product
    uint256 internal constant AFTER_SECONDS = 300; // from a round's opening to the benchmark's end
    bytes internal constant POSSESSION_TAG = "TRAINYARD_POP_BN254G1_XMD:KECCAK-256_SVDW_RO_";
    bytes internal constant CLAIM_TAG = "TRAINYARD_WIN_BN254G1_XMD:KECCAK-256_SVDW_RO_";

    string internal vectors = vm.readFile("test/fixtures/bls-vectors.json");

    /* BENCHMARKS */

    /// @notice The next round, as soon as it may be opened without luck; its seed is known afterwards.
    function openRound() internal returns (uint32 round) {
        skip(2 days);
        hashrate.openRound(0);
        mine(3);
        return hashrate.currentRound();
    }

    function reportOf(uint256 mflops) internal pure returns (IHashrate.BenchmarkReport memory r) {
        r.size = SIZE;
        // forge-lint: disable-next-line(unsafe-typecast) of a test
        r.products = uint32((mflops * 1e6 * AFTER_SECONDS) / (2 * uint256(SIZE) ** 3) + 1);
        r.root = keccak256("states");
        r.memoryMiB = 64;
        r.clockMHz = 2_000;
        r.driver = "none";
        r.evidenceUri = "http://127.0.0.1:1/benchmark";
    }

    function request(uint256 machine, address owner) internal {
        vm.prank(owner);
        hashrate.requestBenchmark(machine);
    }

    function submit(uint256 machine, address owner, uint256 mflops) internal {
        IHashrate.BenchmarkReport memory report = reportOf(mflops);
        vm.prank(owner);
        hashrate.submitBenchmark(machine, report);
    }

    function judge(uint256 machine, bool valid) internal {
        mine(3);
        address[] memory panel = hashrate.benchmarkPanelOf(machine);
        for (uint256 i; i < panel.length; ++i) {
            (bool ok,) = _judgeAs(panel[i], machine, valid);
            if (!ok) return;
        }
    }

    function _judgeAs(address auditor, uint256 machine, bool valid) private returns (bool, bytes memory) {
        vm.prank(auditor);
        return address(hashrate).call(abi.encodeCall(hashrate.judgeBenchmark, (machine, valid)));
    }

    /// @notice Two rounds in which all these machines measure the same: they have it as their score then.
    function measureAll(uint256[] memory ids, address[] memory owners, uint256 mflops) internal {
        for (uint256 i; i < ids.length; ++i) {
            request(ids[i], owners[i]);
        }
        for (uint256 round; round < 2; ++round) {
            openRound();
            skip(AFTER_SECONDS);
            for (uint256 i; i < ids.length; ++i) {
                submit(ids[i], owners[i], mflops);
            }
            for (uint256 i; i < ids.length; ++i) {
                judge(ids[i], true);
            }
        }
    }

    function measure(uint256 machine, address owner, uint256 mflops) internal {
        uint256[] memory ids = new uint256[](1);
        address[] memory owners = new address[](1);
        (ids[0], owners[0]) = (machine, owner);
        measureAll(ids, owners, mflops);
    }

    /* DRILLS */

    /// @notice So many measured machines, each of its own owner with bond for tickets.
    function measured(uint256 count, uint256 mflops)
        internal
        returns (uint256[] memory ids, address[] memory owners)
    {
        ids = new uint256[](count);
        owners = new address[](count);
        for (uint256 i; i < count; ++i) {
            owners[i] = makeAddr(string.concat("driller", vm.toString(i)));
            bondAs(owners[i], 20 ether);
            ids[i] = addMachineAs(owners[i]);
        }
        measureAll(ids, owners, mflops);
    }

    /// @notice The same, enrolled: with a ticket for each 1,000 MFLOPS.
    function crewAs(uint256 count, uint256 mflops)
        internal
        returns (uint256[] memory ids, address[] memory owners)
    {
        (ids, owners) = measured(count, mflops);
        for (uint256 i; i < count; ++i) {
            vm.prank(owners[i]);
            drilling.enrol(ids[i]);
        }
    }

    /// @notice With one ticket each.
    function crew(uint256 count) internal returns (uint256[] memory, address[] memory) {
        return crewAs(count, 1_000);
    }

    function openDrawn() internal returns (uint256 taskId) {
        taskId = drilling.openTask();
        mine(3);
        drilling.drawMembers(taskId);
    }

    function commitAs(IDrilling.Member memory member, uint256 taskId, bytes32 result) internal {
        bytes32 commitment = drillCommitment(taskId, member.machineId, result);
        vm.prank(member.owner);
        drilling.commitResult(taskId, member.machineId, commitment);
    }

    function drillCommitment(uint256 taskId, uint256 machine, bytes32 result)
        internal
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(taskId, uint256(drilling.taskOf(taskId).round), machine, result, SALT));
    }

    function revealAs(IDrilling.Member memory member, uint256 taskId, bytes32 result) internal {
        vm.prank(member.owner);
        drilling.revealResult(taskId, member.machineId, result, SALT);
    }

    /// @notice Member i says results[i]; zero: it stays silent.
    function drillWith(uint256 taskId, bytes32[] memory results) internal {
        IDrilling.Member[] memory members = drilling.taskOf(taskId).members;
        for (uint256 i; i < members.length; ++i) {
            if (results[i] != 0) commitAs(members[i], taskId, results[i]);
        }
        if (drilling.taskOf(taskId).stage == TaskStage.Committing) skip(300);
        for (uint256 i; i < members.length; ++i) {
            if (results[i] != 0) revealAs(members[i], taskId, results[i]);
        }
        drilling.closeTask(taskId);
    }

    /// @notice A fill-in on which everybody agrees.
    function drillHonestly() internal returns (uint256 taskId) {
        taskId = openDrawn();
        bytes32[] memory results = new bytes32[](9);
        for (uint256 i; i < 9; ++i) {
            results[i] = "right";
        }
        drillWith(taskId, results);
    }

    /// @notice Credit as a drill gives it, without the drill.
    function credit(uint256 machine, uint256 nut) internal {
        vm.prank(address(drilling));
        hashrate.creditDrill(machine, nut);
    }

    /* REWARDS */

    /// @dev Of test/contracts/helpers/blsVectors.ts, 0 to 5.
    function secretOf(uint256 index) internal pure returns (uint256) {
        return uint256(keccak256(bytes(string.concat("key ", vm.toString(index))))) >> 3;
    }

    function publicOf(uint256 index) internal view returns (Bn254.G2 memory) {
        uint256[] memory words =
            vm.parseJsonUintArray(vectors, string.concat(".made[", vm.toString(index), "].key"));
        return Bn254.G2(words[0], words[1], words[2], words[3]);
    }

    function signWith(uint256 index, bytes memory tag, bytes memory message)
        internal
        view
        returns (Bn254.G1 memory)
    {
        return Bn254.mul(HashToG1.hash(tag, message), secretOf(index));
    }

    function possessionOf(uint256 index, uint256 machine, address owner)
        internal
        view
        returns (Bn254.G1 memory)
    {
        bytes memory message = abi.encode(block.chainid, address(rewards), machine, owner, publicOf(index));
        return signWith(index, POSSESSION_TAG, message);
    }

    function registerKey(uint256 index, uint256 machine, address owner) internal {
        Bn254.G1 memory possession = possessionOf(index, machine, owner);
        Bn254.G2 memory key = publicOf(index);
        vm.prank(owner);
        rewards.registerKey(machine, key, possession);
    }

    function nextEpoch() internal {
        vm.warp((time() / 1 days + 1) * 1 days);
        rewards.openEpoch();
        mine(3);
    }

    function winningOf(uint256 index, uint256 machine) internal view returns (Bn254.G1 memory) {
        return signWith(index, CLAIM_TAG, rewards.messageOf(machine));
    }

    function fillTreasury(uint256 amountWei) internal {
        address sponsor = makeAddr("sponsor");
        fund(sponsor, amountWei);
        vm.startPrank(sponsor);
        balances.deposit(amountWei);
        balances.transfer(address(rewards), amountWei);
        vm.stopPrank();
    }
}
