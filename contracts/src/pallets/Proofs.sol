// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IMarket} from "../interfaces/IMarket.sol";
import {IProofs} from "../interfaces/IProofs.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {AuditOutcome, Parameters, ProofFacts, WindowView} from "../interfaces/Types.sol";
import {DrawLib} from "../libraries/DrawLib.sol";
import {VerdictLib} from "../libraries/VerdictLib.sol";
import {Pallet} from "./Pallet.sol";

/// @title Proofs
/// @dev ROLES: an order's seller commits windows; anyone pins beacons; drawn auditors commit and reveal verdicts;
/// Market closes an audit. No admin.
/// ASSUMPTIONS: a block's producer does not trade its reward for one order's draw (devnets; elsewhere drand).
/// Seats may move between the last beacon and the moment the panel is stored, which is the first commitVerdicts or
/// pinBeacons after it: until then the panel is a forecast, and whoever can move many seats can try several draws.
/// LIVENESS: nothing an auditor does or omits outlasts the reveal deadline. A chain whose blockhash always reads
/// zero gives no draws: its orders end Unaudited.
/// CLOCKS: the audit opens when the order's ending call comes, or with the last window after a buyer's cancel
/// (at the latest lastWindowSeconds after it); commits until + commitSeconds; reveals, once all have committed or
/// commits are over, until + revealSeconds. Half open: in time while block.timestamp < deadline.
/// BEACONS: at most two are unpinned at any time, since committing window w needs beacon w and pins up to w + 1.
contract Proofs is IProofs, Pallet {
    uint256 internal constant BLOCKHASH_REACH = 256;
    uint256 internal constant MAX_PINS_PER_CALL = 2;
    uint256 internal constant MAX_PARTIES = 3; // buyer, payer, seller

    struct Window {
        bytes32 root;
        bytes32 lastStateRoot;
        uint64 blockNumber;
        uint64 committedAt;
        uint32 segments;
    }

    struct Beacon {
        bytes32 value;
        uint64 blockNumber;
    }

    /// @dev Of one order.
    struct Progress {
        uint32 windows;
        uint32 segments; // committed
        uint32 pinned; // beacons stored, from 0 on
        uint48 lastWindowAt; // when the one window after the buyer's cancel came; zero: not
        uint48 panelDrawnAt;
        uint16 drawn; // segments to audit; set with the panel
        uint8 committed; // panel members
        uint8 revealed;
    }

    struct Verdict {
        bytes32 commitment; // zero: not committed
        uint256 verdicts; // zero: not revealed
    }

    /// @dev Clock of one order's audit.
    struct Clock {
        uint256 opensAt;
        uint256 commitDeadline;
        uint256 revealDeadline;
    }

    mapping(uint256 orderId => Progress) internal _progress;
    mapping(uint256 orderId => mapping(uint256 index => Window)) internal _windows;
    mapping(uint256 orderId => mapping(uint256 index => Beacon)) internal _beacons;
    mapping(uint256 orderId => address[]) internal _panels;
    mapping(uint256 orderId => mapping(address auditor => Verdict)) internal _verdicts;

    constructor(IRuntime runtime_) Pallet(runtime_) {}

    /* SELLER */

    /// @inheritdoc IProofs
    function commitWindow(
        uint256 orderId,
        uint32 index,
        bytes32 root,
        uint32 segments,
        bytes32 lastStateRoot,
        string calldata evidence
    ) external {
        // Check
        ProofFacts memory facts = _market().factsOf(orderId);
        require(facts.seller == msg.sender, ProofsNotSeller(orderId, msg.sender));
        Progress storage progress = _progress[orderId];
        require(_mayCommitWindow(facts, progress), ProofsNotTraining(orderId));
        require(index == progress.windows, ProofsWrongIndex(orderId, index, progress.windows));
        uint32 expected = _nextSegments(facts, progress);
        bool fits = facts.closedAt == 0 ? segments == expected : segments <= expected;
        require(fits && segments != 0, ProofsBadSegments(orderId, segments, expected));

        // Effect: pin what is due. Beacon `index` seeded this window's data, so it must be known.
        _pin(orderId, facts, progress, index + 1);
        require(progress.pinned > index, ProofsBeaconNotReady(orderId, index, _target(orderId, facts, index)));

        // Effect
        _windows[orderId][index] = Window({
            root: root,
            lastStateRoot: lastStateRoot,
            blockNumber: uint64(block.number),
            committedAt: uint64(block.timestamp),
            segments: segments
        });
        progress.windows = index + 1;
        progress.segments += segments;
        if (facts.closedAt != 0) progress.lastWindowAt = uint48(block.timestamp);
        emit WindowCommitted(orderId, index, root, segments, lastStateRoot, evidence);
    }

    /* ANYONE */

    /// @inheritdoc IProofs
    function pinBeacons(uint256 orderId) external {
        ProofFacts memory facts = _market().factsOf(orderId);
        Progress storage progress = _progress[orderId];
        if (facts.placedBlock == 0) return;

        // Effect
        _pin(orderId, facts, progress, type(uint256).max);

        // Effect: the panel too, while its members still have half of the commit phase before them.
        if (facts.closedAt == 0 || facts.settled || progress.panelDrawnAt != 0) return;
        Clock memory clock = _clockOf(facts, progress);
        bool early = block.timestamp >= clock.opensAt && block.timestamp < _noticeDeadline(clock);
        if (early && _allPinned(progress)) _drawPanel(orderId, facts, progress);
    }

    /* AUDITORS */

    /// @inheritdoc IProofs
    function commitVerdicts(uint256 orderId, bytes32 commitment) external {
        // Check
        (ProofFacts memory facts, Progress storage progress, Clock memory clock) = _auditing(orderId);
        require(
            block.timestamp >= clock.opensAt && block.timestamp < clock.commitDeadline, ProofsWrongPhase(orderId)
        );

        // Effect: the first one stores the panel.
        if (progress.panelDrawnAt == 0) {
            _pin(orderId, facts, progress, type(uint256).max);
            uint32 last = progress.windows + 1;
            require(
                _allPinned(progress), ProofsBeaconNotReady(orderId, last, _target(orderId, facts, last))
            );
            _drawPanel(orderId, facts, progress);
        }

        // Check: a member, once. Zero would read as nothing committed.
        require(_isMember(orderId, msg.sender), ProofsNotDrawn(orderId, msg.sender));
        Verdict storage verdict = _verdicts[orderId][msg.sender];
        require(verdict.commitment == 0, ProofsAlreadyCommitted(orderId, msg.sender));
        require(commitment != 0, ProofsBadReveal(orderId, msg.sender));

        // Effect
        verdict.commitment = commitment;
        ++progress.committed;
        emit VerdictsCommitted(orderId, msg.sender, commitment);
    }

    /// @inheritdoc IProofs
    function revealVerdicts(uint256 orderId, uint256 verdicts, bytes32 salt, string calldata report) external {
        // Check: the phase, membership, and that this is what was committed.
        (, Progress storage progress, Clock memory clock) = _auditing(orderId);
        require(_isMember(orderId, msg.sender), ProofsNotDrawn(orderId, msg.sender));
        bool commitsOver =
            progress.committed == _panels[orderId].length || block.timestamp >= clock.commitDeadline;
        require(commitsOver && block.timestamp < clock.revealDeadline, ProofsWrongPhase(orderId));
        Verdict storage verdict = _verdicts[orderId][msg.sender];
        bytes32 commitment =
            keccak256(abi.encode(orderId, msg.sender, verdicts, keccak256(bytes(report)), salt));
        require(
            verdict.commitment == commitment && verdict.verdicts == 0
                && VerdictLib.isComplete(verdicts, progress.drawn),
            ProofsBadReveal(orderId, msg.sender)
        );

        // Effect
        verdict.verdicts = verdicts;
        ++progress.revealed;
        emit VerdictsRevealed(orderId, msg.sender, verdicts, report);
    }

    /* MARKET */

    /// @inheritdoc IProofs
    function closeAudit(uint256 orderId)
        external
        returns (AuditOutcome outcome, address[] memory agreeing, uint256 drawn, uint64 deadlineAt)
    {
        // Check
        _onlyMarket();
        ProofFacts memory facts = _market().factsOf(orderId);
        Progress storage progress = _progress[orderId];
        Clock memory clock = _clockOf(facts, progress);
        deadlineAt = _phaseEnd(orderId, progress, clock);
        uint256 position;
        (outcome, position) = _tally(orderId, progress, clock, facts);
        if (outcome == AuditOutcome.Pending) return (outcome, agreeing, drawn, deadlineAt);

        // Interaction: whoever was drawn is free again, whoever stayed silent is out.
        drawn = progress.drawn;
        agreeing = _agreeing(orderId, outcome, position, drawn);
        address[] memory panel = _panels[orderId];
        IStaking staking = _staking();
        for (uint256 i; i < panel.length; ++i) {
            staking.setDrawn(panel[i], false);
            if (_isSilent(orderId, panel[i], progress, clock)) staking.evict(facts.hardwareClass, panel[i]);
        }
    }

    /* VIEWS */

    /// @inheritdoc IProofs
    function beaconOf(uint256 orderId, uint32 index) external view returns (bytes32 value, uint64 blockNumber) {
        return _beacon(orderId, _market().factsOf(orderId), index);
    }

    /// @inheritdoc IProofs
    function drawOf(uint256 orderId)
        external
        view
        returns (bool ready, uint32[] memory segments, address[] memory panel)
    {
        ProofFacts memory facts = _market().factsOf(orderId);
        Progress storage progress = _progress[orderId];
        bytes32 lastBeacon;
        (segments, lastBeacon) = _drawnSegments(orderId, facts, progress);
        if (facts.closedAt == 0 || lastBeacon == 0) return (false, segments, panel);
        Clock memory clock = _clockOf(facts, progress);
        if (block.timestamp < clock.opensAt) return (false, segments, panel);
        ready = true;
        if (progress.panelDrawnAt != 0) panel = _panels[orderId];
        else if (!facts.settled && block.timestamp < clock.commitDeadline) panel = _panelOf(orderId, facts, lastBeacon);
    }

    /// @inheritdoc IProofs
    function windowOf(uint256 orderId, uint32 index) external view returns (WindowView memory) {
        Window storage w = _windows[orderId][index];
        return WindowView(w.root, w.lastStateRoot, w.blockNumber, w.committedAt, w.segments);
    }

    /// @inheritdoc IProofs
    function windowCount(uint256 orderId) external view returns (uint32) {
        return _progress[orderId].windows;
    }

    /// @inheritdoc IProofs
    function committedSegments(uint256 orderId) external view returns (uint32) {
        return _progress[orderId].segments;
    }

    /// @inheritdoc IProofs
    function auditOf(uint256 orderId)
        external
        view
        returns (AuditOutcome outcome, uint32 committed, uint32 revealed, uint64 deadlineAt, uint32 failedSegment)
    {
        ProofFacts memory facts = _market().factsOf(orderId);
        Progress storage progress = _progress[orderId];
        if (facts.closedAt == 0) return (AuditOutcome.Pending, 0, 0, 0, 0);
        Clock memory clock = _clockOf(facts, progress);
        deadlineAt = _phaseEnd(orderId, progress, clock);
        if (progress.windows == 0) return (AuditOutcome.Pending, 0, 0, deadlineAt, 0);
        committed = progress.committed;
        revealed = progress.revealed;
        uint256 position;
        (outcome, position) = _tally(orderId, progress, clock, facts);
        if (outcome == AuditOutcome.Fail || outcome == AuditOutcome.Unavailable) {
            (uint32[] memory segments,) = _drawnSegments(orderId, facts, progress);
            failedSegment = segments[position];
        }
    }

    /* WINDOWS */

    /// @dev In Training and in its paid time; or the one short window after the buyer's cancel.
    function _mayCommitWindow(ProofFacts memory facts, Progress storage progress) internal view returns (bool) {
        if (facts.deadlineAt == 0) return false;
        if (facts.closedAt == 0) return block.timestamp < facts.deadlineAt;
        if (!facts.stoppedByBuyer || facts.settled || progress.lastWindowAt != 0) return false;
        return block.timestamp < facts.closedAt + RUNTIME.parameters().lastWindowSeconds;
    }

    function _nextSegments(ProofFacts memory facts, Progress storage progress) internal view returns (uint32) {
        uint32 left = facts.segments - progress.segments;
        return left < facts.segmentsPerWindow ? left : facts.segmentsPerWindow;
    }

    /* BEACONS */

    /// @dev Zero: not anchored yet.
    function _anchor(uint256 orderId, ProofFacts memory facts, uint256 index) internal view returns (uint256) {
        if (index == 0) return facts.placedBlock;
        if (index == 1) return facts.startedBlock;
        return _windows[orderId][index - 2].blockNumber;
    }

    /// @dev The block whose hash beacon `index` is, now: fixed in advance, and moved on by 256 at a time when
    /// nobody stored it while it could be read. Zero: not anchored yet.
    function _target(uint256 orderId, ProofFacts memory facts, uint256 index) internal view returns (uint64) {
        uint256 anchor = _anchor(orderId, facts, index);
        if (anchor == 0) return 0;
        uint256 target = anchor + RUNTIME.parameters().beaconDelayBlocks;
        if (block.number > target) target += (block.number - target - 1) / BLOCKHASH_REACH * BLOCKHASH_REACH;
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
    function _pin(uint256 orderId, ProofFacts memory facts, Progress storage progress, uint256 maxIndex) internal {
        uint256 index = progress.pinned;
        for (uint256 i; i < MAX_PINS_PER_CALL && index <= maxIndex; ++i) {
            (bytes32 value, uint64 blockNumber) = _beacon(orderId, facts, index);
            if (value == 0) break;
            _beacons[orderId][index] = Beacon(value, blockNumber);
            emit BeaconPinned(orderId, uint32(index), blockNumber, value);
            progress.pinned = uint32(++index);
        }
    }

    /// @dev All that an ended order will ever have.
    function _allPinned(Progress storage progress) internal view returns (bool) {
        return progress.windows != 0 && progress.pinned == progress.windows + 2;
    }

    /* DRAWS */

    /// @dev Random segments in window order, then the first and the last committed one. lastBeacon is zero, and the
    /// list partial, while a beacon is missing.
    function _drawnSegments(uint256 orderId, ProofFacts memory facts, Progress storage progress)
        internal
        view
        returns (uint32[] memory segments, bytes32 lastBeacon)
    {
        uint256 windows = progress.windows;
        if (windows == 0) return (segments, 0);
        segments = new uint32[](uint256(facts.draws) + 2);
        uint256 count;
        for (uint256 w; w < windows; ++w) {
            (lastBeacon,) = _beacon(orderId, facts, w + 2);
            if (lastBeacon == 0) break;
            count = _drawWindow(orderId, facts, w, lastBeacon, segments, count);
        }
        uint32 last = progress.segments - 1;
        if (lastBeacon != 0) {
            if (!DrawLib.contains(segments, count, 0)) segments[count++] = 0;
            if (!DrawLib.contains(segments, count, last)) segments[count++] = last;
        }
        // Shorten the list to what was drawn.
        assembly ("memory-safe") {
            mstore(segments, count)
        }
    }

    function _drawWindow(
        uint256 orderId,
        ProofFacts memory facts,
        uint256 w,
        bytes32 beacon,
        uint32[] memory segments,
        uint256 count
    ) internal view returns (uint256) {
        uint256 n = _windows[orderId][w].segments;
        uint256 windows = (uint256(facts.segments) + facts.segmentsPerWindow - 1) / facts.segmentsPerWindow;
        uint256 quota = DrawLib.quota(facts.draws, w, windows, n);
        DrawLib.Deck memory deck = DrawLib.newDeck(n, quota);
        for (uint256 j; j < quota; ++j) {
            uint256 picked = DrawLib.pick(deck, DrawLib.drawRandom(orderId, w, j, beacon));
            segments[count++] = uint32(w * facts.segmentsPerWindow + picked);
        }
        return count;
    }

    function _drawPanel(uint256 orderId, ProofFacts memory facts, Progress storage progress) internal {
        (uint32[] memory segments, bytes32 lastBeacon) = _drawnSegments(orderId, facts, progress);
        address[] memory panel = _panelOf(orderId, facts, lastBeacon);
        // Nobody to draw: the order will end Unaudited unless a seat is taken in time.
        if (panel.length == 0) return;

        // Effect
        progress.drawn = uint16(segments.length);
        progress.panelDrawnAt = uint48(block.timestamp);
        _panels[orderId] = panel;
        emit PanelDrawn(orderId, panel);

        // Interaction
        IStaking staking = _staking();
        for (uint256 i; i < panel.length; ++i) {
            staking.setDrawn(panel[i], true);
        }
    }

    /// @dev Picks seats one by one, skipping the order's parties: at most panelSize + 3 picks.
    function _panelOf(uint256 orderId, ProofFacts memory facts, bytes32 beacon)
        internal
        view
        returns (address[] memory panel)
    {
        IStaking staking = _staking();
        uint256 seats = staking.seatsOf(facts.hardwareClass);
        uint256 size = RUNTIME.parameters().panelSize;
        uint256 picks = size + MAX_PARTIES < seats ? size + MAX_PARTIES : seats;
        DrawLib.Deck memory deck = DrawLib.newDeck(seats, picks);
        panel = new address[](size);
        uint256 count;
        for (uint256 i; i < picks && count < size; ++i) {
            uint256 seat = DrawLib.pick(deck, DrawLib.panelRandom(orderId, i, beacon));
            address auditor = staking.seatAt(facts.hardwareClass, seat);
            if (auditor == facts.buyer || auditor == facts.payer || auditor == facts.seller) continue;
            panel[count++] = auditor;
        }
        assembly ("memory-safe") {
            mstore(panel, count)
        }
    }

    /* AUDIT */

    function _auditing(uint256 orderId)
        internal
        view
        returns (ProofFacts memory facts, Progress storage progress, Clock memory clock)
    {
        facts = _market().factsOf(orderId);
        progress = _progress[orderId];
        require(facts.closedAt != 0 && !facts.settled && progress.windows != 0, ProofsNotAuditing(orderId));
        clock = _clockOf(facts, progress);
    }

    /// @dev Counts from the call that ended the order, not from the paid time's end: nobody can sit out the audit
    /// by ending it late.
    function _clockOf(ProofFacts memory facts, Progress storage progress) internal view returns (Clock memory) {
        Parameters memory p = RUNTIME.parameters();
        uint256 opensAt = facts.closedAt;
        if (progress.lastWindowAt != 0) opensAt = progress.lastWindowAt;
        else if (facts.stoppedByBuyer && progress.segments < facts.segments) opensAt += p.lastWindowSeconds;
        uint256 commitDeadline = opensAt + p.commitSeconds;
        return Clock(opensAt, commitDeadline, commitDeadline + p.revealSeconds);
    }

    function _noticeDeadline(Clock memory clock) internal pure returns (uint256) {
        return clock.opensAt + (clock.commitDeadline - clock.opensAt) / 2;
    }

    function _phaseEnd(uint256 orderId, Progress storage progress, Clock memory clock)
        internal
        view
        returns (uint64)
    {
        if (block.timestamp < clock.opensAt) return uint64(clock.opensAt);
        bool allCommitted = progress.panelDrawnAt != 0 && progress.committed == _panels[orderId].length;
        if (block.timestamp < clock.commitDeadline && !allCommitted) return uint64(clock.commitDeadline);
        return uint64(clock.revealDeadline);
    }

    /// @dev Decided once no further reveal is possible, so that neither the outcome nor who is paid for it can
    /// still change. position: of the failed segment in the drawn list, the one lowest in the training.
    function _tally(uint256 orderId, Progress storage progress, Clock memory clock, ProofFacts memory facts)
        internal
        view
        returns (AuditOutcome outcome, uint256 position)
    {
        address[] memory panel = _panels[orderId];
        bool allRevealed = panel.length != 0 && progress.revealed == panel.length;
        bool noneToCome =
            block.timestamp >= clock.commitDeadline && progress.revealed == progress.committed;
        if (!allRevealed && !noneToCome && block.timestamp < clock.revealDeadline) return (AuditOutcome.Pending, 0);

        uint256 drawn = progress.drawn;
        uint256[] memory votes = new uint256[](panel.length);
        uint256 passes;
        for (uint256 i; i < panel.length; ++i) {
            votes[i] = _verdicts[orderId][panel[i]].verdicts;
            if (votes[i] != 0 && votes[i] == VerdictLib.allPass(drawn)) ++passes;
        }
        // Most audits end here: a majority passed everything.
        if (2 * passes > panel.length) return (AuditOutcome.Pass, 0);
        if (progress.revealed == 0) return (AuditOutcome.Unaudited, 0);
        (uint32[] memory segments,) = _drawnSegments(orderId, facts, progress);
        return _weigh(votes, segments);
    }

    /// @dev Segment by segment: fail before unavailable before pass, each by more than half of the panel.
    function _weigh(uint256[] memory votes, uint32[] memory segments)
        internal
        pure
        returns (AuditOutcome outcome, uint256 position)
    {
        outcome = AuditOutcome.Pass;
        uint256 lowest = type(uint256).max;
        for (uint256 i; i < segments.length; ++i) {
            AuditOutcome found = _majorityAt(votes, i);
            if (found == AuditOutcome.Pass) continue;
            bool stronger = _rank(found) > _rank(outcome);
            if (stronger || found == outcome && segments[i] < lowest) {
                outcome = found;
                position = i;
                lowest = segments[i];
            }
        }
    }

    /// @dev Fail over unavailable over undecided over pass.
    function _rank(AuditOutcome outcome) internal pure returns (uint256) {
        if (outcome == AuditOutcome.Fail) return 3;
        if (outcome == AuditOutcome.Unavailable) return 2;
        return outcome == AuditOutcome.Unaudited ? 1 : 0;
    }

    function _majorityAt(uint256[] memory votes, uint256 position) internal pure returns (AuditOutcome) {
        uint256[4] memory counts;
        for (uint256 i; i < votes.length; ++i) {
            ++counts[VerdictLib.at(votes[i], position)];
        }
        if (2 * counts[VerdictLib.FAIL] > votes.length) return AuditOutcome.Fail;
        if (2 * counts[VerdictLib.UNAVAILABLE] > votes.length) return AuditOutcome.Unavailable;
        return 2 * counts[VerdictLib.PASS] > votes.length ? AuditOutcome.Pass : AuditOutcome.Unaudited;
    }

    /// @dev Who is paid: for a pass those who passed everything, else those who saw it at the failed segment.
    function _agreeing(uint256 orderId, AuditOutcome outcome, uint256 position, uint256 drawn)
        internal
        view
        returns (address[] memory agreeing)
    {
        address[] memory panel = _panels[orderId];
        agreeing = new address[](panel.length);
        uint256 count;
        for (uint256 i; i < panel.length; ++i) {
            uint256 votes = _verdicts[orderId][panel[i]].verdicts;
            bool agrees;
            if (outcome == AuditOutcome.Pass) agrees = votes == VerdictLib.allPass(drawn);
            else if (outcome == AuditOutcome.Fail) agrees = VerdictLib.at(votes, position) == VerdictLib.FAIL;
            else if (outcome == AuditOutcome.Unavailable) agrees = VerdictLib.at(votes, position) == VerdictLib.UNAVAILABLE;
            if (agrees) agreeing[count++] = panel[i];
        }
        assembly ("memory-safe") {
            mstore(agreeing, count)
        }
    }

    /// @dev Committed and did not reveal, or did not commit although the panel stood for half of the commit phase.
    function _isSilent(uint256 orderId, address auditor, Progress storage progress, Clock memory clock)
        internal
        view
        returns (bool)
    {
        Verdict storage verdict = _verdicts[orderId][auditor];
        if (verdict.verdicts != 0) return false;
        return verdict.commitment != 0 || progress.panelDrawnAt < _noticeDeadline(clock);
    }

    function _isMember(uint256 orderId, address auditor) internal view returns (bool) {
        address[] memory panel = _panels[orderId];
        for (uint256 i; i < panel.length; ++i) {
            if (panel[i] == auditor) return true;
        }
        return false;
    }

    /* PALLETS */

    function _market() internal view returns (IMarket) {
        return IMarket(RUNTIME.market());
    }

    function _staking() internal view returns (IStaking) {
        return IStaking(RUNTIME.staking());
    }
}
