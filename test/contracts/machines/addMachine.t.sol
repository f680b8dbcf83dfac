// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMachines, MachineStatus} from "../helpers/BaseTest.sol";

contract AddMachineTest is BaseTest {
    function test_registers() public {
        vm.expectEmit(address(machines));
        emit IMachines.MachineAdded(2, stranger, bytes32("facts"), "bafyfacts", CLASS, "https://a.example");
        vm.prank(stranger);
        uint256 id = machines.addMachine(bytes32("facts"), "bafyfacts", CLASS, "https://a.example");

        IMachines.MachineView memory machine = machines.machineOf(id);
        assertEq(id, 2, "ids count up");
        assertEq(machines.machineCount(), 2, "count");
        assertEq(machine.owner, stranger, "owner");
        assertEq(machine.specHash, bytes32("facts"), "specHash");
        assertEq(machine.hardwareClass, CLASS, "class");
        assertEq(keccak256(bytes(machine.endpoint)), keccak256("https://a.example"), "endpoint");
        assertEq(uint256(machine.status), uint256(MachineStatus.Idle), "status");
    }

    function test_unknownHasStatusNone() public view {
        assertEq(uint256(machines.machineOf(99).status), uint256(MachineStatus.None), "status");
    }

    function test_revertsIf_endpointIsEmptyOrLong() public {
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesBadEndpoint.selector));
        machines.addMachine(0, "", CLASS, "");
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesBadEndpoint.selector));
        machines.addMachine(0, "", CLASS, string(new bytes(201)));
        machines.addMachine(0, "", CLASS, string(new bytes(200)));
    }

    function testFuzz_storesWhatWasSaid(address owner, bytes32 specHash, bytes32 class, uint8 length) public {
        length = uint8(bound(length, 1, 200));
        string memory endpoint = string(new bytes(length));
        vm.prank(owner);
        IMachines.MachineView memory machine =
            machines.machineOf(machines.addMachine(specHash, "", class, endpoint));
        assertEq(machine.specHash, specHash, "specHash");
        assertEq(machine.hardwareClass, class, "class");
        assertEq(bytes(machine.endpoint).length, length, "endpoint");
    }
}
