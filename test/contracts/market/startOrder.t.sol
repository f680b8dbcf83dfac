// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMarket, MachineStatus, OrderStatus} from "../helpers/BaseTest.sol";

contract StartOrderTest is BaseTest {
    function test_startsTheClock() public {
        uint256 orderId = place();
        skip(5);
        vm.expectEmit(address(market));
        emit IMarket.OrderStarted(orderId);
        vm.prank(seller);
        market.startOrder(orderId);

        assertStatus(orderId, OrderStatus.Training, "status");
        assertEq(market.orderOf(orderId).startedAt, time(), "startedAt");
        assertEq(market.orderOf(orderId).startedBlock, height(), "startedBlock");
        assertEq(uint256(machines.machineOf(machineId).status), uint256(MachineStatus.Renting), "machine");
    }

    function test_inTimeUntilTheLastSecond() public {
        uint256 orderId = place();
        skip(59);
        start(orderId);
        assertStatus(orderId, OrderStatus.Training, "status");
    }

    function test_revertsIf_late() public {
        uint256 orderId = place();
        skip(60);
        vm.expectRevert(tooLate(orderId, time()));
        vm.prank(seller);
        market.startOrder(orderId);
    }

    function test_revertsIf_callerIsNotTheSeller() public {
        uint256 orderId = place();
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketNotSeller.selector, orderId, buyer));
        vm.prank(buyer);
        market.startOrder(orderId);
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketNotSeller.selector, 99, seller));
        vm.prank(seller);
        market.startOrder(99);
    }

    function test_revertsIf_notPreparing() public {
        uint256 orderId = placeAndStart();
        vm.expectRevert(unexpected(orderId, OrderStatus.Training, 1 << uint256(OrderStatus.Preparing)));
        vm.prank(seller);
        market.startOrder(orderId);

        uint256 other = completedAfterCancel(orderId);
        vm.expectRevert(unexpected(other, OrderStatus.Cancelled, 1 << uint256(OrderStatus.Preparing)));
        vm.prank(seller);
        market.startOrder(other);
    }

    function completedAfterCancel(uint256 orderId) internal returns (uint256 other) {
        vm.prank(buyer);
        market.cancelOrder(orderId);
        other = place();
        vm.prank(buyer);
        market.cancelOrder(other);
    }
}
