// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IProofs} from "../../interfaces/IProofs.sol";
import {ProofFacts} from "../../interfaces/Types.sol";
import {ProofsStore} from "./ProofsStore.sol";

/// @notice The draw's beacon: the hash of a block that is fixed before anyone can know it.
abstract contract Beacons is ProofsStore {
    uint256 internal constant BLOCKHASH_REACH = 256;

    /// @dev The block whose hash seeds the draw: fixed in advance, and moved on by 256 at a time while nobody stored it
    /// although it could be read. Zero: the audit has not opened.
    function _drawTarget(uint256 orderId, ProofFacts memory facts) internal view returns (uint256 target) {
        uint256 anchor = facts.auditBlock != 0 ? facts.auditBlock : _audits[orderId].openedBlock;
        if (anchor == 0) return 0;
        target = anchor + BEACON_DELAY_BLOCKS;
        if (block.number > target) target += (block.number - target - 1) / BLOCKHASH_REACH * BLOCKHASH_REACH;
    }

    /// @dev 96 bits of a block's hash, which nobody has to find: they only have to be fixed before anyone knows them.
    /// Zero: not known yet.
    function _seedOf(uint256 orderId, ProofFacts memory facts) internal view returns (bytes32 seed) {
        seed = _audits[orderId].seed;
        if (seed != 0) return seed;
        uint256 target = _drawTarget(orderId, facts);
        if (target != 0 && target < block.number) seed = bytes12(blockhash(target));
    }

    /// @dev Stores the draw's seed once it is known.
    function _pinSeed(uint256 orderId, ProofFacts memory facts) internal returns (bytes32 seed) {
        if (_audits[orderId].seed != 0) return _audits[orderId].seed;
        seed = _seedOf(orderId, facts);
        if (seed == 0) return 0;
        _audits[orderId].seed = bytes12(seed);
        // forge-lint: disable-next-line(unsafe-typecast) block numbers are far below
        emit IProofs.DrawSeeded(orderId, uint64(_drawTarget(orderId, facts)), seed);
    }
}
