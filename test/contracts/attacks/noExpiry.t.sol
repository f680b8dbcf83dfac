// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, OrderStatus} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: an order without expiry holds the money for ever once one side walks away.
contract NoExpiryTest is BaseTest {
    /// @dev Both parties and all auditors vanish at each stage: a stranger closes it, nothing stays held.
    function test_aStrangerClosesEveryStage() public {
        for (uint256 stage; stage < 5; ++stage) {
            uint256 snapshot = vm.snapshotState();
            uint256 orderId = place();
            if (stage > 0) start(orderId);
            if (stage > 1) commitWindows(orderId, stage == 4 ? WINDOWS : 1);
            if (stage == 3) {
                vm.prank(buyer);
                market.cancelOrder(orderId);
            }
            if (stage == 4) complete(orderId);

            vm.startPrank(stranger);
            skip(600);
            if (stage < 3) market.expireOrder(orderId);
            // The first call may have a larger panel drawn.
            for (uint256 panels; panels < 2; ++panels) {
                skip(200);
                if (market.statusOf(orderId) == OrderStatus.Auditing) market.settleOrder(orderId);
            }
            vm.stopPrank();
            assertTrue(market.orderOf(orderId).settledAt != 0, "settled");
            assertNothingLeft();
            vm.revertToState(snapshot);
        }
    }
}
