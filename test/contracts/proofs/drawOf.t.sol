// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, OrderTerms} from "../helpers/BaseTest.sol";

contract DrawOfTest is BaseTest {
    function test_isEmptyBeforeAnyWindow() public {
        assertDraw(99, false, 0, 0);
        uint256 orderId = placeAndStart();
        assertDraw(orderId, false, 0, 0);
    }

    /// @dev Nothing is known of the draw while the seller can still choose what to commit.
    function test_isEmptyWhileTraining() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, WINDOWS);
        assertDraw(orderId, false, 0, 0);
    }

    /// @dev 6 draws over 4 windows: 1, 2, 1, 2; the last window has one segment only, which is drawn as the last.
    function test_readyOnceEndedAndItsBeaconIsKnown() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, WINDOWS);
        vm.prank(seller);
        market.orderCompleted(orderId, "");
        assertDraw(orderId, false, 0, 0);
        mine(3);
        assertDraw(orderId, true, 6, 3);
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        assertTrue(segments[0] == 1 || segments[0] == 2, "first window, not its first segment");
        assertTrue(segments[1] >= 3 && segments[1] < 6 && segments[2] >= 3 && segments[2] < 6, "second");
        assertTrue(segments[1] != segments[2], "distinct");
        assertTrue(segments[3] >= 6 && segments[3] < 9, "third");
        assertEq(segments[4], 0, "the first");
        assertEq(segments[5], 9, "the last");
    }

    /// @dev The draw of a settled order can be read for ever.
    function test_staysAfterSettlement() public {
        uint256 orderId = completedAfter(10);
        (, uint32[] memory before,) = proofs.drawOf(orderId);
        auditAll(orderId, 1);
        settle(orderId);
        vm.roll(height() + 10_000);
        (bool ready, uint32[] memory segments,) = proofs.drawOf(orderId);
        assertTrue(ready, "ready");
        assertEq(keccak256(abi.encode(segments)), keccak256(abi.encode(before)), "segments");
    }

    function test_alwaysHasTheFirstAndTheLast() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 2);
        vm.prank(buyer);
        market.cancelOrder(orderId);
        skip(10);
        openDraw(orderId);
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        assertTrue(has(segments, 0), "first");
        assertTrue(has(segments, 5), "last committed");
        for (uint256 i; i < segments.length; ++i) {
            assertLt(segments[i], 6, "committed only");
        }
    }

    /// @dev Panels change while seats do, until one is stored; then they do not.
    function test_panelStandsOnceStored() public {
        uint256 orderId = completedAfter(10);
        address[] memory panel = panelOf(orderId);
        commitVerdictsAs(panel[0], orderId, 1);
        for (uint256 i; i < 4; ++i) {
            seatAuditor(string.concat("late", vm.toString(i)));
        }
        for (uint256 i; i < 4; ++i) {
            vm.prank(auditors[i]);
            staking.leaveSeat(CLASS);
        }
        assertEq(keccak256(abi.encode(panelOf(orderId))), keccak256(abi.encode(panel)), "panel");
    }

    /// @dev Seats coming and going between the forecast and the first commit: whoever the draw names then may
    /// commit, whoever it named before may not, and the order settles.
    function test_panelChangesBeforeTheFirstCommitAreHarmless() public {
        uint256 orderId = completedAfter(10);
        address[] memory forecast = panelOf(orderId);
        vm.prank(forecast[0]);
        staking.leaveSeat(CLASS);
        address[] memory panel = panelOf(orderId);
        assertEq(panel.length, 3, "three seats are left");
        assertFalse(hasMember(panel, forecast[0]), "gone");
        auditAll(orderId, 1);
        settle(orderId);
        assertNothingLeft();
    }

    function test_panelLeavesThePartiesOut() public {
        bondAs(buyer, SEAT_STAKE);
        vm.prank(buyer);
        staking.takeSeat(CLASS);
        bondAs(payer, SEAT_STAKE);
        vm.prank(payer);
        staking.takeSeat(CLASS);
        vm.prank(seller);
        staking.takeSeat(CLASS);
        for (uint256 i; i < 8; ++i) {
            uint256 orderId = placePaidWithNonce(i);
            start(orderId);
            commitWindows(orderId, WINDOWS);
            complete(orderId);
            address[] memory panel = panelOf(orderId);
            assertEq(panel.length, 3, "four may audit");
            for (uint256 j; j < 3; ++j) {
                assertTrue(hasMember(auditors, panel[j]), "an auditor");
                for (uint256 k; k < j; ++k) {
                    assertTrue(panel[k] != panel[j], "distinct");
                }
            }
        }
    }

    function test_panelIsAsLargeAsThereAreSeats() public {
        uint256 orderId = completedAfter(10);
        for (uint256 i; i < 3; ++i) {
            vm.prank(auditors[i]);
            staking.leaveSeat(CLASS);
        }
        address[] memory panel = panelOf(orderId);
        assertEq(panel.length, 1, "one");
        assertEq(panel[0], auditors[3], "the only one");
    }

    /// @dev Whatever the schedule and the beacons: distinct committed segments, within the limit, ends included,
    /// and at least one of every window.
    function testFuzz_drawsDistinctCommittedSegments(
        uint64 steps,
        uint32 perWindow,
        uint16 draws,
        bytes32 salt
    ) public {
        vm.roll(bound(uint256(salt), 1_000, 1 << 40));
        OrderTerms memory terms = defaultTerms();
        terms.segmentsPerWindow = uint32(bound(perWindow, 1, 40));
        terms.steps = uint64(bound(steps, 1, 24 * uint256(terms.segmentsPerWindow)));
        uint256 segments = (uint256(terms.steps) + 3) / 4;
        uint256 windows = (segments + terms.segmentsPerWindow - 1) / terms.segmentsPerWindow;
        terms.draws = uint16(bound(draws, windows, 126));
        uint256 orderId = placeWith(terms);
        start(orderId);
        for (uint256 w; w < windows; ++w) {
            uint256 left = segments - w * terms.segmentsPerWindow;
            commitNextOf(orderId, uint32(left < terms.segmentsPerWindow ? left : terms.segmentsPerWindow));
        }
        complete(orderId);

        (bool ready, uint32[] memory drawn,) = proofs.drawOf(orderId);
        assertTrue(ready, "ready");
        assertLe(drawn.length, uint256(terms.draws) + 2, "limit");
        bool[] memory seen = new bool[](segments);
        uint256[] memory perWindowCount = new uint256[](windows);
        for (uint256 i; i < drawn.length; ++i) {
            assertLt(drawn[i], segments, "committed");
            assertFalse(seen[drawn[i]], "distinct");
            seen[drawn[i]] = true;
            ++perWindowCount[drawn[i] / terms.segmentsPerWindow];
        }
        assertTrue(seen[0] && seen[segments - 1], "ends");
        for (uint256 w; w < windows; ++w) {
            assertGe(perWindowCount[w], 1, "every window");
        }
    }

    function placePaidWithNonce(uint256 nonce) internal returns (uint256 orderId) {
        OrderTerms memory terms = defaultTerms();
        vm.prank(seller);
        machines.setEndpoint(machineId, "x");
        vm.startPrank(buyer);
        orderId = market.placeOrder(terms, "", signedPayment(PAYER_KEY, buyer, terms, nonce));
        vm.stopPrank();
        mine(1);
    }

    function assertDraw(uint256 orderId, bool ready, uint256 segments, uint256 panel) internal view {
        (bool actual, uint32[] memory drawn, address[] memory members) = proofs.drawOf(orderId);
        assertEq(actual ? 1 : 0, ready ? 1 : 0, "ready");
        assertEq(drawn.length, segments, "segments");
        assertEq(members.length, panel, "panel");
    }

    function has(uint32[] memory list, uint32 value) internal pure returns (bool) {
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == value) return true;
        }
        return false;
    }

    function hasMember(address[] memory list, address value) internal pure returns (bool) {
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == value) return true;
        }
        return false;
    }
}
