// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IProofs} from "../../interfaces/IProofs.sol";
import {Parameters, ProofFacts} from "../../interfaces/Types.sol";
import {DrawLib} from "../../libraries/DrawLib.sol";
import {PayLib} from "../../libraries/PayLib.sol";
import {VerdictLib} from "../../libraries/VerdictLib.sol";
import {Beacons} from "./Beacons.sol";

/// @notice Draws: the segments that are audited, and the panel that audits them.
abstract contract Draws is Beacons {
    uint256 internal constant MAX_PARTIES = 3; // buyer, seller, and the payer or the twin's seller
    uint256 internal constant MAX_DRAWS = 126; // with the first and the last: two bits each in one word

    /// @dev Random segments in window order, then the first and the last committed one, which are never drawn twice.
    function _drawnSegments(uint256 orderId, ProofFacts memory facts, bytes32 seed)
        internal
        view
        returns (uint32[] memory segments)
    {
        if (seed == 0 || facts.committed == 0) return segments;
        (uint256[] memory quotas, uint256 drawn) = _quotasOf(orderId, facts);
        segments = new uint32[](drawn);
        uint256 count;
        for (uint256 w; w < quotas.length; ++w) {
            count = _drawWindow(orderId, facts, w, quotas[w], seed, segments, count);
        }
        segments[count++] = 0;
        if (facts.committed > 1) segments[count] = facts.committed - 1;
    }

    function _drawWindow(
        uint256 orderId,
        ProofFacts memory facts,
        uint256 w,
        uint256 quota,
        bytes32 seed,
        uint32[] memory segments,
        uint256 count
    ) internal pure returns (uint256) {
        (uint256 first, uint256 n) = _deckOf(facts, w);
        DrawLib.Deck memory deck = DrawLib.newDeck(n, quota);
        for (uint256 j; j < quota; ++j) {
            uint256 picked = DrawLib.pick(deck, DrawLib.drawRandom(orderId, w, j, seed));
            // forge-lint: disable-next-line(unsafe-typecast) below MAX_SEGMENTS
            segments[count++] = uint32(first + picked);
        }
        return count;
    }

    /// @dev How many segments are audited follows from the terms, from what was committed, and from what of it came late.
    function _drawnCount(uint256 orderId, ProofFacts memory facts) internal view returns (uint256 drawn) {
        (, drawn) = _quotasOf(orderId, facts);
    }

    /// @dev A share of the draws for each window of the whole job, so that an early end is audited as densely; and one more
    /// for each that was late or amended, as long as a verdict's word has room. Never more than the window's deck has.
    /// `drawn`: in all, with the order's first and last segment.
    function _quotasOf(uint256 orderId, ProofFacts memory facts)
        internal
        view
        returns (uint256[] memory quotas, uint256 drawn)
    {
        uint256 extraDraws = WINDOWS.extraDrawsOf(orderId);
        uint256 spare = MAX_DRAWS - facts.draws;
        uint256 planned = PayLib.ceilDiv(facts.segments, facts.segmentsPerWindow);
        quotas = new uint256[](_windowsOf(facts));
        for (uint256 w; w < quotas.length; ++w) {
            (, uint256 n) = _deckOf(facts, w);
            uint256 extra = extraDraws >> w & 1;
            if (extra > spare) extra = spare;
            spare -= extra;
            quotas[w] = DrawLib.quota(facts.draws, w, planned, n, extra);
            drawn += quotas[w];
        }
        drawn += facts.committed > 1 ? 2 : 1;
    }

    /// @dev The segments of window w that may be drawn: all but the first and the last of the order.
    function _deckOf(ProofFacts memory facts, uint256 w) internal pure returns (uint256 first, uint256 n) {
        uint256 perWindow = facts.segmentsPerWindow;
        first = w == 0 ? 1 : w * perWindow;
        uint256 end = (w + 1) * perWindow;
        if (end >= facts.committed) end = facts.committed - 1;
        n = end > first ? end - first : 0;
    }

    function _windowsOf(ProofFacts memory facts) internal pure returns (uint256) {
        return PayLib.ceilDiv(facts.committed, facts.segmentsPerWindow);
    }

    /// @dev Stores the panel for an audit in which members commit one by one.
    function _drawPanel(uint256 orderId, ProofFacts memory facts, Parameters memory p, bytes32 seed)
        internal
    {
        address[] memory panel = _panelOf(orderId, facts, p, seed, _drawnCount(orderId, facts));
        // Nobody to draw: the order will end Unaudited unless a seat is taken in time.
        if (panel.length == 0) return;

        // Effect
        _audits[orderId].panelDrawnAt = uint40(block.timestamp);
        _panels[orderId][_roundOf(orderId)] = panel;
        emit IProofs.PanelDrawn(orderId, panel);
    }

    /// @dev Picks seats one by one, skipping the order's parties: at most three picks more than it has members. A larger panel
    /// is twice as large; those of the first one who were silent have no seat any more. The first one has at most one member for
    /// each of `drawn` segments.
    function _panelOf(
        uint256 orderId,
        ProofFacts memory facts,
        Parameters memory p,
        bytes32 seed,
        uint256 drawn
    ) internal view returns (address[] memory panel) {
        uint256 seats = STAKING.seatsOf(facts.hardwareClass);
        uint256 size = p.panelSize;
        if (_roundOf(orderId) != 0) size *= 2;
        else if (size > drawn) size = drawn;
        uint256 picks = size + MAX_PARTIES < seats ? size + MAX_PARTIES : seats;
        DrawLib.Deck memory deck = DrawLib.newDeck(seats, picks);
        panel = new address[](size);
        uint256 count;
        for (uint256 i; i < picks && count < size; ++i) {
            uint256 seat = DrawLib.pick(deck, DrawLib.panelRandom(orderId, i, seed));
            address auditor = STAKING.seatAt(facts.hardwareClass, seat);
            if (auditor == facts.buyer || auditor == facts.otherParty || auditor == facts.seller) continue;
            panel[count++] = auditor;
        }
        assembly ("memory-safe") {
            mstore(panel, count)
        }
    }

    /// @dev The positions that each member of the panel that sits replays.
    function _sharesOf(uint256 orderId, uint256 members, uint256 drawn)
        internal
        view
        returns (uint256[] memory shares)
    {
        if (_roundOf(orderId) == 0) return VerdictLib.shares(drawn, members);
        shares = new uint256[](members);
        uint256 unpassed = _unpassed[orderId];
        for (uint256 i; i < members; ++i) {
            shares[i] = unpassed;
        }
    }

    /// @dev What verdicts are about: another seed draws other segments, another panel shares them out otherwise.
    /// keccak256(abi.encode(seed, keccak256(abi.encodePacked(panel)))), without copying the panel.
    function _drawDigest(bytes32 seed, address[] memory panel) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            mstore(0x00, seed)
            mstore(0x20, keccak256(add(panel, 0x20), shl(5, mload(panel))))
            digest := keccak256(0x00, 0x40)
        }
    }
}
