// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, HoldReason, IBalances, IStaking} from "../helpers/BaseTest.sol";

contract BondTest is BaseTest {
    function test_holdsFromTheFreeBalance() public {
        vm.startPrank(buyer);
        balances.deposit(5 ether);
        vm.expectEmit(address(staking));
        emit IStaking.Bonded(buyer, 3 ether);
        staking.bond(3 ether);

        assertEq(staking.bondOf(buyer).activeWei, 3 ether, "active");
        assertHeld(buyer, HoldReason.Stake, 3 ether, "held");
        assertFree(buyer, 2 ether, "free");
        assertSolvent();
    }

    function test_revertsIf_notFree() public {
        vm.expectRevert(abi.encodeWithSelector(IBalances.BalancesInsufficientFree.selector, buyer, 0, 1));
        vm.prank(buyer);
        staking.bond(1);
    }

    function test_revertsIf_moreThanABondHolds() public {
        uint256 tooMuch = uint256(type(uint128).max) - BOND + 1;
        vm.startPrank(seller);
        vm.expectRevert(abi.encodeWithSelector(IStaking.StakingTooMuch.selector, tooMuch));
        staking.bond(tooMuch);
        vm.expectRevert(abi.encodeWithSelector(IStaking.StakingTooMuch.selector, type(uint256).max));
        staking.bond(type(uint256).max);
    }

    function testFuzz_addsUp(uint128 a, uint128 b) public {
        a = uint128(bound(a, 0, 500 ether));
        b = uint128(bound(b, 0, 500 ether));
        vm.startPrank(buyer);
        balances.deposit(1_000 ether);
        staking.bond(a);
        staking.bond(b);
        assertEq(staking.bondOf(buyer).activeWei, uint256(a) + b, "active");
        assertHeld(buyer, HoldReason.Stake, uint256(a) + b, "held");
        assertSolvent();
    }
}
