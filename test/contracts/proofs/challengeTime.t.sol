// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AuditOutcome, BaseTest, CloseReasons, IProofs, Opening, OrderStatus} from "../helpers/BaseTest.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";

/// @notice What verdicts pass can be challenged before it is paid: a whole panel that lies gains nothing by being quick.
contract ChallengeTimeTest is BaseTest {
    uint256 internal constant CHALLENGE_SECONDS = 30;
    uint256 internal orderId;
    address[] internal panel;
    uint256 internal drawn;

    function setUp() public override {
        super.setUp();
        orderId = completedAfter(100);
        panel = panelOf(orderId);
        drawn = drawnCount(orderId);
    }

    function test_opens_andIsAnnounced() public {
        Opening[] memory openings = passes();
        vm.expectEmit(address(proofs));
        emit IProofs.AuditPassed(orderId, panel, drawn, uint64(time() + CHALLENGE_SECONDS));
        proofs.submitVerdicts(orderId, openings);
        (AuditOutcome outcome,,, uint64 deadlineAt,) = proofs.auditOf(orderId);
        assertEq(uint256(outcome), uint256(AuditOutcome.Pass), "passed");
        assertEq(deadlineAt, time() + CHALLENGE_SECONDS, "paid");
        assertStatus(orderId, OrderStatus.Auditing, "not settled");
    }

    function test_nobodyIsPaidBefore() public {
        proofs.submitVerdicts(orderId, passes());
        uint64 settlesAt = uint64(time() + CHALLENGE_SECONDS);
        skip(CHALLENGE_SECONDS - 1);
        expectStill(settlesAt);
        vm.expectRevert(tooEarly(orderId, settlesAt));
        market.settleOrder(orderId);
        skip(1);
        proofs.settlePassed(orderId, panel, drawn);
        assertStatus(orderId, OrderStatus.Completed, "status");
        assertNothingLeft();
    }

    /// @dev All five lie together, and are quick: whoever has replayed by then convicts, and they are paid nothing.
    function test_aLyingPanelIsOvertaken() public {
        proofs.submitVerdicts(orderId, passes());
        skip(CHALLENGE_SECONDS - 1);
        uint256 disputeId = votingOn(challenger, orderId, 4);
        sealAll(disputeId, Findings.UNUSABLE);
        skip(CHALLENGE_SECONDS);
        expectStill(uint64(time() - CHALLENGE_SECONDS + 1));
        (AuditOutcome outcome,,,,) = proofs.auditOf(orderId);
        assertEq(uint256(outcome), uint256(AuditOutcome.Pending), "open again");
        openVotes(disputeId);
        assertStatus(orderId, OrderStatus.Failed, "convicted");
        for (uint256 i; i < panel.length; ++i) {
            assertLt(balances.freeOf(panel[i]), 1 ether, "at most a juror's share");
        }
        vm.expectRevert();
        proofs.settlePassed(orderId, panel, drawn);
        assertNothingLeft();
    }

    /// @dev A refuted challenge undoes nothing, and does not have to be waited for twice.
    function test_aRefutedChallengeChangesNothing() public {
        proofs.submitVerdicts(orderId, passes());
        resolveAll(votingOn(challenger, orderId, 4), Findings.VALID);
        (AuditOutcome outcome,,,,) = proofs.auditOf(orderId);
        assertEq(uint256(outcome), uint256(AuditOutcome.Pass), "it still stands");
        skip(CHALLENGE_SECONDS);
        proofs.settlePassed(orderId, panel, drawn);
        assertStatus(orderId, OrderStatus.Completed, "status");
    }

    /// @dev One by one: from the last verdict that could change it.
    function test_oneByOne_too() public {
        auditAll(orderId, 1);
        uint256 settlesAt = time() + CHALLENGE_SECONDS;
        vm.expectRevert(tooEarly(orderId, settlesAt));
        market.settleOrder(orderId);
        skip(CHALLENGE_SECONDS - 1);
        challengeAs(challenger, orderId, 4);
        skip(1);
        vm.expectRevert();
        market.settleOrder(orderId);
    }

    /// @dev One did not come: nobody knows before the commit phase is over.
    function test_oneByOne_ofAMajority() public {
        panel = largerPanelOf(orderId);
        uint256 word = uniform(orderId, 1);
        for (uint256 i; i < 4; ++i) {
            if (i != 2) commitVerdictsAs(panel[i], orderId, word);
        }
        skip(60);
        revealAs(panel[0], orderId, word);
        revealAs(panel[1], orderId, word);
        skip(10);
        revealAs(panel[3], orderId, word);
        (,,, uint64 deadlineAt,) = proofs.auditOf(orderId);
        assertEq(deadlineAt, time() + CHALLENGE_SECONDS, "from the last one");
        settle(orderId);
        assertEq(market.orderOf(orderId).settledAt, deadlineAt, "not before");
        assertFree(panel[2], 0, "who did not come");
    }

    function test_settlePassed_paysExactlyThem() public {
        panel = largerPanelOf(orderId);
        uint256[] memory words = new uint256[](4);
        words[0] = words[1] = words[2] = words[3] = uniform(orderId, 1);
        words[1] ^= 3; // one of four in doubt about the first segment
        proofs.submitVerdicts(orderId, openingsOf(orderId, words));
        skip(CHALLENGE_SECONDS);
        bytes memory reason = abi.encodeWithSelector(IProofs.ProofsNotPassed.selector, orderId);
        vm.expectRevert(reason);
        proofs.settlePassed(orderId, panel, drawn);
        address[] memory three = new address[](3);
        (three[0], three[1], three[2]) = (panel[2], panel[0], panel[3]);
        vm.expectRevert(reason);
        proofs.settlePassed(orderId, three, drawn);
        (three[0], three[1]) = (panel[0], panel[2]);
        vm.expectRevert(reason);
        proofs.settlePassed(orderId, three, drawn + 1);
        // Market's call would pay nobody.
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsAgreeingNeeded.selector, orderId));
        market.settleOrder(orderId);
        proofs.settlePassed(orderId, three, drawn);
        assertFree(panel[0], drawn * FEE_PER_SEGMENT / 3, "a third");
        assertFree(panel[1], 0, "none");
        vm.expectRevert();
        proofs.settlePassed(orderId, three, drawn);
    }

    function test_settlePassed_revertsIf_nothingPassed() public {
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsNotPassed.selector, orderId));
        proofs.settlePassed(orderId, new address[](0), 0);
        auditAll(orderId, 1);
        skip(CHALLENGE_SECONDS);
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsNotPassed.selector, orderId));
        proofs.settlePassed(orderId, panel, drawn);
    }

    function test_passedOnce_nothingMoreIsTaken() public {
        proofs.submitVerdicts(orderId, passes());
        Opening[] memory again = passes();
        bytes memory reason = abi.encodeWithSelector(IProofs.ProofsWrongPhase.selector, orderId);
        vm.expectRevert(reason);
        proofs.submitVerdicts(orderId, again);
        vm.expectRevert(reason);
        vm.prank(panel[0]);
        proofs.commitVerdicts(orderId, bytes32("x"));
    }

    function expectStill(uint64 settlesAt) internal {
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsStillChallengeable.selector, orderId, settlesAt));
        proofs.settlePassed(orderId, panel, drawn);
    }

    function words_() internal view returns (uint256[] memory words) {
        words = new uint256[](panel.length);
        for (uint256 i; i < panel.length; ++i) {
            words[i] = uniform(orderId, 1);
        }
    }

    function passes() internal view returns (Opening[] memory) {
        return openingsOf(orderId, words_());
    }
}
