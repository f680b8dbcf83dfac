// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMachines, IMarket, IStaking, OrderStatus, OrderView} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: facts are deleted first and told afterwards, as zeros.
contract EventsAfterDeleteTest is BaseTest {
    function test_whatIsDeletedIsStillNamed() public {
        vm.expectEmit(address(machines));
        emit IMachines.MachineRemoved(machineId);
        vm.prank(seller);
        machines.removeMachine(machineId);

        vm.expectEmit(address(staking));
        emit IStaking.SeatLeft(CLASS, auditors[1], uint64(time() + 390));
        vm.prank(auditors[1]);
        staking.leaveSeat(CLASS);

        vm.expectEmit(address(staking));
        emit IStaking.Slashed(auditors[2], SEAT_STAKE, 0, 0, SEAT_STAKE);
        vm.prank(address(proofs));
        staking.evict(CLASS, auditors[2]);
    }

    /// @dev The settlement says what moved, and the order still knows it afterwards.
    function test_aSettlementIsToldInFullAndKept() public {
        uint256 orderId = place();
        vm.expectEmit(address(market));
        emit IMarket.OrderSettled(
            orderId,
            OrderStatus.Cancelled,
            1,
            FIVE_MINUTES_PRICE,
            ESCROW - FIVE_MINUTES_PRICE + AUDIT_FEE,
            0,
            0,
            0
        );
        vm.prank(buyer);
        market.cancelOrder(orderId);
        OrderView memory order = market.orderOf(orderId);
        assertEq(order.buyer, buyer, "buyer");
        assertEq(order.escrowWei, ESCROW, "escrow");
        assertEq(order.paidWei, FIVE_MINUTES_PRICE, "paid");
    }
}
