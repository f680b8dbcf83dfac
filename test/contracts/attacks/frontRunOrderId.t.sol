// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMarket, OrderTerms} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: the order's id is foreseen, and somebody else puts another order under it first.
contract FrontRunOrderIdTest is BaseTest {
    /// @dev Ids are given by the contract. Whoever comes first takes the machine, not the buyer's order or money.
    function test_takingTheMachineFirstMovesNothingOfTheBuyers() public {
        fund(stranger, 100 ether);
        vm.prank(stranger);
        uint256 theirs = market.placeOrder(defaultTerms(), "", byCaller());
        uint256 before = token.balanceOf(buyer);
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketMachineNotFree.selector, machineId, theirs));
        vm.prank(buyer);
        market.placeOrder(defaultTerms(), "", byCaller());
        assertEq(token.balanceOf(buyer), before, "nothing moved");
    }

    /// @dev The buyer's order gets the next id; all that was agreed is in it, and only its buyer commands it.
    function test_aForeseenIdIsWorthNothing() public {
        uint256 foreseen = market.orderCount() + 1;
        fund(stranger, 100 ether);
        OrderTerms memory terms = defaultTerms();
        terms.offerId = offerAs(seller, addMachineAs(seller));
        vm.prank(stranger);
        assertEq(market.placeOrder(terms, "", byCaller()), foreseen, "taken");
        uint256 orderId = place();
        assertEq(orderId, foreseen + 1, "the next");
        assertEq(market.orderOf(orderId).buyer, buyer, "the buyer's own");
        assertEq(market.orderOf(orderId).machineId, machineId, "on the machine that was chosen");
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketNotBuyer.selector, foreseen, buyer));
        vm.prank(buyer);
        market.cancelOrder(foreseen);
    }
}
