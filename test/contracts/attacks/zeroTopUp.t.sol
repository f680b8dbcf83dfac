// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: anyone tops up a victim by nothing, and the victim's lock starts anew.
contract ZeroTopUpTest is BaseTest {
    function test_nobodyElseReachesALock() public {
        vm.prank(seller);
        staking.unbond(10 ether);
        uint64 at = staking.bondOf(seller).withdrawableAt;
        skip(900);
        // There is no call that names another account: what a stranger does, it does to itself.
        vm.startPrank(stranger);
        staking.bond(0);
        staking.unbond(0);
        balances.deposit(0);
        balances.withdraw(0);
        vm.stopPrank();
        assertEq(staking.bondOf(seller).withdrawableAt, at, "unchanged");
        // Bonding more, or nothing, does not touch what is on its way out either.
        bondAs(seller, 1 ether);
        vm.prank(seller);
        staking.bond(0);
        assertEq(staking.bondOf(seller).withdrawableAt, at, "unchanged");
        skip(100);
        vm.prank(seller);
        staking.withdrawUnbonded();
    }

    /// @dev Renewing by nothing would be a free way to touch an order.
    function test_renewingByNothingIsRefused() public {
        uint256 orderId = placeAndStart();
        vm.expectRevert(badTerms("extraSeconds"));
        vm.prank(buyer);
        market.renewOrder(orderId, 0, byCaller());
    }
}
