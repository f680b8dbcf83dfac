// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IBeacon} from "../beacons/IBeacon.sol";
import {Pallet} from "./Pallet.sol";

/// @notice Where a pallet's randomness comes from: hashes of blocks, or the rounds of the beacon that Runtime names.
/// Whatever is drawn counts from an anchor: the number of a block, or with a beacon a block's time.
abstract contract Beaconed is Pallet {
    uint256 internal constant BLOCKHASH_REACH = 256;

    IBeacon internal immutable BEACON; // zero: hashes of blocks
    uint256 internal immutable BEACON_DELAY_BLOCKS;

    constructor() {
        BEACON = IBeacon(RUNTIME.beacon());
        BEACON_DELAY_BLOCKS = RUNTIME.parametersAt(0).beaconDelayBlocks;
    }

    function _hasBeacon() internal view returns (bool) {
        return address(BEACON) != address(0);
    }

    /// @dev What counts from a block.
    function _anchorOf(uint256 blockNumber, uint256 timestamp) internal view returns (uint256) {
        return _hasBeacon() ? timestamp : blockNumber;
    }

    /// @dev The block or round that draws for an anchor, fixed before anyone can know its value; value zero: not known yet. A
    /// block moves on by 256 at a time while nobody used it although it could be read; a round stays.
    function _drawAfter(uint256 anchor) internal view returns (uint256 position, bytes32 value) {
        if (_hasBeacon()) return BEACON.drawAfter(anchor);
        position = anchor + BEACON_DELAY_BLOCKS;
        if (block.number <= position) return (position, value);
        position += (block.number - position - 1) / BLOCKHASH_REACH * BLOCKHASH_REACH;
        value = blockhash(position);
    }
}
