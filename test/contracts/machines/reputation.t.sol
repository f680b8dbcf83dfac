// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMachines, IPallet} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";

/// @notice heartbeat, record and what a page reads of both.
contract ReputationTest is BaseTest {
    function test_heartbeat() public {
        vm.expectEmit(address(machines));
        emit IMachines.Heartbeat(machineId);
        vm.prank(seller);
        machines.heartbeat(machineId);
        assertEq(recordOf(machineId).lastHeartbeatAt, time(), "time");
    }

    function test_heartbeat_revertsIf_callerIsNotTheOwner() public {
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesNotOwner.selector, machineId, stranger));
        vm.prank(stranger);
        machines.heartbeat(machineId);
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesUnknown.selector, 99));
        machines.heartbeat(99);
    }

    /// @dev Started 5 s after it was placed, 100 s long, 40 s proved and agreed: 60 s more than agreed.
    function test_completed_countsDelaysAndTheFeeBurned() public {
        uint256 orderId = place();
        skip(5);
        start(orderId);
        commitWindows(orderId, WINDOWS);
        skip(100);
        complete(orderId);
        auditAll(orderId, 1);
        settle(orderId);

        (IMachines.Reputation memory machine, IMachines.Reputation memory owner) =
            machines.reputationOf(machineId);
        assertEq(keccak256(abi.encode(machine)), keccak256(abi.encode(owner)), "one machine, one seller");
        assertEq(machine.completed, 1, "completed");
        assertEq(machine.lateStartSeconds, 5, "late");
        assertEq(machine.overrunSeconds, 60, "overrun");
        assertEq(machine.feeBurnedWei, 0.008 ether, "2 % of 0.4");
        assertEq(machine.feeBurnedWei, balances.burnedWei(), "and really burned");
        assertEq(machine.sampleSize, 1, "sample");
        assertEq(machine.fulfilmentBps, 10_000, "rate");
    }

    function test_everyEndOfTheSellersCounts() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, WINDOWS);
        skip(40);
        complete(orderId);
        auditAll(orderId, 1);
        settle(orderId);
        orderId = place();
        skip(60);
        market.expireOrder(orderId);
        orderId = placeAndStart();
        vm.prank(seller);
        market.orderFailed(orderId, CloseReasons.SELLER_GAVE_UP);
        uint256 before = recordOf(machineId).overrunSeconds;
        orderId = placeAndStart();
        skip(700);
        market.expireOrder(orderId);

        IMachines.Reputation memory r = recordOf(machineId);
        assertEq(r.completed, 1, "completed");
        assertEq(r.failed, 1, "failed");
        assertEq(r.expired, 2, "expired");
        assertEq(r.disputed, 0, "disputed");
        assertEq(r.sampleSize, 4, "sample");
        assertEq(r.fulfilmentBps, 2_500, "one of four");
        assertEq(r.lateStartSeconds, 60, "the one that never started");
        assertEq(r.overrunSeconds - before, 600, "the paid time, not the wait for expireOrder");
        assertEq(machines.sellerReputationOf(seller).sampleSize, 4, "seller");
    }

    /// @dev What the buyer or the network caused counts for nobody.
    function test_othersFaultsDoNotCount() public {
        uint256 orderId = place();
        vm.prank(buyer);
        market.cancelOrder(orderId);
        orderId = place();
        vm.prank(seller);
        market.orderFailed(orderId, CloseReasons.JOB_INVALID);
        orderId = completedAfter(100);
        skip(120);
        settle(orderId);

        IMachines.Reputation memory r = recordOf(machineId);
        assertEq(r.sampleSize + r.lateStartSeconds + r.overrunSeconds, 0, "nothing");
        assertEq(r.fulfilmentBps, 0, "no sample, no rate");
    }

    /// @dev A seller does not shake off its record by registering the machine anew.
    function test_sellersRecordOutlivesTheMachine() public {
        uint256 orderId = place();
        skip(60);
        market.expireOrder(orderId);
        vm.prank(seller);
        machines.removeMachine(machineId);
        (IMachines.Reputation memory machine, IMachines.Reputation memory owner) =
            machines.reputationOf(addMachineAs(seller));
        assertEq(machine.sampleSize, 0, "machine");
        assertEq(owner.expired, 1, "seller");
    }

    function test_record_countsForTheSellerIfTheMachineIsGone() public {
        vm.prank(address(market));
        machines.record(99, seller, CloseReasons.FRAUD_PROVED, 1, 2, 3);
        assertEq(machines.sellerReputationOf(seller).failed, 1, "seller");
        assertEq(recordOf(99).feeBurnedWei, 0, "machine");
    }

    function test_record_isMarketsOnly() public {
        vm.expectRevert(abi.encodeWithSelector(IPallet.PalletUnauthorized.selector, seller));
        vm.prank(seller);
        machines.record(machineId, seller, CloseReasons.WORK_COMPLETED, 0, 0, 1 ether);
    }

    /// @dev Nothing may block a settlement: sums stop at the largest number.
    function testFuzz_record_neverReverts(uint32[2] memory late, uint32[2] memory over, uint96[2] memory fee)
        public
    {
        vm.startPrank(address(market));
        for (uint256 i; i < 2; ++i) {
            machines.record(machineId, seller, CloseReasons.WORK_COMPLETED, late[i], over[i], fee[i]);
        }
        IMachines.Reputation memory r = recordOf(machineId);
        assertEq(r.lateStartSeconds, capped(uint256(late[0]) + late[1], type(uint32).max), "late");
        assertEq(r.overrunSeconds, capped(uint256(over[0]) + over[1], type(uint32).max), "overrun");
        assertEq(r.feeBurnedWei, capped(uint256(fee[0]) + fee[1], type(uint96).max), "fee");
    }

    function recordOf(uint256 machine) internal view returns (IMachines.Reputation memory r) {
        (r,) = machines.reputationOf(machine);
    }

    function capped(uint256 x, uint256 max) internal pure returns (uint256) {
        return x < max ? x : max;
    }
}
