// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IProofs} from "../interfaces/IProofs.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {AuditOutcome, ProofFacts, WindowView} from "../interfaces/Types.sol";
import {VerdictLib} from "../libraries/VerdictLib.sol";
import {Pallet} from "./Pallet.sol";
import {Audits} from "./proofs/Audits.sol";

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
/// A beacon that nobody pins for 256 blocks moves on: whoever wants a draw to stand pins it (anyone can).
/// BEACONS: at most two are unpinned at any time, since committing window w needs beacon w and pins up to w + 1.
contract Proofs is Audits {
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
        require(_mayCommitWindow(orderId, facts, progress), ProofsNotTraining(orderId));
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
        Clock memory clock = _clockOf(orderId, facts, progress);
        bool early = block.timestamp >= clock.opensAt && block.timestamp < _noticeDeadline(clock);
        if (early && _allPinned(progress)) _drawPanel(orderId, facts, progress);
    }

    /* AUDITORS */

    /// @inheritdoc IProofs
    function commitVerdicts(uint256 orderId, bytes32 commitment) external {
        // Check
        (ProofFacts memory facts, Progress storage progress, Clock memory clock) = _auditing(orderId);
        require(
            block.timestamp >= clock.opensAt && block.timestamp < clock.commitDeadline,
            ProofsWrongPhase(orderId)
        );

        // Effect: the first one stores the panel.
        if (progress.panelDrawnAt == 0) {
            _pin(orderId, facts, progress, type(uint256).max);
            uint32 last = progress.windows + 1;
            require(_allPinned(progress), ProofsBeaconNotReady(orderId, last, _target(orderId, facts, last)));
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
    function revealVerdicts(uint256 orderId, uint256 verdicts, bytes32 salt, string calldata report)
        external
    {
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
        Clock memory clock = _clockOf(orderId, facts, progress);
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

    /// @inheritdoc IProofs
    function resume(uint256 orderId, uint256 fromOrderId, uint32 window) external {
        // Check: Market knows that the audit has passed, Proofs what was committed.
        _onlyMarket();
        require(window < _progress[fromOrderId].windows, ProofsNotProved(fromOrderId, window));

        // Effect
        // forge-lint: disable-next-line(unsafe-typecast) ids count up from one
        _resumes[orderId] = Resume(uint128(fromOrderId), window);
        emit OrderResumed(orderId, fromOrderId, window, _windows[fromOrderId][window].lastStateRoot);
    }

    /* VIEWS */

    /// @inheritdoc IProofs
    function resumeOf(uint256 orderId)
        external
        view
        returns (uint256 fromOrderId, uint32 window, bytes32 stateRoot)
    {
        Resume storage from = _resumes[orderId];
        (fromOrderId, window) = (from.fromOrderId, from.window);
        stateRoot = _windows[fromOrderId][window].lastStateRoot;
    }

    /// @inheritdoc IProofs
    function beaconOf(uint256 orderId, uint32 index)
        external
        view
        returns (bytes32 value, uint64 blockNumber)
    {
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
        Clock memory clock = _clockOf(orderId, facts, progress);
        if (block.timestamp < clock.opensAt) return (false, segments, panel);
        ready = true;
        if (progress.panelDrawnAt != 0) {
            panel = _panels[orderId];
        } else if (!facts.settled && block.timestamp < clock.commitDeadline) {
            panel = _panelOf(orderId, facts, lastBeacon);
        }
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
        returns (
            AuditOutcome outcome,
            uint32 committed,
            uint32 revealed,
            uint64 deadlineAt,
            uint32 failedSegment
        )
    {
        ProofFacts memory facts = _market().factsOf(orderId);
        Progress storage progress = _progress[orderId];
        if (facts.closedAt == 0) return (AuditOutcome.Pending, 0, 0, 0, 0);
        Clock memory clock = _clockOf(orderId, facts, progress);
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
    function _mayCommitWindow(uint256 orderId, ProofFacts memory facts, Progress storage progress)
        internal
        view
        returns (bool)
    {
        if (facts.deadlineAt == 0) return false;
        if (facts.closedAt == 0) return block.timestamp < facts.deadlineAt;
        if (!facts.stoppedByBuyer || facts.settled || progress.lastWindowAt != 0) return false;
        return block.timestamp < facts.closedAt + _parametersOf(orderId).lastWindowSeconds;
    }

    function _nextSegments(ProofFacts memory facts, Progress storage progress)
        internal
        view
        returns (uint32)
    {
        uint32 left = facts.segments - progress.segments;
        return left < facts.segmentsPerWindow ? left : facts.segmentsPerWindow;
    }
}
