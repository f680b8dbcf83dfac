// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IWindows} from "../../interfaces/IWindows.sol";
import {ProofFacts} from "../../interfaces/Types.sol";
import {Beaconed} from "../Beaconed.sol";

/// @notice Schedule: what is stored of each window, and what anchors the beacon that seeds it.
abstract contract Schedule is Beaconed {
    /// @dev One slot. The digest binds what the event says. Times reach to the year 2106, blocks to four billion.
    struct Window {
        bytes24 digest;
        uint32 blockNumber;
        uint32 committedAt;
    }

    mapping(uint256 orderId => mapping(uint256 index => Window)) internal _windows;

    /// @dev Of a round the number tells that the chain has not changed; its value is what auditors train with. A block older
    /// than blockhash reaches has long been final.
    function _checkBeacon(uint256 orderId, uint32 index, uint256 anchor, bytes32 beacon) internal view {
        if (_hasBeacon()) {
            uint64 round = BEACON.roundAfter(anchor);
            require(
                round <= BEACON.roundAt(block.timestamp),
                IWindows.WindowsBeaconNotReady(orderId, index, round)
            );
            bytes32 expected = bytes32(uint256(round));
            require(
                beacon == 0 || beacon == expected, IWindows.WindowsBeaconChanged(orderId, index, expected)
            );
            return;
        }
        uint256 target = anchor + BEACON_DELAY_BLOCKS;
        // forge-lint: disable-next-line(unsafe-typecast) block numbers are far below
        require(block.number > target, IWindows.WindowsBeaconNotReady(orderId, index, uint64(target)));
        bytes32 known = blockhash(target);
        require(
            beacon == 0 || known == 0 || beacon == known, IWindows.WindowsBeaconChanged(orderId, index, known)
        );
    }

    /// @dev When the order was placed, started, or committed its window `index` - 2; of a pair, when the first of the two did: the
    /// later one moves nothing. Zero: not yet.
    function _anchor(uint256 orderId, ProofFacts memory facts, uint256 index)
        internal
        view
        returns (uint256)
    {
        if (index == 0) return _anchorOf(facts.placedBlock, facts.placedAt);
        if (facts.twin != 0) return _pairAnchor(orderId, facts.twin, index);
        return index == 1 ? _anchorOf(facts.startedBlock, facts.startedAt) : _windowAnchor(orderId, index - 2);
    }

    function _pairAnchor(uint256 orderId, uint256 twin, uint256 index) internal view returns (uint256) {
        uint256 own = _ownAnchor(orderId, index);
        uint256 twins = _ownAnchor(twin, index);
        return twins == 0 || own != 0 && own < twins ? own : twins;
    }

    /// @dev Not of beacon 0.
    function _ownAnchor(uint256 orderId, uint256 index) internal view returns (uint256) {
        if (index != 1) return _windowAnchor(orderId, index - 2);
        ProofFacts memory facts = MARKET.factsOf(orderId);
        return _anchorOf(facts.startedBlock, facts.startedAt);
    }

    function _windowAnchor(uint256 orderId, uint256 index) internal view returns (uint256) {
        Window storage w = _windows[orderId][index];
        return _anchorOf(w.blockNumber, w.committedAt);
    }
}
