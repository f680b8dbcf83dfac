// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, HoldReason, IBalances} from "../helpers/BaseTest.sol";

contract WithdrawTest is BaseTest {
    function test_paysTheCaller() public {
        vm.startPrank(buyer);
        balances.deposit(3 ether);
        vm.expectEmit(address(balances));
        emit IBalances.Withdrawn(buyer, 2 ether);
        balances.withdraw(2 ether);

        assertFree(buyer, 1 ether, "free");
        assertEq(token.balanceOf(buyer), 999 ether, "wallet");
        assertSolvent();
    }

    function test_revertsIf_moreThanFree() public {
        vm.startPrank(buyer);
        balances.deposit(3 ether);
        vm.expectRevert(
            abi.encodeWithSelector(IBalances.BalancesInsufficientFree.selector, buyer, 3 ether, 3 ether + 1)
        );
        balances.withdraw(3 ether + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IBalances.BalancesInsufficientFree.selector, buyer, 3 ether, type(uint256).max
            )
        );
        balances.withdraw(type(uint256).max);
    }

    function test_revertsIf_held() public {
        vm.expectRevert(abi.encodeWithSelector(IBalances.BalancesInsufficientFree.selector, seller, 0, 1));
        vm.prank(seller);
        balances.withdraw(1);
    }

    function testFuzz_roundTrip(uint256 inWei, uint256 outWei) public {
        inWei = bound(inWei, 0, 1_000 ether);
        outWei = bound(outWei, 0, inWei);
        vm.startPrank(buyer);
        balances.deposit(inWei);
        balances.withdraw(outWei);
        assertFree(buyer, inWei - outWei, "free");
        assertEq(token.balanceOf(buyer), 1_000 ether - inWei + outWei, "wallet");
        assertSolvent();
    }
}
