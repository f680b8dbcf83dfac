// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, OrderStatus} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: the seller does little, lets windows go stale, and the clock alone drains the escrow.
contract StaleWindowsTest is BaseTest {
    function test_idleTimeIsNotPaid() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        skip(599);
        skip(1);
        market.expireOrder(orderId);
        auditAll(orderId, 1);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Expired, "status");
        assertEq(market.orderOf(orderId).paidWei, 0.12 ether, "twelve steps of a second, not ten minutes");
        assertEq(machines.sellerReputationOf(seller).overrunSeconds, 588, "and it shows");
        assertNothingLeft();
    }

    function test_withoutAnyWindowNothingIsPaid() public {
        uint256 orderId = placeAndStart();
        skip(600);
        market.expireOrder(orderId);
        assertEq(market.orderOf(orderId).paidWei, 0, "paid");
        assertFree(buyer, ESCROW + AUDIT_FEE, "buyer");
        assertNothingLeft();
    }

    /// @dev A renewal gives time, not pay: unproved seconds cost nothing however many there are.
    function test_renewingDoesNotPayForIdleTime() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        vm.prank(buyer);
        market.renewOrder(orderId, 3_000, byCaller());
        skip(3_600);
        market.expireOrder(orderId);
        auditAll(orderId, 1);
        settle(orderId);
        assertEq(market.orderOf(orderId).paidWei, 0.12 ether, "the same");
        assertNothingLeft();
    }
}
