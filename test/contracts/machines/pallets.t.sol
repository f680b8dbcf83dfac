// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMachines, IPallet} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";

/// @notice assign, free, setOffer and record, called as Market.
contract MachinesPalletsTest is BaseTest {
    function test_record_byWhoseFaultItWas() public {
        vm.startPrank(address(market));
        machines.record(machineId, seller, CloseReasons.WORK_COMPLETED, 0, 0, 0);
        machines.record(machineId, seller, CloseReasons.SELLER_DID_NOT_START, 0, 0, 0);
        machines.record(machineId, seller, CloseReasons.SELLER_OVERRAN, 0, 0, 0);
        machines.record(machineId, seller, CloseReasons.SELLER_GAVE_UP, 0, 0, 0);
        machines.record(machineId, seller, CloseReasons.FRAUD_PROVED, 0, 0, 0);
        machines.record(machineId, seller, CloseReasons.CHECKPOINTS_UNAVAILABLE, 0, 0, 0);
        machines.record(machineId, seller, CloseReasons.BUYER_CANCELLED, 0, 0, 0);
        machines.record(machineId, seller, CloseReasons.JOB_INVALID, 0, 0, 0);
        machines.record(machineId, seller, CloseReasons.AUDITORS_SILENT, 0, 0, 0);

        IMachines.MachineView memory machine = machines.machineOf(machineId);
        assertEq(machine.completed, 1, "completed");
        assertEq(machine.expired, 2, "expired");
        assertEq(machine.failed, 3, "failed");
    }

    function test_record_ignoresAMachineThatIsGone() public {
        vm.prank(address(market));
        machines.record(99, seller, CloseReasons.WORK_COMPLETED, 0, 0, 0);
        assertEq(machines.machineOf(99).completed, 0, "completed");
    }

    function test_revertsIf_callerIsNotMarket() public {
        bytes memory reason = abi.encodeWithSelector(IPallet.PalletUnauthorized.selector, seller);
        vm.startPrank(seller);
        vm.expectRevert(reason);
        machines.assign(machineId, 1);
        vm.expectRevert(reason);
        machines.free(machineId);
        vm.expectRevert(reason);
        machines.setOffer(machineId, 1);
        vm.expectRevert(reason);
        machines.record(machineId, seller, CloseReasons.WORK_COMPLETED, 0, 0, 0);
    }
}
