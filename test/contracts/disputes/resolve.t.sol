// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    Ballot,
    DisputeStage,
    DisputeView,
    IDisputes,
    Leaf,
    OrderStatus,
    OrderView
} from "../helpers/BaseTest.sol";
import {SignerWallet} from "../helpers/SignerWallet.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {DisputesTest} from "./DisputesTest.sol";

/// @notice What a jury's votes decide, whom that pays, and whose votes count.
contract ResolveTest is DisputesTest {
    uint256 internal orderId;

    function setUp() public override {
        super.setUp();
        cheatsFrom = 18;
        orderId = orderOfLeaves();
    }

    /* THRESHOLDS */

    /// @dev Two thirds: one of one, both of two, two of three, three of four, four of five.
    function test_twoThirdsOfEveryJury() public {
        uint256[6] memory needed = [uint256(0), 1, 2, 2, 3, 4];
        for (uint256 size = 5; size > 0; --size) {
            uint256 snapshot = vm.snapshotState();
            uint256 disputeId = votingOn(challenger, orderId, 4);
            address[] memory jury = disputes.disputeOf(disputeId).jury;
            assertEq(jury.length, size, "size");
            for (uint256 i; i < needed[size]; ++i) {
                assertEq(disputes.openOf(orderId), 1, "not yet");
                voteAs(jury[i], disputeId, Findings.FAULT);
            }
            assertEq(market.orderOf(orderId).closeReason, CloseReasons.FRAUD_PROVED, "decided");
            vm.revertToState(snapshot);
            unseat(auditors[size - 1]);
        }
    }

    /// @dev Any votes of a jury of any size: decided if and only if two thirds of all jurors found one thing.
    function testFuzz_decidesByTwoThirdsOfTheJury(uint256 seed, uint256 size) public {
        size = bound(size, 1, 5);
        for (uint256 i = 5; i > size; --i) {
            unseat(auditors[i - 1]);
        }
        uint256 disputeId = votingOn(challenger, orderId, 4);
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        bytes32[4] memory words = [Findings.VALID, Findings.FAULT, Findings.UNAVAILABLE, bytes32("root")];
        uint256[4] memory votes;
        uint256 count;
        Ballot[] memory ballots = new Ballot[](size);
        for (uint256 i; i < size; ++i) {
            uint256 which = uint256(keccak256(abi.encode(seed, i))) % (seed % 2 == 0 ? 10 : 5);
            if (which == 4) continue; // silent
            which = which > 4 ? 1 : which;
            ++votes[which];
            ballots[count++] =
                Ballot(jury[i], words[which], signedBallot(jury[i], disputeId, 0, words[which]));
        }
        assembly ("memory-safe") {
            mstore(ballots, count)
        }
        disputes.resolve(disputeId, ballots);

        uint256 winner = 4;
        for (uint256 i; i < 4; ++i) {
            if (3 * votes[i] >= 2 * size) winner = i;
        }
        bool open = disputes.disputeOf(disputeId).stage != DisputeStage.Closed;
        assertTrue(open == (winner == 4), "decided or not");
        uint16 reason = market.orderOf(orderId).closeReason;
        if (winner == 0) assertEq(staking.bondOf(challenger).activeWei, 0, "refuted");
        if (winner == 1 || winner == 3) assertEq(reason, CloseReasons.FRAUD_PROVED, "fraud");
        if (winner == 2) assertEq(reason, CloseReasons.CHECKPOINTS_UNAVAILABLE, "unavailable");
    }

    /* THE SELLER WINS */

    function test_refuted_splitsTheBond() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        uint256 burnedWei = balances.burnedWei();
        vm.expectEmit(address(disputes));
        emit IDisputes.DisputeClosed(disputeId, orderId, Findings.VALID, true);
        resolveAll(disputeId, Findings.VALID);

        assertFree(challenger, 0, "challenger");
        assertEq(staking.bondOf(challenger).activeWei, 0, "all of its bond is gone");
        assertEq(reservedOf(challenger), 0, "and nothing stays reserved");
        for (uint256 i; i < 5; ++i) {
            assertFree(auditors[i], CHALLENGE_BOND / 2 / 5, "half, between the jurors");
        }
        assertFree(seller, CHALLENGE_BOND / 4, "a quarter");
        assertEq(balances.burnedWei() - burnedWei, CHALLENGE_BOND / 4, "a quarter burned");
        assertEq(disputes.openOf(orderId), 0, "open");
        assertStatus(orderId, OrderStatus.Auditing, "goes on");
        assertSolvent();
    }

    /// @dev Only those who saw it; what does not divide is burned.
    function test_refuted_paysOnlyWhoAgreed() public {
        unseat(auditors[4]);
        uint256 disputeId = votingOn(challenger, orderId, 4);
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        voteAs(jury[0], disputeId, Findings.FAULT);
        for (uint256 i = 1; i < 4; ++i) {
            voteAs(jury[i], disputeId, Findings.VALID);
        }
        uint256 share = CHALLENGE_BOND / 2 / 3;
        assertFree(jury[0], 0, "wrong");
        for (uint256 i = 1; i < 4; ++i) {
            assertFree(jury[i], share, "right");
        }
        assertEq(balances.burnedWei(), CHALLENGE_BOND - CHALLENGE_BOND / 4 - 3 * share, "burned");
    }

    /// @dev Of steps: the seller's root, or that all of the segment holds, is one answer.
    function test_refuted_byTheSellersRootOrAsValid() public {
        bytes32[2] memory words = [claimed(20), Findings.VALID];
        for (uint256 i; i < 2; ++i) {
            uint256 snapshot = vm.snapshotState();
            uint256 disputeId = challengeTruly(orderId, 4);
            drawJuryOf(disputeId);
            resolveAll(disputeId, words[i]);
            assertEq(staking.bondOf(challenger).activeWei, 0, "refuted");
            assertStatus(orderId, OrderStatus.Auditing, "nobody is convicted");
            vm.revertToState(snapshot);
        }
    }

    /* THE CHALLENGER WINS */

    function test_convicted_byTheChallengersRoot() public {
        uint256 disputeId = narrowed();
        assertEq(disputes.disputeOf(disputeId).step, 2, "step 18");
        vm.expectEmit(address(disputes));
        emit IDisputes.DisputeClosed(disputeId, orderId, truth(18), false);
        resolveAll(disputeId, truth(18));
        assertConvicted(CloseReasons.FRAUD_PROVED, 5, true);
    }

    function test_convicted_asFault() public {
        convictBy(orderId, 4, Findings.FAULT);
        assertConvicted(CloseReasons.FRAUD_PROVED, 5, true);
    }

    /// @dev Also where steps were disputed: there is nothing to replay.
    function test_convicted_asUnavailable() public {
        uint256 disputeId = narrowed();
        resolveAll(disputeId, Findings.UNAVAILABLE);
        assertConvicted(CloseReasons.CHECKPOINTS_UNAVAILABLE, 5, true);
    }

    /// @dev A jury that comes to a third root: the seller lied, and so did the challenger, whose bond it still has.
    function test_convicted_byAThirdRoot_paysTheJuryOnly() public {
        uint256 disputeId = narrowed();
        resolveAll(disputeId, bytes32("third"));
        assertConvicted(CloseReasons.FRAUD_PROVED, 5, false);
    }

    /// @dev Without a root of its own the challenger was right whatever the jury's is.
    function test_convicted_byARoot_whereTheChallengerNamedNone() public {
        convictBy(orderId, 4, bytes32("root"));
        assertConvicted(CloseReasons.FRAUD_PROVED, 5, true);
    }

    /* WHOSE VOTES COUNT */

    function test_votesCountInAnyOrderOverSeveralCalls() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        Ballot[] memory all = ballotsOf(disputeId, 5, Findings.FAULT);
        Ballot[] memory two = new Ballot[](2);
        (two[0], two[1]) = (all[4], all[1]);
        vm.expectEmit(address(disputes));
        emit IDisputes.BallotCast(disputeId, 0, jury[4], Findings.FAULT);
        disputes.resolve(disputeId, two);
        assertEq(disputes.ballotOf(disputeId, jury[4]), Findings.FAULT, "recorded");
        assertEq(disputes.ballotOf(disputeId, jury[0]), 0, "not yet");
        voteAs(jury[0], disputeId, Findings.FAULT);
        (two[0], two[1]) = (all[3], all[2]);
        disputes.resolve(disputeId, two);
        assertConvicted(CloseReasons.FRAUD_PROVED, 5, true);
    }

    function test_nothingHappensWithoutVotes() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        disputes.resolve(disputeId, new Ballot[](0));
        assertEq(uint256(disputes.disputeOf(disputeId).stage), uint256(DisputeStage.Voting), "stage");
    }

    function test_aJurorsOwnCallNeedsNoSignature() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        address juror = disputes.disputeOf(disputeId).jury[3];
        Ballot[] memory ballots = new Ballot[](1);
        ballots[0] = Ballot(juror, Findings.FAULT, "");
        expectBad(disputeId, ballots, juror);
        vm.prank(juror);
        disputes.resolve(disputeId, ballots);
        assertEq(disputes.ballotOf(disputeId, juror), Findings.FAULT, "recorded");
    }

    /// @dev A seat may be held by a wallet that answers ERC-1271.
    function test_aWalletsSignatureCounts() public {
        for (uint256 i; i < 5; ++i) {
            unseat(auditors[i]);
        }
        address wallet = address(new SignerWallet(vm.addr(PAYER_KEY)));
        bondAs(wallet, SEAT_STAKE);
        vm.prank(wallet);
        staking.takeSeat(CLASS);
        uint256 disputeId = votingOn(challenger, orderId, 4);
        Ballot[] memory ballots = new Ballot[](1);
        keys[wallet] = BUYER_KEY;
        ballots[0] = Ballot(wallet, Findings.FAULT, signedBallot(wallet, disputeId, 0, Findings.FAULT));
        expectBad(disputeId, ballots, wallet);
        keys[wallet] = PAYER_KEY;
        ballots[0].signature = signedBallot(wallet, disputeId, 0, Findings.FAULT);
        disputes.resolve(disputeId, ballots);
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.FRAUD_PROVED, "decided");
    }

    function test_revertsIf_theSignatureIsForAnythingElse() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        address juror = disputes.disputeOf(disputeId).jury[0];
        Ballot[] memory ballots = new Ballot[](1);
        bytes32 found = Findings.FAULT;
        bytes[5] memory signatures = [
            signedBallot(juror, disputeId + 1, 0, found),
            signedBallot(juror, disputeId, 1, found),
            signedBallot(juror, disputeId, 0, Findings.VALID),
            signedBallot(stranger, disputeId, 0, found),
            bytes("")
        ];
        for (uint256 i; i < 5; ++i) {
            ballots[0] = Ballot(juror, found, signatures[i]);
            expectBad(disputeId, ballots, juror);
        }
        ballots[0].signature = signedBallot(juror, disputeId, 0, found);
        uint256 snapshot = vm.snapshotState();
        vm.chainId(block.chainid + 1);
        expectBad(disputeId, ballots, juror);
        vm.revertToState(snapshot);
        disputes.resolve(disputeId, ballots);
    }

    /// @dev Another Disputes' ballots, with the same numbers, are not this one's.
    function test_revertsIf_itWasSignedForAnotherContract() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        address juror = disputes.disputeOf(disputeId).jury[0];
        bytes32 message = keccak256(
            abi.encode(
                keccak256("Ballot(uint256 disputeId,uint8 round,bytes32 found)"),
                disputeId,
                uint8(0),
                Findings.FAULT
            )
        );
        Ballot[] memory ballots = new Ballot[](1);
        bytes memory signature =
            signatureOf(keys[juror], typedDigest(address(proofs), block.chainid, message));
        ballots[0] = Ballot(juror, Findings.FAULT, signature);
        expectBad(disputeId, ballots, juror);
    }

    function test_revertsIf_twice() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        address juror = disputes.disputeOf(disputeId).jury[0];
        Ballot[] memory two = new Ballot[](2);
        two[0] = ballotsOf(disputeId, 1, Findings.FAULT)[0];
        two[1] = two[0];
        expectBad(disputeId, two, juror);
        voteAs(juror, disputeId, Findings.FAULT);
        Ballot[] memory one = ballotsOf(disputeId, 1, Findings.VALID);
        expectBad(disputeId, one, juror);
    }

    function test_revertsIf_notAJuror_orNothingFound() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        address[3] memory others = [challenger, seller, stranger];
        Ballot[] memory ballots = new Ballot[](1);
        for (uint256 i; i < 3; ++i) {
            ballots[0] = Ballot(others[i], Findings.FAULT, "");
            vm.expectRevert(badBallot(disputeId, others[i]));
            vm.prank(others[i]);
            disputes.resolve(disputeId, ballots);
        }
        address juror = disputes.disputeOf(disputeId).jury[0];
        ballots[0] = Ballot(juror, 0, signedBallot(juror, disputeId, 0, 0));
        expectBad(disputeId, ballots, juror);
    }

    function test_revertsIf_thereIsNoJury() public {
        uint256 disputeId = challengeAs(challenger, orderId, 4);
        Ballot[] memory ballots = new Ballot[](0);
        expectRefused(disputeId, ballots, wrongStage(disputeId));
        answerAsSeller(disputeId);
        expectRefused(disputeId, ballots, wrongStage(disputeId));
        expectRefused(99, ballots, wrongStage(99));
        mine(3);
        disputes.drawJury(disputeId);
        resolveAll(disputeId, Findings.VALID);
        expectRefused(disputeId, ballots, wrongStage(disputeId));
    }

    /* UNDECIDED */

    function test_undecided_drawsASecondJury() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        voteAs(jury[0], disputeId, Findings.FAULT);
        voteAs(jury[1], disputeId, Findings.VALID);
        skip(VOTE_SECONDS);
        Ballot[] memory late = new Ballot[](1);
        late[0] = Ballot(jury[2], Findings.VALID, signedBallot(jury[2], disputeId, 0, Findings.VALID));
        vm.expectEmit(address(disputes));
        emit IDisputes.JuryUndecided(disputeId, 0);
        disputes.resolve(disputeId, late);

        DisputeView memory v = disputes.disputeOf(disputeId);
        assertEq(v.round, 1, "round");
        assertEq(uint256(v.stage), uint256(DisputeStage.Drawing), "stage");
        assertEq(reservedOf(challenger), CHALLENGE_BOND, "still reserved");
        assertEq(disputes.openOf(orderId), 1, "still open");
        for (uint256 i; i < 5; ++i) {
            assertTrue(staking.hasSeat(CLASS, jury[i]) == (i < 3), "the silent are out, who voted is not");
        }
        assertEq(balances.burnedWei(), 2 * SEAT_STAKE, "their seats burned");

        // A ballot of the first round is not one of the second.
        mine(3);
        disputes.drawJury(disputeId);
        v = disputes.disputeOf(disputeId);
        assertEq(v.jury.length, 3, "whoever is left");
        assertEq(disputes.ballotOf(disputeId, jury[0]), 0, "starts anew");
        Ballot[] memory old = new Ballot[](1);
        old[0] = Ballot(jury[0], Findings.FAULT, signedBallot(jury[0], disputeId, 0, Findings.FAULT));
        expectBad(disputeId, old, jury[0]);
        resolveAll(disputeId, Findings.FAULT);
        assertConvictedBy(3, true);
    }

    function test_undecidedTwice_endsUnaudited() public {
        uint256 disputeId = undecidedOnce();
        mine(3);
        disputes.drawJury(disputeId);
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        voteAs(jury[0], disputeId, Findings.FAULT);
        skip(VOTE_SECONDS);
        vm.expectEmit(address(disputes));
        emit IDisputes.DisputeClosed(disputeId, orderId, 0, false);
        disputes.resolve(disputeId, new Ballot[](0));

        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Unaudited, "status");
        assertEq(order.paidWei, 0.2 ether, "the agreed half");
        assertEq(order.slashedWei, 0, "nobody's fault");
        assertEq(reservedOf(challenger), 0, "bond back");
        assertEq(staking.bondOf(challenger).activeWei, CHALLENGE_BOND, "whole");
        assertEq(disputes.openOf(orderId), 0, "open");
        for (uint256 i; i < jury.length; ++i) {
            assertTrue(staking.hasSeat(CLASS, jury[i]) == (i == 0), "the silent are out");
        }
        assertNothingLeft();
    }

    /// @dev All vote, no two thirds agree: nobody is evicted, twice.
    function test_undecided_evictsNobodyWhoVoted() public {
        uint256 disputeId = undecidedOnce();
        assertEq(staking.seatsOf(CLASS), 5, "all spoke");
        mine(3);
        disputes.drawJury(disputeId);
        voteSplit(disputeId);
        skip(VOTE_SECONDS);
        disputes.resolve(disputeId, new Ballot[](0));
        assertStatus(orderId, OrderStatus.Unaudited, "status");
        assertEq(staking.seatsOf(CLASS), 5, "all spoke");
        assertNothingLeft();
    }

    function test_undecided_notBeforeTheDeadline() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        skip(VOTE_SECONDS - 1);
        disputes.resolve(disputeId, new Ballot[](0));
        assertEq(disputes.disputeOf(disputeId).round, 0, "not yet");
        skip(1);
        disputes.resolve(disputeId, new Ballot[](0));
        assertEq(disputes.disputeOf(disputeId).round, 1, "now");
        assertEq(staking.seatsOf(CLASS), 0, "all silent");
    }

    /// @dev Until somebody says that it is over, a vote that decides is better than none.
    function test_aLateVoteStillDecides() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        skip(10 * VOTE_SECONDS);
        resolveAll(disputeId, Findings.FAULT);
        assertConvicted(CloseReasons.FRAUD_PROVED, 5, true);
    }

    /// @dev What counts is what was handed in: a ballot signed in time that is on no chain by the deadline is silence.
    function test_undecided_aBallotNobodyHandedInIsSilence() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        Ballot[] memory signed = ballotsOf(disputeId, 5, Findings.FAULT);
        skip(VOTE_SECONDS);
        vm.prank(seller);
        disputes.resolve(disputeId, new Ballot[](0));
        assertEq(staking.seatsOf(CLASS), 0, "all evicted");
        expectRefused(disputeId, signed, wrongStage(disputeId));
    }

    /// @dev A juror that left its seat meanwhile still pays for its silence.
    function test_undecided_evictsWhoLeft() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        unseat(auditors[0]);
        skip(VOTE_SECONDS);
        disputes.resolve(disputeId, new Ballot[](0));
        assertEq(staking.bondOf(auditors[0]).activeWei, 0, "stake gone");
        assertEq(balances.burnedWei(), 5 * SEAT_STAKE, "burned");
    }

    /* SETTLED OTHERWISE */

    function test_settledOtherwise_returnsTheBond() public {
        uint256 first = challengeAs(challenger, orderId, 4);
        uint256 second = votingOn(stranger, orderId, 5);
        uint256 third = votingOn(payer, orderId, 6);
        resolveAll(second, Findings.FAULT);
        assertStatus(orderId, OrderStatus.Failed, "convicted by the second");
        assertEq(reservedOf(challenger), CHALLENGE_BOND, "still reserved");
        assertEq(uint256(disputes.disputeOf(first).stage), uint256(DisputeStage.Closed), "reads as closed");

        vm.expectEmit(address(disputes));
        emit IDisputes.DisputeClosed(first, orderId, 0, false);
        disputes.resolve(first, new Ballot[](0));
        Ballot[] memory ballots = ballotsOf(third, 5, Findings.VALID);
        disputes.resolve(third, ballots);
        assertEq(reservedOf(challenger) + reservedOf(payer), 0, "bonds back");
        assertEq(staking.bondOf(challenger).activeWei, CHALLENGE_BOND, "whole");
        assertEq(staking.bondOf(payer).activeWei, CHALLENGE_BOND, "whole, whatever its jury would have said");
        assertEq(disputes.openOf(orderId), 0, "open");
        expectRefused(first, new Ballot[](0), wrongStage(first));
        assertNothingLeft();
    }

    /* HELPERS */

    /// @dev Segment 4, both sides' steps posted: step 18 is in dispute, and its jury is drawn.
    function narrowed() internal returns (uint256 disputeId) {
        disputeId = challengeTruly(orderId, 4);
        Leaf memory leaf = claimOf(orderId, 4).leaf;
        bytes32[] memory roots = claimedRoots(leaf);
        bytes32[] memory theirs = trueRoots(leaf);
        vm.prank(seller);
        disputes.answer(disputeId, roots, theirs);
        drawJuryOf(disputeId);
    }

    function undecidedOnce() internal returns (uint256 disputeId) {
        disputeId = votingOn(challenger, orderId, 4);
        voteSplit(disputeId);
        skip(VOTE_SECONDS);
        disputes.resolve(disputeId, new Ballot[](0));
        assertEq(disputes.disputeOf(disputeId).round, 1, "round");
    }

    function voteSplit(uint256 disputeId) internal {
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        for (uint256 i; i < jury.length; ++i) {
            voteAs(jury[i], disputeId, i % 2 == 0 ? Findings.FAULT : Findings.VALID);
        }
    }

    function assertConvicted(uint16 reason, uint256 jurors, bool challengerIsPaid) internal view {
        assertEq(market.orderOf(orderId).closeReason, reason, "reason");
        assertConvictedBy(jurors, challengerIsPaid);
    }

    /// @dev Fee and reward are shared equally; what of the fee does not divide goes to the first who is named.
    function assertConvictedBy(uint256 jurors, bool challengerIsPaid) internal view {
        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Failed, "status");
        assertEq(order.slashedWei, STAKE, "the whole stake");
        assertEq(order.paidWei, 0, "nothing to the seller");
        assertFree(buyer, ESCROW + AUDIT_FEE, "the payer is whole");
        uint256 fee = ESCROW + AUDIT_FEE - order.refundedWei;
        uint256 shares = jurors + (challengerIsPaid ? 1 : 0);
        uint256 share = fee / shares + (STAKE - fee) / 2 / shares;
        uint256 paid;
        for (uint256 i; i < auditors.length; ++i) {
            uint256 freeWei = balances.freeOf(auditors[i]);
            if (freeWei == 0) continue;
            ++paid;
            assertGe(freeWei, share, "juror");
            assertLe(freeWei, share + fee % shares, "juror");
        }
        assertEq(paid, jurors, "jurors paid");
        assertFree(challenger, challengerIsPaid ? share + fee % shares : 0, "challenger");
        assertEq(staking.bondOf(challenger).activeWei, CHALLENGE_BOND, "its bond is whole");
        assertEq(reservedOf(challenger), 0, "and free");
        assertNothingLeft();
    }

    function expectBad(uint256 disputeId, Ballot[] memory ballots, address juror) internal {
        expectRefused(disputeId, ballots, badBallot(disputeId, juror));
    }

    function expectRefused(uint256 disputeId, Ballot[] memory ballots, bytes memory reason) internal {
        vm.expectRevert(reason);
        disputes.resolve(disputeId, ballots);
    }
}
