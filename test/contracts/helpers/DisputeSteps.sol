// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    Ballot,
    DisputeStage,
    DisputeView,
    HoldReason,
    Narrowing,
    SealedBallot
} from "../../../contracts/src/interfaces/Types.sol";
import {IStaking} from "../../../contracts/src/interfaces/IStaking.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {WindowTree} from "./WindowTree.sol";
import {AuditSteps} from "./AuditSteps.sol";

/// @notice A dispute's steps: challenge, jury, sealed and opened votes.
abstract contract DisputeSteps is AuditSteps {
    /// @notice By anyone: the bond is put up first where it is short.
    function challengeAs(address account, uint256 orderId, uint32 segment)
        internal
        returns (uint256 disputeId)
    {
        coverBond(account, orderId);
        vm.prank(account);
        return disputes.challenge(orderId, segment);
    }

    function coverBond(address account, uint256 orderId) internal {
        IStaking.BondView memory bond = staking.bondOf(account);
        uint256 bondWei = disputes.bondWeiOf(orderId);
        if (bond.activeWei - bond.reservedWei < bondWei) bondAs(account, bondWei);
    }

    /// @notice The seller says that all is served.
    function answerAsSeller(uint256 disputeId) internal {
        address by = market.orderOf(disputes.disputeOf(disputeId).orderId).seller;
        vm.prank(by);
        Narrowing memory none;
        disputes.answer(disputeId, none);
    }

    /// @notice Draws the jury without time's passing: the seller answers if it still has to.
    function drawJuryOf(uint256 disputeId) internal returns (address[] memory jury) {
        if (disputes.disputeOf(disputeId).stage == DisputeStage.Answering) answerAsSeller(disputeId);
        mine(3);
        disputes.drawJury(disputeId);
        return disputes.disputeOf(disputeId).jury;
    }

    /// @notice Challenged by `account`, answered, its jury drawn.
    function votingOn(address account, uint256 orderId, uint32 segment) internal returns (uint256 disputeId) {
        disputeId = challengeAs(account, orderId, segment);
        drawJuryOf(disputeId);
    }

    /// @notice The first difference, with its place in the challenger's list.
    function narrowingOf(bytes32[] memory roots, bytes32[] memory theirs)
        internal
        pure
        returns (Narrowing memory n)
    {
        uint256 first;
        while (first + 1 < roots.length && roots[first] == theirs[first]) ++first;
        n.step = uint32(first + 1);
        n.preRoot = first == 0 ? bytes32(0) : theirs[first - 1];
        (n.sellerRoot, n.challengerRoot) = (roots[first], theirs[first]);
        if (first != 0) n.prePath = WindowTree.pathOf(theirs, first - 1);
        n.path = WindowTree.pathOf(theirs, first);
    }

    /// @notice A juror's own transaction: seals its vote, which openVotes opens.
    function voteAs(address juror, uint256 disputeId, bytes32 found) internal {
        voteAs(juror, disputeId, found, false);
    }

    function voteAs(address juror, uint256 disputeId, bytes32 found, bool othersHold) internal {
        Ballot memory ballot = ballotOf(juror, disputeId, found, othersHold);
        SealedBallot[] memory one = new SealedBallot[](1);
        one[0] = SealedBallot(juror, ballotCommitment(ballot, disputeId), "");
        vm.prank(juror);
        disputes.sealBallots(disputeId, one);
        sealedVotes[disputeId].push(ballot);
    }

    /// @notice The whole jury seals the same.
    function sealAll(uint256 disputeId, bytes32 found) internal {
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        for (uint256 i; i < jury.length; ++i) {
            voteAs(jury[i], disputeId, found);
        }
    }

    /// @notice One by one, once that is allowed, until it is decided.
    function openVotes(uint256 disputeId) internal {
        uint64 sealDeadline = disputes.disputeOf(disputeId).sealDeadline;
        if (time() < sealDeadline) vm.warp(sealDeadline);
        Ballot[] storage votes = sealedVotes[disputeId];
        // Once the time is over only what comes with the call counts.
        if (time() >= disputes.disputeOf(disputeId).deadlineAt) {
            disputes.resolve(disputeId, votes);
            delete sealedVotes[disputeId];
            return;
        }
        Ballot[] memory one = new Ballot[](1);
        for (uint256 i; i < votes.length && disputes.disputeOf(disputeId).stage == DisputeStage.Voting; ++i) {
            one[0] = votes[i];
            disputes.resolve(disputeId, one);
        }
        delete sealedVotes[disputeId];
    }

    /// @notice Signed, of the current round.
    function ballotOf(address juror, uint256 disputeId, bytes32 found, bool othersHold)
        internal
        view
        returns (Ballot memory ballot)
    {
        ballot = Ballot(juror, found, othersHold, bytes32("work"), SALT, "");
        uint8 round = disputes.disputeOf(disputeId).round;
        ballot.signature = signedBallot(juror, disputeId, round, ballotCommitment(ballot, disputeId, round));
    }

    /// @notice Signed by the first `count` of the jury.
    function ballotsOf(uint256 disputeId, uint256 count, bytes32 found)
        internal
        view
        returns (Ballot[] memory)
    {
        return ballotsOf(disputeId, count, found, false);
    }

    function ballotsOf(uint256 disputeId, uint256 count, bytes32 found, bool othersHold)
        internal
        view
        returns (Ballot[] memory ballots)
    {
        DisputeView memory v = disputes.disputeOf(disputeId);
        ballots = new Ballot[](count);
        for (uint256 i; i < count; ++i) {
            ballots[i] = ballotOf(v.jury[i], disputeId, found, othersHold);
        }
    }

    function ballotCommitment(Ballot memory ballot, uint256 disputeId) internal view returns (bytes32) {
        return ballotCommitment(ballot, disputeId, disputes.disputeOf(disputeId).round);
    }

    function ballotCommitment(Ballot memory b, uint256 disputeId, uint8 round)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(disputeId, round, b.juror, b.found, b.othersHold, b.work, b.salt));
    }

    /// @dev Written out from the EIP, not taken from the contract.
    function signedBallot(address juror, uint256 disputeId, uint8 round, bytes32 commitment)
        internal
        view
        returns (bytes memory)
    {
        bytes32 message = keccak256(
            abi.encode(
                keccak256("Ballot(uint256 disputeId,uint8 round,bytes32 commitment)"),
                disputeId,
                round,
                commitment
            )
        );
        return signatureOf(
            keys[juror] == 0 ? 1 : keys[juror], typedDigest(address(disputes), block.chainid, message)
        );
    }

    /// @notice The whole jury finds the same.
    function resolveAll(uint256 disputeId, bytes32 found) internal {
        resolveAll(disputeId, found, false);
    }

    function resolveAll(uint256 disputeId, bytes32 found, bool othersHold) internal {
        uint256 count = disputes.disputeOf(disputeId).jury.length;
        Ballot[] memory ballots = ballotsOf(disputeId, count, found, othersHold);
        vm.prank(stranger);
        disputes.resolve(disputeId, ballots);
    }

    /// @notice The challenger is right about the segment: the order is settled as fraud.
    function convict(uint256 orderId, uint32 segment) internal {
        convictBy(orderId, segment, Findings.UNUSABLE);
    }

    function convictBy(uint256 orderId, uint32 segment, bytes32 found) internal {
        resolveAll(votingOn(challenger, orderId, segment), found);
    }

    /// @notice Settled by verdicts (1 pass) or by a dispute (2 fraud, 3 unavailable).
    function judge(uint256 orderId, uint256 verdict) internal {
        if (verdict == 2) return convict(orderId, 0);
        if (verdict == 3) return convictBy(orderId, 0, Findings.UNAVAILABLE);
        auditAll(orderId, verdict);
        settle(orderId);
    }

    /// @notice Free, held and bonded, and in its pocket.
    function wealthOf(address account) internal view returns (uint256) {
        return token.balanceOf(account) + balances.freeOf(account)
            + balances.heldOf(account, HoldReason.Escrow) + balances.heldOf(account, HoldReason.Stake);
    }
}
