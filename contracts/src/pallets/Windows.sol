// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRuntime} from "../interfaces/IRuntime.sol";
import {IWindows} from "../interfaces/IWindows.sol";
import {
    OrderTerms,
    OrderView,
    ProofFacts,
    ResumeFrom,
    WindowFacts,
    WindowView
} from "../interfaces/Types.sol";
import {PayLib} from "../libraries/PayLib.sol";
import {WindowLib} from "../libraries/WindowLib.sol";
import {Beaconed} from "./Beaconed.sol";
import {Pallet} from "./Pallet.sol";

/// @title Windows
/// @dev ROLES: an order's seller commits windows; Market names the checkpoint that an order starts at. No admin.
/// ASSUMPTIONS: Market knows whether an order takes windows, and counts their segments. A block's producer does not trade
/// its reward for one window's data order (with drand it need not be asked).
/// LIVENESS: nobody has to call anything for a seller to commit; a beacon's block moves only with the window that anchors it,
/// when that is amended. A late window counts.
/// CLOCKS: half open. A window is in time while block.timestamp < its deadline, which counts from the window before it.
/// BEACONS: a window's seed is the hash of a block, or a round of drand; it is never stored, since anyone can look it up.
/// MONEY: none.
contract Windows is IWindows, Beaconed {
    /// @dev One slot. The digest binds what the event says. Times reach to the year 2106, blocks to four billion.
    struct Window {
        bytes24 digest;
        uint32 blockNumber;
        uint32 committedAt;
    }

    /// @dev Where an order starts.
    struct Resume {
        uint128 fromOrderId; // zero: at the beginning
        uint32 window;
        bytes32 stateRoot;
    }

    uint256 internal constant MAX_AMENDMENTS = 3; // a machine that is wrong more often is no honest one

    mapping(uint256 orderId => mapping(uint256 index => Window)) internal _windows;
    mapping(uint256 orderId => mapping(uint256 index => uint32)) internal _amendments;
    /// @inheritdoc IWindows
    mapping(uint256 orderId => uint256) public extraDrawsOf; // an order has fewer windows than a word has bits
    mapping(uint256 orderId => Resume) internal _resumes;

    constructor(IRuntime runtime_) Pallet(runtime_) {}

    /* SELLER */

    /// @inheritdoc IWindows
    function commitWindow(
        uint256 orderId,
        uint32 index,
        bytes32 root,
        uint32 segments,
        bytes32 lastStateRoot,
        bytes32 beacon,
        string calldata evidence
    ) external {
        // Interaction and check: Market knows whether a window is due, and counts it. A refusal below undoes that.
        WindowFacts memory facts = MARKET.countWindow(orderId, msg.sender, segments);
        _checkPlace(orderId, index, segments, facts);

        // Check: beacon `index` seeded this window's data, so it must be known.
        uint256 anchor = index == 0
            ? _anchorOf(facts.placedBlock, facts.placedAt)
            : _anchorOf(facts.startedBlock, facts.startedAt);
        if (index >= 2) anchor = _windowAnchor(orderId, index - 2);
        _checkBeacon(orderId, index, anchor, beacon);

        // Effect
        uint256 since = index == 0 ? facts.startedAt : _windows[orderId][index - 1].committedAt;
        uint256 dueAt = WindowLib.dueAt(since, _stepsOf(facts, segments), facts.stepMicros);
        if (block.timestamp >= dueAt) {
            _drawMore(orderId, index);
            // forge-lint: disable-next-line(unsafe-typecast) at most 2^53 seconds after now
            emit WindowLate(orderId, index, uint64(dueAt));
        }
        _store(orderId, index, root, segments, lastStateRoot, evidence);
    }

    /// @inheritdoc IWindows
    function amendWindow(
        uint256 orderId,
        uint32 index,
        uint32 amendment,
        bytes32 root,
        bytes32 lastStateRoot,
        bytes32 beacon,
        string calldata evidence
    ) external {
        // Check: its own, in training, the newest one, not too often, and seeded as before.
        ProofFacts memory facts = MARKET.factsOf(orderId);
        _checkAmendable(orderId, index, amendment, facts);
        _checkBeacon(orderId, index, _anchor(orderId, facts, index), beacon);

        // Effect
        _amendments[orderId][index] = amendment;
        _drawMore(orderId, index);
        emit WindowAmended(orderId, index, amendment);
        _store(
            orderId, index, root, facts.committed - index * facts.segmentsPerWindow, lastStateRoot, evidence
        );
    }

    /* MARKET */

    /// @inheritdoc IWindows
    function resume(uint256 orderId, ResumeFrom calldata from) external {
        // Check: Market knows that the audit has passed, Windows what was committed.
        _onlyMarket();
        bytes24 digest = WindowLib.digest(from.root, from.segments, from.lastStateRoot);
        require(
            _windows[from.orderId][from.window].digest == digest, WindowsNotProved(from.orderId, from.window)
        );

        // Effect
        // forge-lint: disable-next-line(unsafe-typecast) ids count up from one
        _resumes[orderId] = Resume(uint128(from.orderId), from.window, from.lastStateRoot);
        emit OrderResumed(orderId, from.orderId, from.window, from.lastStateRoot);
    }

    /* VIEWS */

    /// @inheritdoc IWindows
    function resumeOf(uint256 orderId)
        external
        view
        returns (uint256 fromOrderId, uint32 window, bytes32 stateRoot)
    {
        Resume storage from = _resumes[orderId];
        return (from.fromOrderId, from.window, from.stateRoot);
    }

    /// @inheritdoc IWindows
    function beaconOf(uint256 orderId, uint32 index) external view returns (bytes32 value, uint64 position) {
        uint256 anchor = _anchor(orderId, MARKET.factsOf(orderId), index);
        if (anchor == 0) return (0, 0);
        if (_hasBeacon()) {
            position = BEACON.roundAfter(anchor);
            return (BEACON.valueOf(position), position);
        }
        uint256 target = anchor + BEACON_DELAY_BLOCKS;
        // forge-lint: disable-next-line(unsafe-typecast) block numbers are far below
        return (target < block.number ? blockhash(target) : bytes32(0), uint64(target));
    }

    /// @inheritdoc IWindows
    function dueAtOf(uint256 orderId) external view returns (uint64) {
        OrderView memory order = MARKET.orderOf(orderId);
        ProofFacts memory facts = MARKET.factsOf(orderId);
        uint256 left = facts.segments - facts.committed;
        if (order.startedAt == 0 || facts.closedAt != 0 || left == 0) return 0;
        OrderTerms memory t = order.terms;
        uint256 steps = uint256(t.segmentsPerWindow) * t.stepsPerSegment;
        if (left < t.segmentsPerWindow) steps = t.steps - uint256(facts.committed) * t.stepsPerSegment;
        uint256 count = _countOf(facts);
        uint256 since = count == 0 ? order.startedAt : _windows[orderId][count - 1].committedAt;
        return uint64(WindowLib.dueAt(since, steps, t.stepMicros));
    }

    /// @inheritdoc IWindows
    function isCommitted(uint256 orderId, uint256 index, bytes32 root, uint32 segments, bytes32 lastStateRoot)
        external
        view
        returns (bool)
    {
        return _windows[orderId][index].digest == WindowLib.digest(root, segments, lastStateRoot);
    }

    /// @inheritdoc IWindows
    function windowOf(uint256 orderId, uint32 index) external view returns (WindowView memory) {
        Window storage w = _windows[orderId][index];
        bool extraDraw = extraDrawsOf[orderId] >> index & 1 != 0;
        return WindowView(w.digest, w.blockNumber, w.committedAt, _amendments[orderId][index], extraDraw);
    }

    /// @inheritdoc IWindows
    function windowCount(uint256 orderId) external view returns (uint32) {
        return uint32(_countOf(MARKET.factsOf(orderId)));
    }

    /// @inheritdoc IWindows
    function committedSegments(uint256 orderId) external view returns (uint32) {
        return MARKET.factsOf(orderId).committed;
    }

    /* INTERNAL */

    function _store(
        uint256 orderId,
        uint32 index,
        bytes32 root,
        uint32 segments,
        bytes32 lastStateRoot,
        string calldata evidence
    ) internal {
        bytes24 digest = WindowLib.digest(root, segments, lastStateRoot);
        _windows[orderId][index] = Window(digest, uint32(block.number), uint32(block.timestamp));
        emit WindowCommitted(orderId, index, root, segments, lastStateRoot, evidence);
    }

    function _checkAmendable(uint256 orderId, uint32 index, uint32 amendment, ProofFacts memory facts)
        internal
        view
    {
        require(facts.seller == msg.sender, WindowsNotSeller(orderId, msg.sender));
        bool isNewest = facts.closedAt == 0 && index + 1 == _countOf(facts);
        bool isNext = amendment > _amendments[orderId][index] && amendment <= MAX_AMENDMENTS;
        require(isNewest && isNext, WindowsNotAmendable(orderId, index));
    }

    function _drawMore(uint256 orderId, uint256 index) internal {
        extraDrawsOf[orderId] |= 1 << index;
    }

    function _countOf(ProofFacts memory facts) internal pure returns (uint256) {
        return facts.committed == 0 ? 0 : PayLib.ceilDiv(facts.committed, facts.segmentsPerWindow);
    }

    /// @dev Of so many segments more; the job's last one may be shorter.
    function _stepsOf(WindowFacts memory facts, uint256 segments) internal pure returns (uint256) {
        uint256 steps = segments * facts.stepsPerSegment;
        uint256 left = facts.steps - uint256(facts.committed) * facts.stepsPerSegment;
        return steps < left ? steps : left;
    }

    /// @dev Windows are full but for the last, so their number follows from that of their segments.
    function _checkPlace(uint256 orderId, uint32 index, uint32 segments, WindowFacts memory facts)
        internal
        pure
    {
        uint256 perWindow = facts.segmentsPerWindow;
        uint256 windows = PayLib.ceilDiv(facts.committed, perWindow);
        // forge-lint: disable-start(unsafe-typecast) at most the order's segments
        require(index == windows, WindowsWrongIndex(orderId, index, uint32(windows)));
        uint256 left = facts.segments - facts.committed;
        uint256 expected = left < perWindow ? left : perWindow;
        bool fits = facts.closed ? segments <= expected : segments == expected;
        require(fits && segments != 0, WindowsBadSegments(orderId, segments, uint32(expected)));
        // forge-lint: disable-end(unsafe-typecast)
    }

    /// @dev Of a round the number tells that the chain has not changed; its value is what auditors train with. A block older
    /// than blockhash reaches has long been final.
    function _checkBeacon(uint256 orderId, uint32 index, uint256 anchor, bytes32 beacon) internal view {
        if (_hasBeacon()) {
            uint64 round = BEACON.roundAfter(anchor);
            require(round <= BEACON.roundAt(block.timestamp), WindowsBeaconNotReady(orderId, index, round));
            bytes32 expected = bytes32(uint256(round));
            require(beacon == 0 || beacon == expected, WindowsBeaconChanged(orderId, index, expected));
            return;
        }
        uint256 target = anchor + BEACON_DELAY_BLOCKS;
        // forge-lint: disable-next-line(unsafe-typecast) block numbers are far below
        require(block.number > target, WindowsBeaconNotReady(orderId, index, uint64(target)));
        bytes32 known = blockhash(target);
        require(beacon == 0 || known == 0 || beacon == known, WindowsBeaconChanged(orderId, index, known));
    }

    /// @dev When the order was placed, started, or committed its window `index` - 2. Zero: not yet.
    function _anchor(uint256 orderId, ProofFacts memory facts, uint256 index)
        internal
        view
        returns (uint256)
    {
        if (index == 0) return _anchorOf(facts.placedBlock, facts.placedAt);
        if (index == 1) return _anchorOf(facts.startedBlock, facts.startedAt);
        return _windowAnchor(orderId, index - 2);
    }

    function _windowAnchor(uint256 orderId, uint256 index) internal view returns (uint256) {
        Window storage w = _windows[orderId][index];
        return _anchorOf(w.blockNumber, w.committedAt);
    }
}
