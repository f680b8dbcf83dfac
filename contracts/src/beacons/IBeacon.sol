// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Randomness by position: a block's number or a drand round. A caller fixes a position before anybody can know
/// its value, and reads the value later; it never chooses among values.
interface IBeacon {
    /// @notice The first position whose value nobody can know in this block.
    function nextPosition() external view returns (uint64 position);

    /// @notice A position's value, or zero: it is not there yet, nobody has shown it, or it can no longer be read.
    function valueOf(uint64 position) external view returns (bytes32 value);
}
