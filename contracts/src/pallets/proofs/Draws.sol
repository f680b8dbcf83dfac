// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IStaking} from "../../interfaces/IStaking.sol";
import {ProofFacts} from "../../interfaces/Types.sol";
import {DrawLib} from "../../libraries/DrawLib.sol";
import {PayLib} from "../../libraries/PayLib.sol";
import {Beacons} from "./Beacons.sol";

/// @notice Draws: the segments that are audited, and the panel that audits them.
abstract contract Draws is Beacons {
    uint256 internal constant MAX_PARTIES = 3; // buyer, payer, seller

    /// @dev Random segments in window order, then the first and the last committed one. lastBeacon is zero, and the
    /// list partial, while a beacon is missing.
    function _drawnSegments(uint256 orderId, ProofFacts memory facts, Progress storage progress)
        internal
        view
        returns (uint32[] memory segments, bytes32 lastBeacon)
    {
        uint256 windows = progress.windows;
        if (windows == 0) return (segments, 0);
        segments = new uint32[](uint256(facts.draws) + 2);
        uint256 count;
        for (uint256 w; w < windows; ++w) {
            (lastBeacon,) = _beacon(orderId, facts, w + 2);
            if (lastBeacon == 0) break;
            count = _drawWindow(orderId, facts, w, lastBeacon, segments, count);
        }
        uint32 last = progress.segments - 1;
        if (lastBeacon != 0) {
            if (!DrawLib.contains(segments, count, 0)) segments[count++] = 0;
            if (!DrawLib.contains(segments, count, last)) segments[count++] = last;
        }
        // Shorten the list to what was drawn.
        assembly ("memory-safe") {
            mstore(segments, count)
        }
    }

    function _drawWindow(
        uint256 orderId,
        ProofFacts memory facts,
        uint256 w,
        bytes32 beacon,
        uint32[] memory segments,
        uint256 count
    ) internal view returns (uint256) {
        uint256 n = _windows[orderId][w].segments;
        uint256 windows = PayLib.ceilDiv(facts.segments, facts.segmentsPerWindow);
        uint256 quota = DrawLib.quota(facts.draws, w, windows, n);
        DrawLib.Deck memory deck = DrawLib.newDeck(n, quota);
        for (uint256 j; j < quota; ++j) {
            uint256 picked = DrawLib.pick(deck, DrawLib.drawRandom(orderId, w, j, beacon));
            // forge-lint: disable-next-line(unsafe-typecast) below MAX_SEGMENTS
            segments[count++] = uint32(w * facts.segmentsPerWindow + picked);
        }
        return count;
    }

    function _drawPanel(uint256 orderId, ProofFacts memory facts, Progress storage progress) internal {
        (uint32[] memory segments, bytes32 lastBeacon) = _drawnSegments(orderId, facts, progress);
        address[] memory panel = _panelOf(orderId, facts, lastBeacon);
        // Nobody to draw: the order will end Unaudited unless a seat is taken in time.
        if (panel.length == 0) return;

        // Effect
        progress.drawn = uint16(segments.length);
        progress.panelDrawnAt = uint48(block.timestamp);
        _panels[orderId] = panel;
        emit PanelDrawn(orderId, panel);

        // Interaction
        IStaking staking = _staking();
        for (uint256 i; i < panel.length; ++i) {
            staking.setDrawn(panel[i], true);
        }
    }

    /// @dev Picks seats one by one, skipping the order's parties: at most panelSize + 3 picks.
    function _panelOf(uint256 orderId, ProofFacts memory facts, bytes32 beacon)
        internal
        view
        returns (address[] memory panel)
    {
        IStaking staking = _staking();
        uint256 seats = staking.seatsOf(facts.hardwareClass);
        uint256 size = _parametersOf(orderId).panelSize;
        uint256 picks = size + MAX_PARTIES < seats ? size + MAX_PARTIES : seats;
        DrawLib.Deck memory deck = DrawLib.newDeck(seats, picks);
        panel = new address[](size);
        uint256 count;
        for (uint256 i; i < picks && count < size; ++i) {
            uint256 seat = DrawLib.pick(deck, DrawLib.panelRandom(orderId, i, beacon));
            address auditor = staking.seatAt(facts.hardwareClass, seat);
            if (auditor == facts.buyer || auditor == facts.payer || auditor == facts.seller) continue;
            panel[count++] = auditor;
        }
        assembly ("memory-safe") {
            mstore(panel, count)
        }
    }
}
