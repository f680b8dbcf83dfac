// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, OrderStatus} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: the buyer cancels just before the seller commits what it already worked, and pays nothing.
contract CancelBeforeCommitTest is BaseTest {
    /// @dev In the same block even: the seller may still commit one short window of what was done.
    function test_theWorkOfTheRunningWindowIsStillPaid() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        skip(100);
        vm.prank(buyer);
        market.cancelOrder(orderId);
        commitNextOf(orderId, 3);
        auditAll(orderId, 1);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Cancelled, "status");
        assertEq(market.orderOf(orderId).paidWei, 0.24 ether, "both windows");
        assertNothingLeft();
    }

    /// @dev The clock stopped with the cancel: the extra window is no way to sell more time.
    function test_theSellerGainsNoTime() public {
        uint256 orderId = placeAndStart();
        skip(5);
        vm.prank(buyer);
        market.cancelOrder(orderId);
        skip(9);
        commitNextOf(orderId, 3);
        auditAll(orderId, 1);
        settle(orderId);
        assertEq(market.orderOf(orderId).paidWei, 0.05 ether, "five seconds");
    }
}
