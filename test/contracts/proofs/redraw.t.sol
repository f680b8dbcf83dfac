// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AuditOutcome, BaseTest, IProofs, Opening, OrderStatus, OrderView} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";

/// @dev Twelve seats, panels of three: six are drawn once more.
contract RedrawTest is BaseTest {
    uint256 internal constant PASS = 1;
    uint256 internal constant FAIL = 2;

    uint256 internal orderId;
    address[] internal first;
    uint32[] internal segments;
    mapping(address auditor => uint256) internal freeBefore;

    function setUp() public override {
        super.setUp();
        for (uint256 i = 4; i < 12; ++i) {
            seatAuditor(string.concat("auditor", vm.toString(i)));
        }
        orderId = completedAfter(100);
        first = panelOf(orderId);
        (, segments,) = proofs.drawOf(orderId);
    }

    /* WHEN */

    function test_aSilentPanelLosesItsSeats_andTwiceAsManyAreDrawn() public {
        proofs.pinDraw(orderId);
        skip(60);
        assertOutcome(AuditOutcome.Undecided);
        vm.expectEmit(address(proofs));
        emit IProofs.PanelRedrawn(orderId, 3, uniform(orderId, PASS));
        redraw();

        assertStatus(orderId, OrderStatus.Auditing, "goes on");
        assertOutcome(AuditOutcome.Pending);
        assertEq(staking.seatsOf(CLASS), 9, "the silent have none");
        mine(3);
        (bool ready, uint32[] memory again, address[] memory panel) = proofs.drawOf(orderId);
        assertTrue(ready, "ready");
        assertEq(panel.length, 6, "twice as many");
        assertEq(keccak256(abi.encode(again)), keccak256(abi.encode(segments)), "no other segments");
        for (uint256 i; i < 3; ++i) {
            assertFalse(isIn(first[i], panel), "silent");
        }
    }

    function test_aPanelThatNobodyStoredLosesNothing() public {
        skip(60);
        vm.expectEmit(address(proofs));
        emit IProofs.PanelRedrawn(orderId, 0, uniform(orderId, PASS));
        redraw();
        assertEq(staking.seatsOf(CLASS), 12, "seats");
    }

    /// @dev Until then whoever found a fault may challenge.
    function test_alsoWhereTheyDiffer_onceTheTimeIsOver() public {
        auditWith(orderId, words(uniform(orderId, PASS), uniform(orderId, FAIL), uniform(orderId, FAIL)));
        skip(119);
        assertOutcome(AuditOutcome.Pending);
        skip(1);
        redraw();
        assertEq(staking.seatsOf(CLASS), 12, "all spoke");
        passBySix();
        settle(orderId);
        assertStatus(orderId, OrderStatus.Completed, "what two of three called wrong is outvoted");
    }

    /* WHAT IS LEFT */

    /// @dev Of six segments the first panel's second member has three; two of them another has, too.
    function test_onlyWhatWasNotPassedIsReplayedAgain() public {
        (, uint256[] memory shares) = proofs.sharesOf(orderId);
        assertEq(shares[1], spot(0) | spot(3) | spot(5), "its share");
        uint256 doubts = uniform(orderId, PASS) + 2 * spot(0) + 2 * spot(5); // unavailable
        auditWith(orderId, words(uniform(orderId, PASS), doubts, uniform(orderId, PASS)));
        skip(120);
        vm.expectEmit(address(proofs));
        emit IProofs.PanelRedrawn(orderId, 0, spot(0) | spot(5));
        redraw();
        mine(3);
        (, shares) = proofs.sharesOf(orderId);
        assertEq(shares.length, 6, "members");
        for (uint256 i; i < 6; ++i) {
            assertEq(shares[i], spot(0) | spot(5), "all the rest, each");
        }
        // Neither more nor less.
        address[] memory panel = panelOf(orderId);
        for (uint256 i; i < 2; ++i) {
            Opening[] memory openings = sixOpenings();
            openings[0] = openingOf(orderId, panel[0], i == 0 ? spot(0) : uniform(orderId, PASS));
            vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsBadReveal.selector, orderId, panel[0]));
            proofs.submitVerdicts(orderId, openings);
        }
        passBySix();
        settle(orderId);
        assertStatus(orderId, OrderStatus.Completed, "status");
        assertPaid(panel, new address[](0), "two doubted segments leave the first panel nothing");
        assertNothingLeft();
    }

    /// @dev Silence is no doubt: what another assigned to it passed is passed. What nobody else has is left.
    function test_ofASilentMemberWhatNobodyElseHasIsLeft() public {
        commitVerdictsAs(first[0], orderId, uniform(orderId, PASS));
        commitVerdictsAs(first[2], orderId, uniform(orderId, PASS));
        skip(60);
        revealAs(first[0], orderId, uniform(orderId, PASS));
        revealAs(first[2], orderId, uniform(orderId, PASS));
        skip(60);
        vm.expectEmit(address(proofs));
        emit IProofs.PanelRedrawn(orderId, 1, spot(5));
        redraw();
    }

    /// @dev Whatever they say, nothing that was in doubt is left out, and nothing else is replayed again.
    function testFuzz_whatIsLeft(uint256 seed) public {
        (, uint256[] memory shares) = proofs.sharesOf(orderId);
        uint256[] memory said = words(0, 0, 0);
        uint256 expected;
        for (uint256 i; i < segments.length; ++i) {
            bool passed = true;
            for (uint256 m; m < 3; ++m) {
                if (shares[m] & spot(i) == 0) continue;
                uint256 roll = uint256(keccak256(abi.encode(seed, i, m))) % 8;
                uint256 verdict = roll == 0 ? 2 : roll == 1 ? 3 : 1;
                said[m] |= verdict << (2 * i);
                if (roll < 2) passed = false;
            }
            if (!passed) expected |= spot(i);
        }
        auditWith(orderId, said);
        if (expected == 0) return assertOutcome(AuditOutcome.Pass);
        skip(120);
        vm.expectEmit(address(proofs));
        emit IProofs.PanelRedrawn(orderId, 0, expected);
        redraw();
    }

    function test_onlyOnce() public {
        skip(60);
        redraw();
        mine(3);
        proofs.pinDraw(orderId);
        address[] memory panel = panelOf(orderId);
        skip(59);
        vm.expectRevert(tooEarly(orderId, time() + 1));
        market.settleOrder(orderId);
        skip(1);
        assertOutcome(AuditOutcome.Unaudited);
        market.settleOrder(orderId);
        assertStatus(orderId, OrderStatus.Unaudited, "status");
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.AUDITORS_SILENT, "reason");
        assertEq(staking.seatsOf(CLASS), 6, "the second panel's too");
        for (uint256 i; i < panel.length; ++i) {
            assertFalse(staking.hasSeat(CLASS, panel[i]), "silent");
        }
        assertNothingLeft();
    }

    /// @dev Nobody to draw: waiting once more would help nobody.
    function test_notWhereNobodyIsLeft() public {
        for (uint256 i; i < auditors.length; ++i) {
            if (isIn(auditors[i], first)) continue;
            vm.prank(auditors[i]);
            staking.leaveSeat(CLASS);
        }
        first = panelOf(orderId);
        proofs.pinDraw(orderId);
        skip(60);
        assertOutcome(AuditOutcome.Unaudited);
        market.settleOrder(orderId);
        assertStatus(orderId, OrderStatus.Unaudited, "status");
        assertNothingLeft();
    }

    function test_notWhileItIsDisputed() public {
        skip(59);
        uint256 disputeId = votingOn(challenger, orderId, 3);
        skip(1);
        assertOutcome(AuditOutcome.Pending);
        vm.expectRevert();
        market.settleOrder(orderId);
        resolveAll(disputeId, Findings.VALID);
        skip(60);
        redraw();
        passBySix();
        settle(orderId);
        assertStatus(orderId, OrderStatus.Completed, "status");
        assertNothingLeft();
    }

    /* WHO */

    function test_membersWaitForAnotherBeacon() public {
        skip(60);
        redraw();
        (bool ready, uint32[] memory drawn, address[] memory panel) = proofs.drawOf(orderId);
        assertFalse(ready, "ready");
        assertEq(drawn.length, segments.length, "segments");
        assertEq(panel.length, 0, "panel");
        (bytes32 value, uint64 blockNumber) = proofs.drawBeaconOf(orderId);
        assertEq(value, 0, "not yet");
        assertEq(blockNumber, block.number + 2, "of a block to come");
        vm.prank(first[0]);
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsDrawNotReady.selector, orderId, blockNumber));
        proofs.commitVerdicts(orderId, bytes32("x"));

        mine(3);
        proofs.pinDraw(orderId);
        (value, blockNumber) = proofs.drawBeaconOf(orderId);
        assertTrue(value != 0 && blockNumber == 0, "stored");
        address[] memory stored = panelOf(orderId);
        mine(300);
        assertEq(keccak256(abi.encode(panelOf(orderId))), keccak256(abi.encode(stored)), "for good");
    }

    function test_partiesAreNotDrawn() public {
        bondAs(buyer, SEAT_STAKE);
        vm.prank(buyer);
        staking.takeSeat(CLASS);
        for (uint256 i; i < 20; ++i) {
            uint256 snapshot = vm.snapshotState();
            skip(60);
            mine(i + 1);
            redraw();
            mine(3);
            assertEq(panelOf(orderId).length, 6, "six others");
            assertFalse(isIn(buyer, panelOf(orderId)), "party");
            vm.revertToState(snapshot);
        }
    }

    /* WHAT COUNTS */

    function test_aPassIsPaidToThem() public {
        proofs.pinDraw(orderId);
        skip(60);
        redraw();
        passBySix();
        address[] memory panel = panelOf(orderId);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Completed, "status");
        for (uint256 i; i < 6; ++i) {
            assertGt(balances.freeOf(panel[i]), 0, "paid");
        }
        assertEq(balances.freeOf(first[0]), 0, "not the silent");
        assertNothingLeft();
    }

    function test_oneByOneToo() public {
        auditWith(orderId, words(uniform(orderId, FAIL), uniform(orderId, FAIL), uniform(orderId, FAIL)));
        skip(120);
        redraw();
        mine(3);
        address[] memory panel = panelOf(orderId);
        uint256 word = uniform(orderId, PASS);
        for (uint256 i; i < 6; ++i) {
            commitVerdictsAs(panel[i], orderId, word);
        }
        for (uint256 i; i < 4; ++i) {
            revealAs(panel[i], orderId, word);
        }
        skip(120);
        assertOutcome(AuditOutcome.Pass);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Completed, "status");
        assertEq(staking.seatsOf(CLASS), 10, "two kept quiet");
        assertNothingLeft();
    }

    /// @dev What they signed for the first panel is another's.
    function test_signaturesOfTheFirstRoundDoNotCount() public {
        skip(60);
        redraw();
        mine(3);
        address[] memory panel = panelOf(orderId);
        uint256 word = uniform(orderId, PASS);
        Opening[] memory openings = new Opening[](6);
        for (uint256 i; i < 6; ++i) {
            bytes32 commitment = commitmentTo(orderId, panel[i], word);
            bytes memory signature = signedCommitment(orderId, 0, panel[i], commitment);
            openings[i] = Opening(word, SALT, "bafyreport", signature);
        }
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsBadReveal.selector, orderId, panel[0]));
        proofs.submitVerdicts(orderId, openings);
    }

    /// @dev What was not served to the first panel may be served to the second.
    function test_twoCommitments_areOfOneRound() public {
        skip(60);
        redraw();
        address auditor = first[0];
        bytes32 fail = commitmentOf(orderId, auditor, uniform(orderId, FAIL));
        bytes32 pass = commitmentOf(orderId, auditor, uniform(orderId, PASS));
        bytes memory before = signedCommitment(orderId, 0, auditor, fail);
        bytes memory afterwards = signedCommitment(orderId, 1, auditor, pass);
        bytes32 draw = drawnAs(orderId);
        for (uint8 round; round < 2; ++round) {
            vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsBadReveal.selector, orderId, auditor));
            proofs.proveTwoCommitments(orderId, round, draw, auditor, fail, before, pass, afterwards);
        }
        before = signedCommitment(orderId, 1, auditor, fail);
        proofs.proveTwoCommitments(orderId, 1, draw, auditor, fail, before, pass, afterwards);
        assertFalse(staking.hasSeat(CLASS, auditor), "seat");
    }

    /* WHO IS PAID */

    /// @dev Six segments, one in doubt: eight share the fee, and each of the larger panel has more than a replay's price, which is
    /// two thirds of a segment's fee.
    function test_ofOneDoubtedSegment_thoseOfTheFirstPanelWhoPassedTheirsArePaidToo() public {
        doubtOne();
        passBySix();
        address[] memory larger = panelOf(orderId);
        settle(orderId);
        assertPaid(larger, pair(first[0], first[2]), "eight");
        OrderView memory order = market.orderOf(orderId);
        uint256 backWei = order.escrowWei + order.auditFeeWei - order.paidWei - FEE_PER_SEGMENT * 6;
        assertEq(order.refundedWei, backWei, "the payer pays the fee, no more");
        assertGe(FEE_PER_SEGMENT * 6 / 8, FEE_PER_SEGMENT * 2 / 3, "no loss for the larger panel");
        assertNothingLeft();
    }

    function test_alsoWhereTheLargerPanelRevealsOneByOne() public {
        doubtOne();
        mine(3);
        address[] memory larger = panelOf(orderId);
        for (uint256 i; i < 6; ++i) {
            commitVerdictsAs(larger[i], orderId, uniform(orderId, PASS));
        }
        for (uint256 i; i < 6; ++i) {
            revealAs(larger[i], orderId, uniform(orderId, PASS));
        }
        settle(orderId);
        assertPaid(larger, pair(first[0], first[2]), "eight");
        assertNothingLeft();
    }

    /// @dev Five of six agree, with two of the first panel: seven.
    function test_whoDisagreesInEitherPanelIsNotPaid() public {
        doubtOne();
        mine(3);
        address[] memory larger = panelOf(orderId);
        uint256[] memory list = new uint256[](6);
        for (uint256 i; i < 6; ++i) {
            list[i] = uniform(orderId, i == 0 ? FAIL : PASS);
        }
        submit(orderId, openingsOf(orderId, list));
        settle(orderId);
        address[] memory five = new address[](5);
        for (uint256 i; i < 5; ++i) {
            five[i] = larger[i + 1];
        }
        assertPaid(five, pair(first[0], first[2]), "seven");
        assertNothingLeft();
    }

    /// @dev Nobody else is named: settlePassed takes no other list.
    function test_theFirstPanelCannotBeLeftOut() public {
        doubtOne();
        passBySix();
        address[] memory larger = panelOf(orderId);
        skip(3_600);
        uint256 drawn = drawnCount(orderId);
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsNotPassed.selector, orderId));
        proofs.settlePassed(orderId, larger, drawn);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Completed, "status");
    }

    /* HELPERS */

    /// @dev first[1] says of one of its three segments that it was not served.
    function doubtOne() internal {
        uint256 doubts = uniform(orderId, PASS) + 2 * spot(3);
        auditWith(orderId, words(uniform(orderId, PASS), doubts, uniform(orderId, PASS)));
        skip(120);
        redraw();
        for (uint256 i; i < auditors.length; ++i) {
            freeBefore[auditors[i]] = balances.freeOf(auditors[i]);
        }
    }

    /// @dev Everybody's gain: so many equal parts of the fee, what does not divide for the first; who is in both has two parts.
    function assertPaid(address[] memory larger, address[] memory ofFirst, string memory why) internal view {
        uint256 parts = larger.length + ofFirst.length;
        uint256 feeWei = FEE_PER_SEGMENT * 6;
        for (uint256 i; i < auditors.length; ++i) {
            address auditor = auditors[i];
            uint256 own = (isIn(auditor, larger) ? 1 : 0) + (isIn(auditor, ofFirst) ? 1 : 0);
            uint256 wei_ = own * (feeWei / parts) + (auditor == larger[0] ? feeWei % parts : 0);
            assertEq(balances.freeOf(auditor) - freeBefore[auditor], wei_, why);
        }
    }

    function pair(address a, address b) internal pure returns (address[] memory list) {
        list = new address[](2);
        (list[0], list[1]) = (a, b);
    }

    function redraw() internal {
        vm.prank(stranger);
        market.settleOrder(orderId);
        assertEq(proofs.roundOf(orderId), 1, "round");
    }

    function passBySix() internal {
        mine(3);
        submit(orderId, sixOpenings());
    }

    function sixOpenings() internal view returns (Opening[] memory) {
        uint256[] memory list = new uint256[](6);
        for (uint256 i; i < 6; ++i) {
            list[i] = uniform(orderId, PASS);
        }
        return openingsOf(orderId, list);
    }

    function spot(uint256 position) internal pure returns (uint256) {
        return 1 << (2 * position);
    }

    function words(uint256 a, uint256 b, uint256 c) internal pure returns (uint256[] memory list) {
        list = new uint256[](3);
        (list[0], list[1], list[2]) = (a, b, c);
    }

    function isIn(address account, address[] memory list) internal pure returns (bool) {
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == account) return true;
        }
        return false;
    }

    function assertOutcome(AuditOutcome expected) internal view {
        (AuditOutcome outcome,,,,) = proofs.auditOf(orderId);
        assertEq(uint256(outcome), uint256(expected), "outcome");
    }
}
