// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    AuditOutcome,
    BaseTest,
    HoldReason,
    IMarket,
    IProofs,
    IWindows,
    OrderStatus,
    OrderTerms,
    OrderView
} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";

contract CancelOrderTest is BaseTest {
    /* PREPARING */

    function test_preparing_inTime_paysFiveMinutes() public {
        uint256 orderId = place();
        skip(59);
        vm.expectEmit(address(market));
        emit IMarket.OrderEnded(orderId, CloseReasons.BUYER_CANCELLED, "");
        cancel(orderId);

        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Cancelled, "status");
        assertEq(order.paidWei, FIVE_MINUTES_PRICE, "paid");
        assertFree(seller, FIVE_MINUTES_PRICE, "seller");
        assertFree(buyer, ESCROW - FIVE_MINUTES_PRICE + AUDIT_FEE, "buyer");
        assertEq(staking.bondOf(seller).activeWei, BOND, "bond");
        assertEq(machines.machineOf(machineId).currentOrderId, 0, "machine is free");
        assertNothingLeft();
    }

    function test_preparing_inTime_paysAtMostTheEscrow() public {
        OrderTerms memory terms = defaultTerms();
        terms.maxSeconds = 60;
        uint256 orderId = placeWith(terms);
        cancel(orderId);

        assertFree(seller, 0.6 ether, "the whole escrow, which is less than five minutes");
        assertFree(buyer, AUDIT_FEE, "buyer");
        assertNothingLeft();
    }

    /// @dev After the confirm window it is the seller who is late.
    function test_preparing_late_isAsExpired() public {
        uint256 orderId = place();
        skip(60);
        cancel(orderId);

        assertStatus(orderId, OrderStatus.Expired, "status");
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.SELLER_DID_NOT_START, "reason");
        assertFree(buyer, ESCROW + AUDIT_FEE + FIVE_MINUTES_PRICE, "buyer");
        assertEq(staking.bondOf(seller).activeWei, BOND - FIVE_MINUTES_PRICE, "bond");
        assertNothingLeft();
    }

    /* TRAINING */

    function test_training_stopsTheClockAndPaysWhatIsProved() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 2);
        skip(20);
        cancel(orderId);
        assertStatus(orderId, OrderStatus.Auditing, "status");
        assertEq(market.orderOf(orderId).endedAt, time(), "endedAt");

        skip(10);
        auditAll(orderId, 1);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Cancelled, "status");
        assertEq(market.orderOf(orderId).paidWei, 0.2 ether, "20 s of 24 proved");
        assertEq(machines.machineOf(machineId).failed, 0, "no fault of the machine");
        assertNothingLeft();
    }

    function test_training_sellerMayCommitOneShortWindow() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        skip(100);
        cancel(orderId);
        mine(3);
        skip(9);
        commitNextOf(orderId, 2);

        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsNotTraining.selector, orderId));
        vm.prank(seller);
        windows.commitWindow(orderId, 2, 0, 1, 0, 0, "");

        // The audit is open at once: there is nothing more to wait for.
        auditAll(orderId, 1);
        settle(orderId);
        assertEq(market.orderOf(orderId).paidWei, 0.2 ether, "five segments of four seconds");
        assertNothingLeft();
    }

    function test_training_lastWindowMayComeInTheSameSecond() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        cancel(orderId);
        commitNextOf(orderId, 3);
        assertEq(windows.windowCount(orderId), 2, "windows");
    }

    function test_training_lastWindowTooLate() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        cancel(orderId);
        skip(10);
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsNotTraining.selector, orderId));
        vm.prank(seller);
        windows.commitWindow(orderId, 1, 0, 1, 0, 0, "");
    }

    function test_training_auditWaitsForTheLastWindow() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        cancel(orderId);
        (bool ready,,) = proofs.drawOf(orderId);
        assertFalse(ready, "the draw may still grow");
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsWrongPhase.selector, orderId));
        vm.prank(auditors[0]);
        proofs.commitVerdicts(orderId, bytes32("x"));
        skip(10);
        openDraw(orderId);
        (ready,,) = proofs.drawOf(orderId);
        assertTrue(ready, "open");
    }

    /// @dev All was committed already: nothing to wait for.
    function test_training_auditOpensAtOnceIfAllIsCommitted() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, WINDOWS);
        cancel(orderId);
        mine(3);
        (bool ready,,) = proofs.drawOf(orderId);
        assertTrue(ready, "open");
    }

    function test_training_withoutAnyWindow_refundsAll() public {
        uint256 orderId = placeAndStart();
        skip(100);
        cancel(orderId);
        assertStatus(orderId, OrderStatus.Auditing, "a last window may come");
        vm.expectRevert(tooEarly(orderId, time() + 10));
        market.settleOrder(orderId);
        skip(10);
        settle(orderId);

        assertStatus(orderId, OrderStatus.Cancelled, "status");
        assertFree(buyer, ESCROW + AUDIT_FEE, "buyer");
        assertEq(staking.bondOf(seller).activeWei, BOND, "bond");
        assertNothingLeft();
    }

    function test_training_firstWindowMayBeTheLast() public {
        uint256 orderId = placeAndStart();
        skip(2);
        cancel(orderId);
        commitNextOf(orderId, 1);
        auditAll(orderId, 1);
        settle(orderId);
        assertEq(market.orderOf(orderId).paidWei, 0.02 ether, "two seconds");
        assertNothingLeft();
    }

    /// @dev Where training was stopped, a last window may come.
    function test_saysWhenNoWindowCanComeAnyMore() public {
        uint256 orderId = place();
        cancel(orderId);
        assertEq(market.factsOf(orderId).overAt, time(), "it had not started");
        orderId = placeAndStart();
        assertEq(market.factsOf(orderId).overAt, 0, "it is running");
        cancel(orderId);
        assertEq(market.factsOf(orderId).overAt, time() + 10, "stopped");
        skip(2);
        commitNextOf(orderId, 1);
        assertEq(market.factsOf(orderId).overAt, time(), "it came");
    }

    /* FAILURES */

    function test_revertsIf_paidTimeIsOver() public {
        uint256 orderId = placeAndStart();
        skip(600);
        vm.expectRevert(tooLate(orderId, time()));
        cancel(orderId);
    }

    function test_revertsIf_callerIsNotTheBuyer() public {
        uint256 orderId = placePaidByOther();
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketNotBuyer.selector, orderId, payer));
        vm.prank(payer);
        market.cancelOrder(orderId);
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketNotBuyer.selector, 99, buyer));
        cancel(99);
    }

    function test_revertsIf_endedAlready() public {
        uint256 orderId = placeAndStart();
        cancel(orderId);
        uint256 allowed = 1 << uint256(OrderStatus.Preparing) | 1 << uint256(OrderStatus.Training);
        vm.expectRevert(unexpected(orderId, OrderStatus.Auditing, allowed));
        cancel(orderId);
    }

    function testFuzz_preparing_neverPaysMoreThanHeld(uint96 price, uint32 maxSeconds) public {
        price = uint96(bound(price, 1, type(uint96).max));
        OrderTerms memory terms = defaultTerms();
        terms.maxSeconds = uint32(bound(maxSeconds, 1, type(uint32).max));
        vm.prank(seller);
        terms.offerId = market.makeOffer(machineId, price, 1, type(uint32).max, uint64(time() + 1));
        (uint256 escrowWei, uint256 feeWei, uint256 stakeWei) = market.quote(terms);
        fund(buyer, escrowWei + feeWei);
        bondAs(seller, stakeWei);
        uint256 orderId = placeWith(terms);
        cancel(orderId);

        uint256 fiveMinutes = uint256(price) * 300 / 3_600;
        assertFree(seller, fiveMinutes < escrowWei ? fiveMinutes : escrowWei, "seller");
        assertEq(balances.freeOf(seller) + balances.freeOf(buyer), escrowWei + feeWei, "sum");
        assertNothingLeft();
    }

    function cancel(uint256 orderId) internal {
        vm.prank(buyer);
        market.cancelOrder(orderId);
    }
}
