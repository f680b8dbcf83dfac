// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DisputeStage, OrderStatus} from "../helpers/BaseTest.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {DisputesTest} from "../disputes/DisputesTest.sol";

/// @notice Fault of a peer: a majority of whoever happens to vote takes an honest seller's stake.
contract MinorityConvictionTest is DisputesTest {
    /// @dev Three of five bought jurors vote, the honest are offline: no conviction, and nothing is paid for it.
    function test_threeOfFiveConvictNobody() public {
        uint256 orderId = completedAfter(100);
        uint256 disputeId = votingOn(challenger, orderId, 4);
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        for (uint256 i; i < 3; ++i) {
            voteAs(jury[i], disputeId, Findings.UNUSABLE);
        }
        openVotes(disputeId);
        assertTrue(disputes.disputeOf(disputeId).stage == DisputeStage.Voting, "undecided");
        assertStatus(orderId, OrderStatus.Auditing, "not convicted");
        skip(VOTE_SECONDS);
        disputes.resolve(disputeId, ballotsOf(disputeId, 0, 0));
        assertEq(market.orderOf(orderId).slashedWei, 0, "nor by time's passing");
        assertFree(jury[0], 0, "unpaid");
    }

    /// @dev Votes for different things do not add up, not even all for a conviction.
    function test_differentFindingsDoNotAddUp() public {
        uint256 orderId = completedAfter(100);
        uint256 disputeId = votingOn(challenger, orderId, 4);
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        bytes32[5] memory words = [
            Findings.UNUSABLE,
            Findings.UNUSABLE,
            Findings.UNUSABLE,
            Findings.UNAVAILABLE,
            Findings.UNAVAILABLE
        ];
        for (uint256 i; i < 5; ++i) {
            voteAs(jury[i], disputeId, words[i]);
        }
        openVotes(disputeId);
        assertTrue(disputes.disputeOf(disputeId).stage == DisputeStage.Voting, "undecided");
        assertStatus(orderId, OrderStatus.Auditing, "not convicted");
    }

    /// @dev Nor does the absence of seats make one juror two thirds of a larger jury it was drawn in.
    function test_theOthersLeavingDoesNotHelp() public {
        uint256 orderId = completedAfter(100);
        uint256 disputeId = votingOn(challenger, orderId, 4);
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        for (uint256 i = 1; i < 5; ++i) {
            unseat(jury[i]);
        }
        voteAs(jury[0], disputeId, Findings.UNUSABLE);
        openVotes(disputeId);
        assertStatus(orderId, OrderStatus.Auditing, "not convicted");
    }

    /// @dev The challenger is none of its own jurors, with any number of seats.
    function test_theChallengerHasNoVote() public {
        uint256 orderId = completedAfter(100);
        for (uint256 i = 1; i < 4; ++i) {
            unseat(auditors[i]);
        }
        uint256 disputeId = votingOn(auditors[0], orderId, 4);
        assertEq(disputes.disputeOf(disputeId).jury.length, 1, "the only other");
        assertEq(disputes.disputeOf(disputeId).jury[0], auditors[4], "the only other");
    }
}
