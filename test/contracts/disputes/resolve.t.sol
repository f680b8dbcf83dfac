// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Ballot, DisputeStage, DisputeView, IDisputes, OrderStatus, OrderView} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {VotingTest} from "./VotingTest.sol";

/// @notice What a jury's votes decide, and whom that pays.
contract ResolveTest is VotingTest {
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
}
