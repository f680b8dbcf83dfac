// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Opening, OrderStatus} from "../helpers/BaseTest.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {DisputesTest} from "../disputes/DisputesTest.sol";

/// @notice Fault of peers: a challenge without cost holds up a payment for as long as somebody likes.
contract WastedTimeTest is DisputesTest {
    /// @dev Every challenge of right work costs its bond, and the order is paid all the same.
    function test_everyChallengeIsPaidForAndTheOrderCompletes() public {
        uint256 orderId = completedAfter(100);
        uint256[] memory words = new uint256[](3);
        for (uint256 i; i < 3; ++i) {
            words[i] = uniform(orderId, 1);
        }
        Opening[] memory openings = openingsOf(orderId, words);
        for (uint256 i; i < 10; ++i) {
            uint256 disputeId = challengeAs(stranger, orderId, uint32(i));
            address[] memory jury = drawAfterSilence(disputeId);
            for (uint256 j; j < 4; ++j) {
                voteAs(jury[j], disputeId, Findings.VALID);
            }
            skip(VOTE_SECONDS - 1);
            openVotes(disputeId);
        }
        assertEq(wealthOf(stranger), 0, "ten bonds, all of them gone");
        assertFree(seller, 10 * CHALLENGE_BOND / 4, "the seller is paid for its wait");
        submit(orderId, openings);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Completed, "and for its work");
        assertEq(market.orderOf(orderId).paidWei, 0.4 ether, "in full");
        assertNothingLeft();
    }

    /// @dev The seller and its friend are one: of each bond at least three quarters are lost, unless they are the jury.
    function test_alsoForTheSellersFriend() public {
        uint256 orderId = completedAfter(100);
        bondAs(stranger, CHALLENGE_BOND);
        uint256 before = wealthOf(seller) + wealthOf(stranger);
        resolveAll(votingOn(stranger, orderId, 4), Findings.VALID);
        assertEq(before - wealthOf(seller) - wealthOf(stranger), CHALLENGE_BOND * 3 / 4, "lost");
    }
}
