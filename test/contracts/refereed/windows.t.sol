// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IWindows} from "../helpers/BaseTest.sol";
import {Vm} from "../helpers/Test.sol";
import {WindowView} from "../../../contracts/src/interfaces/Types.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {RefereedTest} from "./RefereedTest.sol";

contract SealedWindowsTest is RefereedTest {
    /* SEALING */

    function test_seal_storesTheDigestAlone() public {
        startPair();
        bytes24 digest = digestOf(first, 0, 3);
        vm.expectEmit(address(windows));
        emit IWindows.WindowSealed(first, 0, digest, 3);
        seal(first, 0, 3);
        WindowView memory w = windows.windowOf(first, 0);
        assertEq(bytes32(w.digest), bytes32(digest), "digest");
        assertEq(w.blockNumber, height(), "blockNumber");
        assertEq(w.committedAt, time(), "committedAt");
        assertFalse(w.opened, "sealed");
        assertEq(windows.committedSegments(first), 3, "segments");
        assertFalse(windows.isCommitted(first, 0, rootOf(first, 0), 3, stateOf(first, 0)), "not shown yet");
    }

    /// @dev Neither what is emitted nor what was sent holds root or state of a window that is sealed.
    function test_seal_tellsTheOtherNothing() public {
        startPair();
        vm.recordLogs();
        sealWindows(first, WINDOWS);
        completeAs(first);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint32 index; index < WINDOWS; ++index) {
            bytes32 root = rootOf(first, index);
            bytes32 state = stateOf(first, index);
            for (uint256 i; i < logs.length; ++i) {
                for (uint256 t; t < logs[i].topics.length; ++t) {
                    assertTrue(logs[i].topics[t] != root && logs[i].topics[t] != state, "topic");
                }
                for (uint256 at = 32; at <= logs[i].data.length; ++at) {
                    bytes32 word = wordBefore(logs[i].data, at);
                    assertTrue(word != root && word != state, "data");
                }
            }
        }
        expectSealed(first, 0);
    }

    function test_seal_refusesWhatCommitWindowWould() public {
        startPair();
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsNotSeller.selector, first, rival));
        vm.prank(rival);
        windows.sealWindow(first, 0, "digest", 3, 0);
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsWrongIndex.selector, first, 1, 0));
        vm.prank(seller);
        windows.sealWindow(first, 1, "digest", 3, 0);
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsBadSegments.selector, first, 2, 3));
        vm.prank(seller);
        windows.sealWindow(first, 0, "digest", 2, 0);
        (bytes32 beacon,) = windows.beaconOf(first, 0);
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsBeaconChanged.selector, first, 0, beacon));
        vm.prank(seller);
        windows.sealWindow(first, 0, "digest", 3, keccak256("another"));
        skip(600);
        vm.expectRevert(ofOrder(IWindows.WindowsNotTraining.selector, first));
        vm.prank(seller);
        windows.sealWindow(first, 0, "digest", 3, 0);
    }

    function test_seal_late_isDrawnOnceMore() public {
        startPair();
        uint64 dueAt = windows.dueAtOf(first);
        vm.warp(dueAt);
        vm.expectEmit(address(windows));
        emit IWindows.WindowLate(first, 0, dueAt);
        seal(first, 0, 3);
        assertTrue(windows.windowOf(first, 0).extraDraw, "drawn once more");
    }

    function test_onlyPairsAreSealed_andOnlyOthersCommitted() public {
        startPair();
        vm.expectRevert(ofOrder(IWindows.WindowsPaired.selector, first));
        vm.prank(seller);
        windows.commitWindow(first, 0, "root", 3, "state", 0, "");

        offerId = offerAs(seller, addMachineAs(seller));
        uint256 alone = placeAndStart();
        bytes memory reason = ofOrder(IWindows.WindowsNotPaired.selector, alone);
        vm.expectRevert(reason);
        vm.prank(seller);
        windows.sealWindow(alone, 0, "digest", 3, 0);
        commitNext(alone);
        vm.expectRevert(reason);
        vm.prank(seller);
        windows.openWindow(alone, 0, "root", 3, "state", "");
        assertTrue(windows.windowOf(alone, 0).opened, "never sealed");
        assertEq(windows.openableOf(alone), 0, "nothing to open");
        assertFalse(windows.agreed(alone), "with nobody");
    }

    /// @dev One could else wait for what the other opens.
    function test_amend_isRefused() public {
        startPair();
        sealNext(first);
        sealNext(second);
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(withIndex(IWindows.WindowsNotAmendable.selector, first, 0));
            vm.prank(seller);
            windows.amendWindow(first, 0, 1, "mended", "other", 0, "");
            openAll(first);
        }
    }

    /* OPENING */

    function test_open_saysWhatWasSealed() public {
        startPair();
        sealNext(first);
        sealNext(second);
        vm.expectEmit(address(windows));
        emit IWindows.WindowCommitted(first, 0, rootOf(first, 0), 3, stateOf(first, 0), "bafyleaves");
        open(first, 0, 3);
        assertTrue(windows.windowOf(first, 0).opened, "opened");
        assertTrue(windows.isCommitted(first, 0, rootOf(first, 0), 3, stateOf(first, 0)), "as any window");
        (uint32 count, bytes28 trace) = windows.openedOf(first);
        assertEq(count, 1, "opened");
        bytes32 expected = keccak256(abi.encode(bytes28(0), uint32(3), stateOf(first, 0)));
        assertEq(bytes32(trace), bytes32(bytes28(expected)), "trace");
    }

    function test_open_waitsForTheTwin() public {
        startPair();
        sealWindows(first, 2);
        assertEq(windows.openableOf(first), 0, "none yet");
        expectSealed(first, 0);
        sealNext(second);
        assertEq(windows.openableOf(first), 1, "one");
        openNext(first);
        expectSealed(first, 1);
        openNext(second);
        expectSealed(second, 1);
        assertEq(windows.openableOf(second), 1, "its own ones at most");
    }

    /// @dev Who has ended can copy nothing.
    function test_open_onceTheTwinHasEnded() public {
        startPair();
        sealWindows(first, 2);
        vm.prank(rival);
        market.orderFailed(second, CloseReasons.SELLER_GAVE_UP);
        assertEq(windows.openableOf(first), 2, "all");
        openAll(first);
        sealNext(first);
        openNext(first);
    }

    /// @dev After its buyer's cancel the twin may seal one more.
    function test_open_waitsForTheTwinsLastWindow() public {
        startPair();
        sealWindows(first, 3);
        sealWindows(second, 1);
        vm.prank(buyer);
        market.cancelOrder(second);
        openNext(first);
        expectSealed(first, 1);
        uint256 snapshot = vm.snapshotState();
        skip(9);
        expectSealed(first, 1);
        skip(1);
        openNext(first);
        assertEq(windows.openableOf(first), 3, "it never came");
        vm.revertToState(snapshot);
        skip(5);
        seal(second, 1, 1);
        assertEq(windows.openableOf(first), 3, "it came");
        openAll(first);
        open(second, 0, 3);
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsBadSegments.selector, second, 3, 1));
        vm.prank(rival);
        windows.openWindow(second, 1, "root", 3, "state", "");
        open(second, 1, 1);
    }

    function test_open_inOrder_once() public {
        startPair();
        for (uint256 i; i < 2; ++i) {
            sealNext(first);
            sealNext(second);
        }
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsWrongIndex.selector, first, 1, 0));
        vm.prank(seller);
        windows.openWindow(first, 1, "root", 3, "state", "");
        openNext(first);
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsWrongIndex.selector, first, 0, 1));
        vm.prank(seller);
        windows.openWindow(first, 0, "root", 3, "state", "");
    }

    function test_open_refusesAnythingElse() public {
        startPair();
        sealNext(first);
        sealNext(second);
        (bytes32 root, bytes32 state) = (rootOf(first, 0), stateOf(first, 0));
        expectBad("another", 3, state);
        expectBad(root, 3, "another");
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsBadSegments.selector, first, 2, 3));
        vm.prank(seller);
        windows.openWindow(first, 0, root, 2, state, "");
        openNext(first);
    }

    /// @dev What is sealed has as many segments as it was counted with, or it is never opened.
    function test_open_segmentsAreThoseThatWereCounted() public {
        startPair();
        bytes24 digest = digestOf(first, 0, 2);
        vm.prank(seller);
        windows.sealWindow(first, 0, digest, 3, 0);
        sealNext(second);
        (bytes32 root, bytes32 state) = (rootOf(first, 0), stateOf(first, 0));
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsBadSegments.selector, first, 2, 3));
        vm.prank(seller);
        windows.openWindow(first, 0, root, 2, state, "");
        expectBad(root, 3, state);
    }

    /// @dev Nobody gets ahead of the seller with other evidence.
    function test_open_isForTheSellerAlone() public {
        startPair();
        sealNext(first);
        sealNext(second);
        (bytes32 root, bytes32 state) = (rootOf(first, 0), stateOf(first, 0));
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsNotSeller.selector, first, rival));
        vm.prank(rival);
        windows.openWindow(first, 0, root, 3, state, "bafyother");
    }

    /// @dev Whoever seals the other's digest never opens it, whatever the other shows later.
    function test_copiedDigest_isOfNoUse() public {
        startPair();
        sealNext(first);
        bytes24 copied = windows.windowOf(first, 0).digest;
        vm.prank(rival);
        windows.sealWindow(second, 0, copied, 3, 0);
        openNext(first);
        (bytes32 root, bytes32 state) = (rootOf(first, 0), stateOf(first, 0));
        vm.expectRevert(withIndex(IWindows.WindowsBadOpening.selector, second, 0));
        vm.prank(rival);
        windows.openWindow(second, 0, root, 3, state, "");
    }

    function expectBad(bytes32 root, uint32 segments, bytes32 state) internal {
        vm.expectRevert(withIndex(IWindows.WindowsBadOpening.selector, first, 0));
        vm.prank(seller);
        windows.openWindow(first, 0, root, segments, state, "");
    }

    function wordBefore(bytes memory data, uint256 at) internal pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := mload(add(data, at))
        }
    }
}
