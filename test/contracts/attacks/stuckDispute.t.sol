// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DisputeStage, DisputeView, OrderStatus} from "../helpers/BaseTest.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {DisputesTest} from "../disputes/DisputesTest.sol";

/// @notice Fault of peers: a stage that only a party can end, so that money is held for ever.
contract StuckDisputeTest is DisputesTest {
    /// @dev Nobody but a stranger does anything, with any jury size, after any waits: at most five calls close the dispute, and
    /// then the order settles.
    function testFuzz_aStrangerAloneClosesEverything(uint256 seats, uint256 waits, bool answers) public {
        uint256 orderId = completedAfter(100);
        for (uint256 i = bound(seats, 0, 5); i < 5; ++i) {
            unseat(auditors[i]);
        }
        uint256 disputeId = challengeAs(challenger, orderId, 4);
        if (answers) answerAsSeller(disputeId);
        uint256 calls;
        while (disputes.disputeOf(disputeId).stage != DisputeStage.Closed) {
            assertLt(calls, 6, "still open");
            skip(1 + (waits >> (8 * calls)) % 500);
            mine(3 + (waits >> (8 * calls + 4)) % 1_000);
            DisputeView memory v = disputes.disputeOf(disputeId);
            if (v.deadlineAt > time()) vm.warp(v.deadlineAt);
            vm.startPrank(stranger);
            if (v.stage == DisputeStage.Voting) disputes.resolve(disputeId, ballotsOf(disputeId, 0, 0));
            else disputes.drawJury(disputeId);
            vm.stopPrank();
            ++calls;
        }
        assertStatus(orderId, OrderStatus.Unaudited, "over");
        assertEq(reservedOf(challenger), 0, "bond back");
        assertNothingLeft();
    }

    /// @dev A refuted one leaves an audit that ends by the clock.
    function test_afterARefutedOneTheClockEndsIt() public {
        uint256 orderId = completedAfter(100);
        resolveAll(votingOn(challenger, orderId, 4), Findings.VALID);
        skip(120);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Unaudited, "over");
        assertNothingLeft();
    }

    /// @dev The seller's stake, its machine and its seats are as stuck as the order: not at all.
    function test_theSellerCannotSlipAwayMeanwhile() public {
        uint256 orderId = completedAfter(100);
        uint256 disputeId = votingOn(challenger, orderId, 4);
        sealAll(disputeId, Findings.UNUSABLE);
        vm.startPrank(seller);
        machines.removeMachine(machineId);
        staking.unbond(BOND - STAKE);
        skip(1_000);
        staking.withdrawUnbonded();
        vm.expectRevert();
        staking.unbond(1);
        vm.stopPrank();
        openVotes(disputeId);
        assertEq(market.orderOf(orderId).slashedWei, STAKE, "all of it");
        assertNothingLeft();
    }

    /// @dev Nor the challenger with its bond.
    function test_theChallengerCannotSlipAwayMeanwhile() public {
        uint256 orderId = completedAfter(100);
        uint256 disputeId = votingOn(challenger, orderId, 4);
        vm.expectRevert(
            abi.encodeWithSignature("StakingInsufficientActive(address,uint256,uint256)", challenger, 0, 1)
        );
        vm.prank(challenger);
        staking.unbond(1);
        resolveAll(disputeId, Findings.VALID);
        assertEq(wealthOf(challenger), 0, "it pays");
    }
}
