// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {HoldReason, OrderStatus, OrderView} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {SettleTest} from "./SettleTest.sol";

/// @notice Orders that auditors did not pass: fraud that was proved, and nothing that was decided.
contract SettleUnpassedTest is SettleTest {
    /* FAIL AND UNAVAILABLE */

    /// @dev The challenger and the four jurors are paid alike; what does not divide is the challenger's.
    function test_fail_slashesTheWholeStake() public {
        uint256 orderId = completedAfter(100);
        uint256 fee = FEE_PER_SEGMENT * drawnCount(orderId);
        convict(orderId, 0);

        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Failed, "status");
        assertEq(order.closeReason, CloseReasons.FRAUD_PROVED, "reason");
        assertEq(order.paidWei, 0, "paid");
        assertEq(order.slashedWei, STAKE, "slashed");
        // The payer has everything back: the fee that the jury got comes out of the stake.
        assertFree(buyer, ESCROW + AUDIT_FEE, "buyer is whole");
        uint256 reward = (STAKE - fee) / 2 / 5;
        assertFree(challenger, fee / 5 + fee % 5 + reward, "challenger");
        assertEq(staking.bondOf(challenger).reservedWei, 0, "its bond is free");
        assertEq(staking.bondOf(challenger).activeWei, CHALLENGE_BOND, "and whole");
        for (uint256 i; i < 4; ++i) {
            assertFree(auditors[i], fee / 5 + reward, "juror");
        }
        assertEq(balances.burnedWei(), STAKE - fee - 5 * reward, "burned");
        assertFree(seller, 0, "seller");
        assertEq(staking.bondOf(seller).activeWei, BOND - STAKE, "bond");
        assertEq(machines.machineOf(machineId).failed, 1, "count");
        assertNothingLeft();
    }

    function test_unavailable_isTreatedAsFraud() public {
        uint256 orderId = completedAfter(100);
        convictBy(orderId, 0, Findings.UNAVAILABLE);

        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Failed, "status");
        assertEq(order.closeReason, CloseReasons.CHECKPOINTS_UNAVAILABLE, "reason");
        assertEq(order.slashedWei, STAKE, "slashed");
        assertFree(buyer, ESCROW + AUDIT_FEE, "buyer is whole");
        assertNothingLeft();
    }

    /// @dev However it was ended, also as the job's fault: fraud in what was committed is fraud.
    function test_fail_cannotBeEscapedByBlamingTheJob() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 1);
        vm.prank(seller);
        market.orderFailed(orderId, CloseReasons.JOB_INVALID);
        convict(orderId, 0);

        assertEq(market.orderOf(orderId).closeReason, CloseReasons.FRAUD_PROVED, "reason");
        assertEq(market.orderOf(orderId).slashedWei, STAKE, "slashed");
        assertNothingLeft();
    }

    /// @dev Only those of the jury who saw it share the slash, with the challenger.
    function test_fail_byTwoThirds_paysOnlyWhoSawIt() public {
        uint256 orderId = completedAfter(100);
        uint256 fee = FEE_PER_SEGMENT * drawnCount(orderId);
        uint256 disputeId = votingOn(challenger, orderId, 0);
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        voteAs(jury[2], disputeId, Findings.VALID);
        voteAs(jury[0], disputeId, Findings.UNUSABLE);
        voteAs(jury[1], disputeId, Findings.UNUSABLE);
        voteAs(jury[3], disputeId, Findings.UNUSABLE);
        assertStatus(orderId, OrderStatus.Auditing, "sealed votes decide nothing");
        openVotes(disputeId);

        uint256 each = fee / 4 + (STAKE - fee) / 2 / 4;
        assertFree(jury[2], 0, "wrong");
        assertTrue(staking.hasSeat(CLASS, jury[2]), "a minority keeps its seat");
        assertFree(jury[0], each, "right");
        assertFree(jury[1], each, "right");
        assertFree(jury[3], each, "right");
        assertFree(challenger, each + fee % 4, "right");
        assertNothingLeft();
    }

    /// @dev The seller as its own buyer, challenger and whole jury: what comes back is less than what was lost.
    function test_fail_accusingOneselfLoses() public {
        uint256 orderId = completedAfter(100);
        bondAs(challenger, CHALLENGE_BOND);
        uint256 before = wealth(buyer) + wealth(seller) + wealth(challenger) + wealthOf(auditors);
        convict(orderId, 0);

        uint256 afterwards = wealth(buyer) + wealth(seller) + wealth(challenger) + wealthOf(auditors);
        assertLe(afterwards + (STAKE - AUDIT_FEE) / 2, before, "at least half of the stake is gone");
    }

    /// @dev Verdicts convict nobody: a panel that found fraud and does not challenge it leaves the order unaudited, and
    /// not before the time in which it can be challenged is over.
    function test_fail_byVerdictsAloneIsNoConviction() public {
        for (uint256 verdict = FAIL; verdict <= UNAVAILABLE; ++verdict) {
            uint256 orderId = completedAfter(100);
            auditAll(orderId, verdict);
            vm.expectRevert(tooEarly(orderId, time() + 120));
            market.settleOrder(orderId);
            skip(119);
            vm.expectRevert(tooEarly(orderId, time() + 1));
            market.settleOrder(orderId);
            skip(1);
            settle(orderId);

            assertStatus(orderId, OrderStatus.Unaudited, "status");
            assertEq(market.orderOf(orderId).paidWei, 0.2 ether, "the agreed half");
            assertEq(market.orderOf(orderId).slashedWei, 0, "slashed");
            assertEq(staking.seatsOf(CLASS), 4, "all spoke");
            assertNothingLeft();
        }
    }

    /* UNAUDITED */

    function test_unaudited_paysTheAgreedShareAndEvicts() public {
        uint256 orderId = completedAfter(100);
        proofs.pinDraw(orderId);
        address[] memory panel = panelOf(orderId);
        skip(60);
        settle(orderId);

        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Unaudited, "status");
        assertEq(order.closeReason, CloseReasons.AUDITORS_SILENT, "reason");
        assertEq(order.paidWei, 0.2 ether, "half of 0.4");
        assertFree(seller, 0.2 ether, "seller, no protocol fee");
        assertFree(buyer, ESCROW + AUDIT_FEE - 0.2 ether, "buyer");
        for (uint256 i; i < 3; ++i) {
            assertFalse(staking.hasSeat(CLASS, panel[i]), "evicted");
            assertEq(staking.bondOf(panel[i]).activeWei, 0, "seat's stake gone");
            assertHeld(panel[i], HoldReason.Stake, 0, "seat's stake gone");
        }
        assertEq(balances.burnedWei(), 3 * SEAT_STAKE, "burned");
        assertEq(staking.seatsOf(CLASS), 1, "the fourth was not drawn");
        assertEq(machines.machineOf(machineId).completed, 0, "no count");
        assertNothingLeft();
    }

    function test_unaudited_withoutPanel_evictsNobody() public {
        uint256 orderId = completedAfter(100);
        skip(60);
        settle(orderId);

        assertStatus(orderId, OrderStatus.Unaudited, "status");
        assertEq(staking.seatsOf(CLASS), 4, "nobody was told");
        assertNothingLeft();
    }

    function test_unaudited_bySplitVotes_evictsNobody() public {
        uint256 orderId = completedAfter(100);
        auditWith(
            orderId, three(uniform(orderId, PASS), uniform(orderId, FAIL), uniform(orderId, UNAVAILABLE))
        );
        skip(120);
        settle(orderId);

        assertStatus(orderId, OrderStatus.Unaudited, "status");
        assertEq(market.orderOf(orderId).paidWei, 0.2 ether, "paid");
        assertEq(staking.seatsOf(CLASS), 4, "all spoke");
        assertNothingLeft();
    }

    function test_unaudited_evictsWhoCommittedAndKeptQuiet() public {
        uint256 orderId = completedAfter(100);
        address[] memory panel = panelOf(orderId);
        for (uint256 i; i < 3; ++i) {
            commitVerdictsAs(panel[i], orderId, uniform(orderId, PASS));
        }
        revealAs(panel[0], orderId, uniform(orderId, PASS));
        skip(119);
        vm.expectRevert(tooEarly(orderId, time() + 1));
        market.settleOrder(orderId);
        skip(1);
        settle(orderId);

        assertStatus(orderId, OrderStatus.Unaudited, "what only the silent had is not passed");
        assertTrue(staking.hasSeat(CLASS, panel[0]), "spoke");
        assertFalse(staking.hasSeat(CLASS, panel[1]), "silent");
        assertFalse(staking.hasSeat(CLASS, panel[2]), "silent");
        assertNothingLeft();
    }

    /// @dev A panel stored so late that its members had no time: nobody is evicted for it.
    function test_unaudited_lateDrawnPanelIsNotEvicted() public {
        uint256 orderId = completedAfter(100);
        skip(59);
        address[] memory panel = panelOf(orderId);
        commitVerdictsAs(panel[0], orderId, uniform(orderId, PASS));
        skip(1);
        revealAs(panel[0], orderId, uniform(orderId, PASS));
        skip(60);
        settle(orderId);

        assertStatus(orderId, OrderStatus.Unaudited, "status");
        assertEq(staking.seatsOf(CLASS), 4, "nobody had half of the commit phase");
        assertNothingLeft();
    }

    /* HELPERS */

    function three(uint256 a, uint256 b, uint256 c) internal pure returns (uint256[] memory words) {
        words = new uint256[](3);
        (words[0], words[1], words[2]) = (a, b, c);
    }
}
