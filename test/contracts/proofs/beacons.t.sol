// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IProofs} from "../helpers/BaseTest.sol";

/// @notice beaconOf and pinBeacons. Delay is two blocks: a beacon anchored at b is the hash of block b + 2.
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
        (bytes32 value,) = proofs.beaconOf(orderId, 1);
        assertTrue(value != 0, "anchored by the start");
        commitNext(orderId);
        (value,) = proofs.beaconOf(orderId, 2);
        assertTrue(value != 0, "anchored by the window");
    }

    function test_pinned_staysAfterBlockhashForgets() public {
        uint256 orderId = place();
        uint64 target = market.orderOf(orderId).placedBlock + 2;
        vm.roll(target + 1);
        bytes32 value = blockhash(target);
        vm.expectEmit(address(proofs));
        emit IProofs.BeaconPinned(orderId, 0, target, value);
        vm.prank(stranger);
        proofs.pinBeacons(orderId);
        vm.roll(target + 10_000);
        assertBeacon(orderId, 0, value, target);
    }

    /// @dev Nobody chooses the block: it moves by whole reaches of blockhash, whoever asks and whenever.
    function test_unpinned_movesOnBy256() public {
        uint256 orderId = place();
        uint64 target = market.orderOf(orderId).placedBlock + 2;
        vm.roll(target + 256);
        assertBeacon(orderId, 0, blockhash(target), target);
        vm.roll(target + 257);
        assertBeacon(orderId, 0, blockhash(target + 256), target + 256);
        vm.roll(target + 512);
        assertBeacon(orderId, 0, blockhash(target + 256), target + 256);
        vm.roll(target + 513);
        assertBeacon(orderId, 0, blockhash(target + 512), target + 512);
    }

    function testFuzz_isAlwaysReadableOnceDue(uint64 later) public {
        uint256 orderId = place();
        uint64 target = market.orderOf(orderId).placedBlock + 2;
        vm.roll(uint256(target) + bound(later, 1, type(uint48).max));
        (bytes32 value, uint64 blockNumber) = proofs.beaconOf(orderId, 0);
        assertTrue(value != 0, "readable");
        assertEq((blockNumber - target) % 256, 0, "by whole reaches");
        assertLt(height() - blockNumber, 257, "within reach");
        assertLt(blockNumber, height(), "in the past");
    }

    function test_pin_twoACallInOrder() public {
        uint256 orderId = placeAndStart();
        vm.recordLogs();
        proofs.pinBeacons(orderId);
        assertEq(vm.getRecordedLogs().length, 2, "0 and 1");
        vm.recordLogs();
        proofs.pinBeacons(orderId);
        assertEq(vm.getRecordedLogs().length, 0, "nothing is due");
    }

    function test_pin_unknownOrderIsNothing() public {
        vm.recordLogs();
        proofs.pinBeacons(99);
        assertEq(vm.getRecordedLogs().length, 0, "nothing");
    }

    /// @dev After the end two beacons at most are missing, and one call stores both, and the panel.
    function test_pin_afterTheEndStoresThePanel() public {
        uint256 orderId = completedAfter(10);
        address[] memory forecast = panelOf(orderId);
        vm.expectEmit(address(proofs));
        emit IProofs.PanelDrawn(orderId, forecast);
        proofs.pinBeacons(orderId);
        for (uint256 i; i < 3; ++i) {
            assertEq(staking.openAuditsOf(forecast[i]), 1, "drawn");
        }
        vm.recordLogs();
        proofs.pinBeacons(orderId);
        assertEq(vm.getRecordedLogs().length, 0, "once");
    }

    function test_pin_storesNoPanelInTheSecondHalf() public {
        uint256 orderId = completedAfter(10);
        skip(30);
        proofs.pinBeacons(orderId);
        assertEq(staking.openAuditsOf(panelOf(orderId)[0]), 0, "not stored");
    }

    function test_pin_storesNoPanelBeforeTheAuditOpens() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        vm.prank(buyer);
        market.cancelOrder(orderId);
        proofs.pinBeacons(orderId);
        assertEq(panelOf(orderId).length, 0, "a last window may come");
        skip(10);
        proofs.pinBeacons(orderId);
        assertEq(staking.openAuditsOf(panelOf(orderId)[0]), 1, "stored");
    }

    function test_pin_storesNoPanelBeforeTheLastBeacon() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 3);
        vm.prank(seller);
        proofs.commitWindow(orderId, 3, 0, 1, 0, "");
        complete(orderId);
        proofs.pinBeacons(orderId);
        (bool ready,, address[] memory panel) = proofs.drawOf(orderId);
        assertFalse(ready, "ready");
        assertEq(panel.length, 0, "panel");
    }

    function test_pin_withNobodyToDrawStoresNothing() public {
        uint256 orderId = completedAfter(10);
        for (uint256 i; i < 4; ++i) {
            vm.prank(auditors[i]);
            staking.leaveSeat(CLASS);
        }
        proofs.pinBeacons(orderId);
        vm.prank(auditors[0]);
        staking.takeSeat(CLASS);
        assertEq(panelOf(orderId)[0], auditors[0], "still open to a new seat");
    }

    function assertBeacon(uint256 orderId, uint32 index, bytes32 value, uint64 blockNumber) internal view {
        (bytes32 actual, uint64 actualBlock) = proofs.beaconOf(orderId, index);
        assertEq(actual, value, "value");
        assertEq(actualBlock, blockNumber, "blockNumber");
    }
}
