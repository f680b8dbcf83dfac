// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, OrderStatus} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: a timeout in seconds compared with a number of blocks, or counted from another event, so
/// that it never comes or comes at once.
contract WrongClockTest is BaseTest {
    function test_deadlinesFollowSecondsNotBlocks() public {
        uint256 orderId = place();
        mine(10_000_000);
        vm.expectRevert(tooEarly(orderId, time() + 60));
        market.expireOrder(orderId);
        start(orderId);
        mine(10_000_000);
        vm.expectRevert(tooEarly(orderId, time() + 600));
        market.expireOrder(orderId);

        // And time alone is enough: a chain that makes few blocks strands nobody.
        skip(600);
        market.expireOrder(orderId);
        assertStatus(orderId, OrderStatus.Expired, "status");
    }

    /// @dev The paid time counts from the start, the confirm window from placing, the audit from the ending call.
    function test_eachDeadlineCountsFromItsOwnEvent() public {
        uint256 orderId = place();
        skip(59);
        start(orderId);
        skip(599);
        vm.expectRevert(tooEarly(orderId, time() + 1));
        market.expireOrder(orderId);
        commitWindows(orderId, 1);
        skip(10_000);
        market.expireOrder(orderId);
        assertStatus(orderId, OrderStatus.Auditing, "ended late");
        (,,, uint64 deadlineAt,) = proofs.auditOf(orderId);
        assertEq(deadlineAt, time() + 60, "auditors have their whole time");
        assertEq(market.orderOf(orderId).endedAt, market.orderOf(orderId).startedAt + 600, "paid time");
    }
}
