// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IPallet, IWindows, OrderTerms} from "../helpers/BaseTest.sol";
import {WindowView} from "../../../contracts/src/interfaces/Types.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";

contract CommitWindowTest is BaseTest {
    function test_storesTheWindow() public {
        uint256 orderId = placeAndStart();
        vm.expectEmit(address(windows));
        emit IWindows.WindowCommitted(orderId, 0, bytes32("root"), 3, bytes32("state"), "bafyleaves");
        commit(orderId, 0, 3);

        WindowView memory w = windows.windowOf(orderId, 0);
        bytes32 digest = keccak256(abi.encode(bytes32("root"), uint32(3), bytes32("state")));
        assertEq(bytes32(w.digest), bytes32(bytes24(digest)), "digest");
        assertEq(w.blockNumber, height(), "blockNumber");
        assertEq(windows.windowCount(orderId), 1, "windows");
        assertEq(windows.committedSegments(orderId), 3, "segments");
    }

    function test_acceptsAllWindowsInOrder() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, WINDOWS);
        assertEq(windows.windowCount(orderId), 4, "windows");
        assertEq(windows.committedSegments(orderId), 10, "segments");
    }

    /// @dev Window w's data was seeded by beacon w, so that one must be known.
    function test_waitsForTheBeaconThatSeededIt() public {
        uint256 orderId = place();
        vm.prank(seller);
        market.startOrder(orderId);
        vm.expectRevert(notReady(orderId, 0, market.orderOf(orderId).placedBlock + 2));
        commit(orderId, 0, 3);

        mine(2);
        commit(orderId, 0, 3);
        // Beacon 1 (start + 2) is not readable yet: window 1 has to wait for it.
        vm.expectRevert(notReady(orderId, 1, uint64(height())));
        commit(orderId, 1, 3);
        mine(1);
        commit(orderId, 1, 3);
        // Beacon 2 is two blocks after window 0, beacon 3 two blocks after window 1.
        vm.expectRevert(notReady(orderId, 2, uint64(height() + 1)));
        commit(orderId, 2, 3);
        mine(2);
        commit(orderId, 2, 3);
        vm.expectRevert(notReady(orderId, 3, uint64(height())));
        commit(orderId, 3, 1);
        mine(3);
        commit(orderId, 3, 1);
    }

    /// @dev After a reorganisation the same call would commit work that was seeded by a block which is gone.
    function test_refusesWorkThatAnotherBeaconSeeded() public {
        uint256 orderId = placeAndStart();
        (bytes32 beacon, uint64 target) = windows.beaconOf(orderId, 0);
        bytes memory reason = abi.encodeWithSelector(
            IWindows.WindowsBeaconChanged.selector, orderId, 0, keccak256("reorganised")
        );
        uint256 snapshot = vm.snapshotState();
        vm.setBlockhash(target, keccak256("reorganised"));
        vm.expectRevert(reason);
        commitSeededBy(orderId, beacon);
        vm.revertToState(snapshot);
        vm.setBlockhash(target, beacon);
        commitSeededBy(orderId, beacon);
        assertEq(windows.windowCount(orderId), 1, "with its own beacon it counts");
    }

    /// @dev What blockhash has forgotten is not compared: it has long been final.
    function test_acceptsAnyBeaconThatIsTooOldToRead() public {
        uint256 orderId = placeAndStart();
        mine(300);
        commitSeededBy(orderId, keccak256("long ago"));
        assertEq(windows.windowCount(orderId), 1, "counts");
    }

    function test_countsForMarket_onlyThroughWindows() public {
        uint256 orderId = placeAndStart();
        vm.expectRevert(abi.encodeWithSelector(IPallet.PalletUnauthorized.selector, seller));
        vm.prank(seller);
        market.countWindow(orderId, seller, 3);
    }

    function test_revertsIf_callerIsNotTheSeller() public {
        uint256 orderId = placeAndStart();
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsNotSeller.selector, orderId, buyer));
        vm.prank(buyer);
        windows.commitWindow(orderId, 0, 0, 3, 0, 0, "");
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsNotSeller.selector, 99, seller));
        commit(99, 0, 3);
    }

    function test_revertsIf_notTraining() public {
        uint256 orderId = place();
        bytes memory reason = abi.encodeWithSelector(IWindows.WindowsNotTraining.selector, orderId);
        vm.expectRevert(reason);
        commit(orderId, 0, 3);
        start(orderId);
        commitWindows(orderId, 1);

        uint256 snapshot = vm.snapshotState();
        vm.prank(seller);
        market.orderFailed(orderId, CloseReasons.SELLER_GAVE_UP);
        vm.expectRevert(reason);
        commit(orderId, 1, 3);
        vm.revertToState(snapshot);

        skip(600);
        vm.expectRevert(reason);
        commit(orderId, 1, 3);
    }

    function test_revertsIf_indexIsNotTheNext() public {
        uint256 orderId = placeAndStart();
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsWrongIndex.selector, orderId, 1, 0));
        commit(orderId, 1, 3);
        commitNext(orderId);
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsWrongIndex.selector, orderId, 0, 1));
        commit(orderId, 0, 3);
    }

    function test_revertsIf_segmentsAreNotWhatTheWindowHas() public {
        uint256 orderId = placeAndStart();
        expectBadSegments(orderId, 0, 2, 3);
        expectBadSegments(orderId, 0, 4, 3);
        expectBadSegments(orderId, 0, 0, 3);
        commitWindows(orderId, 3);
        expectBadSegments(orderId, 3, 3, 1);
        commitNext(orderId);
        expectBadSegments(orderId, 4, 0, 0);
        expectBadSegments(orderId, 4, 1, 0);
    }

    function test_lastWindowAfterCancel_isAtMostAWindow() public {
        uint256 orderId = placeAndStart();
        vm.prank(buyer);
        market.cancelOrder(orderId);
        expectBadSegments(orderId, 0, 4, 3);
        expectBadSegments(orderId, 0, 0, 3);
        commit(orderId, 0, 1);
    }

    function testFuzz_anyScheduleCanBeCommittedWhole(uint64 steps, uint32 k, uint32 perWindow) public {
        OrderTerms memory terms = defaultTerms();
        terms.stepsPerSegment = uint32(bound(k, 1, 256));
        terms.segmentsPerWindow = uint32(bound(perWindow, 1, 1_024));
        terms.steps = uint64(bound(steps, 1, 12 * uint256(terms.stepsPerSegment) * terms.segmentsPerWindow));
        terms.draws = 12;
        terms.stepMicros = 1_000;
        uint256 orderId = placeWith(terms);
        start(orderId);
        uint256 segments = (uint256(terms.steps) + terms.stepsPerSegment - 1) / terms.stepsPerSegment;
        for (uint256 left = segments; left > 0;) {
            uint256 n = left < terms.segmentsPerWindow ? left : terms.segmentsPerWindow;
            commitNextOf(orderId, uint32(n));
            left -= n;
        }
        complete(orderId);
        assertEq(windows.committedSegments(orderId), segments, "segments");
    }

    function commitSeededBy(uint256 orderId, bytes32 beacon) internal {
        vm.prank(seller);
        windows.commitWindow(orderId, 0, bytes32("root"), 3, bytes32("state"), beacon, "bafyleaves");
    }

    function notReady(uint256 orderId, uint32 index, uint64 target) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IWindows.WindowsBeaconNotReady.selector, orderId, index, target);
    }

    function expectBadSegments(uint256 orderId, uint32 index, uint32 segments, uint32 expected) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IWindows.WindowsBadSegments.selector, orderId, segments, expected)
        );
        commit(orderId, index, segments);
    }

    function commit(uint256 orderId, uint32 index, uint32 segments) internal {
        vm.prank(seller);
        windows.commitWindow(orderId, index, bytes32("root"), segments, bytes32("state"), 0, "bafyleaves");
    }
}
