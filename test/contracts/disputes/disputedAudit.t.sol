// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AuditOutcome, Ballot, IProofs, Opening, OrderStatus} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {DisputesTest} from "./DisputesTest.sol";

/// @notice What a dispute does to the audit around it: it stops the clock for everybody, and nothing else.
contract DisputedAuditTest is DisputesTest {
    uint256 internal constant PASS = 1;
    uint256 internal orderId;

    function setUp() public override {
        super.setUp();
        orderId = completedAfter(100);
    }

    /* WHILE IT IS OPEN */

    function test_nothingPassesTheOrder() public {
        Opening[] memory openings = signedPass();
        challengeAs(challenger, orderId, 4);
        expectNotPassed(openings);
        vm.expectRevert(tooEarly(orderId, time() + 60));
        market.settleOrder(orderId);
        auditAll(orderId, PASS);
        vm.expectRevert(tooEarly(orderId, time() + 120));
        market.settleOrder(orderId);
        skip(1_000);
        vm.expectRevert();
        market.settleOrder(orderId);
        assertEq(uint256(market.orderOf(orderId).status), uint256(OrderStatus.Disputed), "disputed");
        assertEq(uint256(market.statusOf(orderId)), uint256(OrderStatus.Auditing), "still in audit");
    }

    /// @dev At every stage of it, until it is closed. The panel is stored first: silent jurors lose their seats.
    function test_atEveryStage() public {
        proofs.pinDraw(orderId);
        Opening[] memory openings = signedPass();
        uint256 disputeId = challengeAs(challenger, orderId, 4);
        expectNotPassed(openings);
        answerAsSeller(disputeId);
        expectNotPassed(openings);
        mine(3);
        disputes.drawJury(disputeId);
        expectNotPassed(openings);
        for (uint256 i; i < 3; ++i) {
            voteAs(disputes.disputeOf(disputeId).jury[i], disputeId, Findings.VALID);
        }
        openVotes(disputeId);
        expectNotPassed(openings);
        skip(VOTE_SECONDS);
        disputes.resolve(disputeId, new Ballot[](0));
        expectNotPassed(openings);
        assertEq(disputes.openOf(orderId), 1, "second round");
    }

    /// @dev Auditors work on beside it: nobody can be made late by challenging.
    function test_verdictsAreTakenMeanwhile() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        auditAll(orderId, PASS);
        resolveAll(disputeId, Findings.VALID);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Completed, "status");
        assertNothingLeft();
    }

    /* AFTER THE SELLER HAS WON */

    /// @dev The dispute outlasts both phases: the panel still has both, counted from its end.
    function test_reopens_bothPhases() public {
        Opening[] memory openings = signedPass();
        skip(100);
        uint256 disputeId = votingOn(challenger, orderId, 4);
        skip(SEAL_SECONDS - 1);
        resolveAll(disputeId, Findings.VALID);
        (AuditOutcome outcome,,, uint64 deadlineAt,) = proofs.auditOf(orderId);
        assertEq(uint256(outcome), uint256(AuditOutcome.Pending), "not Unaudited");
        assertEq(deadlineAt, time() + 60, "commits");
        skip(119);
        submit(orderId, openings);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Completed, "passed");
        assertNothingLeft();
    }

    function test_reopens_alsoOneByOne() public {
        skip(119);
        uint256 disputeId = votingOn(challenger, orderId, 4);
        resolveAll(disputeId, Findings.VALID);
        auditAll(orderId, PASS);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Completed, "passed");
        assertNothingLeft();
    }

    function test_reopens_andEndsUnauditedIfNobodyComes() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        resolveAll(disputeId, Findings.VALID);
        skip(59);
        vm.expectRevert(tooEarly(orderId, time() + 1));
        market.settleOrder(orderId);
        skip(1);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Unaudited, "status");
        assertNothingLeft();
    }

    /// @dev What one of them found is known by then, and could be copied.
    function test_reopens_noCommitmentAfterAReveal() public {
        awaitDraw(orderId);
        address[] memory panel = panelOf(orderId);
        commitVerdictsAs(panel[0], orderId, uniform(orderId, PASS));
        skip(60);
        revealAs(panel[0], orderId, uniform(orderId, PASS));
        resolveAll(votingOn(challenger, orderId, 4), Findings.VALID);
        bytes32 commitment = commitmentOf(orderId, panel[1], uniform(orderId, PASS));
        vm.prank(panel[1]);
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsWrongPhase.selector, orderId));
        proofs.commitVerdicts(orderId, commitment);
    }

    /// @dev However long the dispute took.
    function test_reopens_andTheSilentAreEvicted() public {
        skip(119);
        resolveAll(votingOn(challenger, orderId, 4), Findings.VALID);
        proofs.pinDraw(orderId);
        uint256 seats = staking.seatsOf(CLASS);
        skip(60);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Unaudited, "status");
        assertEq(staking.seatsOf(CLASS), seats - 3, "the whole panel");
    }

    /// @dev Who was refuted may challenge again, as may others, with another bond.
    function test_aRefutedSegmentCanBeChallengedAgain() public {
        resolveAll(votingOn(challenger, orderId, 4), Findings.VALID);
        convictBy(orderId, 4, Findings.UNUSABLE);
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.FRAUD_PROVED, "reason");
        assertNothingLeft();
    }

    /* SEVERAL */

    function test_oneRefuted_theOtherStillHoldsItUp() public {
        Opening[] memory openings = signedPass();
        uint256 first = votingOn(challenger, orderId, 4);
        uint256 second = votingOn(stranger, orderId, 5);
        resolveAll(first, Findings.VALID);
        assertEq(disputes.openOf(orderId), 1, "one is left");
        expectNotPassed(openings);
        resolveAll(second, Findings.VALID);
        assertEq(disputes.openOf(orderId), 0, "none is left");
        submit(orderId, openings);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Completed, "status");
        assertNothingLeft();
    }

    function test_oneConvicts_theOthersGetTheirBondsBack() public {
        uint256[3] memory ids;
        address[3] memory by = [challenger, stranger, payer];
        for (uint256 i; i < 3; ++i) {
            ids[i] = votingOn(by[i], orderId, uint32(i));
        }
        resolveAll(ids[1], Findings.UNUSABLE);
        assertEq(disputes.openOf(orderId), 2, "not yet told");
        for (uint256 i; i < 3; i += 2) {
            disputes.resolve(ids[i], new Ballot[](0));
            assertEq(reservedOf(by[i]), 0, "free");
            assertEq(staking.bondOf(by[i]).activeWei, CHALLENGE_BOND, "whole");
            assertFree(by[i], 0, "no share");
        }
        assertEq(disputes.openOf(orderId), 0, "all closed");
        assertNothingLeft();
    }

    /// @dev One of two stays undecided: the order ends with it, and nobody else loses by it.
    function test_oneUndecided_endsTheOrderForAll() public {
        uint256 first = votingOn(challenger, orderId, 4);
        uint256 second = votingOn(stranger, orderId, 5);
        for (uint256 round; round < 2; ++round) {
            address[] memory jury = disputes.disputeOf(first).jury;
            for (uint256 i; i < jury.length; ++i) {
                voteAs(jury[i], first, i < 3 ? Findings.UNUSABLE : Findings.VALID);
            }
            openVotes(first);
            skip(VOTE_SECONDS);
            disputes.resolve(first, new Ballot[](0));
            mine(3);
            if (round == 0) disputes.drawJury(first);
        }
        assertStatus(orderId, OrderStatus.Unaudited, "status");
        disputes.resolve(second, new Ballot[](0));
        assertEq(reservedOf(challenger) + reservedOf(stranger), 0, "bonds back");
        assertEq(staking.bondOf(stranger).activeWei, CHALLENGE_BOND, "whole");
        assertEq(staking.seatsOf(CLASS), 5, "nobody evicted: the second's jury still had time");
        assertNothingLeft();
    }

    /// @dev Two orders' disputes know nothing of each other.
    function test_anotherOrderGoesOn() public {
        uint256 other = completedAfter(100);
        challengeAs(challenger, orderId, 4);
        auditAll(other, PASS);
        settle(other);
        assertStatus(other, OrderStatus.Completed, "status");
        assertEq(disputes.openOf(other), 0, "none");
        assertEq(disputes.openOf(orderId), 1, "one");
    }

    /* ONLY PALLETS */

    function test_convictAndReopen_areForDisputesOnly() public {
        bytes memory reason = abi.encodeWithSignature("PalletUnauthorized(address)", address(market));
        vm.startPrank(address(market));
        vm.expectRevert(reason);
        proofs.convict(orderId, AuditOutcome.Fail, 0, new address[](0));
        vm.expectRevert(reason);
        proofs.reopen(orderId);
    }

    /* HELPERS */

    function signedPass() internal view returns (Opening[] memory) {
        uint256[] memory words = new uint256[](3);
        for (uint256 i; i < 3; ++i) {
            words[i] = uniform(orderId, PASS);
        }
        return openingsOf(orderId, words);
    }

    function expectNotPassed(Opening[] memory openings) internal {
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsNotPassed.selector, orderId));
        proofs.submitVerdicts(orderId, openings);
    }
}
