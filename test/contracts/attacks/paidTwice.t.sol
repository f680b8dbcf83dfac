// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, OrderStatus} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: one deal that can be paid, refunded or ended a second time.
contract PaidTwiceTest is BaseTest {
    function test_everyFurtherEndIsRefused() public {
        // Another buyer's money lies in the same contract: a second payment would come out of it.
        vm.prank(payer);
        balances.deposit(500 ether);
        uint256 orderId = completedAfter(100);
        auditAll(orderId, 1);
        settle(orderId);
        uint256 sellerWei = balances.freeOf(seller);
        uint256 buyerWei = balances.freeOf(buyer);

        vm.startPrank(seller);
        refused(abi.encodeCall(market.settleOrder, (orderId)));
        refused(abi.encodeCall(market.orderCompleted, (orderId, "")));
        refused(abi.encodeCall(market.orderFailed, (orderId, 10_002)));
        refused(abi.encodeCall(market.startOrder, (orderId)));
        vm.stopPrank();
        vm.startPrank(buyer);
        refused(abi.encodeCall(market.cancelOrder, (orderId)));
        refused(abi.encodeCall(market.renewOrder, (orderId, 1, byCaller())));
        vm.stopPrank();
        skip(10 days);
        refused(abi.encodeCall(market.expireOrder, (orderId)));
        refused(abi.encodeCall(market.settleOrder, (orderId)));

        assertFree(seller, sellerWei, "seller");
        assertFree(buyer, buyerWei, "buyer");
        assertFree(payer, 500 ether, "the third party");
        assertNothingLeft();
    }

    function refused(bytes memory call) internal {
        (bool ok,) = address(market).call(call);
        assertFalse(ok, "a second end");
    }
}
