// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Randomness in rounds, for chains whose block hashes are not trusted. A caller fixes a round before anybody can
/// know its value, and reads the value later; it never chooses among values.
interface IBeacon {
    /// @notice The newest round at a time; 0 before the first.
    function roundAt(uint256 timestamp) external view returns (uint64 round);

    /// @notice The first round whose value nobody can know in a block of that time: what seeds a window.
    function roundAfter(uint256 timestamp) external view returns (uint64 round);

    /// @notice What draws for whoever counts from that time, which is no earlier than roundAfter and the same for many, so
    /// that one of them shows it for all. value is zero until somebody has shown it.
    function drawAfter(uint256 timestamp) external view returns (uint64 round, bytes32 value);

    /// @notice A round's value, or zero: it is not there yet, or nobody has shown it.
    function valueOf(uint64 round) external view returns (bytes32 value);
}
