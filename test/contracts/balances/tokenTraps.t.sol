// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    BaseTest,
    HoldReason,
    IBalances,
    IMarket,
    OrderStatus,
    OrderTerms,
    OrderView
} from "../helpers/BaseTest.sol";
import {Balances} from "../../../contracts/src/pallets/Balances.sol";
import {
    BlacklistToken,
    DecimalsToken,
    PlainToken,
    RebasingToken,
    ReenteringToken,
    SurchargeToken
} from "../helpers/WeirdTokens.sol";

/// @notice Tokens that would break a careless market: refused where it shows, harmless to others where it does not.
/// @dev Fees on transfer, lies, false, silence and reentrance at deposit and withdrawal: deposit.t.sol.
contract TokenTrapsTest is BaseTest {
    /* DEPLOYMENT */

    function test_refusedAtDeployment() public {
        expectBadToken(stranger);
        expectBadToken(address(0));
        expectBadToken(address(runtime)); // a contract, but no token
        expectBadToken(address(new DecimalsToken(5)));
        expectBadToken(address(new DecimalsToken(19)));
        new Balances(runtime, address(new DecimalsToken(6)));
        new Balances(runtime, address(new DecimalsToken(18)));
    }

    /* REBASING */

    function test_rebasingDown_takesNothingFromNewcomers() public {
        RebasingToken rebasing = new RebasingToken();
        useToken(rebasing);
        depositAs(buyer, 100 ether);
        rebasing.rebase(address(balances), 5_000);
        // Five bonds and the buyer's deposit were 600 ether.
        vm.expectRevert(abi.encodeWithSelector(IBalances.BalancesTokenShort.selector, 350 ether, 650 ether));
        depositAs(payer, 50 ether);
        // Who was in may still leave with what is there.
        vm.prank(buyer);
        balances.withdraw(40 ether);
        rebasing.rebase(address(balances), 30_000);
        depositAs(payer, 50 ether);
    }

    function test_rebasingUp_changesNoAccount() public {
        RebasingToken rebasing = new RebasingToken();
        useToken(rebasing);
        depositAs(buyer, 100 ether);
        rebasing.rebase(address(balances), 20_000);
        assertFree(buyer, 100 ether, "free");
        depositAs(payer, 50 ether);
        assertFree(payer, 50 ether, "newcomer");
    }

    /* OVERDRAWING */

    function test_surchargeOnTheSenderIsRefused() public {
        SurchargeToken surcharge = new SurchargeToken();
        useToken(surcharge);
        depositAs(buyer, 100 ether);
        depositAs(payer, 100 ether);
        vm.expectRevert(abi.encodeWithSelector(IBalances.BalancesOverdrawn.selector, 101 ether, 100 ether));
        vm.prank(buyer);
        balances.withdraw(100 ether);
    }

    /* BLACKLIST */

    /// @dev Each party in turn is cut off in the middle of an order: it settles all the same, the others are paid.
    function test_blacklistedPartiesStopNobodyElse() public {
        for (uint256 i; i < 3; ++i) {
            BlacklistToken list = new BlacklistToken();
            useToken(list);
            address[3] memory parties = [buyer, seller, auditors[0]];
            uint256 orderId = completedAfter(100);
            list.block_(parties[i]);
            auditAll(orderId, 1);
            settle(orderId);
            assertStatus(orderId, OrderStatus.Completed, "status");
            for (uint256 j; j < 3; ++j) {
                uint256 free = balances.freeOf(parties[j]);
                if (j == i) vm.expectRevert();
                vm.prank(parties[j]);
                balances.withdraw(free);
                assertFree(parties[j], j == i ? free : 0, "free");
            }
        }
    }

    /* REENTERING A SETTLEMENT */

    /// @dev The only foreign calls are pull and withdraw: whatever the token calls back, books are closed or locked.
    function test_reenteringFromAWithdrawalFindsClosedBooks() public {
        ReenteringToken evil = new ReenteringToken();
        useToken(evil);
        uint256 orderId = completedAfter(100);
        auditAll(orderId, 1);
        settle(orderId);
        uint256 free = balances.freeOf(buyer);
        evil.arm(address(market), abi.encodeCall(IMarket.settleOrder, (orderId)));
        vm.prank(buyer);
        balances.withdraw(free);
        assertTrue(evil.reentered(), "it tried");
        assertFalse(evil.succeeded(), "and failed");
        assertEq(balances.totalWei() + balances.burnedWei(), evil.balanceOf(address(balances)), "sums");
    }

    /// @dev While the payer's money for a renewal is pulled, the token (as the buyer) ends the order.
    function test_endingTheOrderDuringItsRenewalIsNoticed() public {
        ReenteringToken evil = new ReenteringToken();
        useToken(evil);
        evil.mint(address(evil), 1_000 ether);
        vm.startPrank(address(evil));
        evil.approve(address(balances), type(uint256).max);
        uint256 orderId = market.placeOrder(defaultTerms(), "", byCaller());
        vm.stopPrank();
        start(orderId);
        evil.arm(address(market), abi.encodeCall(IMarket.cancelOrder, (orderId)));
        vm.expectRevert(unexpected(orderId, OrderStatus.Auditing, 1 << uint256(OrderStatus.Training)));
        vm.prank(address(evil));
        market.renewOrder(orderId, 100, byCaller());
    }

    /* DECIMALS */

    /// @dev Six decimals: a dollar an hour is 277.7 units a second. Sums come out to the unit.
    function test_sixDecimals() public {
        useToken(new DecimalsToken(6));
        vm.prank(seller);
        offerId = market.makeOffer(machineId, 1e6, 60, 3_600, uint64(time() + 1 days));
        uint256 orderId = completedAfter(100);
        auditAll(orderId, 1);
        settle(orderId);
        OrderView memory order = market.orderOf(orderId);
        assertEq(order.escrowWei, 166_667, "600 s, rounded up");
        assertEq(order.paidWei, 11_111, "40 s, rounded down");
        assertFree(seller, 11_111 - 222, "2 % burned");
        assertNothingLeftOf();
    }

    /* HELPERS */

    function expectBadToken(address token_) internal {
        vm.expectRevert(abi.encodeWithSelector(IBalances.BalancesBadToken.selector, token_));
        new Balances(runtime, token_);
    }

    /// @dev A whole market on that token, the same parties.
    function useToken(PlainToken token_) internal {
        composeWith(parameters(), address(token_));
        address[7] memory parties = [buyer, payer, seller, auditors[0], auditors[1], auditors[2], auditors[3]];
        for (uint256 i; i < 7; ++i) {
            token_.mint(parties[i], 1_000 ether);
            vm.startPrank(parties[i]);
            token_.approve(address(balances), type(uint256).max);
            if (i > 1) {
                balances.deposit(BOND);
                staking.bond(BOND);
            }
            if (i > 2) staking.takeSeat(CLASS);
            vm.stopPrank();
        }
        machineId = addMachineAs(seller);
        offerId = offerAs(seller, machineId);
    }

    function depositAs(address account, uint256 amountWei) internal {
        vm.prank(account);
        balances.deposit(amountWei);
    }

    function assertNothingLeftOf() internal view {
        assertHeld(buyer, HoldReason.Escrow, 0, "escrow left");
        assertEq(staking.bondOf(seller).reservedWei, 0, "stake left");
    }
}
