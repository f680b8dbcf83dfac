// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ResumeFrom, WindowView} from "./Types.sol";

/// @title Windows: what sellers commit while they train, and the beacons that seed it.
/// @notice Beacon i of an order seeds its window i: 0 after placeOrder, 1 after startOrder, 2 + w after window w's
/// commitment; the hash of a block a fixed number after that.
interface IWindows {
    event WindowCommitted(
        uint256 indexed orderId,
        uint32 indexed index,
        bytes32 root,
        uint32 segments,
        bytes32 lastStateRoot,
        string evidence
    );
    /// @notice The order starts at the last state of a window whose work an audit has passed.
    event OrderResumed(
        uint256 indexed orderId, uint256 indexed fromOrderId, uint32 window, bytes32 stateRoot
    );

    error WindowsNotSeller(uint256 orderId, address caller);
    error WindowsNotTraining(uint256 orderId);
    error WindowsWrongIndex(uint256 orderId, uint32 index, uint32 expected);
    error WindowsBadSegments(uint256 orderId, uint32 segments, uint32 expected);
    error WindowsBeaconNotReady(uint256 orderId, uint32 index, uint64 blockNumber);
    /// @notice The chain was reorganised: the window's data has another seed now.
    error WindowsBeaconChanged(uint256 orderId, uint32 index, bytes32 beacon);
    /// @notice No such window, or no audit that has passed it.
    error WindowsNotProved(uint256 orderId, uint32 window);

    /// @notice Seller, while training (or one short last window after the buyer's cancel).
    /// @param root keccak256 tree of the window's segment leaves
    /// @param segments how many; segmentsPerWindow, fewer only for the job's last window or a short last one
    /// @param lastStateRoot state root after the window's last segment
    /// @param beacon value of beacon `index`, which seeded this window's data: refused if a reorganised chain has another
    /// one, where the audit would fail what was trained. Zero: whatever it is
    /// @param evidence CID of the window's leaves
    function commitWindow(
        uint256 orderId,
        uint32 index,
        bytes32 root,
        uint32 segments,
        bytes32 lastStateRoot,
        bytes32 beacon,
        string calldata evidence
    ) external;

    /// @notice Market only, when an order is placed: names the proved checkpoint it starts at.
    function resume(uint256 orderId, ResumeFrom calldata from) external;

    /// @notice Where an order starts; all zero: at its job's first step. stateRoot is that window's lastStateRoot.
    function resumeOf(uint256 orderId)
        external
        view
        returns (uint256 fromOrderId, uint32 window, bytes32 stateRoot);
    /// @notice blockNumber is zero while it is not even anchored. value is that block's hash while the chain can read it:
    /// zero before the block and more than 256 blocks after it, when it has to be looked up.
    function beaconOf(uint256 orderId, uint32 index) external view returns (bytes32 value, uint64 blockNumber);
    function windowOf(uint256 orderId, uint32 index) external view returns (WindowView memory);
    function windowCount(uint256 orderId) external view returns (uint32);
    function committedSegments(uint256 orderId) external view returns (uint32);
}
