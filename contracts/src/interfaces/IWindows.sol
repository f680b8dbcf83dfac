// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ResumeFrom, WindowView} from "./Types.sol";

/// @title Windows: what sellers commit while they train, and the beacons that seed it.
/// @notice Beacon i of an order seeds its window i: 0 after placeOrder, 1 after startOrder, 2 + w after window w's
/// commitment; the hash of a block a fixed number after that, or the first drand round that was not there by then (IBeacon).
/// Of a pair of orders (IMarket.placeRefereed) whichever came first counts, for both: they train on the same data. What they
/// commit stays sealed until both are bound to it.
interface IWindows {
    event WindowCommitted(
        uint256 indexed orderId,
        uint32 indexed index,
        bytes32 root,
        uint32 segments,
        bytes32 lastStateRoot,
        string evidence
    );
    /// @notice It came at or after dueAt: one segment of it more is drawn.
    event WindowLate(uint256 indexed orderId, uint32 indexed index, uint64 dueAt);
    /// @notice Its seller took back what it had committed; a WindowCommitted beside this says what stands now. One segment of
    /// it more is drawn.
    event WindowAmended(uint256 indexed orderId, uint32 indexed index, uint32 amendment);
    /// @notice The order starts at the last state of a window whose work an audit has passed.
    event OrderResumed(
        uint256 indexed orderId, uint256 indexed fromOrderId, uint32 window, bytes32 stateRoot
    );

    /// @notice Two orders for one job on one schedule of beacons: each is the other's twin.
    event OrdersPaired(uint256 indexed firstId, uint256 indexed secondId);
    /// @notice A window of one of a pair. Once it is opened, a WindowCommitted says what it is.
    event WindowSealed(uint256 indexed orderId, uint32 indexed index, bytes24 digest, uint32 segments);

    error WindowsNotSeller(uint256 orderId, address caller);
    error WindowsNotTraining(uint256 orderId);
    error WindowsWrongIndex(uint256 orderId, uint32 index, uint32 expected);
    error WindowsBadSegments(uint256 orderId, uint32 segments, uint32 expected);
    /// @notice Its block or round is not there yet.
    error WindowsBeaconNotReady(uint256 orderId, uint32 index, uint64 position);
    /// @notice The chain was reorganised: the window's data has another seed now. beacon: what it is, as commitWindow takes it.
    error WindowsBeaconChanged(uint256 orderId, uint32 index, bytes32 beacon);
    /// @notice Until then (zero: ever) a job that commits nothing cannot be called stalled.
    error WindowsNotLate(uint256 orderId, uint64 dueAt);
    /// @notice Only the newest window can be amended, while its order is in training, under a number from one to three that rises.
    error WindowsNotAmendable(uint256 orderId, uint32 index);
    /// @notice Of a pair: seal its windows, and open them.
    error WindowsPaired(uint256 orderId);
    error WindowsNotPaired(uint256 orderId);
    /// @notice Its seller has not sealed it, or its twin's has not and still may.
    error WindowsStillSealed(uint256 orderId, uint32 index);
    /// @notice Not what was sealed.
    error WindowsBadOpening(uint256 orderId, uint32 index);
    /// @notice No such window, or no audit that has passed it.
    error WindowsNotProved(uint256 orderId, uint32 window);

    /// @notice Seller, while training (or one short last window after the buyer's cancel). A late one is taken, and one
    /// segment of it more is drawn (dueAtOf).
    /// @param root keccak256 tree of the window's segment leaves
    /// @param segments how many; segmentsPerWindow, fewer only for the job's last window or a short last one
    /// @param lastStateRoot state root after the window's last segment
    /// @param beacon value of beacon `index`, which seeded this window's data, or with drand the number of its round: refused
    /// if a reorganised chain has another one, where the audit would fail what was trained. Zero: whatever it is
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

    /// @notice Seller, while training: commits the newest window anew, since its machine was wrong. Nothing follows from it
    /// yet: its draw is not known before the order's end, and beacon index + 2 is anchored anew. Earlier windows stand for
    /// good, since later ones follow from them.
    /// @param amendment its number, which the seller signs too: more than the last one's, so that what was signed and never
    /// sent is not said otherwise
    function amendWindow(
        uint256 orderId,
        uint32 index,
        uint32 amendment,
        bytes32 root,
        bytes32 lastStateRoot,
        bytes32 beacon,
        string calldata evidence
    ) external;

    /// @notice Seller of one of a pair, as commitWindow: binds it to a window without saying what it is. There are no amendments.
    /// @param digest first 24 bytes of keccak256(abi.encode(orderId, root, segments, lastStateRoot))
    function sealWindow(uint256 orderId, uint32 index, bytes24 digest, uint32 segments, bytes32 beacon)
        external;
    /// @notice Seller of one of a pair: says what it sealed, in order, once the twin has sealed that window too or can seal no more
    /// (openableOf). Also after the end; auditors cannot replay what is not opened. segments: as it sealed them.
    function openWindow(
        uint256 orderId,
        uint32 index,
        bytes32 root,
        uint32 segments,
        bytes32 lastStateRoot,
        string calldata evidence
    ) external;

    /// @notice Market only, when two orders are placed for one job.
    function pair(uint256 firstId, uint256 secondId) external;
    /// @notice Market only, when an order is placed: names the proved checkpoint it starts at.
    function resume(uint256 orderId, ResumeFrom calldata from) external;

    /// @notice Where an order starts; all zero: at its job's first step. stateRoot is that window's lastStateRoot.
    function resumeOf(uint256 orderId)
        external
        view
        returns (uint256 fromOrderId, uint32 window, bytes32 stateRoot);
    /// @notice The order that this one is paired with; zero: none.
    function twinOf(uint256 orderId) external view returns (uint256);
    /// @notice How many windows of one of a pair may be open by now, and how many are.
    function openableOf(uint256 orderId) external view returns (uint32);
    /// @param trace running hash of what was opened: first 28 bytes of keccak256(abi.encode(trace, segments, lastStateRoot))
    function openedOf(uint256 orderId) external view returns (uint32 windows, bytes28 trace);
    /// @notice Of a pair of which no window can come any more: all are open, each order has at least one, and both went through the
    /// same states. Not where an audit or a jury found one of them wrong.
    function agreed(uint256 orderId) external view returns (bool);
    /// @notice position, a block or a round, is zero while it is not even anchored. value is that block's hash while the chain
    /// can read it: zero before the block and more than 256 blocks after it, when it has to be looked up. A round's is
    /// zero unless somebody has shown it; anyone looks it up by drand's signature.
    function beaconOf(uint256 orderId, uint32 index) external view returns (bytes32 value, uint64 position);
    /// @notice When the order's next window is late: WindowLib.LATE_FACTOR times the agreed time of its steps, and a grace,
    /// after the window before it, or after the start. Zero: no window is due.
    function dueAtOf(uint256 orderId) external view returns (uint64);
    /// @notice This is what was committed as window `index`, or last amended.
    function isCommitted(uint256 orderId, uint256 index, bytes32 root, uint32 segments, bytes32 lastStateRoot)
        external
        view
        returns (bool);
    /// @notice Bit w: window w was late or amended, so that one segment of it more is drawn.
    function extraDrawsOf(uint256 orderId) external view returns (uint256);
    function windowOf(uint256 orderId, uint32 index) external view returns (WindowView memory);
    function windowCount(uint256 orderId) external view returns (uint32);
    function committedSegments(uint256 orderId) external view returns (uint32);
}
