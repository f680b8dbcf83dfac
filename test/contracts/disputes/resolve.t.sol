// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    Ballot,
    DisputeStage,
    DisputeView,
    IDisputes,
    IMachines,
    Leaf,
    Narrowing,
    OrderStatus,
    OrderTerms,
    OrderView,
    SealedBallot
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
                if (i + 1 == needed[size]) expectUndecided(disputeId);
                voteAs(jury[i], disputeId, Findings.UNUSABLE);
            }
            openVotes(disputeId);
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
        bytes32[4] memory words = [Findings.VALID, Findings.UNUSABLE, Findings.UNAVAILABLE, bytes32("root")];
        uint256[4] memory votes;
        uint256 count;
        for (uint256 i; i < size; ++i) {
            uint256 which = uint256(keccak256(abi.encode(seed, i))) % (seed % 2 == 0 ? 10 : 5);
            if (which == 4) continue; // silent
            which = which > 4 ? 1 : which;
            ++votes[which];
            ++count;
            voteAs(jury[i], disputeId, words[which]);
        }
        openVotes(disputeId);

        uint256 winner = 4;
        for (uint256 i; i < 4; ++i) {
            if (3 * votes[i] >= 2 * size) winner = i;
        }
        // All against the seller, and no majority for one state.
        bool differs = count == size && 3 * (votes[1] + votes[3]) >= 2 * size && 2 * votes[1] <= size
            && 2 * votes[3] <= size;
        if (winner == 4 && differs) winner = 5;
        bool open = disputes.disputeOf(disputeId).stage != DisputeStage.Closed;
        assertTrue(open == (winner == 4), "decided or not");
        uint16 reason = market.orderOf(orderId).closeReason;
        if (winner == 0) assertEq(staking.bondOf(challenger).activeWei, 0, "refuted");
        if (winner == 1 || winner == 3) assertEq(reason, CloseReasons.FRAUD_PROVED, "fraud");
        if (winner == 5) assertEq(reason, CloseReasons.JURY_DIFFERED, "not deterministic");
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
        voteAs(jury[0], disputeId, Findings.UNUSABLE);
        for (uint256 i = 1; i < 4; ++i) {
            voteAs(jury[i], disputeId, Findings.VALID);
        }
        openVotes(disputeId);
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

    function test_convicted_asUnusable() public {
        convictBy(orderId, 4, Findings.UNUSABLE);
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
        ballots[0] = ballotOf(wallet, disputeId, Findings.UNUSABLE, false);
        expectBad(disputeId, ballots, wallet);
        keys[wallet] = PAYER_KEY;
        ballots[0] = ballotOf(wallet, disputeId, Findings.UNUSABLE, false);
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

    /* FAULT OR FRAUD */

    /// @dev Segment 4 is in window 1 of three segments: four steps of one second each, three segments are paid.
    function test_fault_paysUntilTheWindowBefore_andSlashesATenth() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        uint256 fee = FEE_PER_SEGMENT * drawnCount(orderId);
        uint256 burnedWei = balances.burnedWei();
        resolveAll(disputeId, bytes32("root"), true);

        OrderView memory order = market.orderOf(orderId);
        assertEq(order.closeReason, CloseReasons.FAULT_PROVED, "reason");
        assertStatus(orderId, OrderStatus.Failed, "status");
        assertEq(order.paidWei, 0.12 ether, "twelve seconds");
        uint256 slashed = fee + (STAKE - fee) / 10;
        assertEq(order.slashedWei, slashed, "the fee and a tenth of the rest");
        assertEq(order.refundedWei, ESCROW + AUDIT_FEE - 0.12 ether - fee, "the rest");
        assertFree(buyer, ESCROW + AUDIT_FEE - 0.12 ether, "the payer has the fee back too");
        uint256 each = fee / 6 + (STAKE - fee) / 10 / 2 / 6;
        for (uint256 i; i < 5; ++i) {
            assertGe(balances.freeOf(auditors[i]), each, "jurors");
        }
        assertGe(balances.freeOf(challenger), each, "challenger");
        assertGe(balances.burnedWei() - burnedWei, (STAKE - fee) / 20, "half of the tenth is burned");
        assertNothingLeft();
    }

    /// @dev In the first window nothing before it is proved.
    function test_fault_inTheFirstWindow_paysNothing() public {
        resolveAll(votingOn(challenger, orderId, 2), bytes32("root"), true);
        assertEq(market.orderOf(orderId).paidWei, 0, "nothing");
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.FAULT_PROVED, "reason");
        assertNothingLeft();
    }

    /// @dev Two thirds each: four that say wrong, and four of the jury that say that others do not hold. In doubt, once all
    /// have voted, it is the lesser.
    function test_fraudTakesTwoThirdsToo() public {
        for (uint256 holds; holds < 6; ++holds) {
            uint256 snapshot = vm.snapshotState();
            uint256 disputeId = votingOn(challenger, orderId, 4);
            Ballot[] memory ballots = ballotsOf(disputeId, 5, bytes32("root"));
            for (uint256 i; i < holds; ++i) {
                ballots[i] = ballotOf(ballots[i].juror, disputeId, bytes32("root"), true);
            }
            disputes.resolve(disputeId, ballots);
            uint16 expected = holds < 2 ? CloseReasons.FRAUD_PROVED : CloseReasons.FAULT_PROVED;
            assertEq(market.orderOf(orderId).closeReason, expected, "outcome");
            bool fault = holds >= 2;
            for (uint256 i; i < 5; ++i) {
                bool agreed = (i < holds) == fault;
                assertTrue(
                    balances.freeOf(ballots[i].juror) > 0 == agreed, "paid who was right about the others"
                );
            }
            vm.revertToState(snapshot);
        }
    }

    /// @dev Four of five are in, split about the others: the fifth may decide, or the deadline does.
    function test_aSplitAboutTheOthersWaits() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        for (uint256 i; i < 4; ++i) {
            voteAs(jury[i], disputeId, bytes32("root"), i == 0);
        }
        openVotes(disputeId);
        assertStatus(orderId, OrderStatus.Auditing, "three of five do not decide fraud");
        skip(VOTE_SECONDS);
        disputes.resolve(disputeId, new Ballot[](0));
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.FAULT_PROVED, "in doubt the lesser");
    }

    /// @dev A segment that contradicts itself or its result is no error of the hardware, whatever the others are.
    function test_whatIsUnusableIsFraud() public {
        resolveAll(votingOn(challenger, orderId, 4), Findings.UNUSABLE, true);
        assertConvicted(CloseReasons.FRAUD_PROVED, 5, true);
    }

    /// @dev A juror that did not replay cannot name the work of those who did.
    function test_aVoteWithoutTheWorkIsNotPaid() public {
        bytes32[2] memory words = [Findings.UNUSABLE, Findings.VALID];
        for (uint256 w; w < 2; ++w) {
            uint256 snapshot = vm.snapshotState();
            uint256 disputeId = votingOn(challenger, orderId, 4);
            Ballot[] memory ballots = ballotsOf(disputeId, 5, words[w]);
            Ballot memory lazy = ballots[1];
            lazy.work = bytes32("guess");
            lazy.signature = signedBallot(lazy.juror, disputeId, 0, ballotCommitment(lazy, disputeId));
            disputes.resolve(disputeId, ballots);
            for (uint256 i; i < 5; ++i) {
                assertTrue(balances.freeOf(ballots[i].juror) > 0 == (i != 1), "paid");
            }
            vm.revertToState(snapshot);
        }
    }

    /// @dev Any order, any disputed segment: distinct, never the disputed one, at most ten, all of them where there are fewer.
    function testFuzz_further_areOtherSegments(uint256 hash, uint256 segments, uint256 segment) public {
        OrderTerms memory terms = defaultTerms();
        segments = bound(segments, 1, 40);
        terms.steps = uint64(4 * segments);
        terms.draws = 14;
        segment = bound(segment, 0, segments - 1);
        uint256 id = orderOfLeaves(terms);
        uint256 disputeId = challengeAs(challenger, id, uint32(segment));
        assertEq(disputes.disputeOf(disputeId).further.length, 0, "not drawn yet");
        answerAsSeller(disputeId);
        mine(3);
        vm.setBlockhash(block.number - 2, bytes32(hash));
        disputes.drawJury(disputeId);
        uint32[] memory further = disputes.disputeOf(disputeId).further;
        assertEq(further.length, segments - 1 < 10 ? segments - 1 : 10, "how many");
        for (uint256 i; i < further.length; ++i) {
            assertTrue(further[i] < segments && further[i] != segment, "another one");
            for (uint256 j; j < i; ++j) {
                assertTrue(further[j] != further[i], "twice");
            }
        }
    }

    /* NOT VOUCHED FOR */

    /// @dev The same votes that convict elsewhere: pay ends, no stake is touched, and challenging still pays.
    function test_mismatch_endsPayUnslashed() public {
        OrderTerms memory terms = defaultTerms();
        terms.vouched = false;
        uint256 id = orderOfLeaves(terms);
        uint256 fee = FEE_PER_SEGMENT * drawnCount(id);
        uint256 disputeId = votingOn(challenger, id, 4);
        assertEq(disputes.disputeOf(disputeId).further.length, 0, "nothing depends on others");
        resolveAll(disputeId, bytes32("root"));
        OrderView memory order = market.orderOf(id);
        assertEq(order.closeReason, CloseReasons.MISMATCH, "reason");
        assertEq(order.slashedWei, 0, "no slash");
        assertEq(order.paidWei, 0.12 ether, "until the window before");
        assertEq(order.refundedWei, ESCROW + AUDIT_FEE - 0.12 ether - fee, "the rest");
        assertEq(staking.bondOf(seller).activeWei, BOND, "the seller's stake is whole");
        assertGe(balances.freeOf(challenger), fee / 6, "the audit fee is theirs");
        assertEq(staking.bondOf(challenger).activeWei, CHALLENGE_BOND, "bond back");
        (IMachines.Reputation memory record,) = machines.reputationOf(machineId);
        assertEq(record.failed, 0, "no mark on the machine");
    }

    /// @dev What is not served or contradicts itself in plain sight is the seller's own doing whatever the image.
    function test_notVouched_unavailableIsSlashed() public {
        OrderTerms memory terms = defaultTerms();
        terms.vouched = false;
        uint256 id = orderOfLeaves(terms);
        resolveAll(votingOn(challenger, id, 4), Findings.UNAVAILABLE);
        assertEq(market.orderOf(id).closeReason, CloseReasons.CHECKPOINTS_UNAVAILABLE, "reason");
        assertEq(market.orderOf(id).slashedWei, STAKE, "all of it");
    }

    /// @dev Five replays, five states: nobody's stake, all that was committed is paid. Of three that agree it is not said.
    function test_jurorsWhoDiffer_meanThatTheJobIsNotDeterministic() public {
        for (uint256 same = 1; same < 5; ++same) {
            uint256 snapshot = vm.snapshotState();
            uint256 fee = FEE_PER_SEGMENT * drawnCount(orderId);
            uint256 disputeId = votingOn(challenger, orderId, 4);
            Ballot[] memory ballots = ballotsOf(disputeId, 5, bytes32("root"));
            for (uint256 i = same; i < 5; ++i) {
                ballots[i] = ballotOf(ballots[i].juror, disputeId, keccak256(abi.encode(i)), false);
            }
            disputes.resolve(disputeId, ballots);
            OrderView memory order = market.orderOf(orderId);
            if (same < 3) {
                assertEq(order.closeReason, CloseReasons.JURY_DIFFERED, "reason");
                assertEq(order.paidWei, 0.4 ether, "all that was committed");
                assertEq(order.slashedWei, 0, "no slash");
                assertGe(balances.freeOf(challenger), fee / 6, "paid for showing it");
                assertNothingLeft();
            } else {
                uint16 expected = same == 3 ? CloseReasons.WORK_COMPLETED : CloseReasons.FRAUD_PROVED;
                assertEq(order.closeReason, expected, "three of five are a doubt, four a conviction");
            }
            vm.revertToState(snapshot);
        }
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
        voteAs(jury[0], disputeId, Findings.UNUSABLE);
        voteAs(jury[1], disputeId, Findings.VALID);
        Ballot[] memory third = new Ballot[](1);
        third[0] = ballotOf(jury[2], disputeId, Findings.VALID, false);
        sealAs(stranger, disputeId, third);
        openVotes(disputeId);
        skip(VOTE_SECONDS);
        Ballot[] memory late = new Ballot[](1);
        late[0] = ballotOf(jury[2], disputeId, Findings.VALID, false);
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
        assertEq(foundBy(disputeId, jury[0]), 0, "starts anew");
        Ballot[] memory old = ballotsOf(disputeId, 3, Findings.UNUSABLE);
        old[0].signature = signedBallot(old[0].juror, disputeId, 0, ballotCommitment(old[0], disputeId, 0));
        expectBad(disputeId, old, old[0].juror);
        resolveAll(disputeId, Findings.UNUSABLE);
        assertConvictedBy(3, true);
    }

    function test_undecidedTwice_endsUnaudited() public {
        uint256 disputeId = undecidedOnce();
        mine(3);
        disputes.drawJury(disputeId);
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        voteAs(jury[0], disputeId, Findings.UNUSABLE);
        openVotes(disputeId);
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
        Ballot[] memory ballots = ballotsOf(disputeId, 5, Findings.UNUSABLE);
        sealAs(stranger, disputeId, ballots);
        skip(10 * VOTE_SECONDS);
        disputes.resolve(disputeId, ballots);
        assertConvicted(CloseReasons.FRAUD_PROVED, 5, true);
    }

    /// @dev What counts is what was handed in: a ballot signed in time that is on no chain by the deadline is silence.
    function test_undecided_aBallotNobodyHandedInIsSilence() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        Ballot[] memory signed = ballotsOf(disputeId, 5, Findings.UNUSABLE);
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
        resolveAll(second, Findings.UNUSABLE);
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
        Narrowing memory narrowing = narrowingOf(claimedRoots(leaf), trueRoots(leaf));
        vm.prank(seller);
        disputes.answer(disputeId, narrowing);
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
            voteAs(jury[i], disputeId, i % 2 == 0 ? Findings.UNUSABLE : Findings.VALID);
        }
        openVotes(disputeId);
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

    function sealedOf(uint256 disputeId, Ballot[] memory ballots)
        internal
        view
        returns (SealedBallot[] memory list)
    {
        list = new SealedBallot[](ballots.length);
        for (uint256 i; i < list.length; ++i) {
            list[i] =
                SealedBallot(ballots[i].juror, ballotCommitment(ballots[i], disputeId), ballots[i].signature);
        }
    }

    function sealAs(address account, uint256 disputeId, Ballot[] memory ballots) internal {
        SealedBallot[] memory list = sealedOf(disputeId, ballots);
        vm.prank(account);
        disputes.sealBallots(disputeId, list);
    }

    function foundBy(uint256 disputeId, address juror) internal view returns (bytes32 found) {
        (, found) = disputes.ballotOf(disputeId, juror);
    }

    function messageOf(uint256 disputeId, bytes32 commitment) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256("Ballot(uint256 disputeId,uint8 round,bytes32 commitment)");
        return keccak256(abi.encode(typeHash, disputeId, uint8(0), commitment));
    }

    /// @dev The votes so far, opened, decide nothing.
    function expectUndecided(uint256 disputeId) internal {
        uint256 snapshot = vm.snapshotState();
        openVotes(disputeId);
        assertEq(disputes.openOf(orderId), 1, "not yet");
        vm.revertToState(snapshot);
    }

    function expectBadSeal(uint256 disputeId, Ballot[] memory ballots, address juror) internal {
        SealedBallot[] memory list = sealedOf(disputeId, ballots);
        vm.expectRevert(badBallot(disputeId, juror));
        disputes.sealBallots(disputeId, list);
    }

    function expectBad(uint256 disputeId, Ballot[] memory ballots, address juror) internal {
        expectRefused(disputeId, ballots, badBallot(disputeId, juror));
    }

    function expectRefused(uint256 disputeId, Ballot[] memory ballots, bytes memory reason) internal {
        vm.expectRevert(reason);
        disputes.resolve(disputeId, ballots);
    }
}
