// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IWindows, OrderTerms, OrderView} from "../helpers/BaseTest.sol";

/// @notice A window is late after twice the agreed time of its steps and a minute. Steps take a second here: windows of
/// three segments of four steps are due 84 seconds after the one before.
contract DeadlinesTest is BaseTest {
    function test_countFromTheStart_thenFromTheWindowBefore() public {
        uint256 orderId = place();
        assertEq(windows.dueAtOf(orderId), 0, "not started");
        assertEq(windows.dueAtOf(99), 0, "no such order");
        vm.prank(seller);
        market.startOrder(orderId);
        assertEq(windows.dueAtOf(orderId), time() + 84, "the first");
        mine(3);
        commitWindows(orderId, 3);
        assertEq(windows.dueAtOf(orderId), windows.windowOf(orderId, 2).committedAt + 68, "one segment");
        commitNext(orderId);
        assertEq(windows.dueAtOf(orderId), 0, "all are committed");
    }

    function test_late_fromItsDeadlineOn() public {
        uint256 orderId = placeAndStart();
        uint64 dueAt = windows.dueAtOf(orderId);
        vm.warp(dueAt - 1);
        commitNext(orderId);
        assertEq(windows.extraDrawsOf(orderId), 0, "in time");
        dueAt = windows.dueAtOf(orderId);
        vm.warp(dueAt);
        vm.expectEmit(address(windows));
        emit IWindows.WindowLate(orderId, 1, dueAt);
        commitNext(orderId);
        assertEq(windows.extraDrawsOf(orderId), 2, "the second one");
        assertTrue(windows.windowOf(orderId, 1).extraDraw, "late");
        assertEq(windows.windowCount(orderId), 2, "and yet it counts");
    }

    /// @dev 6 draws over 4 windows give 1, 2, 1 and none of the last, whose segment is drawn anyhow.
    function test_late_isDrawnOnceMore_atTheSellersExpense() public {
        uint256 orderId = placeAndStart();
        for (uint256 w; w < WINDOWS; ++w) {
            skip(84);
            commitNext(orderId);
        }
        complete(orderId);
        uint256[4] memory counts;
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        for (uint256 i; i < segments.length; ++i) {
            ++counts[segments[i] / 3];
        }
        assertEq(counts[0], 3, "all of it");
        assertEq(counts[1], 3, "all of it");
        assertEq(counts[2], 2, "one more");
        assertEq(counts[3], 1, "it has one");
        assertEq(segments.length, 9, "of ten");
        auditAll(orderId, 1);
        settle(orderId);
        OrderView memory order = market.orderOf(orderId);
        assertEq(order.paidWei, 0.4 ether - FEE_PER_SEGMENT, "one more than the payer's eight");
        assertEq(order.refundedWei, ESCROW - 0.4 ether, "all but pay and fee");
        assertFree(seller, 0.4 ether * 98 / 100 - FEE_PER_SEGMENT, "protocol fee as without");
        uint256 paidWei;
        for (uint256 i; i < auditors.length; ++i) {
            paidWei += balances.freeOf(auditors[i]);
        }
        assertEq(paidWei, 9 * FEE_PER_SEGMENT, "auditors have it");
        assertNothingLeft();
    }

    /// @dev Whatever is late: distinct segments, one more of each late window that has one left, never more than a word
    /// of verdicts holds, and what auditors are paid is within what the payer put up.
    function testFuzz_oneMoreForEachLateWindow(uint256 late, uint16 draws, uint8 perWindow) public {
        OrderTerms memory terms = defaultTerms();
        terms.maxSeconds = 3_600;
        terms.segmentsPerWindow = uint32(bound(perWindow, 1, 8));
        terms.steps = 8 * 4 * terms.segmentsPerWindow;
        terms.draws = uint16(bound(draws, 8, 126));
        uint256 orderId = placeWith(terms);
        start(orderId);
        for (uint256 w; w < 8; ++w) {
            if (late >> w & 1 != 0) vm.warp(windows.dueAtOf(orderId));
            commitNextOf(orderId, terms.segmentsPerWindow);
        }
        complete(orderId);
        assertEq(windows.extraDrawsOf(orderId), late & 0xff, "late ones");
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        uint256[8] memory counts;
        uint256 seen;
        for (uint256 i; i < segments.length; ++i) {
            assertEq(seen >> segments[i] & 1, 0, "distinct");
            seen |= 1 << segments[i];
            ++counts[segments[i] / terms.segmentsPerWindow];
        }
        assertLe(segments.length, 128, "a word");
        uint256 spare = 126 - terms.draws;
        for (uint256 w; w < 8; ++w) {
            uint256 n = terms.segmentsPerWindow - (w == 0 ? 1 : 0) - (w == 7 ? 1 : 0);
            if (terms.segmentsPerWindow == 1 && (w == 0 || w == 7)) n = 0;
            uint256 share = terms.draws * (w + 1) / 8 - terms.draws * w / 8;
            if (late >> w & 1 != 0 && spare != 0) (share, spare) = (share + 1, spare - 1);
            uint256 ends = (w == 0 ? 1 : 0) + (w == 7 ? 1 : 0);
            assertEq(counts[w], (share < n ? share : n) + ends, "as many as agreed");
        }
        auditAll(orderId, 1);
        settle(orderId);
        assertNothingLeft();
    }
}
