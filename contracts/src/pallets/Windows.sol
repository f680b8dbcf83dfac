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
import {CloseReasons} from "../libraries/CloseReasons.sol";
import {PayLib} from "../libraries/PayLib.sol";
import {WindowLib} from "../libraries/WindowLib.sol";
import {Pallet} from "./Pallet.sol";
import {Schedule} from "./windows/Schedule.sol";

/// @title Windows
/// @dev ROLES: an order's seller commits windows, or seals and opens them; Market names the checkpoint that an order starts at,
/// and pairs orders. No admin.
/// ASSUMPTIONS: Market knows whether an order takes windows, and counts their segments. A block's producer does not trade
/// its reward for one window's data order (with drand it need not be asked).
/// LIVENESS: nobody has to call anything for a seller to commit; a beacon's block moves only with the window that anchors it,
/// when that is amended. A late window counts.
/// CLOCKS: half open. A window is in time while block.timestamp < its deadline, which counts from the window before it.
/// BEACONS: a window's seed is the hash of a block, or a round of drand; it is never stored, since anyone can look it up.
/// PAIRS: a beacon is anchored on whichever of the two came first, so both have the same, and neither waits for the other.
/// A digest names its order: the other seller can neither seal the same nor open it.
/// MONEY: none.
contract Windows is IWindows, Schedule {
    /// @dev Where an order starts.
    struct Resume {
        uint128 fromOrderId; // zero: at the beginning
        uint32 window;
        bytes32 stateRoot;
    }

    /// @dev Of one of a pair.
    struct Opened {
        uint32 windows;
        bytes28 trace;
    }

    uint256 internal constant MAX_AMENDMENTS = 3; // a machine that is wrong more often is no honest one

    mapping(uint256 orderId => mapping(uint256 index => uint32)) internal _amendments;
    /// @inheritdoc IWindows
    mapping(uint256 orderId => uint256) public extraDrawsOf; // an order has fewer windows than a word has bits
    mapping(uint256 orderId => Resume) internal _resumes;
    /// @inheritdoc IWindows
    mapping(uint256 orderId => uint256) public twinOf;
    mapping(uint256 orderId => Opened) internal _opened;

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
        bool paired = _count(orderId, index, segments, beacon);
        require(!paired, WindowsPaired(orderId));
        _store(orderId, index, root, segments, lastStateRoot, evidence);
    }

    /// @inheritdoc IWindows
    function sealWindow(uint256 orderId, uint32 index, bytes24 digest, uint32 segments, bytes32 beacon)
        external
    {
        bool paired = _count(orderId, index, segments, beacon);
        require(paired, WindowsNotPaired(orderId));
        _put(orderId, index, digest);
        emit WindowSealed(orderId, index, digest, segments);
    }

    /// @inheritdoc IWindows
    function openWindow(
        uint256 orderId,
        uint32 index,
        bytes32 root,
        uint32 segments,
        bytes32 lastStateRoot,
        string calldata evidence
    ) external {
        // Check: its own, the next one, of no more use to the twin, and what was sealed. Nobody else may: whoever saw this call
        // could make it first, and name other evidence.
        ProofFacts memory facts = MARKET.factsOf(orderId);
        require(facts.twin != 0, WindowsNotPaired(orderId));
        require(facts.seller == msg.sender, WindowsNotSeller(orderId, msg.sender));
        Opened storage opened = _opened[orderId];
        require(index == opened.windows, WindowsWrongIndex(orderId, index, opened.windows));
        require(_isOpenable(orderId, facts.twin, index), WindowsStillSealed(orderId, index));
        uint32 expected = _segmentsIn(facts, index);
        require(segments == expected, WindowsBadSegments(orderId, segments, expected));
        require(
            _windows[orderId][index].digest == WindowLib.sealedDigest(orderId, root, segments, lastStateRoot),
            WindowsBadOpening(orderId, index)
        );

        // Effect
        opened.windows = index + 1;
        opened.trace = bytes28(keccak256(abi.encode(opened.trace, segments, lastStateRoot)));
        _windows[orderId][index].digest = WindowLib.digest(root, segments, lastStateRoot);
        emit WindowCommitted(orderId, index, root, segments, lastStateRoot, evidence);
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
        _store(orderId, index, root, _segmentsIn(facts, index), lastStateRoot, evidence);
    }

    /* MARKET */

    /// @inheritdoc IWindows
    function pair(uint256 firstId, uint256 secondId) external {
        // Check
        _onlyMarket();

        // Effect
        (twinOf[firstId], twinOf[secondId]) = (secondId, firstId);
        emit OrdersPaired(firstId, secondId);
    }

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
    function openableOf(uint256 orderId) external view returns (uint32) {
        ProofFacts memory facts = MARKET.factsOf(orderId);
        return facts.twin == 0 ? 0 : uint32(_openable(facts));
    }

    /// @inheritdoc IWindows
    function openedOf(uint256 orderId) external view returns (uint32 windows, bytes28 trace) {
        Opened storage opened = _opened[orderId];
        return (opened.windows, opened.trace);
    }

    /// @inheritdoc IWindows
    function agreed(uint256 orderId) external view returns (bool) {
        Opened storage a = _opened[orderId];
        Opened storage b = _opened[twinOf[orderId]];
        if (a.windows == 0 || a.windows != b.windows || a.trace != b.trace) return false;
        ProofFacts memory facts = MARKET.factsOf(orderId);
        ProofFacts memory twin = MARKET.factsOf(facts.twin);
        return _isOver(facts) && _isOver(twin) && a.windows == _countOf(facts) && b.windows == _countOf(twin)
            && !CloseReasons.isFoundWrong(facts.closeReason) && !CloseReasons.isFoundWrong(twin.closeReason);
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
        if (order.startedAt == 0 || facts.overAt != 0 || left == 0) return 0;
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
        bool opened = w.blockNumber != 0 && (twinOf[orderId] == 0 || index < _opened[orderId].windows);
        return
            WindowView(w.digest, w.blockNumber, w.committedAt, _amendments[orderId][index], extraDraw, opened);
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

    /// @dev The seller's next window: counted, seeded by a beacon that is known, and drawn once more if it is late.
    function _count(uint256 orderId, uint32 index, uint32 segments, bytes32 beacon)
        internal
        returns (bool paired)
    {
        // Interaction and check: Market knows whether a window is due, and counts it. A refusal below undoes that.
        WindowFacts memory facts = MARKET.countWindow(orderId, msg.sender, segments);
        _checkPlace(orderId, index, segments, facts);
        paired = facts.paired;

        // Check: beacon `index` seeded this window's data, so it must be known.
        uint256 anchor;
        if (index == 0) {
            anchor = _anchorOf(facts.placedBlock, facts.placedAt);
        } else if (paired) {
            anchor = _pairAnchor(orderId, twinOf[orderId], index);
        } else {
            anchor = index == 1
                ? _anchorOf(facts.startedBlock, facts.startedAt)
                : _windowAnchor(orderId, index - 2);
        }
        _checkBeacon(orderId, index, anchor, beacon);

        // Effect
        uint256 since = index == 0 ? facts.startedAt : _windows[orderId][index - 1].committedAt;
        uint256 dueAt = WindowLib.dueAt(since, _stepsOf(facts, segments), facts.stepMicros);
        if (block.timestamp >= dueAt) {
            _drawMore(orderId, index);
            // forge-lint: disable-next-line(unsafe-typecast) at most 2^53 seconds after now
            emit WindowLate(orderId, index, uint64(dueAt));
        }
    }

    function _put(uint256 orderId, uint32 index, bytes24 digest) internal {
        _windows[orderId][index] = Window(digest, uint32(block.number), uint32(block.timestamp));
    }

    function _store(
        uint256 orderId,
        uint32 index,
        bytes32 root,
        uint32 segments,
        bytes32 lastStateRoot,
        string calldata evidence
    ) internal {
        _put(orderId, index, WindowLib.digest(root, segments, lastStateRoot));
        emit WindowCommitted(orderId, index, root, segments, lastStateRoot, evidence);
    }

    function _checkAmendable(uint256 orderId, uint32 index, uint32 amendment, ProofFacts memory facts)
        internal
        view
    {
        require(facts.seller == msg.sender, WindowsNotSeller(orderId, msg.sender));
        // What a pair sealed stands.
        bool isNewest = facts.overAt == 0 && facts.twin == 0 && index + 1 == _countOf(facts);
        bool isNext = amendment > _amendments[orderId][index] && amendment <= MAX_AMENDMENTS;
        require(isNewest && isNext, WindowsNotAmendable(orderId, index));
    }

    function _drawMore(uint256 orderId, uint256 index) internal {
        extraDrawsOf[orderId] |= 1 << index;
    }

    /// @dev No window of it can come any more.
    function _isOver(ProofFacts memory facts) internal view returns (bool) {
        return facts.overAt != 0 && block.timestamp >= facts.overAt;
    }

    /// @dev Sealed, and of no use to the twin.
    function _isOpenable(uint256 orderId, uint256 twin, uint256 index) internal view returns (bool) {
        if (_windows[orderId][index].blockNumber == 0) return false;
        return _windows[twin][index].blockNumber != 0 || _isOver(MARKET.factsOf(twin));
    }

    /// @dev How many windows that is.
    function _openable(ProofFacts memory facts) internal view returns (uint256) {
        uint256 own = _countOf(facts);
        ProofFacts memory twin = MARKET.factsOf(facts.twin);
        uint256 others = _countOf(twin);
        return others >= own || _isOver(twin) ? own : others;
    }

    /// @dev Of a window that is committed.
    function _segmentsIn(ProofFacts memory facts, uint32 index) internal pure returns (uint32) {
        uint32 left = facts.committed - index * facts.segmentsPerWindow;
        return left < facts.segmentsPerWindow ? left : facts.segmentsPerWindow;
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
}
