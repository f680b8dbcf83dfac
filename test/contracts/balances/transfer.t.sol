// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IBalances} from "../../../contracts/src/interfaces/IBalances.sol";
import {IPallet} from "../../../contracts/src/interfaces/IPallet.sol";
import {BaseTest} from "../helpers/BaseTest.sol";

contract TransferTest is BaseTest {
    function test_default_movesFreeBalance() public {
        vm.startPrank(buyer);
        balances.deposit(5 ether);
        balances.transfer(stranger, 2 ether);
        vm.stopPrank();
        assertEq(balances.freeOf(buyer), 3 ether, "less");
        assertEq(balances.freeOf(stranger), 2 ether, "more");
        vm.prank(stranger);
        balances.withdraw(2 ether);
        assertEq(token.balanceOf(stranger), 2 ether, "it is money");
    }

    function test_behavior_toOneself() public {
        vm.startPrank(buyer);
        balances.deposit(5 ether);
        balances.transfer(buyer, 5 ether);
        vm.stopPrank();
        assertEq(balances.freeOf(buyer), 5 ether, "neither more nor less");
    }

    function test_error_moreThanThereIs() public {
        vm.expectRevert(abi.encodeWithSelector(IBalances.BalancesInsufficientFree.selector, stranger, 0, 1));
        vm.prank(stranger);
        balances.transfer(buyer, 1);
    }

    function test_error_holdsCannotBeMoved() public {
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(IBalances.BalancesInsufficientFree.selector, seller, 0, BOND));
        balances.transfer(buyer, BOND);
    }

    function test_burn_drillingOnly() public {
        vm.prank(buyer);
        balances.deposit(5 ether);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(IPallet.PalletUnauthorized.selector, buyer));
        balances.burn(buyer, 1 ether);
        uint256 total = balances.totalWei();
        vm.prank(address(drilling));
        balances.burn(buyer, 1 ether);
        assertEq(balances.freeOf(buyer), 4 ether, "less");
        assertEq(balances.burnedWei(), 1 ether, "burned");
        assertEq(total - balances.totalWei(), 1 ether, "nobody's");
    }
}
