// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IProofs} from "../../interfaces/IProofs.sol";
import {ProofFacts} from "../../interfaces/Types.sol";
import {ProofsStore} from "./ProofsStore.sol";

/// @notice The draw's beacons: blocks' hashes or rounds, fixed before anyone can know them. One draws the segments and the first
/// panel, another the larger panel.
abstract contract Beacons is ProofsStore {
    /// @dev Zero: the audit has not opened, or (block hashes) the clock opened it and nobody has fixed a block yet.
    function _drawAnchor(uint256 orderId, ProofFacts memory facts) internal view returns (uint256) {
        if (!_hasBeacon()) return facts.auditBlock != 0 ? facts.auditBlock : _audits[orderId].openedBlock;
        uint256 opensAt = _clockOf(orderId, facts, _parametersOf(facts)).opensAt;
        return block.timestamp < opensAt ? 0 : opensAt;
    }

    /// @dev The block or round that seeds the draw, zero before it is fixed; and 96 bits of its value, which nobody has to
    /// find: they only have to be fixed before anyone knows them. Zero: not known yet.
    function _drawOf(uint256 orderId, ProofFacts memory facts)
        internal
        view
        returns (uint256 position, bytes32 seed)
    {
        uint256 anchor = _drawAnchor(orderId, facts);
        if (anchor == 0) return (0, 0);
        (position, seed) = _drawAfter(anchor);
        seed = bytes12(seed);
    }

    function _seedOf(uint256 orderId, ProofFacts memory facts) internal view returns (bytes32 seed) {
        seed = _audits[orderId].seed;
        if (seed == 0) (, seed) = _drawOf(orderId, facts);
    }

    /// @dev Stores the draw's seed once it is known. position: zero where it was stored before.
    function _pinSeed(uint256 orderId, ProofFacts memory facts)
        internal
        returns (uint256 position, bytes32 seed)
    {
        seed = _audits[orderId].seed;
        if (seed != 0) return (0, seed);
        (position, seed) = _drawOf(orderId, facts);
        if (seed == 0) return (position, 0);
        _audits[orderId].seed = bytes12(seed);
        // forge-lint: disable-next-line(unsafe-typecast) block numbers are far below
        emit IProofs.DrawSeeded(orderId, uint64(position), seed);
    }

    /// @dev What draws the panel that sits. segmentsSeed: what drew the segments, and the first panel. Zero: not known yet.
    function _panelSeedOf(uint256 orderId, bytes32 segmentsSeed) internal view returns (bytes32 seed) {
        uint256 anchor = _audits[orderId].redrawAnchor;
        if (anchor == 0) return segmentsSeed;
        seed = _panelSeeds[orderId];
        if (seed == 0) (, seed) = _drawAfter(anchor);
    }

    /// @dev Stores the draw's seed, then the larger panel's. Returns what draws the panel that sits; position: what is awaited.
    function _pinSeeds(uint256 orderId, ProofFacts memory facts)
        internal
        returns (uint256 position, bytes32 seed)
    {
        (position, seed) = _pinSeed(orderId, facts);
        uint256 anchor = _audits[orderId].redrawAnchor;
        if (seed == 0 || anchor == 0) return (position, seed);
        seed = _panelSeeds[orderId];
        if (seed != 0) return (0, seed);
        (position, seed) = _drawAfter(anchor);
        if (seed == 0) return (position, 0);
        _panelSeeds[orderId] = seed;
        // forge-lint: disable-next-line(unsafe-typecast) block numbers are far below
        emit IProofs.DrawSeeded(orderId, uint64(position), seed);
    }
}
