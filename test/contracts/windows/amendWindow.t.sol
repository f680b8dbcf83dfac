// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IWindows} from "../helpers/BaseTest.sol";
import {WindowView} from "../../../contracts/src/interfaces/Types.sol";

contract AmendWindowTest is BaseTest {
    function test_replacesTheNewestWindow() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 2);
        vm.expectEmit(address(windows));
        emit IWindows.WindowAmended(orderId, 1, 1);
        vm.expectEmit(address(windows));
        emit IWindows.WindowCommitted(orderId, 1, "mended", 3, "other", "bafymended");
        amend(orderId, 1, 1);

        WindowView memory w = windows.windowOf(orderId, 1);
        assertEq(w.blockNumber, height(), "blockNumber");
        assertEq(w.committedAt, time(), "committedAt");
        assertEq(w.amendment, 1, "amendment");
        assertTrue(w.extraDraw, "drawn once more");
        assertTrue(windows.isCommitted(orderId, 1, "mended", 3, "other"), "digest");
        assertEq(windows.committedSegments(orderId), 6, "counted once");
        assertFalse(windows.windowOf(orderId, 0).extraDraw, "the other as before");
    }

    function test_theLastWindowOfTheJob() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, WINDOWS);
        amend(orderId, 3, 1);
        assertTrue(windows.isCommitted(orderId, 3, "mended", 1, "other"), "one segment");
        complete(orderId);
        auditAll(orderId, 1);
        settle(orderId);
        assertNothingLeft();
    }

    /// @dev Nobody gains a look at what comes two windows later by committing anything early.
    function test_anchorsItsBeaconAnew() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        amend(orderId, 0, 1);
        (bytes32 value, uint64 target) = windows.beaconOf(orderId, 2);
        assertEq(value, 0, "not known any more");
        assertEq(target, height() + 2, "target");
    }

    function test_numbersRise_andAreFew() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        expectNot(orderId, 0, 0);
        amend(orderId, 0, 2);
        expectNot(orderId, 0, 1);
        expectNot(orderId, 0, 2);
        amend(orderId, 0, 3);
        expectNot(orderId, 0, 4);
        assertEq(windows.windowOf(orderId, 0).amendment, 3, "amendment");
    }

    function test_revertsIf_itIsNotTheNewest() public {
        uint256 orderId = placeAndStart();
        expectNot(orderId, 0, 1);
        commitWindows(orderId, 2);
        expectNot(orderId, 0, 1);
        expectNot(orderId, 2, 1);
    }

    /// @dev From the end on the draw may become known.
    function test_revertsIf_theOrderHasEnded() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        uint256 snapshot = vm.snapshotState();
        vm.prank(buyer);
        market.cancelOrder(orderId);
        expectNot(orderId, 0, 1);
        vm.revertToState(snapshot);
        commitWindows(orderId, 3);
        complete(orderId);
        expectNot(orderId, 3, 1);
    }

    function test_revertsIf_callerIsNotTheSeller() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsNotSeller.selector, orderId, buyer));
        vm.prank(buyer);
        windows.amendWindow(orderId, 0, 1, "mended", "other", 0, "");
    }

    function test_refusesWorkThatAnotherBeaconSeeded() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        (bytes32 beacon,) = windows.beaconOf(orderId, 0);
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsBeaconChanged.selector, orderId, 0, beacon));
        vm.prank(seller);
        windows.amendWindow(orderId, 0, 1, "mended", "other", keccak256("another"), "");
        vm.prank(seller);
        windows.amendWindow(orderId, 0, 1, "mended", "other", beacon, "");
    }

    function amend(uint256 orderId, uint32 index, uint32 amendment) internal {
        vm.prank(seller);
        windows.amendWindow(orderId, index, amendment, "mended", "other", 0, "bafymended");
    }

    function expectNot(uint256 orderId, uint32 index, uint32 amendment) internal {
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsNotAmendable.selector, orderId, index));
        amend(orderId, index, amendment);
    }
}
