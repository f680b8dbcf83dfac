// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Ballot, DisputeStage, DisputeView, OrderStatus} from "../helpers/BaseTest.sol";
import {IDisputes} from "../../../contracts/src/interfaces/IDisputes.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {DisputesTest} from "../disputes/DisputesTest.sol";
import {EquivocationTest} from "../disputes/proveEquivocation.t.sol";
import {LocalDrand} from "../helpers/LocalDrand.sol";

/// @notice Juries whose lot is a round of drand: the reveal phase is a minute, so a round may be away for twenty seconds.
contract DrandDisputes is DisputesTest, LocalDrand {
    uint256 internal orderId;

    function setUp() public override {
        beaconAddress = deployDrand();
        super.setUp();
        orderId = orderOfLeaves();
    }

    function mine(uint256 blocks) internal override {
        super.mine(blocks);
        skip(4 * blocks);
    }

    function challenged() internal returns (uint256 disputeId, uint64 round) {
        disputeId = challengeAs(challenger, orderId, 5);
        answerAsSeller(disputeId);
        (round,) = drand.drawAfter(time());
    }

    function test_jury_isDrawnByARoundAfterTheAnswer() public {
        (uint256 disputeId, uint64 round) = challenged();
        assertTrue(publishedAt(round) > time() + MARGIN * PERIOD, "was not there");
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputesJuryNotReady.selector, disputeId, round));
        disputes.drawJury(disputeId);
        vm.warp(publishedAt(round));
        vm.roll(height() + 1_000);
        show(round - 1);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputesJuryNotReady.selector, disputeId, round));
        disputes.drawJury(disputeId);
        show(round);
        disputes.drawJury(disputeId);
        DisputeView memory v = disputes.disputeOf(disputeId);
        assertEq(v.jury.length, 5, "jury");
        assertEq(v.further.length, 9, "further segments");
        disputes.resolve(disputeId, ballotsOf(disputeId, 5, Findings.VALID));
        assertEq(disputes.openOf(orderId), 0, "decided");
    }

    function test_jury_afterASilenceIsDrawnByALaterRound() public {
        uint256 disputeId = challengeAs(challenger, orderId, 5);
        skip(ANSWER_SECONDS);
        disputes.drawJury(disputeId);
        (uint64 round,) = drand.drawAfter(time());
        vm.warp(publishedAt(round));
        show(round);
        disputes.drawJury(disputeId);
        assertEq(uint8(disputes.disputeOf(disputeId).stage), uint8(DisputeStage.Voting), "drawn");
    }

    function test_secondJury_isDrawnByALaterRound() public {
        (uint256 disputeId, uint64 first) = challenged();
        vm.warp(publishedAt(first));
        show(first);
        disputes.drawJury(disputeId);
        skip(VOTE_SECONDS);
        disputes.resolve(disputeId, new Ballot[](0));
        (uint64 second,) = drand.drawAfter(time());
        assertTrue(second > first, "later");
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputesJuryNotReady.selector, disputeId, second));
        disputes.drawJury(disputeId);
    }

    /// @dev drand is away: the order ends Unaudited, and the challenger has its bond back.
    function test_away_endsTheDisputeUndecided() public {
        (uint256 disputeId,) = challenged();
        DisputeView memory v = disputes.disputeOf(disputeId);
        assertEq(uint8(v.stage), uint8(DisputeStage.Drawing), "stage");
        assertEq(v.deadlineAt, time() + 20, "a third of the reveal phase");
        vm.warp(v.deadlineAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputesWrongStage.selector, disputeId));
        disputes.resolve(disputeId, new Ballot[](0));
        vm.warp(v.deadlineAt);
        disputes.resolve(disputeId, new Ballot[](0));
        assertEq(uint8(market.orderOf(orderId).status), uint8(OrderStatus.Unaudited), "status");
        assertEq(staking.bondOf(challenger).activeWei, CHALLENGE_BOND, "bond");
        assertEq(staking.bondOf(challenger).reservedWei, 0, "free");
        assertEq(market.orderOf(orderId).slashedWei, 0, "no stake");
    }

    /// @dev Nobody escapes a jury by being slow: once the round is shown, it is drawn.
    function test_away_notOnceItIsShown() public {
        (uint256 disputeId, uint64 round) = challenged();
        skip(100);
        show(round);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputesWrongStage.selector, disputeId));
        disputes.resolve(disputeId, new Ballot[](0));
        disputes.drawJury(disputeId);
    }

    /// @dev The seller still has time to answer: there is no round yet to be away.
    function test_away_notBeforeThereIsARound() public {
        uint256 disputeId = challengeAs(challenger, orderId, 5);
        skip(1_000);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputesWrongStage.selector, disputeId));
        disputes.resolve(disputeId, new Ballot[](0));
    }
}

/// @notice Signed beside what is committed, under the round's value: somebody shows that round, then the contract sees it.
contract DrandEquivocation is EquivocationTest, LocalDrand {
    function setUp() public override {
        beaconAddress = deployDrand();
        super.setUp();
    }

    function mine(uint256 blocks) internal override {
        super.mine(blocks);
        skip(4 * blocks);
    }

    function test_convicts_underAShownRound() public {
        (, uint64 round) = windows.beaconOf(orderId, 1);
        bytes32 beacon = sha256(abi.encode(signatureOn(round).x, signatureOn(round).y));
        expectNone(1, beacon, signed(1, beacon, 3, "a", "x"), committedOf(1));
        assertEq(show(round), beacon, "what everybody knew");
        vm.roll(height() + 1_000);
        prove(1, beacon, signed(1, beacon, 3, "a", "x"), committedOf(1));
        assertConvicted(3);
    }

    /// @dev A true round that is not this window's.
    function test_revertsIf_anotherRound() public {
        (, uint64 round) = windows.beaconOf(orderId, 1);
        bytes32 beacon = show(round + 1);
        show(round);
        expectNone(1, beacon, signed(1, beacon, 3, "a", "x"), committedOf(1));
    }
}
