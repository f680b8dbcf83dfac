// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IBalances} from "../helpers/BaseTest.sol";
import {
    FalseToken,
    FeeToken,
    LyingToken,
    PlainToken,
    ReenteringToken,
    SilentToken
} from "../helpers/WeirdTokens.sol";

contract DepositTest is BaseTest {
    function test_creditsTheCaller() public {
        vm.expectEmit(address(balances));
        emit IBalances.Deposited(buyer, 3 ether);
        vm.prank(buyer);
        balances.deposit(3 ether);

        assertFree(buyer, 3 ether, "free");
        assertEq(token.balanceOf(buyer), 997 ether, "wallet");
        assertSolvent();
    }

    function test_revertsIf_allowanceOrBalanceIsShort() public {
        vm.prank(buyer);
        token.approve(address(balances), 1 ether);
        expectRefused(buyer, 1 ether + 1);

        vm.prank(buyer);
        token.approve(address(balances), type(uint256).max);
        expectRefused(buyer, 1_000 ether + 1);
        expectRefused(buyer, type(uint256).max);
    }

    function testFuzz_creditsWhatArrives(uint256 amountWei) public {
        amountWei = bound(amountWei, 0, 1_000 ether);
        vm.prank(buyer);
        balances.deposit(amountWei);
        assertFree(buyer, amountWei, "free");
        assertSolvent();
    }

    /* WEIRD TOKENS */

    function test_revertsIf_tokenTakesAFee() public {
        useToken(address(new FeeToken()));
        vm.expectRevert(abi.encodeWithSelector(IBalances.BalancesShortTransfer.selector, 99, 100));
        vm.prank(buyer);
        balances.deposit(100);
    }

    function test_revertsIf_tokenLies() public {
        useToken(address(new LyingToken()));
        vm.expectRevert(abi.encodeWithSelector(IBalances.BalancesShortTransfer.selector, 0, 100));
        vm.prank(buyer);
        balances.deposit(100);
    }

    function test_revertsIf_tokenReturnsFalse() public {
        useToken(address(new FalseToken()));
        expectRefused(buyer, 100);
    }

    function test_acceptsATokenThatReturnsNothing() public {
        SilentToken silent = new SilentToken();
        composeWith(parameters(), address(silent));
        silent.mint(buyer, 100);
        vm.startPrank(buyer);
        balances.deposit(100);
        balances.withdraw(40);
        assertEq(silent.balanceOf(buyer), 40, "wallet");
        assertFree(buyer, 60, "free");
    }

    /// @dev Deposits nested in a deposit would be counted twice; the guard refuses the inner one.
    function test_reenteringDepositIsRefused() public {
        ReenteringToken evil = new ReenteringToken();
        useToken(address(evil));
        evil.mint(address(evil), 100);
        vm.prank(address(evil));
        evil.approve(address(balances), 100);
        evil.arm(address(balances), abi.encodeCall(IBalances.deposit, (100)));
        vm.prank(buyer);
        balances.deposit(100);

        assertTrue(evil.reentered(), "it tried");
        assertFalse(evil.succeeded(), "and failed");
        assertEq(balances.totalWei(), 100, "counted once");
        assertEq(evil.balanceOf(address(balances)), 100, "tokens");
    }

    function test_reenteringWithdrawIsRefused() public {
        ReenteringToken evil = new ReenteringToken();
        useToken(address(evil));
        vm.prank(buyer);
        balances.deposit(100);
        evil.arm(address(balances), abi.encodeCall(IBalances.withdraw, (0)));
        vm.prank(buyer);
        balances.withdraw(100);

        assertTrue(evil.reentered(), "it tried");
        assertFalse(evil.succeeded(), "and failed");
    }

    function useToken(address token_) internal {
        composeWith(parameters(), token_);
        PlainToken(token_).mint(buyer, 1_000);
        vm.prank(buyer);
        PlainToken(token_).approve(address(balances), type(uint256).max);
    }

    function expectRefused(address account, uint256 amountWei) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IBalances.BalancesTransferRefused.selector, account, amountWei)
        );
        vm.prank(account);
        balances.deposit(amountWei);
    }
}
