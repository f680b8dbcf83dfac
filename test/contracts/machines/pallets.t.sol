// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMachines, IPallet} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";

/// @notice assign, free, setOffer and count, called as Market.
contract MachinesPalletsTest is BaseTest {
    function test_count_byWhoseFaultItWas() public {
        vm.startPrank(address(market));
        machines.count(machineId, CloseReasons.WORK_COMPLETED);
        machines.count(machineId, CloseReasons.SELLER_DID_NOT_START);
        machines.count(machineId, CloseReasons.SELLER_OVERRAN);
        machines.count(machineId, CloseReasons.SELLER_GAVE_UP);
        machines.count(machineId, CloseReasons.FRAUD_PROVED);
        machines.count(machineId, CloseReasons.CHECKPOINTS_UNAVAILABLE);
        machines.count(machineId, CloseReasons.BUYER_CANCELLED);
        machines.count(machineId, CloseReasons.JOB_INVALID);
        machines.count(machineId, CloseReasons.AUDITORS_SILENT);

        IMachines.MachineView memory machine = machines.machineOf(machineId);
        assertEq(machine.completed, 1, "completed");
        assertEq(machine.expired, 2, "expired");
        assertEq(machine.failed, 3, "failed");
    }

    function test_count_ignoresAMachineThatIsGone() public {
        vm.prank(address(market));
        machines.count(99, CloseReasons.WORK_COMPLETED);
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
        machines.count(machineId, CloseReasons.WORK_COMPLETED);
    }
}
