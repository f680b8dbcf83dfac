// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Ballot, Leaf, Narrowing, OrderStatus, OrderView, SealedBallot} from "../helpers/BaseTest.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {DisputesTest} from "./DisputesTest.sol";

/// @notice An order whose seller leaves the truth in segment 4, and votes about it.
abstract contract VotingTest is DisputesTest {
    uint256 internal orderId;

    function setUp() public override {
        super.setUp();
        cheatsFrom = 18;
        orderId = orderOfLeaves();
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
