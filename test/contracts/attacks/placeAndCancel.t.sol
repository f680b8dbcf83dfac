// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, OrderTerms} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: placing and cancelling is free, so a griefer keeps a machine off the market.
contract PlaceAndCancelTest is BaseTest {
    function test_everyRoundCostsFiveMinutesAndGoesToTheSeller() public {
        for (uint256 i = 1; i <= 10; ++i) {
            uint256 orderId = place();
            vm.prank(buyer);
            market.cancelOrder(orderId);
            assertFree(seller, i * FIVE_MINUTES_PRICE, "seller");
            assertEq(machines.machineOf(machineId).currentOrderId, 0, "free at once");
        }
        assertEq(
            token.balanceOf(buyer) + balances.freeOf(buyer), 1_000 ether - 10 * FIVE_MINUTES_PRICE, "buyer"
        );
        assertEq(machines.sellerReputationOf(seller).sampleSize, 0, "and no stain on the seller");
    }

    /// @dev Blocking for less than five minutes' price means an order shorter than that, paid in full.
    function test_theShortestOrderCostsAllOfIt() public {
        OrderTerms memory terms = defaultTerms();
        terms.maxSeconds = 60;
        uint256 orderId = placeWith(terms);
        vm.prank(buyer);
        market.cancelOrder(orderId);
        assertFree(seller, 0.6 ether, "the whole minute");
    }
}
