// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMarket, MachineStatus, OrderStatus} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";

contract OrderCompletedTest is BaseTest {
    function test_endsTrainingAndFreesTheMachine() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, WINDOWS);
        skip(100);
        vm.expectEmit(address(market));
        emit IMarket.OrderEnded(orderId, CloseReasons.WORK_COMPLETED, "bafyresult");
        complete(orderId);

        assertStatus(orderId, OrderStatus.Auditing, "status");
        assertEq(market.orderOf(orderId).endedAt, time(), "endedAt");
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.WORK_COMPLETED, "reason");
        assertEq(uint256(machines.machineOf(machineId).status), uint256(MachineStatus.ForRent), "machine");
        assertEq(staking.bondOf(seller).reservedWei, STAKE, "stake stays");
    }

    /// @dev All windows were in time; only this call came late. Paid time still ends where it was agreed to end.
    function test_lateCallGainsNoTime() public {
        uint256 orderId = completedAfter(5_000);
        assertEq(market.orderOf(orderId).endedAt, market.orderOf(orderId).startedAt + 600, "endedAt");
        auditAll(orderId, 1);
        settle(orderId);
        assertEq(market.orderOf(orderId).paidWei, 0.4 ether, "paid");
    }

    function test_revertsIf_stepsAreMissing() public {
        uint256 orderId = placeAndStart();
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketIncomplete.selector, orderId, 0, 40));
        complete(orderId);
        commitWindows(orderId, 3);
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketIncomplete.selector, orderId, 36, 40));
        complete(orderId);
    }

    function test_revertsIf_callerIsNotTheSeller() public {
        uint256 orderId = placeAndStart();
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketNotSeller.selector, orderId, buyer));
        vm.prank(buyer);
        market.orderCompleted(orderId, "");
    }

    function test_revertsIf_notTraining() public {
        uint256 orderId = place();
        vm.expectRevert(unexpected(orderId, OrderStatus.Preparing, 1 << uint256(OrderStatus.Training)));
        complete(orderId);
        start(orderId);
        commitWindows(orderId, WINDOWS);
        complete(orderId);
        vm.expectRevert(unexpected(orderId, OrderStatus.Auditing, 1 << uint256(OrderStatus.Training)));
        complete(orderId);
    }
}
