// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ProofFacts} from "../../interfaces/Types.sol";
import {ProofsStore} from "./ProofsStore.sol";

/// @notice Beacons: hashes of blocks that are fixed before anyone can know them.
abstract contract Beacons is ProofsStore {
    uint256 internal constant BLOCKHASH_REACH = 256;
    uint256 internal constant MAX_PINS_PER_CALL = 2;

    /// @dev Zero: not anchored yet.
    function _anchor(uint256 orderId, ProofFacts memory facts, uint256 index)
        internal
        view
        returns (uint256)
    {
        if (index == 0) return facts.placedBlock;
        if (index == 1) return facts.startedBlock;
        return _windows[orderId][index - 2].blockNumber;
    }

    /// @dev The block whose hash beacon `index` is, now: fixed in advance, and moved on by 256 at a time when
    /// nobody stored it while it could be read. Zero: not anchored yet.
    function _target(uint256 orderId, ProofFacts memory facts, uint256 index) internal view returns (uint64) {
        uint256 anchor = _anchor(orderId, facts, index);
        if (anchor == 0) return 0;
        uint256 target = anchor + _parametersOf(orderId).beaconDelayBlocks;
        if (block.number > target) target += (block.number - target - 1) / BLOCKHASH_REACH * BLOCKHASH_REACH;
        // forge-lint: disable-next-line(unsafe-typecast) block numbers and window counts are far below
        return uint64(target);
    }

    function _beacon(uint256 orderId, ProofFacts memory facts, uint256 index)
        internal
        view
        returns (bytes32 value, uint64 blockNumber)
    {
        if (index < _progress[orderId].pinned) {
            Beacon storage beacon = _beacons[orderId][index];
            return (beacon.value, beacon.blockNumber);
        }
        blockNumber = _target(orderId, facts, index);
        if (blockNumber != 0 && blockNumber < block.number) value = blockhash(blockNumber);
    }

    /// @dev Stores beacons in order, up to maxIndex, stopping at the first that is not known.
    function _pin(uint256 orderId, ProofFacts memory facts, Progress storage progress, uint256 maxIndex)
        internal
    {
        uint256 index = progress.pinned;
        for (uint256 i; i < MAX_PINS_PER_CALL && index <= maxIndex; ++i) {
            (bytes32 value, uint64 blockNumber) = _beacon(orderId, facts, index);
            if (value == 0) break;
            _beacons[orderId][index] = Beacon(value, blockNumber);
            // forge-lint: disable-next-line(unsafe-typecast) block numbers and window counts are far below
            emit BeaconPinned(orderId, uint32(index), blockNumber, value);
            // forge-lint: disable-next-line(unsafe-typecast) block numbers and window counts are far below
            progress.pinned = uint32(++index);
        }
    }

    /// @dev All that an ended order will ever have.
    function _allPinned(Progress storage progress) internal view returns (bool) {
        return progress.windows != 0 && progress.pinned == progress.windows + 2;
    }
}
