// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, HoldReason, IBalances, IPallet} from "../helpers/BaseTest.sol";

/// @notice hold, release, transferHeld, slashHeld and pullUpTo, called as Market.
contract HoldsTest is BaseTest {
    function setUp() public override {
        super.setUp();
        vm.prank(buyer);
        balances.deposit(10 ether);
        vm.startPrank(address(market));
    }

    function test_hold_movesFreeToHeld() public {
        vm.expectEmit(address(balances));
        emit IBalances.Held(buyer, HoldReason.Escrow, 4 ether);
        balances.hold(buyer, HoldReason.Escrow, 4 ether);

        assertFree(buyer, 6 ether, "free");
        assertHeld(buyer, HoldReason.Escrow, 4 ether, "held");
        assertHeld(buyer, HoldReason.Fee, 0, "other reason");
        assertSolvent();
    }

    function test_hold_revertsIf_moreThanFree() public {
        vm.expectRevert(
            abi.encodeWithSelector(IBalances.BalancesInsufficientFree.selector, buyer, 10 ether, 11 ether)
        );
        balances.hold(buyer, HoldReason.Escrow, 11 ether);
    }

    function test_release_movesHeldToFree() public {
        balances.hold(buyer, HoldReason.Escrow, 4 ether);
        vm.expectEmit(address(balances));
        emit IBalances.Released(buyer, HoldReason.Escrow, 1 ether);
        balances.release(buyer, HoldReason.Escrow, 1 ether);
        assertFree(buyer, 7 ether, "free");
        assertHeld(buyer, HoldReason.Escrow, 3 ether, "held");
        assertSolvent();
    }

    function test_transferHeld_paysAnother() public {
        balances.hold(buyer, HoldReason.Escrow, 4 ether);
        vm.expectEmit(address(balances));
        emit IBalances.HeldTransferred(buyer, HoldReason.Escrow, stranger, 3 ether);
        balances.transferHeld(buyer, HoldReason.Escrow, stranger, 3 ether);
        assertFree(stranger, 3 ether, "free");
        assertHeld(buyer, HoldReason.Escrow, 1 ether, "held");
        assertSolvent();
    }

    function test_transferHeld_toOneselfReleases() public {
        balances.hold(buyer, HoldReason.Escrow, 4 ether);
        balances.transferHeld(buyer, HoldReason.Escrow, buyer, 4 ether);
        assertFree(buyer, 10 ether, "free");
        assertSolvent();
    }

    function test_slashHeld_burns() public {
        balances.hold(buyer, HoldReason.Escrow, 4 ether);
        vm.expectEmit(address(balances));
        emit IBalances.Burned(buyer, HoldReason.Escrow, 3 ether);
        balances.slashHeld(buyer, HoldReason.Escrow, 3 ether);
        assertEq(balances.burnedWei(), 3 ether, "burned");
        assertHeld(buyer, HoldReason.Escrow, 1 ether, "held");
        assertSolvent();
    }

    /// @dev A hold for one reason is never spent for another.
    function test_revertsIf_moreThanHeldForThatReason() public {
        balances.hold(buyer, HoldReason.Escrow, 4 ether);
        bytes memory reason =
            abi.encodeWithSelector(IBalances.BalancesInsufficientHeld.selector, buyer, HoldReason.Fee, 0, 1);
        vm.expectRevert(reason);
        balances.release(buyer, HoldReason.Fee, 1);
        vm.expectRevert(reason);
        balances.transferHeld(buyer, HoldReason.Fee, stranger, 1);
        vm.expectRevert(reason);
        balances.slashHeld(buyer, HoldReason.Fee, 1);
    }

    function test_pullUpTo_takesOnlyTheShortfall() public {
        balances.pullUpTo(buyer, 12 ether, 0, 0, "");
        assertFree(buyer, 12 ether, "free");
        assertEq(token.balanceOf(buyer), 988 ether, "wallet");
        balances.pullUpTo(buyer, 5 ether, 0, 0, "");
        assertFree(buyer, 12 ether, "enough already");
        assertSolvent();
    }

    function test_revertsIf_callerIsNoPallet() public {
        vm.stopPrank();
        bytes memory reason = abi.encodeWithSelector(IPallet.PalletUnauthorized.selector, stranger);
        vm.startPrank(stranger);
        vm.expectRevert(reason);
        balances.hold(buyer, HoldReason.Escrow, 1);
        vm.expectRevert(reason);
        balances.release(seller, HoldReason.Stake, 1);
        vm.expectRevert(reason);
        balances.transferHeld(seller, HoldReason.Stake, stranger, 1);
        vm.expectRevert(reason);
        balances.slashHeld(seller, HoldReason.Stake, 1);
        vm.expectRevert(reason);
        balances.pullUpTo(buyer, 20 ether, 0, 0, "");
    }

    function testFuzz_holdsAddUp(uint256 a, uint256 b, uint256 c) public {
        a = bound(a, 0, 10 ether);
        b = bound(b, 0, a);
        c = bound(c, 0, a - b);
        balances.hold(buyer, HoldReason.Fee, a);
        balances.transferHeld(buyer, HoldReason.Fee, stranger, b);
        balances.slashHeld(buyer, HoldReason.Fee, c);
        balances.release(buyer, HoldReason.Fee, a - b - c);
        assertFree(buyer, 10 ether - b - c, "buyer");
        assertFree(stranger, b, "stranger");
        assertEq(balances.burnedWei(), c, "burned");
        assertSolvent();
    }
}
