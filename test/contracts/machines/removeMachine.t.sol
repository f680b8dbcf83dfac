// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMachines, MachineStatus} from "../helpers/BaseTest.sol";

contract RemoveMachineTest is BaseTest {
    function test_removesAndClosesTheOffer() public {
        vm.expectEmit(address(machines));
        emit IMachines.MachineRemoved(machineId);
        vm.prank(seller);
        machines.removeMachine(machineId);

        assertEq(uint256(machines.machineOf(machineId).status), uint256(MachineStatus.None), "status");
        assertFalse(market.offerOf(offerId).open, "offer");
        assertEq(machines.machineCount(), 1, "ids are not used again");
        assertEq(addMachineAs(seller), 2, "next id");
    }

    function test_allowedWhileAuditing() public {
        completedAfter(10);
        vm.prank(seller);
        machines.removeMachine(machineId);
    }

    function test_revertsIf_renting() public {
        uint256 orderId = place();
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesBusy.selector, machineId, orderId));
        vm.prank(seller);
        machines.removeMachine(machineId);
        start(orderId);
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesBusy.selector, machineId, orderId));
        vm.prank(seller);
        machines.removeMachine(machineId);
    }

    function test_revertsIf_notTheOwnerOrUnknown() public {
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesNotOwner.selector, machineId, stranger));
        machines.removeMachine(machineId);
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesUnknown.selector, 99));
        machines.removeMachine(99);
    }
}
