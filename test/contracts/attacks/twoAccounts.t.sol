// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, HoldReason, OrderTerms} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: one person sells to itself through a second account and farms reputation for free.
/// @dev It may. But the weight of what it gains is the fee it burned, whatever it tries.
contract TwoAccountsTest is BaseTest {
    function test_reputationCostsAtLeastItsWeight() public {
        uint256 before = wealth();
        for (uint256 i; i < 3; ++i) {
            uint256 orderId = completedAfter(100);
            auditAll(orderId, 1);
            settle(orderId);
        }
        uint256 weight = machines.sellerReputationOf(seller).feeBurnedWei;
        assertEq(weight, 3 * 0.008 ether, "weight");
        assertGe(before - wealth(), weight, "cost");
    }

    function testFuzz_reputationCostsAtLeastItsWeight(uint96 price, uint16 elapsed, uint32 stepMicros)
        public
    {
        price = uint96(bound(price, 1, 1_000 ether));
        vm.prank(seller);
        offerId = market.makeOffer(machineId, price, 60, 3_600, uint64(time() + 1 days));
        OrderTerms memory terms = defaultTerms();
        terms.stepMicros = uint32(bound(stepMicros, 1, type(uint32).max));
        (uint256 escrowWei, uint256 auditFeeWei, uint256 stakeWei) = market.quote(terms);
        fund(buyer, escrowWei + auditFeeWei);
        bondAs(seller, stakeWei);
        uint256 before = wealth();
        uint256 orderId = placeWith(terms);
        start(orderId);
        commitWindows(orderId, WINDOWS);
        skip(bound(elapsed, 0, 599));
        complete(orderId);
        auditAll(orderId, 1);
        settle(orderId);
        assertGe(before - wealth(), machines.sellerReputationOf(seller).feeBurnedWei, "cost");
    }

    /// @dev Even if the whole panel belongs to the same person.
    function test_alsoIfTheAuditorsAreTheSamePerson() public {
        uint256 before = wealth() + auditorsWealth();
        uint256 orderId = completedAfter(100);
        auditAll(orderId, 1);
        settle(orderId);
        uint256 cost = before - wealth() - auditorsWealth();
        assertEq(cost, machines.sellerReputationOf(seller).feeBurnedWei, "exactly the weight");
    }

    function test_nobodySellsToTheVerySameAccount() public {
        fund(seller, 100 ether);
        vm.expectRevert(badTerms("buyer"));
        vm.prank(seller);
        market.placeOrder(defaultTerms(), "", byCaller());
    }

    /// @dev Of the person who is both buyer and seller.
    function wealth() internal view returns (uint256) {
        return of_(buyer) + of_(seller);
    }

    function auditorsWealth() internal view returns (uint256 sum) {
        for (uint256 i; i < auditors.length; ++i) {
            sum += of_(auditors[i]);
        }
    }

    function of_(address a) internal view returns (uint256) {
        return token.balanceOf(a) + balances.freeOf(a) + balances.heldOf(a, HoldReason.Escrow)
            + balances.heldOf(a, HoldReason.Stake);
    }
}
