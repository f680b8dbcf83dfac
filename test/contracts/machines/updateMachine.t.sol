// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMachines, IMarket, MachineStatus, OrderTerms} from "../helpers/BaseTest.sol";

contract UpdateMachineTest is BaseTest {
    bytes32 internal constant OTHER_CLASS = keccak256("h200");

    function test_changesWhatItIs_keepsItsRecord_endsItsOffer() public {
        uint256 orderId = completedAfter(100);
        auditAll(orderId, 1);
        settle(orderId);
        vm.expectEmit(address(machines));
        emit IMachines.MachineUpdated(machineId, bytes32("other"), "bafyother", OTHER_CLASS);
        vm.prank(seller);
        machines.updateMachine(machineId, bytes32("other"), "bafyother", OTHER_CLASS);

        IMachines.MachineView memory machine = machines.machineOf(machineId);
        assertEq(machine.specHash, bytes32("other"), "spec");
        assertEq(machine.hardwareClass, OTHER_CLASS, "class");
        assertEq(machine.completed, 1, "record");
        assertEq(uint256(machine.status), uint256(MachineStatus.Idle), "no offer");
        assertFalse(market.offerOf(offerId).open, "closed");
        OrderTerms memory terms = defaultTerms();
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketOfferClosed.selector, offerId));
        vm.prank(buyer);
        market.placeOrder(terms, "bafyjob", byCaller());
    }

    /// @dev Orders are audited in the class that they were placed in, whatever the machine becomes.
    function test_ordersKeepTheirClass() public {
        uint256 orderId = completedAfter(100);
        vm.prank(seller);
        machines.updateMachine(machineId, bytes32("other"), "bafyother", OTHER_CLASS);
        assertEq(panelOf(orderId).length, 3, "its auditors");
        auditAll(orderId, 1);
        settle(orderId);
        assertNothingLeft();
    }

    function test_revertsIf_anOrderIsOnIt() public {
        uint256 orderId = place();
        vm.startPrank(seller);
        bytes memory busy = abi.encodeWithSelector(IMachines.MachinesBusy.selector, machineId, orderId);
        vm.expectRevert(busy);
        machines.updateMachine(machineId, bytes32("other"), "", CLASS);
        market.startOrder(orderId);
        vm.expectRevert(busy);
        machines.updateMachine(machineId, bytes32("other"), "", CLASS);
    }

    function test_revertsIf_itIsAnothers_orGone() public {
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesNotOwner.selector, machineId, stranger));
        vm.prank(stranger);
        machines.updateMachine(machineId, bytes32("other"), "", CLASS);
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesUnknown.selector, 99));
        vm.prank(seller);
        machines.updateMachine(99, bytes32("other"), "", CLASS);
    }
}
