// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IProofs} from "../helpers/BaseTest.sol";

/// @notice beaconOf, drawBeaconOf and pinDraw. Delay is two blocks: a beacon anchored at b is the hash of block b + 2.
contract BeaconsTest is BaseTest {
    function test_isTheHashOfTheBlockFixedInAdvance() public {
        uint256 orderId = place();
        uint64 target = market.orderOf(orderId).placedBlock + 2;
        assertBeacon(orderId, 0, 0, target);
        vm.roll(target);
        assertBeacon(orderId, 0, 0, target);
        vm.roll(target + 1);
        vm.setBlockhash(target, keccak256("target"));
        assertBeacon(orderId, 0, keccak256("target"), target);
    }

    function test_isZeroIfNotAnchored() public {
        assertBeacon(99, 0, 0, 0);
        uint256 orderId = place();
        assertBeacon(orderId, 1, 0, 0);
        assertBeacon(orderId, 2, 0, 0);
        assertBeacon(orderId, type(uint32).max, 0, 0);
        start(orderId);
        (bytes32 value,) = windows.beaconOf(orderId, 1);
        assertTrue(value != 0, "anchored by the start");
        commitNext(orderId);
        (value,) = windows.beaconOf(orderId, 2);
        assertTrue(value != 0, "anchored by the window");
    }

    /// @dev A seed's block never moves: it was looked up when the window was trained, and can be for ever.
    function test_seedsStayWhereTheyAre() public {
        uint256 orderId = place();
        uint64 target = market.orderOf(orderId).placedBlock + 2;
        vm.roll(target + 256);
        assertBeacon(orderId, 0, blockhash(target), target);
        vm.roll(target + 257);
        assertBeacon(orderId, 0, 0, target);
        vm.roll(target + 10_000);
        assertBeacon(orderId, 0, 0, target);
    }

    /* THE DRAW */

    function test_draw_isAnchoredByTheEnd() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, WINDOWS);
        assertDrawBeacon(orderId, 0, 0);
        vm.prank(seller);
        market.orderCompleted(orderId, "");
        uint64 target = uint64(height() + 2);
        assertDrawBeacon(orderId, 0, target);
        mine(3);
        vm.setBlockhash(target, keccak256("target"));
        assertDrawBeacon(orderId, bytes12(keccak256("target")), target);
    }

    function test_draw_pinnedStaysAfterBlockhashForgets() public {
        uint256 orderId = completedAfter(10);
        (bytes32 value, uint64 target) = proofs.drawBeaconOf(orderId);
        vm.expectEmit(address(proofs));
        emit IProofs.DrawSeeded(orderId, target, value);
        vm.prank(stranger);
        proofs.pinDraw(orderId);
        vm.roll(target + 10_000);
        assertDrawBeacon(orderId, value, 0);
    }

    /// @dev Nobody chooses the block: it moves by whole reaches of blockhash, whoever asks and whenever.
    function test_draw_unpinnedMovesOnBy256() public {
        uint256 orderId = completedAfter(10);
        (, uint64 target) = proofs.drawBeaconOf(orderId);
        vm.roll(target + 256);
        assertDrawBeacon(orderId, firstBytes(target), target);
        vm.roll(target + 257);
        assertDrawBeacon(orderId, firstBytes(target + 256), target + 256);
        vm.roll(target + 512);
        assertDrawBeacon(orderId, firstBytes(target + 256), target + 256);
        vm.roll(target + 513);
        assertDrawBeacon(orderId, firstBytes(target + 512), target + 512);
    }

    function testFuzz_draw_isAlwaysReadableOnceDue(uint64 later) public {
        uint256 orderId = completedAfter(10);
        (, uint64 target) = proofs.drawBeaconOf(orderId);
        vm.roll(uint256(target) + bound(later, 1, type(uint40).max - target));
        (bytes32 value, uint64 blockNumber) = proofs.drawBeaconOf(orderId);
        assertTrue(value != 0, "readable");
        assertEq((blockNumber - target) % 256, 0, "by whole reaches");
        assertLt(height() - blockNumber, 257, "within reach");
        assertLt(blockNumber, height(), "in the past");
    }

    function test_pin_revertsIf_nothingIsAudited() public {
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsNotAuditing.selector, 99));
        proofs.pinDraw(99);
        uint256 orderId = placeAndStart();
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsNotAuditing.selector, orderId));
        proofs.pinDraw(orderId);
    }

    function test_pin_storesThePanelToo() public {
        uint256 orderId = completedAfter(10);
        address[] memory forecast = panelOf(orderId);
        vm.expectEmit(address(proofs));
        emit IProofs.PanelDrawn(orderId, forecast);
        proofs.pinDraw(orderId);
        vm.recordLogs();
        proofs.pinDraw(orderId);
        assertEq(vm.getRecordedLogs().length, 0, "once");
        assertPanelStands(orderId, forecast);
    }

    function test_pin_storesNoPanelInTheSecondHalf() public {
        uint256 orderId = completedAfter(10);
        skip(30);
        vm.recordLogs();
        proofs.pinDraw(orderId);
        assertEq(vm.getRecordedLogs().length, 1, "the seed alone");
    }

    /// @dev The clock opens this audit, no transaction does: the first call fixes the block, which nobody knows then.
    function test_pin_afterACancelFixesTheBlockFirst() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        vm.prank(buyer);
        market.cancelOrder(orderId);
        proofs.pinDraw(orderId);
        assertDrawBeacon(orderId, 0, 0);
        skip(10);
        assertDrawBeacon(orderId, 0, 0);
        proofs.pinDraw(orderId);
        uint64 target = uint64(height() + 2);
        assertDrawBeacon(orderId, 0, target);
        mine(1);
        proofs.pinDraw(orderId);
        assertDrawBeacon(orderId, 0, target);
        mine(2);
        proofs.pinDraw(orderId);
        assertPanelStands(orderId, panelOf(orderId));
    }

    function test_draw_afterACancelIsAnchoredByTheLastWindow() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        vm.prank(buyer);
        market.cancelOrder(orderId);
        vm.prank(seller);
        windows.commitWindow(orderId, 1, 0, 2, 0, 0, "");
        assertDrawBeacon(orderId, 0, uint64(height() + 2));
    }

    function test_pin_storesNothingBeforeTheBeacon() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, WINDOWS);
        vm.prank(seller);
        market.orderCompleted(orderId, "");
        vm.recordLogs();
        proofs.pinDraw(orderId);
        assertEq(vm.getRecordedLogs().length, 0, "nothing");
        (bool ready,, address[] memory panel) = proofs.drawOf(orderId);
        assertFalse(ready, "ready");
        assertEq(panel.length, 0, "panel");
    }

    function test_pin_withNobodyToDrawStoresNoPanel() public {
        uint256 orderId = completedAfter(10);
        for (uint256 i; i < 4; ++i) {
            vm.prank(auditors[i]);
            staking.leaveSeat(CLASS);
        }
        proofs.pinDraw(orderId);
        address late = seatAuditor("late");
        assertEq(panelOf(orderId)[0], late, "still open to a new seat");
    }

    function assertPanelStands(uint256 orderId, address[] memory panel) internal {
        for (uint256 i; i < panel.length; ++i) {
            vm.prank(panel[i]);
            staking.leaveSeat(CLASS);
        }
        assertEq(keccak256(abi.encode(panelOf(orderId))), keccak256(abi.encode(panel)), "panel");
    }

    /// @dev A draw keeps 96 bits of its block's hash.
    function firstBytes(uint256 target) internal view returns (bytes32) {
        return bytes12(blockhash(target));
    }

    function assertDrawBeacon(uint256 orderId, bytes32 value, uint64 blockNumber) internal view {
        (bytes32 actual, uint64 actualBlock) = proofs.drawBeaconOf(orderId);
        assertEq(actual, value, "value");
        assertEq(actualBlock, blockNumber, "blockNumber");
    }

    function assertBeacon(uint256 orderId, uint32 index, bytes32 value, uint64 blockNumber) internal view {
        (bytes32 actual, uint64 actualBlock) = windows.beaconOf(orderId, index);
        assertEq(actual, value, "value");
        assertEq(actualBlock, blockNumber, "blockNumber");
    }
}
