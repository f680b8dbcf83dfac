// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, HoldReason, IMarket, IStaking, OrderStatus, OrderView} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";

/// @dev 40 steps of one second are 0.4 ether; the protocol takes 2 % of what is paid.
contract SettleOrderTest is BaseTest {
    uint256 internal constant PASS = 1;
    uint256 internal constant FAIL = 2;
    uint256 internal constant UNAVAILABLE = 3;

    function test_pass_paysTimeCappedByProof() public {
        uint256 orderId = completedAfter(100);
        uint256 drawn = drawnCount(orderId);
        auditAll(orderId, PASS);
        settle(orderId);

        // 100 s passed, 40 s were proved: 0.4 ether, of which 0.008 burned.
        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Completed, "status");
        assertEq(order.closeReason, CloseReasons.WORK_COMPLETED, "reason");
        assertEq(order.paidWei, 0.4 ether, "paid");
        assertFree(seller, 0.392 ether, "seller");
        assertEq(balances.burnedWei(), 0.008 ether, "burned");
        uint256 share = FEE_PER_SEGMENT * drawn / 3;
        for (uint256 i; i < 3; ++i) {
            assertFree(panelOf(orderId)[i], share, "auditor");
        }
        assertFree(buyer, ESCROW + AUDIT_FEE - 0.4 ether - 3 * share, "buyer");
        assertEq(order.refundedWei, ESCROW + AUDIT_FEE - 0.4 ether - 3 * share, "refunded");
        assertEq(order.slashedWei, 0, "slashed");
        assertEq(machines.machineOf(machineId).completed, 1, "count");
        assertNothingLeft();
    }
}
