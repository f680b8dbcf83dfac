// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Ballot, DisputeStage, IDisputes, SealedBallot} from "../helpers/BaseTest.sol";
import {SignerWallet} from "../helpers/SignerWallet.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {VotingTest} from "./VotingTest.sol";

/// @notice Whose votes count, and when they may be opened.
contract BallotsTest is VotingTest {
    /* WHOSE VOTES COUNT */

    function test_sealedVotesCountInAnyOrderOverSeveralCalls() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        Ballot[] memory all = ballotsOf(disputeId, 5, Findings.UNUSABLE);
        sealAs(stranger, disputeId, all);
        skip(SEAL_SECONDS);
        Ballot[] memory two = new Ballot[](2);
        (two[0], two[1]) = (all[4], all[1]);
        vm.expectEmit(address(disputes));
        emit IDisputes.BallotCast(disputeId, 0, jury[4], Findings.UNUSABLE, false);
        disputes.resolve(disputeId, two);
        assertEq(foundBy(disputeId, jury[4]), Findings.UNUSABLE, "recorded");
        assertEq(foundBy(disputeId, jury[0]), 0, "not yet");
        (two[0], two[1]) = (all[3], all[2]);
        disputes.resolve(disputeId, two);
        assertConvicted(CloseReasons.FRAUD_PROVED, 4, true);
    }

    function test_nothingHappensWithoutVotes() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        disputes.resolve(disputeId, new Ballot[](0));
        assertEq(uint256(disputes.disputeOf(disputeId).stage), uint256(DisputeStage.Voting), "stage");
    }

    function test_aJurorsOwnCallNeedsNoSignature() public {
        for (uint256 i = 1; i < 5; ++i) {
            unseat(auditors[i]);
        }
        uint256 disputeId = votingOn(challenger, orderId, 4);
        address juror = disputes.disputeOf(disputeId).jury[0];
        Ballot[] memory ballots = ballotsOf(disputeId, 1, Findings.UNUSABLE);
        ballots[0].signature = "";
        expectBad(disputeId, ballots, juror);
        vm.prank(juror);
        disputes.resolve(disputeId, ballots);
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.FRAUD_PROVED, "decided");
    }

    /// @dev A seat may be held by a wallet. It votes itself: what it says of its signatures it could deny later.
    function test_aWalletVotesItself() public {
        for (uint256 i; i < 5; ++i) {
            unseat(auditors[i]);
        }
        address wallet = address(new SignerWallet(vm.addr(PAYER_KEY)));
        bondAs(wallet, SEAT_STAKE);
        vm.prank(wallet);
        staking.takeSeat(CLASS);
        uint256 disputeId = votingOn(challenger, orderId, 4);
        Ballot[] memory ballots = new Ballot[](1);
        keys[wallet] = PAYER_KEY;
        ballots[0] = ballotOf(wallet, disputeId, Findings.UNUSABLE, false);
        expectBad(disputeId, ballots, wallet);
        vm.prank(wallet);
        disputes.resolve(disputeId, ballots);
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.FRAUD_PROVED, "decided");
    }

    function test_revertsIf_theSignatureIsForAnythingElse() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        Ballot[] memory ballots = ballotsOf(disputeId, 5, Findings.UNUSABLE);
        address juror = ballots[0].juror;
        bytes32 own = ballotCommitment(ballots[0], disputeId, 0);
        bytes[6] memory signatures = [
            signedBallot(juror, disputeId + 1, 0, own),
            signedBallot(juror, disputeId, 1, own),
            signedBallot(juror, disputeId, 0, ballotCommitment(ballots[1], disputeId, 0)),
            signedBallot(stranger, disputeId, 0, own),
            signatureOf(keys[juror], typedDigest(address(proofs), block.chainid, messageOf(disputeId, own))),
            bytes("")
        ];
        bytes memory right = ballots[0].signature;
        for (uint256 i; i < 6; ++i) {
            ballots[0].signature = signatures[i];
            expectBad(disputeId, ballots, juror);
        }
        ballots[0].signature = right;
        uint256 snapshot = vm.snapshotState();
        vm.chainId(block.chainid + 1);
        expectBad(disputeId, ballots, juror);
        vm.revertToState(snapshot);
        disputes.resolve(disputeId, ballots);
    }

    /// @dev Any part of what was signed, or sealed on chain.
    function test_revertsIf_anotherVoteIsOpened() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        Ballot[] memory ballots = ballotsOf(disputeId, 5, Findings.UNUSABLE);
        for (uint256 sealing; sealing < 2; ++sealing) {
            if (sealing == 1) {
                sealAs(stranger, disputeId, ballots);
                skip(SEAL_SECONDS);
            }
            Ballot[] memory other = ballotsOf(disputeId, 5, Findings.UNUSABLE);
            other[2].found = Findings.VALID;
            expectBad(disputeId, other, other[2].juror);
            other[2].found = Findings.UNUSABLE;
            other[2].othersHold = true;
            expectBad(disputeId, other, other[2].juror);
            other[2].othersHold = false;
            other[2].work = bytes32("x");
            expectBad(disputeId, other, other[2].juror);
            other[2].work = ballots[2].work;
            other[2].salt = bytes32("x");
            expectBad(disputeId, other, other[2].juror);
        }
        disputes.resolve(disputeId, ballots);
        assertConvicted(CloseReasons.FRAUD_PROVED, 5, true);
    }

    function test_revertsIf_twice() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        Ballot[] memory ballots = ballotsOf(disputeId, 5, Findings.UNUSABLE);
        address juror = ballots[0].juror;
        ballots[1] = ballots[0];
        expectBad(disputeId, ballots, juror);
        sealAs(stranger, disputeId, ballotsOf(disputeId, 1, Findings.UNUSABLE));
        expectBadSeal(disputeId, ballotsOf(disputeId, 1, Findings.VALID), juror);
        skip(SEAL_SECONDS);
        Ballot[] memory one = ballotsOf(disputeId, 1, Findings.UNUSABLE);
        disputes.resolve(disputeId, one);
        expectBad(disputeId, one, juror);
    }

    function test_revertsIf_notAJuror_orNothingFound() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        address[3] memory others = [challenger, seller, stranger];
        Ballot[] memory ballots = ballotsOf(disputeId, 5, Findings.UNUSABLE);
        for (uint256 i; i < 3; ++i) {
            ballots[0] = ballotOf(others[i], disputeId, Findings.UNUSABLE, false);
            vm.startPrank(others[i]);
            expectBad(disputeId, ballots, others[i]);
            vm.stopPrank();
            expectBadSeal(disputeId, ballots, others[i]);
        }
        ballots = ballotsOf(disputeId, 5, 0);
        expectBad(disputeId, ballots, ballots[0].juror);
    }

    /* SEALED */

    /// @dev Nobody shows a vote before the others are bound, and who is not bound in time cannot be any more.
    function test_beforeTheSealDeadline_onlyTheWholeJuryOpens() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        uint64 sealDeadline = uint64(time() + SEAL_SECONDS);
        assertEq(disputes.disputeOf(disputeId).sealDeadline, sealDeadline, "two thirds of the time");
        bytes memory reason =
            abi.encodeWithSelector(IDisputes.DisputesSealed.selector, disputeId, sealDeadline);
        Ballot[] memory four = ballotsOf(disputeId, 4, Findings.UNUSABLE);
        sealAs(stranger, disputeId, four);
        expectRefused(disputeId, four, reason);
        skip(SEAL_SECONDS - 1);
        expectRefused(disputeId, four, reason);
        skip(1);
        disputes.resolve(disputeId, four);
        assertConvicted(CloseReasons.FRAUD_PROVED, 4, true);
    }

    /// @dev The fifth saw the others' votes, and has only a signature to show: as if it had said nothing.
    function test_aCopyOfWhatOthersOpenedDoesNotCount() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        Ballot[] memory all = ballotsOf(disputeId, 5, Findings.UNUSABLE);
        Ballot[] memory three = ballotsOf(disputeId, 3, Findings.UNUSABLE);
        sealAs(stranger, disputeId, three);
        skip(SEAL_SECONDS);
        disputes.resolve(disputeId, three);
        Ballot[] memory copies = new Ballot[](2);
        (copies[0], copies[1]) = (all[3], all[4]);
        expectBad(disputeId, copies, copies[0].juror);
        SealedBallot[] memory late = sealedOf(disputeId, copies);
        vm.expectRevert(wrongStage(disputeId));
        disputes.sealBallots(disputeId, late);
        assertEq(disputes.openOf(orderId), 1, "three of five decide nothing");
    }

    /// @dev Bound to one vote before the others, and to another one on chain: whoever shows both takes the seat.
    function test_twoVotes_costTheSeat() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        Ballot[] memory first = ballotsOf(disputeId, 1, Findings.VALID);
        Ballot[] memory second = ballotsOf(disputeId, 1, Findings.UNUSABLE);
        sealAs(stranger, disputeId, second);
        SealedBallot memory a = sealedOf(disputeId, first)[0];
        SealedBallot memory b = sealedOf(disputeId, second)[0];
        vm.expectRevert(badBallot(disputeId, a.juror));
        disputes.proveTwoBallots(disputeId, 0, a, a);
        vm.expectRevert(badBallot(disputeId, a.juror));
        disputes.proveTwoBallots(disputeId, 1, a, b);
        SealedBallot memory unsigned = SealedBallot(a.juror, a.commitment, "");
        vm.expectRevert(badBallot(disputeId, a.juror));
        disputes.proveTwoBallots(disputeId, 0, unsigned, b);
        b.signature = "";
        uint256 burnedWei = balances.burnedWei();
        disputes.proveTwoBallots(disputeId, 0, a, b);
        assertTrue(!staking.hasSeat(CLASS, a.juror), "out");
        assertEq(balances.burnedWei() - burnedWei, SEAT_STAKE, "burned");
    }

    function test_sealing_inTimeAndByItsJurorOnly() public {
        uint256 disputeId = challengeAs(challenger, orderId, 4);
        vm.expectRevert(wrongStage(disputeId));
        disputes.sealBallots(disputeId, new SealedBallot[](0));
        drawJuryOf(disputeId);
        Ballot[] memory ballots = ballotsOf(disputeId, 1, Findings.UNUSABLE);
        ballots[0].signature = "";
        expectBadSeal(disputeId, ballots, ballots[0].juror);
        sealAs(ballots[0].juror, disputeId, ballots);
        (bytes32 commitment,) = disputes.ballotOf(disputeId, ballots[0].juror);
        assertEq(commitment, ballotCommitment(ballots[0], disputeId), "stored");
        skip(SEAL_SECONDS);
        vm.expectRevert(wrongStage(disputeId));
        disputes.sealBallots(disputeId, new SealedBallot[](0));
    }
}
