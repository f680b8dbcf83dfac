// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMarket, IWindows, OrderStatus} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: the seller alone says "done", at once and with any score.
contract InstantCompletionTest is BaseTest {
    function test_sayingDoneIsNotEnough() public {
        uint256 orderId = placeAndStart();
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketIncomplete.selector, orderId, 0, 40));
        complete(orderId);
    }

    /// @dev Nor is committing everything at once: window w + 1 needs a beacon from after window w - 1.
    function test_allWindowsInOneBlockAreRefused() public {
        uint256 orderId = placeAndStart();
        vm.startPrank(seller);
        windows.commitWindow(orderId, 0, bytes32("root"), 3, bytes32("state"), 0, "");
        windows.commitWindow(orderId, 1, bytes32("root"), 3, bytes32("state"), 0, "");
        vm.expectRevert(
            abi.encodeWithSelector(IWindows.WindowsBeaconNotReady.selector, orderId, 2, height() + 2)
        );
        windows.commitWindow(orderId, 2, bytes32("root"), 3, bytes32("state"), 0, "");
        vm.stopPrank();
    }

    /// @dev And whoever rushes is paid for the seconds that passed: none.
    function test_rushingPaysNothing() public {
        uint256 orderId = completedAfter(0);
        auditAll(orderId, 1);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Completed, "status");
        assertEq(market.orderOf(orderId).paidWei, 0, "no time, no pay");
        assertEq(machines.machineOf(machineId).completed, 1, "counted");
        assertEq(machines.sellerReputationOf(seller).feeBurnedWei, 0, "with no weight");
    }
}
