// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, OrderTerms} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: x * (a / b), which is zero, or loses up to all of the pay, whenever a < b.
contract DivisionFirstTest is BaseTest {
    /// @dev At 3,599 wei an hour a second is worth less than one wei; divided first, any time would be worth nothing.
    function test_cheapHoursAreStillPaid() public {
        vm.prank(seller);
        offerId = market.makeOffer(machineId, 3_599, 60, 3_600, uint64(time() + 1 days));
        uint256 orderId = completedAfter(40);
        auditAll(orderId, 1);
        settle(orderId);
        assertEq(market.orderOf(orderId).paidWei, 39, "floor(3599 * 40 / 3600)");
    }

    function testFuzz_payIsOffByLessThanOneWei(uint96 price, uint32 elapsed) public {
        price = uint96(bound(price, 1, type(uint96).max / 1e6));
        elapsed = uint32(bound(elapsed, 0, 500));
        vm.prank(seller);
        offerId = market.makeOffer(machineId, price, 60, 3_600, uint64(time() + 1 days));
        (uint256 escrowWei, uint256 feeWei, uint256 stakeWei) = market.quote(defaultTerms());
        fund(buyer, escrowWei + feeWei);
        bondAs(seller, stakeWei);
        uint256 orderId = completedAfter(elapsed);
        auditAll(orderId, 1);
        settle(orderId);
        uint256 seconds_ = elapsed < 40 ? elapsed : 40;
        uint256 paidWei = market.orderOf(orderId).paidWei;
        assertLe(paidWei * 3_600, uint256(price) * seconds_, "never more");
        assertGt((paidWei + 1) * 3_600, uint256(price) * seconds_, "never a wei less");
    }
}
