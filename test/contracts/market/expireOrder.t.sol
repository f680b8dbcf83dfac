// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMarket, OrderStatus, OrderView} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";

contract ExpireOrderTest is BaseTest {
    function test_preparing_sellerPaysFiveMinutes() public {
        uint256 orderId = place();
        skip(60);
        vm.expectEmit(address(market));
        emit IMarket.OrderEnded(orderId, CloseReasons.SELLER_DID_NOT_START, "");
        expire(orderId);

        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Expired, "status");
        assertEq(order.slashedWei, FIVE_MINUTES_PRICE, "slashed");
        assertEq(order.paidWei, 0, "paid");
        assertFree(buyer, ESCROW + AUDIT_FEE + FIVE_MINUTES_PRICE, "buyer");
        assertEq(staking.bondOf(seller).activeWei, BOND - FIVE_MINUTES_PRICE, "bond");
        assertEq(machines.machineOf(machineId).expired, 1, "count");
        assertEq(machines.machineOf(machineId).currentOrderId, 0, "machine is free");
        assertNothingLeft();
    }

    function test_preparing_penaltyGoesToThePayer() public {
        uint256 orderId = placePaidByOther();
        skip(60);
        expire(orderId);
        assertFree(payer, ESCROW + AUDIT_FEE + FIVE_MINUTES_PRICE, "payer");
        assertFree(buyer, 0, "buyer");
        assertNothingLeft();
    }

    function test_training_withoutWindowRefundsAll() public {
        uint256 orderId = placeAndStart();
        skip(600);
        expire(orderId);

        assertStatus(orderId, OrderStatus.Expired, "status");
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.SELLER_OVERRAN, "reason");
        assertFree(buyer, ESCROW + AUDIT_FEE, "buyer");
        assertEq(staking.bondOf(seller).activeWei, BOND, "bond");
        assertEq(machines.machineOf(machineId).expired, 1, "count");
        assertNothingLeft();
    }

    function test_training_withWindowsIsAuditedAndPaid() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 3);
        skip(1_000);
        expire(orderId);
        assertStatus(orderId, OrderStatus.Auditing, "status");
        OrderView memory order = market.orderOf(orderId);
        assertEq(order.endedAt, order.startedAt + 600, "paid time ends where agreed");

        auditAll(orderId, 1);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Expired, "status");
        assertEq(market.orderOf(orderId).paidWei, 0.36 ether, "nine segments");
        assertEq(machines.machineOf(machineId).expired, 1, "count");
        assertNothingLeft();
    }

    /// @dev However late somebody calls, auditors have their whole time: silence cannot be produced by waiting.
    function test_training_lateCallDoesNotSkipTheAudit() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 3);
        skip(30 days);
        expire(orderId);
        vm.expectRevert(tooEarly(orderId, time() + 60));
        market.settleOrder(orderId);
        mine(3);
        convict(orderId, 0);
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.FRAUD_PROVED, "reason");
    }

    function test_revertsIf_early() public {
        uint256 orderId = place();
        skip(59);
        vm.expectRevert(tooEarly(orderId, time() + 1));
        expire(orderId);

        start(orderId);
        vm.expectRevert(tooEarly(orderId, time() + 600));
        expire(orderId);
        skip(599);
        vm.expectRevert(tooEarly(orderId, time() + 1));
        expire(orderId);
    }

    function test_revertsIf_endedAlready() public {
        uint256 orderId = completedAfter(700);
        uint256 allowed = 1 << uint256(OrderStatus.Preparing) | 1 << uint256(OrderStatus.Training);
        vm.expectRevert(unexpected(orderId, OrderStatus.Auditing, allowed));
        expire(orderId);
        vm.expectRevert(unexpected(99, OrderStatus.None, allowed));
        expire(99);
    }

    function expire(uint256 orderId) internal {
        vm.prank(stranger);
        market.expireOrder(orderId);
    }
}
