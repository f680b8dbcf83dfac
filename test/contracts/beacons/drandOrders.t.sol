// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    AuditOutcome,
    BaseTest,
    IProofs,
    IWindows,
    Opening,
    OrderStatus,
    OrderView
} from "../helpers/BaseTest.sol";
import {Prices} from "../gas.t.sol";
import {LocalDrand} from "../helpers/LocalDrand.sol";

/// @notice Orders whose randomness is drand: a round every three seconds, draws on every fourth. A block takes four seconds.
abstract contract DrandOrdersTest is BaseTest, LocalDrand, Prices {
    string internal constant EVIDENCE = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";

    function setUp() public virtual override {
        beaconAddress = deployDrand();
        super.setUp();
    }

    function mine(uint256 blocks) internal override {
        super.mine(blocks);
        skip(4 * blocks);
    }

    function drawRound(uint256 orderId) internal view returns (uint64 position) {
        (, position) = proofs.drawBeaconOf(orderId);
    }

    /// @notice Waits until the draw's round is there, and shows it.
    function showDraw(uint256 orderId) internal returns (bytes32) {
        uint64 round = drawRound(orderId);
        if (time() < publishedAt(round)) vm.warp(publishedAt(round));
        return show(round);
    }

    /// @notice Both ended in one block.
    function twoCompleted() internal returns (uint256 first, uint256 second) {
        first = placeAndStart();
        commitWindows(first, WINDOWS);
        offerId = offerAs(seller, addMachineAs(seller));
        second = placeAndStart();
        commitWindows(second, WINDOWS);
        vm.startPrank(seller);
        market.orderCompleted(first, "bafyresult");
        market.orderCompleted(second, "bafyresult");
        vm.stopPrank();
    }

    function passingOpenings(uint256 orderId) internal view returns (Opening[] memory) {
        uint256[] memory words = new uint256[](3);
        words[0] = words[1] = words[2] = uniform(orderId, 1);
        return openingsOf(orderId, words);
    }
}

/// @notice What an order costs more where drand draws: the first of a round shows it, all others find it.
/// forge-config: default.isolate = true
contract DrandOrdersGasTest is DrandOrdersTest {
    function test_gas_drandOrders() public {
        uint256 before = completedAfter(100);
        showDraw(before);
        auditAll(before, 1);
        settle(before);
        offerId = offerAs(seller, machineId);
        (uint256 first, uint256 second) = twoCompleted();
        uint64 round = drawRound(first);
        vm.warp(publishedAt(round));
        drand.showRound(round, signatureOn(round));
        price("drand", "showRound");
        Opening[] memory openings = passingOpenings(first);
        proofs.submitVerdicts(first, openings);
        price("drand", "submitVerdicts");
        openings = passingOpenings(second);
        proofs.submitVerdicts(second, openings);
        price("drand", "submitVerdictsOfASharedRound");
    }

    function test_gas_drandWindows() public {
        uint256 orderId = placeAndStart();
        for (uint32 index; index < 2; ++index) {
            (, uint64 round) = windows.beaconOf(orderId, index);
            vm.prank(seller);
            windows.commitWindow(
                orderId, index, bytes32("root"), 3, bytes32("state"), bytes32(uint256(round)), EVIDENCE
            );
            price("drand", index == 0 ? "commitWindowFirst" : "commitWindowNext");
            mine(3);
        }
    }
}

contract DrandOrders is DrandOrdersTest {
    /* WINDOWS */

    /// @dev Whatever the clock of its anchor: the window's round came out later, and is found again by everybody.
    function testFuzz_seed_isARoundThatWasNotThere(uint16 placing, uint16 starting, uint16 committing)
        public
    {
        skip(placing);
        uint256 orderId = place();
        uint256 placedAt = market.orderOf(orderId).placedAt;
        skip(starting % 40);
        vm.prank(seller);
        market.startOrder(orderId);
        uint256 startedAt = time();
        skip(20 + uint256(committing) % 100);
        commitNext(orderId);
        uint256[3] memory anchors = [placedAt, startedAt, windows.windowOf(orderId, 0).committedAt];
        for (uint32 index; index < 3; ++index) {
            (bytes32 value, uint64 round) = windows.beaconOf(orderId, index);
            assertLt(anchors[index] + MARGIN * PERIOD, publishedAt(round), "later than the margin");
            assertLt(publishedAt(round), anchors[index] + (MARGIN + 1) * PERIOD + 1, "the first");
            assertEq(value, 0, "nobody needs it on chain");
        }
        (, uint64 none) = windows.beaconOf(orderId, 3);
        assertEq(none, 0, "not anchored");
    }

    function test_commitWindow_waitsForItsRound() public {
        uint256 orderId = place();
        vm.prank(seller);
        market.startOrder(orderId);
        (, uint64 round) = windows.beaconOf(orderId, 0);
        vm.warp(publishedAt(round) - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IWindows.WindowsBeaconNotReady.selector, orderId, uint32(0), round)
        );
        commit(orderId, 0, bytes32(uint256(round)));
        vm.warp(publishedAt(round));
        commit(orderId, 0, bytes32(uint256(round)));
    }

    /// @dev Its data was salted by a round that is not the window's: an older one it could have known, or a later one.
    function test_commitWindow_refusesAnotherRound() public {
        uint256 orderId = placeAndStart();
        (, uint64 round) = windows.beaconOf(orderId, 0);
        for (uint64 other = round - 1; other <= round + 1; other += 2) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IWindows.WindowsBeaconChanged.selector, orderId, uint32(0), bytes32(uint256(round))
                )
            );
            commit(orderId, 0, bytes32(uint256(other)));
        }
        commit(orderId, 0, bytes32(uint256(round)));
    }

    function test_amendWindow_anchorsAnew() public {
        uint256 orderId = placeAndStart();
        commitNext(orderId);
        (, uint64 before) = windows.beaconOf(orderId, 2);
        skip(30);
        vm.prank(seller);
        windows.amendWindow(orderId, 0, 1, bytes32("other"), bytes32("state"), 0, "bafyleaves");
        (, uint64 round) = windows.beaconOf(orderId, 2);
        assertEq(round, before + 42 / PERIOD, "counted from the amendment");
    }

    function test_beaconOf_saysWhatWasShown() public {
        uint256 orderId = place();
        (, uint64 round) = windows.beaconOf(orderId, 0);
        vm.warp(publishedAt(round));
        bytes32 value = show(round);
        (bytes32 found,) = windows.beaconOf(orderId, 0);
        assertEq(found, value, "value");
    }

    /* THE DRAW */

    function test_order_isDrawnByARoundAfterItsEnd() public {
        uint256 orderId = completedAfter(100);
        uint64 round = drawRound(orderId);
        uint256 endedAt = market.orderOf(orderId).endedAt;
        assertTrue(publishedAt(round) > endedAt + MARGIN * PERIOD, "was not there");
        assertEq(round % GRID, 0, "on the grid");
        (bool ready,,) = proofs.drawOf(orderId);
        assertFalse(ready, "nobody has shown it");

        bytes32 value = showDraw(orderId);
        assertDrawBeacon(orderId, bytes12(value), round);
        vm.expectEmit(address(proofs));
        emit IProofs.DrawSeeded(orderId, round, bytes12(value));
        proofs.pinDraw(orderId);
        auditAll(orderId, 1);
        settle(orderId);
        assertEq(uint8(market.orderOf(orderId).status), uint8(OrderStatus.Completed), "paid");
    }

    function test_draw_needsTheRound() public {
        uint256 orderId = completedAfter(10);
        uint64 round = drawRound(orderId);
        vm.warp(publishedAt(round));
        vm.recordLogs();
        proofs.pinDraw(orderId);
        assertEq(vm.getRecordedLogs().length, 0, "nothing to pin");
        // Neighbours are of no use.
        show(round - 1);
        show(round + 1);
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsDrawNotReady.selector, orderId, round));
        proofs.submitVerdicts(orderId, new Opening[](3));
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsDrawNotReady.selector, orderId, round));
        proofs.commitVerdicts(orderId, bytes32("commitment"));
    }

    /// @dev Whoever waits gets no other draw: there is nothing to wait for.
    function testFuzz_draw_neverMoves(uint32 blocks, uint8 later) public {
        uint256 orderId = completedAfter(10);
        uint64 round = drawRound(orderId);
        vm.roll(height() + blocks);
        skip(later);
        assertEq(drawRound(orderId), round, "the same round");
        bytes32 value = show(round);
        assertDrawBeacon(orderId, bytes12(value), round);
    }

    /// @dev The clock opens this audit: no call has to fix anything.
    function test_draw_afterACancelIsFixedByTheClock() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        vm.prank(buyer);
        market.cancelOrder(orderId);
        uint256 opensAt = time() + 10;
        assertDrawBeacon(orderId, 0, 0);
        vm.warp(opensAt - 1);
        assertDrawBeacon(orderId, 0, 0);
        vm.warp(opensAt);
        (uint64 round,) = drand.drawAfter(opensAt);
        assertDrawBeacon(orderId, 0, round);
        skip(20);
        assertDrawBeacon(orderId, 0, round);
        showDraw(orderId);
        auditAll(orderId, 1);
        settle(orderId);
        assertEq(uint8(market.orderOf(orderId).status), uint8(OrderStatus.Cancelled), "settled");
    }

    function test_draw_afterACancelIsAnchoredByTheLastWindow() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        vm.prank(buyer);
        market.cancelOrder(orderId);
        skip(4);
        uint256 lastAt = time();
        commitNextOf(orderId, 2);
        (uint64 round,) = drand.drawAfter(lastAt);
        assertDrawBeacon(orderId, 0, round);
    }

    /// @dev Orders that end in the same twelve seconds are drawn by one round, differently; one shows it for all.
    function test_draw_isSharedByTheGrid() public {
        (uint256 first, uint256 second) = twoCompleted();
        assertEq(drawRound(first), drawRound(second), "one round");
        showDraw(first);
        (bool ready, uint32[] memory segments,) = proofs.drawOf(second);
        assertTrue(ready, "drawn");
        (, uint32[] memory others,) = proofs.drawOf(first);
        assertTrue(keccak256(abi.encode(segments)) != keccak256(abi.encode(others)), "differently");
    }

    function test_largerPanel_isDrawnByALaterRound() public {
        uint256 orderId = completedAfter(100);
        uint64 first = drawRound(orderId);
        showDraw(orderId);
        proofs.pinDraw(orderId);
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        (,,, uint64 deadlineAt,) = proofs.auditOf(orderId);
        vm.warp(deadlineAt);
        market.settleOrder(orderId);

        uint64 second = drawRound(orderId);
        assertTrue(publishedAt(second) > time() + MARGIN * PERIOD && second > first, "was not there");
        (bool ready,,) = proofs.drawOf(orderId);
        assertFalse(ready, "nobody has shown it");
        showDraw(orderId);
        (, uint32[] memory again, address[] memory panel) = proofs.drawOf(orderId);
        assertEq(keccak256(abi.encode(again)), keccak256(abi.encode(segments)), "no other segments");
        assertEq(panel.length, 1, "the only one who was not silent");
    }

    /// @dev A drand that is away delays, and does not decide: the order ends as where auditors are silent, and nobody is evicted.
    function test_draw_thatNeverComesEndsTheOrderUnaudited() public {
        uint256 orderId = completedAfter(100);
        uint256 seats = staking.seatsOf(CLASS);
        (,,, uint64 deadlineAt,) = proofs.auditOf(orderId);
        vm.warp(deadlineAt + 60);
        (AuditOutcome outcome,,,,) = proofs.auditOf(orderId);
        assertEq(uint8(outcome), uint8(AuditOutcome.Undecided), "outcome: a larger panel waits in vain, too");
        settle(orderId);
        OrderView memory order = market.orderOf(orderId);
        assertEq(uint8(order.status), uint8(OrderStatus.Unaudited), "status");
        assertEq(order.slashedWei, 0, "no stake");
        assertEq(staking.seatsOf(CLASS), seats, "no seat");
    }

    function test_isComposed_onlyWithTheBeacon() public {
        assertEq(runtime.beacon(), address(drand), "named");
        assertTrue(runtime.isComposed(), "composed");
        vm.etch(address(drand), "");
        assertFalse(runtime.isComposed(), "not there");
    }

    function commit(uint256 orderId, uint32 index, bytes32 beacon) internal {
        vm.prank(seller);
        windows.commitWindow(orderId, index, bytes32("root"), 3, bytes32("state"), beacon, "bafyleaves");
    }

    function assertDrawBeacon(uint256 orderId, bytes32 value, uint64 round) internal view {
        (bytes32 actual, uint64 position) = proofs.drawBeaconOf(orderId);
        assertEq(actual, value, "value");
        assertEq(position, round, "round");
    }
}
