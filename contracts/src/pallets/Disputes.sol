// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDisputes} from "../interfaces/IDisputes.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {
    AuditOutcome,
    Ballot,
    DisputeStage,
    DisputeView,
    LeafProof,
    Narrowing,
    ProofFacts,
    ProofMode,
    SealedBallot,
    SignedWindow,
    WindowSubject
} from "../interfaces/Types.sol";
import {CloseReasons} from "../libraries/CloseReasons.sol";
import {Findings} from "../libraries/Findings.sol";
import {SlashLib} from "../libraries/SlashLib.sol";
import {StepsLib} from "../libraries/StepsLib.sol";
import {Ballots} from "./disputes/Ballots.sol";
import {Juries} from "./disputes/Juries.sol";
import {PlainFraud} from "./disputes/PlainFraud.sol";

/// @title Disputes
/// @dev ROLES: anyone with bond challenges; the order's seller answers; anyone draws the jury and hands in its votes. No
/// admin.
/// ASSUMPTIONS: two thirds of a drawn jury are honest. A block's producer does not trade its reward for one jury (devnets;
/// elsewhere drand).
/// LIVENESS: every stage has a deadline and a call that anyone may make after it; two rounds, or a drand that shows nothing,
/// then the order ends Unaudited. Disputes of one order do not wait for each other, and one that is decided immunises no segment.
/// CLOCKS: the seller answers within a quarter of the order's revealSeconds, each jury votes within half of it, so that
/// two rounds end within one and a quarter of it, and the blocks between, or a third of it for each drand round. A jury seals its votes in the first two thirds of its time.
/// SECRECY: votes are opened before the seal deadline only all together, and after it only if they were sealed on chain before:
/// nobody who has seen another's vote can still make up its own. A juror that is bound to two votes loses its seat.
/// OUTCOMES: against the seller two thirds decide what they found, and whether all further segments hold: fault, else fraud.
/// Where the seller does not vouch for the environment it is a mismatch, which ends pay, or several, which leave none; where jurors
/// differ the job is not deterministic: then no stake is slashed. A seller that ended an order as stalled is challenged about the segment
/// after the last one committed: where the jury comes to a state, and the further segments hold, it is a fault or a mismatch for which nothing that was proved is lost.
/// SIZE: what needs no jury is in PlainFraud, and runs here.
/// MONEY: a bond is half of the seller's stake, at least twice the cost of a panel, in whole gwei. Who challenged rightly, or was not refuted, gets it back whole, and with the
/// jurors its share of the slash, or the audit fee where none is slashed. Of a refuted challenge's bond the jurors get half, the seller a quarter, and a
/// quarter is burned: a seller who has itself challenged loses.
contract Disputes is Ballots {
    uint256 internal constant MAX_STEPS = 256;

    address internal immutable PLAIN_FRAUD;

    constructor(IRuntime runtime_) Juries(runtime_) {
        PLAIN_FRAUD = address(new PlainFraud(runtime_));
    }

    /* CHALLENGERS */

    /// @inheritdoc IDisputes
    function challenge(uint256 orderId, uint32 segment) external returns (uint256 disputeId) {
        return _challenge(orderId, segment, 0, Findings.VALID, 0, 0);
    }

    /// @inheritdoc IDisputes
    function challengeSteps(uint256 orderId, LeafProof calldata claim, bytes32[] calldata roots)
        external
        returns (uint256 disputeId)
    {
        // Check: this leaf is committed, and the roots are those of its steps and end elsewhere.
        uint32 segment = claim.leaf.segment;
        ProofFacts memory facts = MARKET.factsOf(orderId);
        _requireCommitted(orderId, facts, claim);
        uint256 steps = roots.length;
        // Within a tolerance no two machines agree on a step's root.
        bool fits = facts.mode != ProofMode.Tolerance && steps != 0 && steps <= MAX_STEPS
            && claim.leaf.lastStep >= claim.leaf.firstStep
            && claim.leaf.lastStep - claim.leaf.firstStep == steps;
        require(fits && roots[steps - 1] != claim.leaf.stateRootAfter, DisputesBadSteps(orderId, segment));

        // forge-lint: disable-next-line(unsafe-typecast) at most MAX_STEPS
        uint32 step = uint32(steps);
        bytes32 stepsRoot = StepsLib.rootOf(roots);
        return _challenge(orderId, segment, step, claim.leaf.stateRootAfter, roots[steps - 1], stepsRoot);
    }

    /* SELLER */

    /// @inheritdoc IDisputes
    function answer(uint256 disputeId, Narrowing calldata narrowing) external {
        // Check: in time, once.
        Dispute storage d = _requireOpen(disputeId);
        ProofFacts memory facts = MARKET.factsOf(d.orderId);
        require(msg.sender == facts.seller, DisputesNotSeller(disputeId, msg.sender));
        bool inTime = d.anchor == 0 && block.timestamp < _answerDeadline(d, facts);
        require(inTime && !facts.settled, DisputesWrongStage(disputeId));

        // Effect
        d.anchor = uint40(_anchorOf(block.number, block.timestamp));
        if (narrowing.step != 0) {
            _checkNarrowing(d, narrowing);
            d.step = narrowing.step;
            d.sellerRoot = narrowing.sellerRoot;
            d.challengerRoot = narrowing.challengerRoot;
        }
        emit Answered(disputeId, narrowing.step, narrowing.preRoot, d.sellerRoot, d.challengerRoot);
    }

    /* ANYONE */

    /// @inheritdoc IDisputes
    function drawJury(uint256 disputeId) external {
        // Check
        Dispute storage d = _requireOpen(disputeId);
        ProofFacts memory facts = MARKET.factsOf(d.orderId);
        bool due = d.anchor != 0 || block.timestamp >= _answerDeadline(d, facts);
        require(due && d.drawnAt == 0 && !facts.settled, DisputesWrongStage(disputeId));

        // Effect: after a silence, the block, or its time, from which the jury's beacon is counted.
        if (d.anchor == 0) {
            d.anchor = uint40(_anchorOf(block.number, block.timestamp));
            return;
        }

        // Effect
        _drawJury(disputeId, d, facts);
    }

    /// @inheritdoc IDisputes
    function sealBallots(uint256 disputeId, SealedBallot[] calldata ballots) external {
        // Check: in time.
        Dispute storage d = _requireOpen(disputeId);
        ProofFacts memory facts = MARKET.factsOf(d.orderId);
        bool inTime = d.drawnAt != 0 && !facts.settled && block.timestamp < _sealDeadline(d, facts);
        require(inTime, DisputesWrongStage(disputeId));

        // Check and effect
        address[] memory jury = _juries[disputeId];
        for (uint256 i; i < ballots.length; ++i) {
            _seal(disputeId, d.round, jury, ballots[i]);
        }
    }

    /// @inheritdoc IDisputes
    function resolve(uint256 disputeId, Ballot[] calldata ballots) external {
        Dispute storage d = _requireOpen(disputeId);
        ProofFacts memory facts = MARKET.factsOf(d.orderId);

        // Interaction: another dispute has settled the order.
        if (facts.settled) return _close(disputeId, d, 0, false);

        // Effect and interaction: nobody could draw a jury.
        if (d.drawnAt == 0) return _giveUpDrawing(disputeId, d, facts);

        // Check
        address[] memory jury = _juries[disputeId];
        Vote[] memory votes = _opened(disputeId, d, facts, jury, ballots);

        // Effect and interaction
        bool isOver = block.timestamp >= _voteDeadline(d, facts);
        if (_decide(disputeId, d, facts, jury, votes, isOver || _allIn(votes))) return;
        if (isOver) return _giveUp(disputeId, d, facts, jury, votes);

        // Effect
        for (uint256 i; i < ballots.length; ++i) {
            address juror = ballots[i].juror;
            _votes[disputeId][d.round][juror] = votes[_positionOf(jury, juror)];
        }
    }

    /// @inheritdoc IDisputes
    function proveTwoBallots(uint256 disputeId, uint8 round, SealedBallot calldata a, SealedBallot calldata b)
        external
    {
        // Check: different, both the juror's own.
        bool bound = a.juror == b.juror && a.commitment != b.commitment && _isBound(disputeId, round, a)
            && _isBound(disputeId, round, b);
        require(bound, DisputesBadBallot(disputeId, a.juror));

        // Interaction
        emit TwoBallots(disputeId, a.juror, a.commitment, b.commitment);
        STAKING.evict(MARKET.factsOf(_disputes[disputeId].orderId).hardwareClass, a.juror);
    }

    /// @inheritdoc IDisputes
    function proveBrokenChain(uint256, LeafProof calldata, LeafProof calldata) external {
        _delegate(PLAIN_FRAUD);
    }

    /// @inheritdoc IDisputes
    function proveEquivocation(
        uint256,
        WindowSubject calldata,
        SignedWindow calldata,
        SignedWindow calldata,
        SignedWindow calldata
    ) external {
        _delegate(PLAIN_FRAUD);
    }

    /* VIEWS */

    /// @inheritdoc IDisputes
    function openOf(uint256 orderId) external view returns (uint256) {
        return _openOf[orderId];
    }

    /// @inheritdoc IDisputes
    function bondWeiOf(uint256 orderId) external view returns (uint256) {
        return uint256(_bondGweiOf(orderId, MARKET.factsOf(orderId))) * 1 gwei;
    }

    /// @inheritdoc IDisputes
    function ballotOf(uint256 disputeId, address juror)
        external
        view
        returns (bytes32 commitment, bytes32 found)
    {
        Vote storage vote = _votes[disputeId][_disputes[disputeId].round][juror];
        return (vote.commitment, vote.found);
    }

    /// @inheritdoc IDisputes
    function disputeOf(uint256 disputeId) external view returns (DisputeView memory v) {
        Dispute storage d = _disputes[disputeId];
        if (d.challenger == address(0)) return v;
        ProofFacts memory facts = MARKET.factsOf(d.orderId);
        v.orderId = d.orderId;
        v.challenger = d.challenger;
        v.segment = d.segment;
        v.step = d.step;
        v.sellerRoot = d.sellerRoot;
        v.challengerRoot = d.challengerRoot;
        v.bondWei = _bondWei(d);
        v.round = d.round;
        v.jury = _juries[disputeId];
        v.further = _furtherOf(disputeId, d, facts);
        (v.stage, v.deadlineAt) = _stageOf(d, facts);
        if (v.stage == DisputeStage.Voting) v.sealDeadline = uint64(_sealDeadline(d, facts));
    }

    /* INTERNAL */

    function _challenge(
        uint256 orderId,
        uint32 segment,
        uint32 step,
        bytes32 sellerRoot,
        bytes32 challengerRoot,
        bytes32 stepsRoot
    ) internal returns (uint256 disputeId) {
        // Check
        ProofFacts memory facts = MARKET.factsOf(orderId);
        _requireAuditing(orderId, facts);
        bool isStall = _isStall(facts, segment);
        require(segment < facts.committed || isStall, DisputesNoSuchSegment(orderId, segment));
        if (isStall) sellerRoot = Findings.STALLED;

        // Effect
        disputeId = ++disputeCount;
        ++_openOf[orderId];
        Dispute storage d = _disputes[disputeId];
        d.challenger = msg.sender;
        d.openedAt = uint40(block.timestamp);
        d.segment = segment;
        // forge-lint: disable-next-line(unsafe-typecast) ids count up from one
        d.orderId = uint64(orderId);
        d.step = step;
        d.sellerRoot = sellerRoot;
        d.challengerRoot = challengerRoot;
        d.stepsRoot = stepsRoot;
        d.bondGwei = _bondGweiOf(orderId, facts);
        uint256 bondWei = _bondWei(d);
        emit Challenged(disputeId, orderId, msg.sender, segment, step, sellerRoot, challengerRoot, bondWei);

        // Interaction: reverts where the bond does not cover it.
        STAKING.reserve(msg.sender, bondWei);
    }

    /// @dev The segment at which the seller said that the job stalls: the next one after what is committed.
    function _isStall(ProofFacts memory facts, uint32 segment) internal pure returns (bool) {
        return facts.closeReason == CloseReasons.JOB_STALLED && segment == facts.committed
            && segment < facts.segments;
    }

    /// @dev The challenger's roots before and after the step are as posted, and the seller's after it is another; after the last
    /// step it is the leaf's. That the seller has no list of its own costs nobody anything: from a state on which both agree one step
    /// leads to one state, so whoever is right about the step wins, and whoever is right about all steps is right about any.
    function _checkNarrowing(Dispute storage d, Narrowing calldata n) internal view {
        uint256 steps = d.step;
        bool fits = n.step <= steps && n.sellerRoot != n.challengerRoot && n.sellerRoot != 0;
        fits = fits && (n.step < steps || n.sellerRoot == d.sellerRoot)
            && StepsLib.isAt(d.stepsRoot, n.path, n.challengerRoot, n.step, steps);
        fits = fits
            && (n.step == 1
                    ? n.preRoot == 0
                    : StepsLib.isAt(d.stepsRoot, n.prePath, n.preRoot, n.step - 1, steps));
        require(fits, DisputesBadSteps(d.orderId, d.segment));
    }

    /// @dev All votes so far, and in memory those that are opened now.
    function _opened(
        uint256 disputeId,
        Dispute storage d,
        ProofFacts memory facts,
        address[] memory jury,
        Ballot[] calldata ballots
    ) internal returns (Vote[] memory votes) {
        uint256 sealDeadline = _sealDeadline(d, facts);
        bool isSealing = block.timestamp < sealDeadline;
        bool allowed = !isSealing || ballots.length == jury.length;
        require(allowed || ballots.length == 0, DisputesSealed(disputeId, uint64(sealDeadline)));
        votes = _recorded(disputeId, d.round, jury);
        for (uint256 i; i < ballots.length; ++i) {
            _open(disputeId, d.round, jury, votes, ballots[i], isSealing);
        }
    }

    /// @dev Where two thirds found the same, or (isOver: no vote is to come) jurors differ in what is right.
    function _decide(
        uint256 disputeId,
        Dispute storage d,
        ProofFacts memory facts,
        address[] memory jury,
        Vote[] memory votes,
        bool isOver
    ) internal returns (bool) {
        bytes32 decided = _decided(votes);
        AuditOutcome outcome;
        if (decided == 0) {
            if (!isOver || !_differ(d, votes)) return false;
            outcome = AuditOutcome.NotDeterministic;
        } else if (_isFor(d, decided)) {
            outcome = AuditOutcome.Pass;
        } else {
            outcome = _outcomeOf(votes, decided, facts.vouched, isOver);
            if (outcome == AuditOutcome.Pending) return false;
        }
        address[] memory jurors = _rewardedJurors(d, jury, votes, decided, outcome);
        if (outcome == AuditOutcome.Pass) {
            _refute(disputeId, d, facts.seller, decided, jurors);
            return true;
        }
        _close(disputeId, d, decided, false);
        PROOFS.convict(d.orderId, outcome, d.segment, _rewarded(d, decided, jurors));
        return true;
    }

    function _refute(
        uint256 disputeId,
        Dispute storage d,
        address seller,
        bytes32 decided,
        address[] memory jurors
    ) internal {
        uint256 bondWei = _bondWei(d);

        // Effect
        _markClosed(disputeId, d, decided, true);

        // Interaction
        STAKING.slash(
            d.challenger,
            bondWei,
            seller,
            SlashLib.refutedToSellerWei(bondWei),
            jurors,
            SlashLib.refutedToJurorsWei(bondWei)
        );
        PROOFS.reopen(d.orderId);
    }

    /// @dev The jurors, and the challenger unless the jury came to a state that neither side had named.
    function _rewarded(Dispute storage d, bytes32 decided, address[] memory jurors)
        internal
        view
        returns (address[] memory rewarded)
    {
        bool isWord = decided == Findings.UNAVAILABLE || decided == Findings.UNUSABLE || decided == 0;
        if (d.challengerRoot != 0 && decided != d.challengerRoot && !isWord) return jurors;
        rewarded = new address[](jurors.length + 1);
        rewarded[0] = d.challenger;
        for (uint256 i; i < jurors.length; ++i) {
            rewarded[i + 1] = jurors[i];
        }
    }

    /// @dev Whoever stayed silent is out. A second jury, then nobody's fault.
    function _giveUp(
        uint256 disputeId,
        Dispute storage d,
        ProofFacts memory facts,
        address[] memory jury,
        Vote[] memory votes
    ) internal {
        emit JuryUndecided(disputeId, d.round);
        bool isLast = d.round != 0;
        if (isLast) {
            _close(disputeId, d, 0, false);
        } else {
            d.round = 1;
            d.drawnAt = 0;
            d.anchor = uint40(_anchorOf(block.number, block.timestamp));
            delete _juries[disputeId];
        }
        for (uint256 i; i < jury.length; ++i) {
            if (votes[i].found == 0) STAKING.evict(facts.hardwareClass, jury[i]);
        }
        if (isLast) PROOFS.convict(d.orderId, AuditOutcome.Unaudited, d.segment, new address[](0));
    }

    /// @dev The round that draws the jury stayed away: as where two juries stay undecided, nobody is at fault.
    function _giveUpDrawing(uint256 disputeId, Dispute storage d, ProofFacts memory facts) internal {
        // Check
        uint256 deadline = _drawDeadline(d, facts);
        require(deadline != 0 && block.timestamp >= deadline, DisputesWrongStage(disputeId));
        (, bytes32 seed) = BEACON.drawAfter(d.anchor);
        require(seed == 0, DisputesWrongStage(disputeId));

        // Effect and interaction
        _close(disputeId, d, 0, false);
        PROOFS.convict(d.orderId, AuditOutcome.Unaudited, d.segment, new address[](0));
    }

    /// @dev With the bond returned.
    function _close(uint256 disputeId, Dispute storage d, bytes32 found, bool sellerWins) internal {
        _markClosed(disputeId, d, found, sellerWins);
        STAKING.unreserve(d.challenger, _bondWei(d));
    }

    function _markClosed(uint256 disputeId, Dispute storage d, bytes32 found, bool sellerWins) internal {
        d.closed = true;
        --_openOf[d.orderId];
        emit DisputeClosed(disputeId, d.orderId, found, sellerWins);
    }
}
