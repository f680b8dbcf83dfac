// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, HoldReason, IMarket, OrderTerms, Payment, ProofMode} from "../helpers/BaseTest.sol";
import {PlainToken, ReenteringToken} from "../helpers/WeirdTokens.sol";

/// @notice A token that calls the market back while it is asked for the payer's money.
contract PlaceOrderReenteredTest is BaseTest {
    ReenteringToken internal evil;

    function setUp() public override {
        vm.warp(1_000_000);
        vm.roll(1_000);
        evil = new ReenteringToken();
        composeWith(parameters(), address(evil));
        address[3] memory rich = [buyer, address(evil), makeAddr("auditor0")];
        for (uint256 i; i < 3; ++i) {
            evil.mint(rich[i], 1_000 ether);
            vm.startPrank(rich[i]);
            evil.approve(address(balances), type(uint256).max);
            if (rich[i] != buyer) {
                balances.deposit(500 ether);
                staking.bond(BOND);
            }
            vm.stopPrank();
        }
        vm.prank(rich[2]);
        staking.takeSeat(CLASS);
        // The token is the seller, too.
        machineId = addMachineAs(address(evil));
        offerId = offerAs(address(evil), machineId);
    }

    /// @dev What was decided before the money came would be stale: the offer is looked at afterwards.
    function test_cancellingTheOfferMeanwhileStopsTheOrder() public {
        evil.arm(address(market), abi.encodeCall(IMarket.cancelOffer, (offerId)));
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketOfferClosed.selector, offerId));
        vm.prank(buyer);
        market.placeOrder(defaultTerms(), "", byCaller());
    }

    /// @dev Two orders or none: the second offer is looked at when its turn comes.
    function test_cancellingTheSecondOfferMeanwhileStopsBoth() public {
        evil.mint(seller, 500 ether);
        vm.startPrank(seller);
        evil.approve(address(balances), type(uint256).max);
        balances.deposit(500 ether);
        staking.bond(BOND);
        vm.stopPrank();
        OrderTerms memory terms = defaultTerms();
        uint256 another = addMachineAs(seller);
        terms.offerId = offerAs(seller, another);
        terms.mode = ProofMode.Refereed;
        setModesAs(seller, another, 8);
        setModesAs(address(evil), machineId, 8);
        uint256 snapshot = vm.snapshotState();
        vm.prank(buyer);
        market.placeRefereed(terms, offerId, "", byCaller());
        assertEq(market.orderCount(), 2, "both");
        vm.revertToState(snapshot);

        evil.arm(address(market), abi.encodeCall(IMarket.cancelOffer, (offerId)));
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketOfferClosed.selector, offerId));
        vm.prank(buyer);
        market.placeRefereed(terms, offerId, "", byCaller());
        assertEq(market.orderCount(), 0, "neither");
    }

    function test_placingMeanwhileIsRefused() public {
        evil.arm(address(market), abi.encodeCall(IMarket.placeOrder, (defaultTerms(), "", byCaller())));
        vm.prank(buyer);
        uint256 orderId = market.placeOrder(defaultTerms(), "", byCaller());

        assertTrue(evil.reentered(), "it tried");
        assertFalse(evil.succeeded(), "and failed");
        assertEq(orderId, 1, "one order");
        assertHeld(buyer, HoldReason.Escrow, ESCROW + AUDIT_FEE, "one escrow");
        assertEq(balances.totalWei(), evil.balanceOf(address(balances)), "sums");
    }
}
