// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMachines, IMarket, OrderStatus} from "../helpers/BaseTest.sol";

contract CancelOfferTest is BaseTest {
    function test_closesTheOffer() public {
        vm.expectEmit(address(market));
        emit IMarket.OfferCancelled(offerId);
        vm.prank(seller);
        market.cancelOffer(offerId);

        assertFalse(market.offerOf(offerId).open, "open");
        assertEq(machines.machineOf(machineId).offerId, 0, "machine's offer");
    }

    function test_leavesRunningOrdersAlone() public {
        uint256 orderId = placeAndStart();
        vm.prank(seller);
        market.cancelOffer(offerId);
        assertStatus(orderId, OrderStatus.Training, "status");
    }

    function test_revertsIf_unknown() public {
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketUnknownOffer.selector, 99));
        vm.prank(seller);
        market.cancelOffer(99);
    }

    function test_revertsIf_callerIsNotTheSeller() public {
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesNotOwner.selector, machineId, stranger));
        vm.prank(stranger);
        market.cancelOffer(offerId);
    }

    /// @dev Cancelling a replaced offer must not take the new one off.
    function test_revertsIf_closedAlready() public {
        uint256 newOfferId = offerAs(seller, machineId);
        vm.startPrank(seller);
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketOfferClosed.selector, offerId));
        market.cancelOffer(offerId);
        assertTrue(market.offerOf(newOfferId).open, "new offer");

        market.cancelOffer(newOfferId);
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketOfferClosed.selector, newOfferId));
        market.cancelOffer(newOfferId);
    }
}
