// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, HoldReason, IStaking} from "../helpers/BaseTest.sol";

/// @notice unbond and withdrawUnbonded.
contract UnbondTest is BaseTest {
    function test_startsTheDelay() public {
        vm.expectEmit(address(staking));
        emit IStaking.Unbonded(seller, 30 ether, uint64(time() + 1_000));
        vm.prank(seller);
        staking.unbond(30 ether);

        IStaking.BondView memory bond = staking.bondOf(seller);
        assertEq(bond.activeWei, 70 ether, "active");
        assertEq(bond.unbondingWei, 30 ether, "unbonding");
        assertEq(bond.withdrawableAt, time() + 1_000, "withdrawableAt");
        assertHeld(seller, HoldReason.Stake, BOND, "still held");
    }

    function test_askingAgainRestartsTheDelayForTheWhole() public {
        vm.startPrank(seller);
        staking.unbond(30 ether);
        skip(900);
        staking.unbond(1 ether);
        skip(999);
        vm.expectRevert(
            abi.encodeWithSelector(IStaking.StakingNothingToWithdraw.selector, seller, uint64(time() + 1))
        );
        staking.withdrawUnbonded();
        skip(1);
        staking.withdrawUnbonded();
        assertFree(seller, 31 ether, "free");
    }

    function test_revertsIf_reserved() public {
        place();
        vm.startPrank(seller);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStaking.StakingInsufficientActive.selector, seller, BOND - STAKE, BOND - STAKE + 1
            )
        );
        staking.unbond(BOND - STAKE + 1);
        staking.unbond(BOND - STAKE);
        vm.expectRevert(abi.encodeWithSelector(IStaking.StakingInsufficientActive.selector, seller, 0, 1));
        staking.unbond(1);
    }

    function test_revertsIf_moreThanBonded() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IStaking.StakingInsufficientActive.selector, seller, BOND, type(uint256).max
            )
        );
        vm.prank(seller);
        staking.unbond(type(uint256).max);
    }

    function test_withdraw_releases() public {
        vm.startPrank(seller);
        staking.unbond(30 ether);
        skip(1_000);
        vm.expectEmit(address(staking));
        emit IStaking.UnbondedWithdrawn(seller, 30 ether);
        staking.withdrawUnbonded();

        assertEq(staking.bondOf(seller).unbondingWei, 0, "unbonding");
        assertHeld(seller, HoldReason.Stake, 70 ether, "held");
        assertFree(seller, 30 ether, "free");
        assertSolvent();
        vm.expectRevert(
            abi.encodeWithSelector(IStaking.StakingNothingToWithdraw.selector, seller, uint64(time()))
        );
        staking.withdrawUnbonded();
    }

    function test_withdraw_revertsIf_nothingIsUnbonding() public {
        vm.expectRevert(abi.encodeWithSelector(IStaking.StakingNothingToWithdraw.selector, buyer, 0));
        vm.prank(buyer);
        staking.withdrawUnbonded();
    }

    function testFuzz_allComesBack(uint256 first, uint256 second) public {
        first = bound(first, 1, BOND);
        second = bound(second, 0, BOND - first);
        vm.startPrank(seller);
        staking.unbond(first);
        staking.unbond(second);
        skip(1_000);
        staking.withdrawUnbonded();
        assertFree(seller, first + second, "free");
        assertEq(staking.bondOf(seller).activeWei, BOND - first - second, "active");
        assertSolvent();
    }
}
