// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EIP712} from "solady/utils/EIP712.sol";
import {SignatureCheckerLib} from "solady/utils/SignatureCheckerLib.sol";

import {IDisputes} from "../interfaces/IDisputes.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {
    AuditOutcome,
    Ballot,
    DisputeView,
    LeafProof,
    ProofFacts,
    SignedWindow
} from "../interfaces/Types.sol";
import {Findings} from "../libraries/Findings.sol";
import {LeafLib} from "../libraries/LeafLib.sol";
import {SlashLib} from "../libraries/SlashLib.sol";
import {WindowLib} from "../libraries/WindowLib.sol";
import {Juries} from "./disputes/Juries.sol";

/// @title Disputes
/// @dev ROLES: anyone with bond challenges; the order's seller answers; anyone draws the jury and hands in its votes. No
/// admin.
/// ASSUMPTIONS: two thirds of a drawn jury are honest. A block's producer does not trade its reward for one jury.
/// LIVENESS: every stage has a deadline and a call that anyone may make after it; two rounds, then the order ends
/// Unaudited. Disputes of one order do not wait for each other, and one that is decided immunises no segment.
/// CLOCKS: the seller answers within a quarter of the order's revealSeconds, each jury votes within half of it, so that
/// two rounds end within one and a quarter of it, and the blocks between.
/// MONEY: a bond is half of the seller's stake, at least twice the cost of a panel, in whole gwei. Who challenged rightly, or was not refuted, gets it back whole, and with the
/// jurors its share of the slash. Of a refuted challenge's bond the jurors get half, the seller a quarter, and a
/// quarter is burned: a seller who has itself challenged loses.
contract Disputes is Juries, EIP712 {
    bytes32 internal constant BALLOT_TYPEHASH =
        keccak256("Ballot(uint256 disputeId,uint8 round,bytes32 found)");
    bytes32 internal constant EVIDENCE_TYPEHASH = keccak256(
        "WindowEvidence(uint256 orderId,uint32 window,bytes32 beacon,uint32 segments,bytes32 root,bytes32 lastStateRoot)"
    );
    bytes32 internal constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    uint256 internal constant MAX_STEPS = 256;

    constructor(IRuntime runtime_) Juries(runtime_) {}

    /* CHALLENGERS */

    /// @inheritdoc IDisputes
    function challenge(uint256 orderId, uint32 segment) external returns (uint256 disputeId) {
        return _open(orderId, segment, 0, Findings.VALID, 0, 0);
    }

    /// @inheritdoc IDisputes
    function challengeSteps(uint256 orderId, LeafProof calldata claim, bytes32[] calldata roots)
        external
        returns (uint256 disputeId)
    {
        // Check: this leaf is committed, and the roots are those of its steps and end elsewhere.
        uint32 segment = claim.leaf.segment;
        _requireCommitted(orderId, MARKET.factsOf(orderId), claim);
        uint256 steps = roots.length;
        bool fits = steps != 0 && steps <= MAX_STEPS && claim.leaf.lastStep >= claim.leaf.firstStep
            && claim.leaf.lastStep - claim.leaf.firstStep == steps;
        require(fits && roots[steps - 1] != claim.leaf.stateRootAfter, DisputesBadSteps(orderId, segment));

        // forge-lint: disable-next-line(unsafe-typecast) at most MAX_STEPS
        uint32 step = uint32(steps);
        bytes32 stepsHash = keccak256(abi.encode(roots));
        return _open(orderId, segment, step, claim.leaf.stateRootAfter, roots[steps - 1], stepsHash);
    }

    /* SELLER */

    /// @inheritdoc IDisputes
    function answer(uint256 disputeId, bytes32[] calldata roots, bytes32[] calldata challengerRoots)
        external
    {
        // Check: in time, once.
        Dispute storage d = _requireOpen(disputeId);
        ProofFacts memory facts = MARKET.factsOf(d.orderId);
        require(msg.sender == facts.seller, DisputesNotSeller(disputeId, msg.sender));
        bool inTime = d.anchorBlock == 0 && block.timestamp < _answerDeadline(d, facts);
        require(inTime && !facts.settled, DisputesWrongStage(disputeId));

        // Effect
        d.anchorBlock = uint40(block.number);
        if (roots.length == 0) {
            emit Answered(disputeId, 0, 0, d.sellerRoot, d.challengerRoot);
            return;
        }
        _narrow(disputeId, d, roots, challengerRoots);
    }

    /* ANYONE */

    /// @inheritdoc IDisputes
    function drawJury(uint256 disputeId) external {
        // Check
        Dispute storage d = _requireOpen(disputeId);
        ProofFacts memory facts = MARKET.factsOf(d.orderId);
        bool due = d.anchorBlock != 0 || block.timestamp >= _answerDeadline(d, facts);
        require(due && d.drawnAt == 0 && !facts.settled, DisputesWrongStage(disputeId));

        // Effect: after a silence, the block from which the jury's beacon is counted.
        if (d.anchorBlock == 0) {
            d.anchorBlock = uint40(block.number);
            return;
        }

        // Effect
        _drawJury(disputeId, d, facts);
    }

    /// @inheritdoc IDisputes
    function resolve(uint256 disputeId, Ballot[] calldata ballots) external {
        Dispute storage d = _requireOpen(disputeId);
        ProofFacts memory facts = MARKET.factsOf(d.orderId);

        // Interaction: another dispute has settled the order.
        if (facts.settled) return _close(disputeId, d, 0, false);

        // Check
        require(d.drawnAt != 0, DisputesWrongStage(disputeId));
        address[] memory jury = _juries[disputeId];
        bytes32[] memory found = _recorded(disputeId, d, jury);
        for (uint256 i; i < ballots.length; ++i) {
            found[_checkBallot(disputeId, d, jury, found, ballots[i])] = ballots[i].found;
            emit BallotCast(disputeId, d.round, ballots[i].juror, ballots[i].found);
        }

        // Effect and interaction
        bytes32 decided = _decided(found);
        if (decided != 0) return _decide(disputeId, d, decided, _agreeing(jury, found, decided));
        if (block.timestamp >= _voteDeadline(d, facts)) return _giveUp(disputeId, d, facts, jury, found);

        // Effect
        for (uint256 i; i < ballots.length; ++i) {
            _ballots[disputeId][d.round][ballots[i].juror] = ballots[i].found;
        }
    }

    /// @inheritdoc IDisputes
    function proveBrokenChain(uint256 orderId, LeafProof calldata a, LeafProof calldata b) external {
        // Check: both are committed, neighbours, and do not chain.
        ProofFacts memory facts = MARKET.factsOf(orderId);
        _requireAuditing(orderId, facts);
        _requireCommitted(orderId, facts, a);
        uint32 segment = a.leaf.segment;
        bool isLast = segment % facts.segmentsPerWindow == a.segments - 1;
        bool broken = isLast && a.leaf.stateRootAfter != a.lastStateRoot;
        if (!broken) {
            _requireCommitted(orderId, facts, b);
            broken = b.leaf.segment == segment + 1
                && (b.leaf.stateRootBefore != a.leaf.stateRootAfter || b.leaf.firstStep != a.leaf.lastStep);
            segment = b.leaf.segment;
        }
        require(broken, DisputesBadLeaf(orderId, segment));

        // Interaction: nobody is paid for it, or a seller could save half of its stake by having a friend show it.
        PROOFS.convict(orderId, AuditOutcome.Fail, segment, new address[](0));
    }

    /// @inheritdoc IDisputes
    function proveEquivocation(
        uint256 orderId,
        uint32 window,
        bytes32 beacon,
        SignedWindow calldata a,
        SignedWindow calldata b
    ) external {
        // Check: of one length, not the same, both the seller's own.
        ProofFacts memory facts = MARKET.factsOf(orderId);
        _requireAuditing(orderId, facts);
        bool differs = a.segments == b.segments && (a.root != b.root || a.lastStateRoot != b.lastStateRoot);
        bool isSellers = a.signature.length != 0 && _isSellers(orderId, facts, window, beacon, a)
            && _isSellers(orderId, facts, window, beacon, b);
        require(differs && isSellers, DisputesNoEquivocation(orderId, window));

        // Interaction: nobody is paid for it, as for a broken chain.
        uint32 segment = window * facts.segmentsPerWindow;
        PROOFS.convict(orderId, AuditOutcome.Fail, segment, new address[](0));
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
    function ballotOf(uint256 disputeId, address juror) external view returns (bytes32) {
        return _ballots[disputeId][_disputes[disputeId].round][juror];
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
        (v.stage, v.deadlineAt) = _stageOf(d, facts);
    }

    /* INTERNAL */

    function _open(
        uint256 orderId,
        uint32 segment,
        uint32 step,
        bytes32 sellerRoot,
        bytes32 challengerRoot,
        bytes32 stepsHash
    ) internal returns (uint256 disputeId) {
        // Check
        ProofFacts memory facts = MARKET.factsOf(orderId);
        _requireAuditing(orderId, facts);
        require(segment < facts.committed, DisputesNoSuchSegment(orderId, segment));

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
        d.stepsHash = stepsHash;
        d.bondGwei = _bondGweiOf(orderId, facts);
        uint256 bondWei = _bondWei(d);
        emit Challenged(disputeId, orderId, msg.sender, segment, step, sellerRoot, challengerRoot, bondWei);

        // Interaction: reverts where the bond does not cover it.
        STAKING.reserve(msg.sender, bondWei);
    }

    /// @dev The first difference: both start at one state, so the step before it is agreed on.
    function _narrow(
        uint256 disputeId,
        Dispute storage d,
        bytes32[] calldata roots,
        bytes32[] calldata challengerRoots
    ) internal {
        // Check: the seller's steps end where its leaf does, and the challenger's, which end elsewhere, are as posted.
        uint256 steps = roots.length;
        bool fits = d.step == steps && keccak256(abi.encode(challengerRoots)) == d.stepsHash;
        require(fits && roots[steps - 1] == d.sellerRoot, DisputesBadSteps(d.orderId, d.segment));
        // forge-lint: disable-next-line(unsafe-typecast) at most MAX_STEPS
        uint32 first;
        while (roots[first] == challengerRoots[first]) ++first;

        // Effect
        d.step = first + 1;
        d.sellerRoot = roots[first];
        d.challengerRoot = challengerRoots[first];
        bytes32 preRoot = first == 0 ? bytes32(0) : roots[first - 1];
        emit Answered(disputeId, d.step, preRoot, d.sellerRoot, d.challengerRoot);
    }

    /// @dev A member of the jury, once.
    function _checkBallot(
        uint256 disputeId,
        Dispute storage d,
        address[] memory jury,
        bytes32[] memory found,
        Ballot calldata ballot
    ) internal view returns (uint256 position) {
        while (position < jury.length && jury[position] != ballot.juror) ++position;
        bool counts = position < jury.length && found[position] == 0 && ballot.found != 0;
        require(
            counts && (ballot.juror == msg.sender || _isSigned(disputeId, d.round, ballot)),
            DisputesBadBallot(disputeId, ballot.juror)
        );
    }

    function _isSigned(uint256 disputeId, uint8 round, Ballot calldata ballot) internal view returns (bool) {
        bytes32 digest =
            _hashTypedData(keccak256(abi.encode(BALLOT_TYPEHASH, disputeId, round, ballot.found)));
        return SignatureCheckerLib.isValidSignatureNowCalldata(ballot.juror, digest, ballot.signature);
    }

    /// @dev Two thirds found the same.
    function _decide(uint256 disputeId, Dispute storage d, bytes32 decided, address[] memory jurors)
        internal
    {
        // That all of the segment holds says the same where the dispute is about its end or one step.
        bool sellerWins = decided == d.sellerRoot || decided == Findings.VALID;
        if (sellerWins) return _refute(disputeId, d, decided, jurors);
        _close(disputeId, d, decided, false);
        AuditOutcome outcome = decided == Findings.UNAVAILABLE ? AuditOutcome.Unavailable : AuditOutcome.Fail;
        PROOFS.convict(d.orderId, outcome, d.segment, _rewarded(d, decided, jurors));
    }

    function _refute(uint256 disputeId, Dispute storage d, bytes32 decided, address[] memory jurors)
        internal
    {
        ProofFacts memory facts = MARKET.factsOf(d.orderId);
        uint256 bondWei = _bondWei(d);

        // Effect
        _markClosed(disputeId, d, decided, true);

        // Interaction
        STAKING.slash(
            d.challenger,
            bondWei,
            facts.seller,
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
        bool isWord = decided == Findings.UNAVAILABLE || decided == Findings.FAULT;
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
        bytes32[] memory found
    ) internal {
        emit JuryUndecided(disputeId, d.round);
        bool isLast = d.round != 0;
        if (isLast) {
            _close(disputeId, d, 0, false);
        } else {
            d.round = 1;
            d.drawnAt = 0;
            d.anchorBlock = uint40(block.number);
            delete _juries[disputeId];
        }
        for (uint256 i; i < jury.length; ++i) {
            if (found[i] == 0) STAKING.evict(facts.hardwareClass, jury[i]);
        }
        if (isLast) PROOFS.convict(d.orderId, AuditOutcome.Unaudited, d.segment, new address[](0));
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

    /// @dev Signed by it, or committed under this beacon.
    function _isSellers(
        uint256 orderId,
        ProofFacts memory facts,
        uint32 window,
        bytes32 beacon,
        SignedWindow calldata said
    ) internal view returns (bool) {
        if (said.signature.length == 0) {
            (bytes32 known,) = WINDOWS.beaconOf(orderId, window);
            return known != 0 && known == beacon
                && WINDOWS.windowOf(orderId, window).digest
                    == WindowLib.digest(said.root, said.segments, said.lastStateRoot);
        }
        bytes32 message = keccak256(
            abi.encode(
                EVIDENCE_TYPEHASH, orderId, window, beacon, said.segments, said.root, said.lastStateRoot
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _windowsDomain(), message));
        return SignatureCheckerLib.isValidSignatureNowCalldata(facts.seller, digest, said.signature);
    }

    /// @dev Evidence is signed for Windows, where windows are committed.
    function _windowsDomain() internal view returns (bytes32) {
        (string memory name, string memory version) = _domainNameAndVersion();
        return keccak256(
            abi.encode(
                DOMAIN_TYPEHASH,
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                block.chainid,
                address(WINDOWS)
            )
        );
    }

    function _requireAuditing(uint256 orderId, ProofFacts memory facts) internal pure {
        require(facts.closedAt != 0 && !facts.settled && facts.committed != 0, DisputesNotAuditing(orderId));
    }

    /// @dev The leaf is this order's, stands at its place in its window's tree, and the window is as committed.
    function _requireCommitted(uint256 orderId, ProofFacts memory facts, LeafProof calldata claim)
        internal
        view
    {
        uint32 segment = claim.leaf.segment;
        require(segment < facts.committed, DisputesNoSuchSegment(orderId, segment));
        uint32 perWindow = facts.segmentsPerWindow;
        bytes27 digest = WindowLib.digest(claim.root, claim.segments, claim.lastStateRoot);
        bytes32 leafHash = LeafLib.hash(claim.leaf);
        require(
            WINDOWS.windowOf(orderId, segment / perWindow).digest == digest
                && LeafLib.rootOf(leafHash, segment % perWindow, claim.segments, claim.path) == claim.root,
            DisputesBadLeaf(orderId, segment)
        );
    }

    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Trainyard", "1");
    }
}
