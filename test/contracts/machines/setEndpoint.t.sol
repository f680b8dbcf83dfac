// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMachines} from "../helpers/BaseTest.sol";

contract SetEndpointTest is BaseTest {
    function test_changesTheEndpointAlsoWhileRenting() public {
        placeAndStart();
        vm.expectEmit(address(machines));
        emit IMachines.EndpointSet(machineId, "https://b.example");
        vm.prank(seller);
        machines.setEndpoint(machineId, "https://b.example");
        assertEq(
            keccak256(bytes(machines.machineOf(machineId).endpoint)),
            keccak256("https://b.example"),
            "endpoint"
        );
    }

    function test_revertsIf_endpointIsEmptyOrLong() public {
        vm.startPrank(seller);
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesBadEndpoint.selector));
        machines.setEndpoint(machineId, "");
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesBadEndpoint.selector));
        machines.setEndpoint(machineId, string(new bytes(201)));
    }

    function test_revertsIf_notTheOwnerOrUnknown() public {
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesNotOwner.selector, machineId, stranger));
        machines.setEndpoint(machineId, "x");
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesUnknown.selector, 99));
        machines.setEndpoint(99, "x");
    }
}
