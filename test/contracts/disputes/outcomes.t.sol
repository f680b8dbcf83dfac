// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    AuditOutcome,
    Ballot,
    IDisputes,
    IMachines,
    LeafProof,
    OrderStatus,
    OrderTerms,
    OrderView,
    ProofMode
} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {VotingTest} from "./VotingTest.sol";

/// @notice Whose fault a wrong segment is, and what that costs.
contract OutcomesTest is VotingTest {
    /* FAULT OR FRAUD */

    /// @dev Segment 4 is in window 1 of three segments: four steps of one second each, three segments are paid.
    function test_fault_paysUntilTheWindowBefore_andSlashesAFifth() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        uint256 fee = FEE_PER_SEGMENT * drawnCount(orderId);
        uint256 burnedWei = balances.burnedWei();
        resolveAll(disputeId, bytes32("root"), true);

        OrderView memory order = market.orderOf(orderId);
        assertEq(order.closeReason, CloseReasons.FAULT_PROVED, "reason");
        assertStatus(orderId, OrderStatus.Failed, "status");
        assertEq(order.paidWei, 0.12 ether, "twelve seconds");
        uint256 slashed = fee + (STAKE - fee) / 5;
        assertEq(order.slashedWei, slashed, "the fee and a fifth of the rest");
        assertEq(order.refundedWei, ESCROW + AUDIT_FEE - 0.12 ether - fee, "the rest");
        assertFree(buyer, ESCROW + AUDIT_FEE - 0.12 ether, "the payer has the fee back too");
        uint256 each = fee / 6 + (STAKE - fee) / 5 / 2 / 6;
        for (uint256 i; i < 5; ++i) {
            assertGe(balances.freeOf(auditors[i]), each, "jurors");
        }
        assertGe(balances.freeOf(challenger), each, "challenger");
        assertGe(balances.burnedWei() - burnedWei, (STAKE - fee) / 10, "half of the fifth is burned");
        assertNothingLeft();
    }

    /// @dev A fifth, two, four, all of it; and 30 days wipe one out.
    function test_fault_costsTwiceAsMuchEachTime() public {
        uint256[5] memory fifths = [uint256(1), 2, 4, 5, 5];
        for (uint256 i; i < 5; ++i) {
            assertEq(market.faultsOf(seller), i < 3 ? i : 3, "before");
            if (i != 0) orderId = completedAfter(100);
            assertEq(slashedForAFault(), fifths[i], "fifths of the stake");
        }
        skip(30 days - 1);
        assertEq(market.faultsOf(seller), 3, "remembered");
        skip(1 + 30 days);
        assertEq(market.faultsOf(seller), 2, "forgotten");
        renewOffer();
        orderId = completedAfter(100);
        assertEq(slashedForAFault(), 4, "two before");
        skip(3_000 days);
        assertEq(market.faultsOf(seller), 0, "none");
        assertNothingLeft();
    }

    /// @dev Whoever else errs, and whatever else a seller does: a mismatch, a pass, fraud.
    function test_fault_isTheSellersOwn() public {
        slashedForAFault();
        assertEq(market.faultsOf(buyer), 0, "another");
        orderId = completedAfter(100);
        auditAll(orderId, 1);
        settle(orderId);
        convict(completedAfter(100), 4);
        assertEq(market.faultsOf(seller), 1, "one fault");
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
    function testFuzz_further_areOtherSegments(uint256 hash, uint256 segments, uint256 segment, bool vouched)
        public
    {
        OrderTerms memory terms = defaultTerms();
        terms.vouched = vouched;
        uint256 most = vouched ? 10 : 2;
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
        assertEq(further.length, segments - 1 < most ? segments - 1 : most, "how many");
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
        assertEq(disputes.disputeOf(disputeId).further.length, 2, "two others have to hold");
        resolveAll(disputeId, bytes32("root"), true);
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

    /// @dev Of what nobody vouches for nothing is paid either where others are wrong too, or where there is nothing to replay.
    function test_mismatches_payNothing_andSlashNobody() public {
        OrderTerms memory terms = defaultTerms();
        terms.vouched = false;
        bytes32[2] memory words = [bytes32("root"), Findings.UNUSABLE];
        for (uint256 i; i < 2; ++i) {
            uint256 id = orderOfLeaves(terms);
            uint256 fee = FEE_PER_SEGMENT * drawnCount(id);
            resolveAll(votingOn(challenger, id, 9), words[i], i == 1);
            OrderView memory order = market.orderOf(id);
            assertEq(order.closeReason, CloseReasons.MISMATCHES, "reason");
            assertStatus(id, OrderStatus.Failed, "status");
            assertEq(order.paidWei, 0, "nothing");
            assertEq(order.slashedWei, 0, "no slash");
            assertEq(order.refundedWei, ESCROW + AUDIT_FEE - fee, "all but the fee of challenger and jurors");
            (AuditOutcome outcome,,,, uint32 segment) = proofs.auditOf(id);
            assertTrue(outcome == AuditOutcome.Mismatches && segment == 9, "audit");
            (IMachines.Reputation memory record,) = machines.reputationOf(machineId);
            assertEq(record.failed, 0, "no mark on the machine");
        }
    }

    /* WITHIN A TOLERANCE */

    function toleranceTerms() internal returns (OrderTerms memory terms) {
        setModesAs(seller, machineId, 6);
        terms = defaultTerms();
        (terms.mode, terms.vouched) = (ProofMode.Tolerance, false);
    }

    /// @dev Jurors of unlike hardware have no root in common, and need none: one word.
    function test_tolerance_outsideEndsPayUnslashed() public {
        uint256 id = orderOfLeaves(toleranceTerms());
        uint256 fee = FEE_PER_SEGMENT * drawnCount(id);
        resolveAll(votingOn(challenger, id, 4), Findings.OUTSIDE, true);
        OrderView memory order = market.orderOf(id);
        assertEq(order.closeReason, CloseReasons.MISMATCH, "reason");
        assertEq(order.slashedWei, 0, "no slash");
        assertEq(order.paidWei, 0.12 ether, "until the window before");
        assertEq(staking.bondOf(seller).activeWei, BOND, "the seller's stake is whole");
        assertGe(balances.freeOf(challenger), fee / 6, "the audit fee is theirs");
    }

    function test_tolerance_withinRefutesTheChallenge() public {
        uint256 id = orderOfLeaves(toleranceTerms());
        resolveAll(votingOn(challenger, id, 4), Findings.VALID);
        assertStatus(id, OrderStatus.Auditing, "status");
        assertEq(staking.bondOf(challenger).activeWei, 0, "bond");
    }

    function test_tolerance_revertsIf_vouchedOrLong() public {
        OrderTerms memory terms = toleranceTerms();
        terms.vouched = true;
        vm.expectRevert(badTerms("vouched"));
        vm.prank(buyer);
        market.placeOrder(terms, "", byCaller());
        terms.vouched = false;
        terms.stepsPerSegment = 11;
        vm.expectRevert(badTerms("stepsPerSegment"));
        vm.prank(buyer);
        market.placeOrder(terms, "", byCaller());
    }

    /// @dev No two machines have one root after a step: segments are challenged as a whole.
    function test_tolerance_revertsIf_challengedByStep() public {
        uint256 id = orderOfLeaves(toleranceTerms());
        LeafProof memory claim = claimOf(id, 4);
        bytes32[] memory roots = trueRoots(claim.leaf);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputesBadSteps.selector, id, 4));
        vm.prank(challenger);
        disputes.challengeSteps(id, claim, roots);
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

    /// @dev Of what the fees leave of the stake, in fifths.
    function slashedForAFault() internal returns (uint256) {
        uint256 fee = FEE_PER_SEGMENT * drawnCount(orderId);
        resolveAll(votingOn(challenger, orderId, 4), bytes32("root"), true);
        return (market.orderOf(orderId).slashedWei - fee) * 5 / (STAKE - fee);
    }

    function renewOffer() internal {
        offerId = offerAs(seller, machineId);
    }
}
