// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EIP712} from "solady/utils/EIP712.sol";

import {AuditOutcome, Ballot, ProofFacts, SealedBallot} from "../../interfaces/Types.sol";
import {Findings} from "../../libraries/Findings.sol";
import {Juries} from "./Juries.sol";
import {SignedLib} from "../../libraries/SignedLib.sol";

/// @notice Ballots: what a juror is bound by, and what a jury's votes add up to.
abstract contract Ballots is Juries, EIP712 {
    bytes32 internal constant BALLOT_TYPEHASH =
        keccak256("Ballot(uint256 disputeId,uint8 round,bytes32 commitment)");

    /* SEALED */

    /// @dev A member of the jury, once.
    function _seal(uint256 disputeId, uint8 round, address[] memory jury, SealedBallot calldata ballot)
        internal
    {
        // Check
        Vote storage vote = _votes[disputeId][round][ballot.juror];
        bool counts =
            _positionOf(jury, ballot.juror) < jury.length && vote.commitment == 0 && ballot.commitment != 0;
        require(
            counts && (ballot.juror == msg.sender || _isSigned(disputeId, round, ballot)),
            DisputesBadBallot(disputeId, ballot.juror)
        );

        // Effect
        vote.commitment = ballot.commitment;
        emit BallotSealed(disputeId, round, ballot.juror, ballot.commitment);
    }

    /// @dev Signed, or the one on chain.
    function _isBound(uint256 disputeId, uint8 round, SealedBallot calldata ballot)
        internal
        view
        returns (bool)
    {
        if (ballot.signature.length != 0) return _isSigned(disputeId, round, ballot);
        return
            ballot.commitment != 0 && _votes[disputeId][round][ballot.juror].commitment == ballot.commitment;
    }

    function _isSigned(uint256 disputeId, uint8 round, SealedBallot calldata ballot)
        internal
        view
        returns (bool)
    {
        return _hasSigned(disputeId, round, ballot.juror, ballot.commitment, ballot.signature);
    }

    function _hasSigned(
        uint256 disputeId,
        uint8 round,
        address juror,
        bytes32 commitment,
        bytes calldata signature
    ) internal view returns (bool) {
        bytes32 digest = _hashTypedData(keccak256(abi.encode(BALLOT_TYPEHASH, disputeId, round, commitment)));
        return SignedLib.isSigned(juror, digest, signature);
    }

    /* OPENED */

    /// @dev Votes of this round that were opened before, in the jury's order.
    function _recorded(uint256 disputeId, uint8 round, address[] memory jury)
        internal
        view
        returns (Vote[] memory votes)
    {
        votes = new Vote[](jury.length);
        for (uint256 i; i < jury.length; ++i) {
            votes[i] = _votes[disputeId][round][jury[i]];
        }
    }

    /// @dev A member of the jury, once, with what it is bound by. mayBeUnsealed: the whole jury's votes come together, before
    /// anybody can have seen another's.
    function _open(
        uint256 disputeId,
        uint8 round,
        address[] memory jury,
        Vote[] memory votes,
        Ballot calldata ballot,
        bool mayBeUnsealed
    ) internal {
        // Check
        uint256 position = _positionOf(jury, ballot.juror);
        require(
            position < jury.length && votes[position].found == 0 && ballot.found != 0,
            DisputesBadBallot(disputeId, ballot.juror)
        );
        bytes32 bound = votes[position].commitment;
        bytes32 commitment = keccak256(
            abi.encode(
                disputeId, round, ballot.juror, ballot.found, ballot.othersHold, ballot.work, ballot.salt
            )
        );
        bool isBound = bound == commitment;
        if (bound == 0 && mayBeUnsealed) {
            isBound = ballot.juror == msg.sender
                || _hasSigned(disputeId, round, ballot.juror, commitment, ballot.signature);
        }
        require(isBound, DisputesBadBallot(disputeId, ballot.juror));

        // Effect: in memory; stored where it does not decide.
        votes[position] = Vote(commitment, ballot.found, ballot.work, ballot.othersHold);
        emit BallotCast(disputeId, round, ballot.juror, ballot.found, ballot.othersHold);
    }

    function _positionOf(address[] memory jury, address juror) internal pure returns (uint256 position) {
        while (position < jury.length && jury[position] != juror) ++position;
    }

    /* TALLY */

    /// @dev What at least two thirds of the jury found; zero: nothing.
    function _decided(Vote[] memory votes) internal pure returns (bytes32) {
        for (uint256 i; i < votes.length; ++i) {
            bytes32 found = votes[i].found;
            if (found != 0 && 3 * _countOf(votes, found) >= 2 * votes.length) return found;
        }
        return 0;
    }

    function _countOf(Vote[] memory votes, bytes32 found) internal pure returns (uint256 count) {
        for (uint256 i; i < votes.length; ++i) {
            if (votes[i].found == found) ++count;
        }
    }

    function _allIn(Vote[] memory votes) internal pure returns (bool) {
        return _countOf(votes, 0) == 0;
    }

    /// @dev What a jury that found `decided` against the seller decides; Pending: its votes on the other segments may still
    /// come to two thirds. In doubt it is the lesser.
    function _outcomeOf(Vote[] memory votes, bytes32 decided, bool vouched, bool isOver)
        internal
        pure
        returns (AuditOutcome)
    {
        if (decided == Findings.UNAVAILABLE) return AuditOutcome.Unavailable;
        AuditOutcome graver = vouched ? AuditOutcome.Fail : AuditOutcome.Mismatches;
        // Hardware errs in what it computes, not in what is said about it.
        if (decided == Findings.UNUSABLE) return graver;
        uint256 hold;
        uint256 differ;
        for (uint256 i; i < votes.length; ++i) {
            if (votes[i].found != decided) continue;
            if (votes[i].othersHold) ++hold;
            else ++differ;
        }
        if (3 * differ >= 2 * votes.length) return graver;
        if (!isOver && 3 * hold < 2 * votes.length) return AuditOutcome.Pending;
        return vouched ? AuditOutcome.Fault : AuditOutcome.Mismatch;
    }

    /// @dev Two thirds found that what the seller claims is wrong, and more than half do not even agree on what is right. A
    /// majority on one state is no such thing: then a few who vote nonsense could spare a seller its conviction.
    function _differ(Dispute storage d, Vote[] memory votes) internal view returns (bool) {
        uint256 wrong;
        for (uint256 i; i < votes.length; ++i) {
            bytes32 found = votes[i].found;
            if (!_isAgainst(d, found)) continue;
            if (2 * _countOf(votes, found) > votes.length) return false;
            ++wrong;
        }
        return votes.length != 0 && 3 * wrong >= 2 * votes.length;
    }

    /// @dev That all of the segment holds says the same where the dispute is about its end or one step.
    function _isFor(Dispute storage d, bytes32 found) internal view returns (bool) {
        return found == d.sellerRoot || found == Findings.VALID;
    }

    function _isAgainst(Dispute storage d, bytes32 found) internal view returns (bool) {
        return found != 0 && found != Findings.UNAVAILABLE && !_isFor(d, found);
    }

    /// @dev Who is paid: who found what was decided, about the others too, by the work that most of these did. A vote without
    /// a replay cannot name it. Of jurors who differ everybody who voted against the claim.
    function _rewardedJurors(
        Dispute storage d,
        address[] memory jury,
        Vote[] memory votes,
        bytes32 decided,
        AuditOutcome outcome
    ) internal view returns (address[] memory rewarded) {
        rewarded = new address[](jury.length);
        uint256 count;
        uint256 most;
        bool[] memory agrees = new bool[](jury.length);
        for (uint256 i; i < jury.length; ++i) {
            agrees[i] = decided == 0 ? _isAgainst(d, votes[i].found) : _agrees(votes[i], decided, outcome);
            if (agrees[i] && _workers(votes, votes[i]) > _workers(votes, votes[most])) most = i;
            if (agrees[i] && !agrees[most]) most = i;
        }
        for (uint256 i; i < jury.length; ++i) {
            if (agrees[i] && (decided == 0 || votes[i].work == votes[most].work)) {
                rewarded[count++] = jury[i];
            }
        }
        assembly ("memory-safe") {
            mstore(rewarded, count)
        }
    }

    function _agrees(Vote memory vote, bytes32 decided, AuditOutcome outcome) internal pure returns (bool) {
        if (vote.found != decided) return false;
        if (outcome == AuditOutcome.Fault || outcome == AuditOutcome.Mismatch) return vote.othersHold;
        bool isGraver = outcome == AuditOutcome.Fail || outcome == AuditOutcome.Mismatches;
        return !isGraver || decided == Findings.UNUSABLE || !vote.othersHold;
    }

    function _workers(Vote[] memory votes, Vote memory like) internal pure returns (uint256 count) {
        for (uint256 i; i < votes.length; ++i) {
            if (
                votes[i].work == like.work && votes[i].found == like.found
                    && votes[i].othersHold == like.othersHold
            ) ++count;
        }
    }

    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Trainyard", "1");
    }
}
