// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: slashes pay the accuser so well that one person on both sides earns by being convicted,
/// or the reward comes out of the payer's money.
contract SelfAccusationTest is BaseTest {
    /// @dev Buyer, seller, challenger and the whole jury are one person: convicting itself burns at least half of the stake
    /// that is left after the fees, and what it paid itself in fees was its own.
    function testFuzz_oneConvictsItselfAtALoss(uint8 verdict, uint8 windows) public {
        bondAs(challenger, CHALLENGE_BOND);
        uint256 before = everybody();
        uint256 orderId = ended(bound(windows, 1, WINDOWS), bound(verdict, 2, 3));
        uint256 loss = before - everybody();
        assertEq(loss, balances.burnedWei(), "what is lost is burned");
        assertGe(2 * loss, market.orderOf(orderId).slashedWei - AUDIT_FEE, "at least half of the rest");
    }

    function test_aLateStartGainsNothingToOnePersonWithTwoAccounts() public {
        uint256 before = everybody();
        uint256 orderId = place();
        skip(60);
        market.expireOrder(orderId);
        assertEq(everybody(), before, "from one pocket into the other");
        assertEq(machines.sellerReputationOf(seller).expired, 1, "and it shows");
    }

    /// @dev The payer is a third person: whatever the others arrange, it never pays for a conviction.
    function testFuzz_thePayerIsWholeAfterAnyConviction(uint8 verdict, uint8 windows) public {
        uint256 orderId = placePaidByOther();
        start(orderId);
        commitWindows(orderId, bound(windows, 1, WINDOWS));
        vm.prank(seller);
        market.orderFailed(orderId, 10_002);
        judge(orderId, bound(verdict, 2, 3));
        assertEq(token.balanceOf(payer) + balances.freeOf(payer), 1_000 ether, "whole");
        assertFree(buyer, 0, "and the buyer gets nothing of it");
        assertNothingLeft();
    }

    /// @dev Silence may be bought by either side, so nobody is paid for it.
    function test_nobodyProfitsFromSilence() public {
        uint256 orderId = completedAfter(100);
        proofs.pinDraw(orderId);
        address[] memory panel = panelOf(orderId);
        skip(120);
        settle(orderId);
        assertEq(balances.burnedWei(), 3 * SEAT_STAKE, "three seats, burned");
        for (uint256 i; i < 3; ++i) {
            assertFree(panel[i], 0, "auditor");
        }
        assertFree(seller, 0.2 ether, "the agreed half, no more");
        assertNothingLeft();
    }

    function ended(uint256 windows, uint256 verdict) internal returns (uint256 orderId) {
        orderId = placeAndStart();
        commitWindows(orderId, windows);
        vm.prank(seller);
        market.orderFailed(orderId, 10_002);
        judge(orderId, verdict);
    }

    function everybody() internal view returns (uint256 sum) {
        sum = wealthOf(buyer) + wealthOf(seller) + wealthOf(challenger);
        for (uint256 i; i < auditors.length; ++i) {
            sum += wealthOf(auditors[i]);
        }
    }
}
