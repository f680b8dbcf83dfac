// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMarket, IWindows, OrderStatus, OrderView} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";

contract OrderFailedTest is BaseTest {
    function test_preparing_givingUpCostsFiveMinutes() public {
        uint256 orderId = place();
        fail(orderId, CloseReasons.SELLER_GAVE_UP);

        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Failed, "status");
        assertEq(order.closeReason, CloseReasons.SELLER_GAVE_UP, "reason");
        assertEq(order.slashedWei, FIVE_MINUTES_PRICE, "slashed");
        assertFree(buyer, ESCROW + AUDIT_FEE + FIVE_MINUTES_PRICE, "buyer");
        assertEq(staking.bondOf(seller).activeWei, BOND - FIVE_MINUTES_PRICE, "bond");
        assertEq(balances.burnedWei(), 0, "nothing burned");
        assertEq(machines.machineOf(machineId).failed, 1, "count");
        assertNothingLeft();
    }

    function test_preparing_jobFaultCostsNobody() public {
        uint16[2] memory reasons = [CloseReasons.JOB_NOT_DETERMINISTIC, CloseReasons.JOB_INVALID];
        for (uint256 i; i < 2; ++i) {
            uint256 orderId = place();
            fail(orderId, reasons[i]);
            assertStatus(orderId, OrderStatus.Failed, "status");
            assertEq(market.orderOf(orderId).closeReason, reasons[i], "reason");
            assertEq(market.orderOf(orderId).refundedWei, ESCROW + AUDIT_FEE, "refunded");
            assertEq(market.orderOf(orderId).slashedWei, 0, "slashed");
        }
        assertEq(staking.bondOf(seller).activeWei, BOND, "bond");
        assertEq(machines.machineOf(machineId).failed, 0, "count");
        assertNothingLeft();
    }

    function test_training_withoutWindowSettlesAtOnce() public {
        uint16[2] memory reasons = [CloseReasons.JOB_INVALID, CloseReasons.SELLER_GAVE_UP];
        for (uint256 i; i < 2; ++i) {
            uint256 orderId = placeAndStart();
            fail(orderId, reasons[i]);
            assertStatus(orderId, OrderStatus.Failed, "status");
            assertEq(market.orderOf(orderId).refundedWei, ESCROW + AUDIT_FEE, "refunded");
            assertEq(market.orderOf(orderId).paidWei, 0, "paid");
        }
        assertEq(staking.bondOf(seller).activeWei, BOND, "bond");
        assertNothingLeft();
    }

    /// @dev Windows of twelve seconds: twice that and a minute after the start, or the window before.
    function test_stalled_onceTheNextWindowIsLate() public {
        uint256 orderId = place();
        expectNotLate(orderId, 0);
        vm.prank(seller);
        market.startOrder(orderId);
        uint256 startedAt = time();
        expectNotLate(orderId, startedAt + 84);
        vm.warp(startedAt + 80);
        commitLate(orderId);
        uint256 dueAt = time() + 84;
        vm.warp(dueAt - 1);
        expectNotLate(orderId, dueAt);
        vm.warp(dueAt);
        fail(orderId, CloseReasons.JOB_STALLED);
        assertStatus(orderId, OrderStatus.Auditing, "what was committed is audited, and paid");
        expectRefused(orderId);
    }

    function test_stalled_withoutAWindowCostsNobody() public {
        uint256 orderId = placeAndStart();
        vm.warp(windows.dueAtOf(orderId));
        fail(orderId, CloseReasons.JOB_STALLED);
        assertStatus(orderId, OrderStatus.Failed, "status");
        assertEq(market.orderOf(orderId).refundedWei, ESCROW + AUDIT_FEE, "refunded");
        assertEq(machines.machineOf(machineId).failed, 0, "count");
        assertNothingLeft();
    }

    function test_stalled_revertsIf_allIsCommitted() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, WINDOWS);
        skip(300);
        expectNotLate(orderId, 0);
    }

    function commitLate(uint256 orderId) internal {
        vm.roll(height() + 5);
        vm.prank(seller);
        windows.commitWindow(orderId, 0, "root", 3, "state", 0, "");
    }

    function expectNotLate(uint256 orderId, uint256 dueAt) internal {
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsNotLate.selector, orderId, dueAt));
        fail(orderId, CloseReasons.JOB_STALLED);
    }

    function expectRefused(uint256 orderId) internal {
        assertEq(windows.dueAtOf(orderId), 0, "none is due");
        vm.expectRevert();
        fail(orderId, CloseReasons.JOB_STALLED);
    }

    function test_training_withWindowIsAudited() public {
        uint256 orderId = placeAndStart();
        commitNext(orderId);
        fail(orderId, CloseReasons.SELLER_GAVE_UP);
        assertStatus(orderId, OrderStatus.Auditing, "status");
    }

    /// @dev Else a seller that is late to start, or to end, would choose the cheaper reason afterwards.
    function test_revertsIf_late() public {
        uint256 orderId = place();
        uint256 snapshot = vm.snapshotState();
        skip(60);
        vm.expectRevert(tooLate(orderId, time()));
        fail(orderId, CloseReasons.JOB_INVALID);
        vm.revertToState(snapshot);

        start(orderId);
        skip(600);
        vm.expectRevert(tooLate(orderId, time()));
        fail(orderId, CloseReasons.SELLER_GAVE_UP);
    }

    function test_revertsIf_reasonIsNotTheSellers() public {
        uint256 orderId = place();
        uint16[6] memory reasons = [
            CloseReasons.NONE,
            CloseReasons.BUYER_CANCELLED,
            CloseReasons.WORK_COMPLETED,
            CloseReasons.SELLER_DID_NOT_START,
            CloseReasons.FRAUD_PROVED,
            CloseReasons.AUDITORS_SILENT
        ];
        for (uint256 i; i < 6; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IMarket.MarketBadReason.selector, reasons[i]));
            fail(orderId, reasons[i]);
        }
    }

    function testFuzz_revertsIf_reasonIsNotTheSellers(uint16 reason) public {
        vm.assume(reason < 2 || (reason > 4 && reason != CloseReasons.SELLER_GAVE_UP));
        uint256 orderId = place();
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketBadReason.selector, reason));
        fail(orderId, reason);
    }

    function test_revertsIf_callerIsNotTheSeller() public {
        uint256 orderId = place();
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketNotSeller.selector, orderId, buyer));
        vm.prank(buyer);
        market.orderFailed(orderId, CloseReasons.SELLER_GAVE_UP);
    }

    function test_revertsIf_endedAlready() public {
        uint256 orderId = completedAfter(10);
        uint256 allowed = 1 << uint256(OrderStatus.Preparing) | 1 << uint256(OrderStatus.Training);
        vm.expectRevert(unexpected(orderId, OrderStatus.Auditing, allowed));
        fail(orderId, CloseReasons.SELLER_GAVE_UP);
    }

    function fail(uint256 orderId, uint16 reason) internal {
        vm.prank(seller);
        market.orderFailed(orderId, reason);
    }
}
