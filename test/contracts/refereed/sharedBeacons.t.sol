// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IWindows} from "../helpers/BaseTest.sol";
import {LocalDrand} from "../helpers/LocalDrand.sol";
import {RefereedTest} from "./RefereedTest.sol";

/// @notice Both orders of a pair have one schedule, whoever goes ahead.
abstract contract SharedBeaconsTest is RefereedTest {
    uint32 internal constant BEACONS = WINDOWS + 2;

    /// @dev Position by position, once anchored.
    uint64[BEACONS] internal known;

    function placedAnchor() internal view virtual returns (uint256);
    function isAfter(uint64 position, uint256 anchor) internal view virtual returns (bool);
    function now_() internal view virtual returns (uint256);

    function testFuzz_isTheSameForBoth_andNeverMoves(uint64 paces) public {
        placePair();
        uint256[BEACONS] memory anchors;
        anchors[0] = placedAnchor();
        check(anchors);
        while (paces != 0) {
            step(paces & 1 == 0 ? first : second, anchors);
            mine(paces >> 1 & 3);
            check(anchors);
            paces >>= 3;
        }
        closeBoth();
    }

    /// @dev Whatever happened: with calls that anyone may make, and no auditor, all is settled and nothing is left.
    function closeBoth() internal {
        skip(1_000);
        for (uint256 id = first; id <= second; ++id) {
            if (market.orderOf(id).endedAt == 0) market.expireOrder(id);
        }
        openAll(first);
        openAll(second);
        awaitAudit(first);
        bool agreed = proofs.isAgreed(first);
        assertTrue(agreed == proofs.isAgreed(second), "both or neither");
        uint256 count = windows.windowCount(first);
        assertTrue(agreed == (count != 0 && count == windows.windowCount(second)), "where both went as far");
        for (uint256 id = first; id <= second; ++id) {
            if (agreed) passAndSettle(id);
            for (uint256 i; i < 2 && market.orderOf(id).settledAt == 0; ++i) {
                skip(120);
                market.settleOrder(id);
            }
        }
        assertEq(staking.bondOf(rival).reservedWei, 0, "the rival's stake");
        assertNothingLeft();
    }

    /// @dev Whatever this seller may do next; a beacon's anchor is when the first of both did it.
    function step(uint256 orderId, uint256[BEACONS] memory anchors) internal {
        if (market.orderOf(orderId).startedAt == 0) {
            vm.prank(sellerOf(orderId));
            try market.startOrder(orderId) {
                if (anchors[1] == 0) anchors[1] = now_();
            } catch {} // too late: the other goes on alone
            return;
        }
        uint32 index = windows.windowCount(orderId);
        if (index == WINDOWS) return;
        bytes24 digest = digestOf(orderId, index, segmentsOf(index));
        vm.prank(sellerOf(orderId));
        try windows.sealWindow(orderId, index, digest, segmentsOf(index), 0) {
            if (anchors[index + 2] == 0) anchors[index + 2] = now_();
        } catch (bytes memory reason) {
            assertTrue(bytes4(reason) == IWindows.WindowsBeaconNotReady.selector, "only for its beacon");
        }
    }

    function check(uint256[BEACONS] memory anchors) internal {
        for (uint32 index; index < BEACONS; ++index) {
            (bytes32 value, uint64 position) = windows.beaconOf(first, index);
            (bytes32 twinValue, uint64 twinPosition) = windows.beaconOf(second, index);
            assertEq(position, twinPosition, "one position");
            assertEq(value, twinValue, "one value");
            assertTrue((position == 0) == (anchors[index] == 0), "anchored by the first of both");
            if (position == 0) continue;
            assertTrue(isAfter(position, anchors[index]), "after what anchors it");
            if (known[index] != 0) assertEq(position, known[index], "it never moves");
            known[index] = position;
        }
    }
}

/// forge-config: default.fuzz.runs = 50
contract SharedBlocksTest is SharedBeaconsTest {
    function placedAnchor() internal view override returns (uint256) {
        return market.orderOf(first).placedBlock;
    }

    function now_() internal view override returns (uint256) {
        return height();
    }

    function isAfter(uint64 position, uint256 anchor) internal pure override returns (bool) {
        return position == anchor + 2;
    }

    function test_whoeverWasFirstCounts() public {
        startPair(); // the first in block 1001, the second in 1004
        (, uint64 position) = windows.beaconOf(second, 1);
        assertEq(position, market.orderOf(first).startedBlock + 2, "the first's start");
        sealNext(second);
        sealNext(first);
        (, position) = windows.beaconOf(first, 2);
        assertEq(position, windows.windowOf(second, 0).blockNumber + 2, "the second's window");
    }

    /// @dev The other's window is enough for the schedule to go on.
    function test_itIsTheOnesBeaconToo() public {
        startPair();
        sealWindows(first, 2);
        (bytes32 beacon,) = windows.beaconOf(first, 2);
        assertTrue(beacon != 0, "known");
        for (uint32 index; index < 2; ++index) {
            seal(second, index, 3);
        }
        // In the same block as its window 0: by the first's schedule beacon 2 is long known.
        bytes24 digest = digestOf(second, 2, 3);
        vm.prank(rival);
        windows.sealWindow(second, 2, digest, 3, beacon);
    }
}

/// forge-config: default.fuzz.runs = 50
contract SharedRoundsTest is SharedBeaconsTest, LocalDrand {
    function setUp() public override {
        beaconAddress = deployDrand();
        super.setUp();
    }

    function mine(uint256 blocks) internal override {
        super.mine(blocks);
        skip(4 * blocks);
    }

    function placedAnchor() internal view override returns (uint256) {
        return market.orderOf(first).placedAt;
    }

    function now_() internal view override returns (uint256) {
        return time();
    }

    function isAfter(uint64 position, uint256 anchor) internal view override returns (bool) {
        return publishedAt(position) > anchor;
    }

    /// @dev Draws wait for the pair as well: one round, fixed by the later end.
    function test_drawsComeOfTheLaterEnd() public {
        startPair();
        strayFrom[second] = 1;
        for (uint256 i; i < WINDOWS; ++i) {
            sealNext(first);
            mine(8);
            sealNext(second);
            mine(8);
        }
        completeAs(first);
        (, uint64 none) = proofs.drawBeaconOf(first);
        assertEq(none, 0, "the other runs");
        mine(20);
        completeAs(second);
        openAll(first);
        openAll(second);
        awaitAudit(first);
        (, uint64 round) = proofs.drawBeaconOf(first);
        (, uint64 twinRound) = proofs.drawBeaconOf(second);
        assertEq(round, twinRound, "one round");
        assertLt(market.factsOf(second).opensAt, publishedAt(round), "after the later end");
        vm.warp(publishedAt(round));
        show(round);
        auditAll(first, 1);
        settle(first);
        auditAll(second, 1);
        settle(second);
        assertNothingLeft();
    }
}
