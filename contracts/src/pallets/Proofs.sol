// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IProofs} from "../interfaces/IProofs.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {AuditOutcome, Opening, Parameters, ProofFacts, ReplayClaim} from "../interfaces/Types.sol";
import {CloseReasons} from "../libraries/CloseReasons.sol";
import {VerdictLib} from "../libraries/VerdictLib.sol";
import {Pallet} from "./Pallet.sol";
import {Offences} from "./proofs/Offences.sol";
import {Signed} from "./proofs/Signed.sol";

/// @title Proofs
/// @dev ROLES: anyone pins the draw's seed, hands in what a whole panel signed, and passes what a pair agrees on;
/// drawn auditors commit and reveal verdicts one by one otherwise; Market closes an audit; Disputes convicts. No admin.
/// ASSUMPTIONS: a block's producer does not trade its reward for one order's draw (devnets; elsewhere drand, whose own
/// assumptions are DrandBeacon's).
/// Seats may move between the seed's block and the moment the panel is used or stored: until then the panel is a
/// forecast, and whoever can move many seats can try several draws.
/// LIVENESS: nothing an auditor does or omits outlasts the reveal deadline, and that of one larger panel where the first one
/// left the order undecided. That one begins with anyone's settleOrder. A chain whose blockhash always reads
/// zero, or a round that nobody shows, gives no draws: orders end Unaudited.
/// CLOCKS: the audit opens when the order's ending call comes, or with the last window after a buyer's cancel
/// (at the latest lastWindowSeconds after it), of a pair lastWindowSeconds after both are over; commits until + commitSeconds; reveals, once all have committed or
/// commits are over, until + revealSeconds. Half open: in time while block.timestamp < deadline. What a whole panel
/// signed is taken until the last of these deadlines. What verdicts passed is paid challengeSeconds later at the
/// earliest, and not while it is disputed.
/// BEACONS: a block that seeds a draw moves on when nobody pins it for 256 blocks: whoever wants a draw to stand pins it (anyone
/// can). A round, fixed by the time at which the audit opened, never moves; anyone shows it to the beacon, once for all.
/// SHARES: each drawn segment is one member's of the first panel, every third two members'. What all assigned to it pass is
/// passed; the rest goes to a larger panel, each member of which replays all of that.
/// COPYING: before it opens its verdicts, an auditor waits for every other's signed commitment, here or off chain. Who
/// signs another commitment of that draw has signed two, and whoever shows both takes its seat (proveTwoCommitments).
/// LAZINESS: who passes a segment salts its commitment with the losses and gradient norms of its replay, which nobody
/// serves before the order settles. Whoever knows them, as the seller does of all, can show that a salt comes of no
/// replay (proveNoReplay).
/// A seller can tell a friend: that friend lies, and does not merely spare itself the work.
/// SIZE: what shows that an auditor lied is in Offences, and runs here.
contract Proofs is IProofs, Signed {
    address internal immutable OFFENCES;

    constructor(IRuntime runtime_) Pallet(runtime_) {
        OFFENCES = address(new Offences(runtime_));
    }

    /* ANYONE */

    /// @inheritdoc IProofs
    function pinDraw(uint256 orderId) external {
        // Check
        (ProofFacts memory facts, Parameters memory p, Clock memory clock) = _auditing(orderId);
        Audit storage audit = _audits[orderId];
        if (block.timestamp < clock.opensAt) return;

        // Effect: the block from which the seed's is counted, where only the clock opened the audit.
        if (!_hasBeacon() && facts.auditBlock == 0 && audit.openedBlock == 0) {
            audit.openedBlock = uint40(block.number);
            return;
        }

        // Effect
        (, bytes32 seed) = _pinSeeds(orderId, facts);
        if (seed == 0 || audit.panelDrawnAt != 0) return;

        // Effect: the panel too, while its members still have half of the commit phase before them, so that those who
        // stay silent are known. Where the pair agrees nobody has to speak.
        if (block.timestamp < clock.noticeDeadline && !_isAgreed(orderId, facts)) {
            _drawPanel(orderId, facts, p, seed);
        }
    }

    /// @inheritdoc IProofs
    function submitVerdicts(uint256 orderId, Opening[] calldata openings) external {
        // Check: in time, and nobody has begun to commit on chain: what is begun there ends there.
        (ProofFacts memory facts, Parameters memory p, Clock memory clock) = _auditing(orderId);
        Audit storage audit = _audits[orderId];
        bool inTime = block.timestamp >= clock.opensAt && block.timestamp < clock.revealDeadline;
        require(inTime && audit.committed == 0 && audit.passed == 0, ProofsWrongPhase(orderId));

        // Effect
        bytes32 seed = _requireSeed(orderId, facts);

        // Check: every member of the panel, in its order.
        uint256 drawn = _drawnCount(orderId, facts);
        address[] memory panel = _storedPanel(orderId);
        if (panel.length == 0) panel = _panelOf(orderId, facts, p, seed, drawn);
        require(
            panel.length != 0 && openings.length == panel.length,
            ProofsNotWholePanel(orderId, openings.length, panel.length)
        );
        address[] memory agreeing = _passTogether(orderId, panel, openings, drawn);

        // Effect
        _pass(orderId, agreeing, drawn, clock);
    }

    /// @inheritdoc IProofs
    function passAgreed(uint256 orderId) external {
        // Check: open, nothing passed, both sellers came to the same, and nobody says that they erred together.
        (ProofFacts memory facts,, Clock memory clock) = _auditing(orderId);
        Audit storage audit = _audits[orderId];
        require(block.timestamp >= clock.opensAt && audit.passed == 0, ProofsWrongPhase(orderId));
        require(_isAgreed(orderId, facts), ProofsNotAgreed(orderId));
        bool isDisputed = DISPUTES.openOf(orderId) != 0 || DISPUTES.openOf(facts.twin) != 0;
        require(!isDisputed, ProofsNotPassed(orderId));

        // Effect
        _pass(orderId, new address[](0), 0, clock);
    }

    /// @inheritdoc IProofs
    function settlePassed(uint256 orderId, address[] calldata agreeing, uint256 drawn) external {
        // Check: this is what the panel passed, and nobody has a challenge of it open.
        Audit storage audit = _audits[orderId];
        require(
            audit.passed != 0 && audit.passed == _passDigest(orderId, agreeing, drawn),
            ProofsNotPassed(orderId)
        );
        require(
            block.timestamp >= audit.settlesAt && DISPUTES.openOf(orderId) == 0,
            ProofsStillChallengeable(orderId, audit.settlesAt)
        );

        // Interaction: refused where it has been settled otherwise.
        MARKET.settleAudited(orderId, AuditOutcome.Pass, agreeing, drawn);
    }

    /// @inheritdoc IProofs
    function proveTwoCommitments(
        uint256,
        uint8,
        bytes32,
        address,
        bytes32,
        bytes calldata,
        bytes32,
        bytes calldata
    ) external {
        _delegate(OFFENCES);
    }

    /// @inheritdoc IProofs
    function proveNoReplay(uint256, ReplayClaim calldata) external {
        _delegate(OFFENCES);
    }

    /* AUDITORS */

    /// @inheritdoc IProofs
    function commitVerdicts(uint256 orderId, bytes32 commitment) external {
        // Check
        (ProofFacts memory facts, Parameters memory p, Clock memory clock) = _auditing(orderId);
        require(
            block.timestamp >= clock.opensAt && block.timestamp < clock.commitDeadline,
            ProofsWrongPhase(orderId)
        );

        // Effect: the first one stores the panel.
        Audit storage audit = _audits[orderId];
        require(audit.passed == 0, ProofsWrongPhase(orderId));
        require(!_isAgreed(orderId, facts), ProofsAgreed(orderId));
        if (audit.panelDrawnAt == 0) _drawPanel(orderId, facts, p, _requireSeed(orderId, facts));

        // Check: what others found is not known yet, which it is where a dispute opened a half revealed audit again.
        require(audit.revealed == 0, ProofsWrongPhase(orderId));

        // Check: a member, once. Zero would read as nothing committed.
        _requireMember(orderId, msg.sender);
        Verdict storage verdict = _verdictOf(orderId, msg.sender);
        require(verdict.commitment == 0, ProofsAlreadyCommitted(orderId, msg.sender));
        require(commitment != 0, ProofsBadReveal(orderId, msg.sender));

        // Effect
        verdict.commitment = commitment;
        ++audit.committed;
        emit VerdictsCommitted(orderId, msg.sender, commitment);
    }

    /// @inheritdoc IProofs
    function revealVerdicts(uint256 orderId, uint256 verdicts, bytes32 salt, string calldata report)
        external
    {
        // Check: the phase, membership, and that this is what was committed.
        (ProofFacts memory facts,, Clock memory clock) = _auditing(orderId);
        uint256 share = _requireShare(orderId, facts, msg.sender);
        Audit storage audit = _audits[orderId];
        bool commitsOver =
            audit.committed == _storedPanel(orderId).length || block.timestamp >= clock.commitDeadline;
        require(commitsOver && block.timestamp < clock.revealDeadline, ProofsWrongPhase(orderId));
        Verdict storage verdict = _verdictOf(orderId, msg.sender);
        require(
            verdict.commitment == _commitmentOf(orderId, msg.sender, verdicts, report, salt)
                && verdict.verdicts == 0 && _isShort(report) && VerdictLib.isComplete(verdicts, share),
            ProofsBadReveal(orderId, msg.sender)
        );

        // Effect
        verdict.verdicts = verdicts;
        ++audit.revealed;
        audit.revealedAt = uint40(block.timestamp);
        emit VerdictsRevealed(orderId, msg.sender, verdicts, report);
    }

    /* DISPUTES */

    /// @inheritdoc IProofs
    function convict(uint256 orderId, AuditOutcome outcome, uint32 segment, address[] calldata agreeing)
        external
    {
        // Check
        _onlyDisputes();
        ProofFacts memory facts = MARKET.factsOf(orderId);

        // Effect
        _failedSegments[orderId] = segment;

        // Interaction
        MARKET.settleAudited(orderId, outcome, agreeing, _drawnCount(orderId, facts));
    }

    /// @inheritdoc IProofs
    function reopen(uint256 orderId) external {
        _onlyDisputes();
        _audits[orderId].reopenedAt = uint40(block.timestamp);
    }

    /* MARKET */

    /// @inheritdoc IProofs
    function closeAudit(uint256 orderId)
        external
        returns (AuditOutcome outcome, address[] memory agreeing, uint256 drawn, uint64 deadlineAt)
    {
        // Check
        _onlyMarket();
        (ProofFacts memory facts,, Clock memory clock) = _auditing(orderId);
        bool isAgreed_ = _audits[orderId].passed == 0 && _isAgreed(orderId, facts);
        require(!isAgreed_, ProofsAgreed(orderId));
        outcome = _tally(orderId, clock, facts);
        deadlineAt = _phaseEnd(orderId, clock, outcome);
        if (outcome == AuditOutcome.Pass && block.timestamp < deadlineAt) outcome = AuditOutcome.Pending;
        if (outcome == AuditOutcome.Pending) return (outcome, agreeing, drawn, deadlineAt);

        // Effect and interaction: one larger panel.
        if (outcome == AuditOutcome.Undecided) {
            _redraw(orderId, clock, facts);
            return (outcome, agreeing, drawn, deadlineAt);
        }

        // Who agreed was not stored: settlePassed is told.
        require(_audits[orderId].passed == 0, ProofsAgreeingNeeded(orderId));

        // Interaction: whoever stayed silent is out.
        drawn = _drawnCount(orderId, facts);
        agreeing = new address[](0);
        if (outcome == AuditOutcome.Pass) {
            uint256[] memory votes = _votesOf(orderId);
            uint256[] memory shares = _sharesOf(orderId, votes.length, drawn);
            agreeing = _paidOf(orderId, _storedPanel(orderId), votes, shares, drawn);
        }
        _evictSilent(orderId, clock, facts);
    }

    /* VIEWS */

    /// @inheritdoc IProofs
    function drawBeaconOf(uint256 orderId) external view returns (bytes32 value, uint64 position) {
        uint256 found;
        value = _audits[orderId].seed;
        if (value == 0) (found, value) = _drawOf(orderId, MARKET.factsOf(orderId));
        uint256 anchor = _audits[orderId].redrawAnchor;
        if (anchor != 0 && value != 0) {
            (found, value) = (0, _panelSeeds[orderId]);
            if (value == 0) (found, value) = _drawAfter(anchor);
        }
        // forge-lint: disable-next-line(unsafe-typecast) block numbers are far below
        position = uint64(found);
    }

    /// @inheritdoc IProofs
    function drawOf(uint256 orderId)
        external
        view
        returns (bool ready, uint32[] memory segments, address[] memory panel)
    {
        (, ready, segments, panel) = _drawView(orderId);
    }

    /// @inheritdoc IProofs
    function sharesOf(uint256 orderId) external view returns (bytes32 draw, uint256[] memory shares) {
        (bytes32 seed,, uint32[] memory segments, address[] memory panel) = _drawView(orderId);
        if (panel.length == 0) return (draw, shares);
        return (_drawDigest(seed, panel), _sharesOf(orderId, panel.length, segments.length));
    }

    /// @inheritdoc IProofs
    function isAgreed(uint256 orderId) external view returns (bool) {
        return _isAgreed(orderId, MARKET.factsOf(orderId));
    }

    /// @inheritdoc IProofs
    function passedByAgreement(uint256 orderId) external view returns (bool) {
        return _audits[orderId].passed == _passDigest(orderId, new address[](0), 0);
    }

    /// @inheritdoc IProofs
    function roundOf(uint256 orderId) external view returns (uint8) {
        return _roundOf(orderId);
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
        ProofFacts memory facts = MARKET.factsOf(orderId);
        if (facts.opensAt == 0) return (AuditOutcome.Pending, 0, 0, 0, 0);
        Clock memory clock = _clockOf(orderId, facts, _parametersOf(facts));
        if (facts.committed == 0) {
            return (AuditOutcome.Pending, 0, 0, _phaseEnd(orderId, clock, AuditOutcome.Pending), 0);
        }
        Audit storage audit = _audits[orderId];
        committed = audit.committed;
        revealed = audit.revealed;
        failedSegment = _failedSegments[orderId];
        outcome = facts.settled ? _outcomeOf(facts.closeReason) : _tally(orderId, clock, facts);
        deadlineAt = _phaseEnd(orderId, clock, outcome);
    }

    /* INTERNAL */

    /// @dev Paid later, to whom this says.
    function _pass(uint256 orderId, address[] memory agreeing, uint256 drawn, Clock memory clock) internal {
        Audit storage audit = _audits[orderId];
        audit.passed = _passDigest(orderId, agreeing, drawn);
        audit.settlesAt = uint40(block.timestamp + clock.challengeSeconds);
        emit AuditPassed(orderId, agreeing, drawn, audit.settlesAt);
    }

    /// @dev seed: of the segments.
    function _drawView(uint256 orderId)
        internal
        view
        returns (bytes32 seed, bool ready, uint32[] memory segments, address[] memory panel)
    {
        ProofFacts memory facts = MARKET.factsOf(orderId);
        if (facts.opensAt == 0 || facts.committed == 0) return (seed, false, segments, panel);
        seed = _seedOf(orderId, facts);
        Parameters memory p = _parametersOf(facts);
        Clock memory clock = _clockOf(orderId, facts, p);
        if (seed == 0 || block.timestamp < clock.opensAt) return (seed, false, segments, panel);
        segments = _drawnSegments(orderId, facts, seed);
        bytes32 panelSeed = _panelSeedOf(orderId, seed);
        ready = panelSeed != 0 || facts.settled;
        panel = _storedPanel(orderId);
        if (panel.length == 0 && ready && !facts.settled && block.timestamp < clock.revealDeadline) {
            panel = _panelOf(orderId, facts, p, panelSeed, segments.length);
        }
    }

    /// @dev What an audit found stands above every other reason.
    function _outcomeOf(uint16 closeReason) internal pure returns (AuditOutcome) {
        if (closeReason == CloseReasons.FRAUD_PROVED) return AuditOutcome.Fail;
        if (closeReason == CloseReasons.CHECKPOINTS_UNAVAILABLE) return AuditOutcome.Unavailable;
        if (closeReason == CloseReasons.FAULT_PROVED) return AuditOutcome.Fault;
        if (closeReason == CloseReasons.MISMATCH) return AuditOutcome.Mismatch;
        if (closeReason == CloseReasons.MISMATCHES) return AuditOutcome.Mismatches;
        if (closeReason == CloseReasons.JURY_DIFFERED) return AuditOutcome.NotDeterministic;
        return closeReason == CloseReasons.AUDITORS_SILENT ? AuditOutcome.Unaudited : AuditOutcome.Pass;
    }

    /// @dev What draws the panel that sits; what draws the segments is stored with it.
    function _requireSeed(uint256 orderId, ProofFacts memory facts) internal returns (bytes32 seed) {
        uint256 position;
        (position, seed) = _pinSeeds(orderId, facts);
        // forge-lint: disable-next-line(unsafe-typecast) block numbers are far below
        require(seed != 0, ProofsDrawNotReady(orderId, uint64(position)));
    }

    /// @dev Who is paid. Whoever found anything else has until the deadline to challenge it.
    function _passTogether(
        uint256 orderId,
        address[] memory panel,
        Opening[] calldata openings,
        uint256 drawn
    ) internal returns (address[] memory) {
        uint256[] memory shares = _sharesOf(orderId, panel.length, drawn);
        uint256[] memory votes = _openAll(orderId, panel, openings, shares);
        bool passes = _weigh(orderId, votes, drawn) == AuditOutcome.Pass && DISPUTES.openOf(orderId) == 0;
        require(passes, ProofsNotPassed(orderId));
        return _paidOf(orderId, panel, votes, shares, drawn);
    }

    function _openAll(
        uint256 orderId,
        address[] memory panel,
        Opening[] calldata openings,
        uint256[] memory shares
    ) internal returns (uint256[] memory votes) {
        uint8 round = _roundOf(orderId);
        bytes32 draw = _drawDigest(_audits[orderId].seed, panel);
        votes = new uint256[](panel.length);
        for (uint256 i; i < panel.length; ++i) {
            votes[i] = openings[i].verdicts;
            require(VerdictLib.isComplete(votes[i], shares[i]), ProofsBadReveal(orderId, panel[i]));
            _open(orderId, round, draw, panel[i], openings[i]);
        }
    }

    /// @dev Signed over the commitment to exactly these verdicts.
    function _open(uint256 orderId, uint8 round, bytes32 draw, address auditor, Opening calldata opening)
        internal
    {
        uint256 verdicts = opening.verdicts;
        bytes32 commitment = _commitmentOf(orderId, auditor, verdicts, opening.report, opening.salt);
        require(
            _isShort(opening.report)
                && _isSigned(orderId, round, draw, auditor, commitment, opening.signature),
            ProofsBadReveal(orderId, auditor)
        );
        emit VerdictsRevealed(orderId, auditor, verdicts, opening.report);
    }
}
