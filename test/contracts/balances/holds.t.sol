// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Payout} from "../../../contracts/src/interfaces/Types.sol";
import {BaseTest, HoldReason, IBalances, IPallet} from "../helpers/BaseTest.sol";

/// @notice hold, release, payOut and pullUpTo, called as Market.
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

    function test_payOut_paysOthersGivesBackAndBurns() public {
        balances.hold(buyer, HoldReason.Escrow, 8 ether);
        Payout[] memory payouts = to(stranger, 3 ether, buyer, 1 ether);
        vm.expectEmit(address(balances));
        emit IBalances.PaidOut(buyer, HoldReason.Escrow, payouts, 2 ether);
        balances.payOut(buyer, HoldReason.Escrow, payouts, 2 ether);
        assertFree(stranger, 3 ether, "free");
        assertFree(buyer, 3 ether, "given back");
        assertHeld(buyer, HoldReason.Escrow, 2 ether, "held");
        assertEq(balances.burnedWei(), 2 ether, "burned");
        assertEq(balances.totalWei(), BOND + 4 * SEAT_STAKE + 8 ether, "the rest is somebody's");
        assertSolvent();
    }

    /// @dev A hold for one reason is never spent for another.
    function test_revertsIf_moreThanHeldForThatReason() public {
        balances.hold(buyer, HoldReason.Escrow, 4 ether);
        expectShort(HoldReason.Stake, 0, 1);
        balances.release(buyer, HoldReason.Stake, 1);
        expectShort(HoldReason.Stake, 0, 1);
        balances.payOut(buyer, HoldReason.Stake, new Payout[](0), 1);
        expectShort(HoldReason.Escrow, 4 ether, 4 ether + 1);
        balances.payOut(buyer, HoldReason.Escrow, to(stranger, 3 ether, buyer, 1 ether), 1);
    }

    /// @dev Sums do not wrap around to something small.
    function test_payOut_revertsIf_sumsOverflow() public {
        balances.hold(buyer, HoldReason.Escrow, 4 ether);
        vm.expectRevert();
        balances.payOut(buyer, HoldReason.Escrow, to(stranger, type(uint256).max, buyer, 2), 0);
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
        balances.payOut(seller, HoldReason.Stake, new Payout[](0), 1);
        vm.expectRevert(reason);
        balances.pullUpTo(buyer, 20 ether, 0, 0, "");
    }

    function testFuzz_holdsAddUp(uint256 a, uint256 b, uint256 c) public {
        a = bound(a, 0, 10 ether);
        b = bound(b, 0, a);
        c = bound(c, 0, a - b);
        balances.hold(buyer, HoldReason.Stake, a);
        balances.payOut(buyer, HoldReason.Stake, to(stranger, b, stranger, 0), c);
        balances.release(buyer, HoldReason.Stake, a - b - c);
        assertFree(buyer, 10 ether - b - c, "buyer");
        assertFree(stranger, b, "stranger");
        assertEq(balances.burnedWei(), c, "burned");
        assertSolvent();
    }

    function expectShort(HoldReason reason, uint256 heldWei, uint256 neededWei) internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                IBalances.BalancesInsufficientHeld.selector, buyer, reason, heldWei, neededWei
            )
        );
    }

    function to(address a, uint256 aWei, address b, uint256 bWei)
        internal
        pure
        returns (Payout[] memory list)
    {
        list = new Payout[](2);
        list[0] = Payout(a, aWei);
        list[1] = Payout(b, bWei);
    }
}
