// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AuditOutcome, BaseTest, IProofs, Opening, OrderStatus, OrderView} from "../helpers/BaseTest.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";

/// @notice The verdicts of a whole panel in one call, and what stops an auditor from copying them.
contract SubmitVerdictsTest is BaseTest {
    uint256 internal constant PASS = 1;
    uint256 internal constant FAIL = 2;

    function test_passes_andSettlesWhenNobodyChallenged() public {
        uint256 orderId = completedAfter(100);
        Opening[] memory openings = openingsOf(orderId, all(orderId, PASS));
        address[] memory panel = panelOf(orderId);
        uint256 feeWei = FEE_PER_SEGMENT * drawnCount(orderId);
        vm.expectEmit(address(proofs));
        emit IProofs.VerdictsRevealed(orderId, panel[1], openings[1].verdicts, "bafyreport");
        submit(orderId, openings);
        assertStatus(orderId, OrderStatus.Auditing, "not yet");
        assertAudit(orderId, AuditOutcome.Pass, 0);
        settle(orderId);

        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Completed, "status");
        assertEq(order.paidWei, 0.4 ether, "40 proved seconds");
        assertEq(order.refundedWei, ESCROW + AUDIT_FEE - 0.4 ether - feeWei, "refunded");
        assertFree(panel[0], feeWei / 3, "auditor");
        assertNothingLeft();
        assertAudit(orderId, AuditOutcome.Pass, 0);
    }

    /// @dev One by one or together: the same money to the same accounts.
    function testFuzz_settlesAsOneByOneDoes(uint256 a, uint256 b, uint256 c) public {
        uint256 orderId = completedAfter(100);
        uint256[] memory words = new uint256[](3);
        (words[0], words[1], words[2]) = (wordFrom(orderId, a), wordFrom(orderId, b), wordFrom(orderId, c));
        Opening[] memory openings = openingsOf(orderId, words);

        uint256 snapshot = vm.snapshotState();
        auditWith(orderId, words);
        (AuditOutcome outcome,,,,) = proofs.auditOf(orderId);
        if (outcome != AuditOutcome.Pass) {
            vm.revertToState(snapshot);
            return expectRefused(orderId, openings, notPassed(orderId));
        }
        settle(orderId);
        bytes32 oneByOne = outcomeOf(orderId);
        vm.revertToState(snapshot);
        submit(orderId, openings);
        settle(orderId);
        assertEq(outcomeOf(orderId), oneByOne, "the same");
    }

    function test_afterTheCommitPhaseToo() public {
        uint256 orderId = completedAfter(100);
        Opening[] memory openings = openingsOf(orderId, all(orderId, PASS));
        skip(119);
        submit(orderId, openings);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Completed, "status");
    }

    /// @dev A panel that pinDraw stored is the one that signs, whoever took a seat since.
    function test_ofAStoredPanel() public {
        uint256 orderId = completedAfter(100);
        proofs.pinDraw(orderId);
        Opening[] memory openings = openingsOf(orderId, all(orderId, PASS));
        seatAuditor("late");
        vm.roll(height() + 1_000);
        submit(orderId, openings);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Completed, "status");
        assertNothingLeft();
    }

    /* REFUSED */

    /// @dev Verdicts can only pass an order: whoever found anything else challenges it.
    function test_revertsIf_aSegmentIsNotPassed() public {
        uint256 orderId = completedAfter(100);
        expectRefused(orderId, openingsOf(orderId, all(orderId, FAIL)), notPassed(orderId));
        expectRefused(orderId, openingsOf(orderId, all(orderId, 3)), notPassed(orderId));
        // One who fails one segment is enough, whether another passed it, too.
        (, uint256[] memory shares) = proofs.sharesOf(orderId);
        for (uint256 i; i < 3; ++i) {
            for (uint256 position; position < drawnCount(orderId); ++position) {
                if (shares[i] >> (2 * position) & 1 == 0) continue;
                uint256[] memory words = all(orderId, PASS);
                words[i] ^= 3 << (2 * position);
                expectRefused(orderId, openingsOf(orderId, words), notPassed(orderId));
            }
        }
    }

    function test_revertsIf_itIsDisputed_untilTheSellerHasWon() public {
        uint256 orderId = completedAfter(100);
        Opening[] memory openings = openingsOf(orderId, all(orderId, PASS));
        uint256 disputeId = votingOn(challenger, orderId, 2);
        expectRefused(orderId, openings, notPassed(orderId));
        resolveAll(disputeId, Findings.VALID);
        submit(orderId, openings);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Completed, "status");
        assertNothingLeft();
    }

    function test_revertsIf_oneIsMissing() public {
        uint256 orderId = completedAfter(100);
        Opening[] memory whole = openingsOf(orderId, all(orderId, PASS));
        Opening[] memory openings = new Opening[](2);
        (openings[0], openings[1]) = (whole[0], whole[1]);
        expectRefused(
            orderId, openings, abi.encodeWithSelector(IProofs.ProofsNotWholePanel.selector, orderId, 2, 3)
        );
    }

    function test_revertsIf_anotherSigned() public {
        uint256 orderId = completedAfter(100);
        Opening[] memory openings = openingsOf(orderId, all(orderId, PASS));
        openings[1].signature = openings[0].signature;
        expectBad(orderId, openings, 1);
    }

    function test_revertsIf_openedOtherwiseThanSigned() public {
        uint256 orderId = completedAfter(100);
        address[] memory panel = panelOf(orderId);
        Opening[] memory openings = openingsOf(orderId, all(orderId, PASS));
        openings[2].verdicts = uniform(orderId, FAIL);
        expectRefused(orderId, openings, badReveal(orderId, panel[2]));
        openings = openingsOf(orderId, all(orderId, PASS));
        openings[0].salt = bytes32("other");
        expectBad(orderId, openings, 0);
        openings = openingsOf(orderId, all(orderId, PASS));
        openings[0].report = "bafyother";
        expectBad(orderId, openings, 0);
    }

    function test_revertsIf_aVerdictIsMissing() public {
        uint256 orderId = completedAfter(100);
        uint256[] memory words = all(orderId, PASS);
        words[1] ^= 1; // the first of its share
        expectBad(orderId, openingsOf(orderId, words), 1);
    }

    /// @dev Whoever speaks of another's segment could pass it for that one.
    function test_revertsIf_aVerdictIsAboutAnothersSegment() public {
        uint256 orderId = completedAfter(100);
        address[] memory panel = panelOf(orderId);
        Opening[] memory openings = openingsOf(orderId, all(orderId, PASS));
        openings[1] = openingOf(orderId, panel[1], uniform(orderId, PASS));
        expectBad(orderId, openings, 1);
    }

    /// @dev Signed before a seat was taken: another panel, other shares.
    function test_revertsIf_signedForAnotherDraw() public {
        uint256 orderId = completedAfter(100);
        address[] memory panel = panelOf(orderId);
        Opening[] memory openings = openingsOf(orderId, all(orderId, PASS));
        bytes32 commitment = commitmentOf(orderId, panel[0], openings[0].verdicts);
        openings[0].signature = signedCommitment(orderId, 0, bytes32("another"), panel[0], commitment);
        expectBad(orderId, openings, 0);
    }

    /// @dev A signature names its order, its chain and this contract.
    function test_revertsIf_signedForAnotherOrder() public {
        uint256 orderId = completedAfter(100);
        address[] memory panel = panelOf(orderId);
        Opening[] memory openings = openingsOf(orderId, all(orderId, PASS));
        bytes32 commitment = commitmentOf(orderId, panel[0], openings[0].verdicts);
        openings[0].signature = signedCommitment(orderId + 1, panel[0], commitment);
        expectBad(orderId, openings, 0);
        openings = openingsOf(orderId, all(orderId, PASS));
        vm.chainId(block.chainid + 1);
        expectBad(orderId, openings, 0);
    }

    function test_revertsIf_committingHasBegunOnChain() public {
        uint256 orderId = completedAfter(100);
        Opening[] memory openings = openingsOf(orderId, all(orderId, PASS));
        commitVerdictsAs(panelOf(orderId)[0], orderId, uniform(orderId, PASS));
        expectRefused(orderId, openings, abi.encodeWithSelector(IProofs.ProofsWrongPhase.selector, orderId));
    }

    function test_revertsIf_late_orSettled_orTooEarly() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, WINDOWS);
        Opening[] memory none = new Opening[](0);
        expectRefused(orderId, none, abi.encodeWithSelector(IProofs.ProofsNotAuditing.selector, orderId));
        vm.prank(seller);
        market.orderCompleted(orderId, "");
        bytes memory notReady =
            abi.encodeWithSelector(IProofs.ProofsDrawNotReady.selector, orderId, uint64(height() + 2));
        expectRefused(orderId, none, notReady);
        mine(3);
        Opening[] memory openings = openingsOf(orderId, all(orderId, PASS));
        skip(120);
        expectRefused(orderId, openings, abi.encodeWithSelector(IProofs.ProofsWrongPhase.selector, orderId));
        settle(orderId);
        expectRefused(orderId, openings, abi.encodeWithSelector(IProofs.ProofsNotAuditing.selector, orderId));
    }

    function test_settleAudited_isForProofsOnly() public {
        uint256 orderId = completedAfter(100);
        address[] memory agreeing = new address[](1);
        agreeing[0] = stranger;
        vm.expectRevert();
        vm.prank(stranger);
        market.settleAudited(orderId, AuditOutcome.Pass, agreeing, 8);
    }

    /* TWO COMMITMENTS */

    function test_twoSigned_costTheSeat() public {
        uint256 orderId = completedAfter(100);
        address auditor = panelOf(orderId)[0];
        bytes32 own = commitmentOf(orderId, auditor, uniform(orderId, FAIL));
        bytes32 copied = commitmentOf(orderId, auditor, uniform(orderId, PASS));
        bytes memory ownSignature = signedCommitment(orderId, auditor, own);
        bytes memory copiedSignature = signedCommitment(orderId, auditor, copied);
        bytes32 draw = drawnAs(orderId);
        vm.expectEmit(address(proofs));
        emit IProofs.TwoCommitments(orderId, auditor, own, copied);
        proofs.proveTwoCommitments(orderId, 0, draw, auditor, own, ownSignature, copied, copiedSignature);
        assertFalse(staking.hasSeat(CLASS, auditor), "seat");
        assertEq(staking.bondOf(auditor).activeWei, 0, "stake");
        assertEq(balances.burnedWei(), SEAT_STAKE, "burned: nobody gains by making it up");
    }

    /// @dev Signed one thing off chain, then copied what others opened and sent it on chain: also after settlement.
    function test_oneSignedOneSent_costTheSeat() public {
        uint256 orderId = completedAfter(100);
        address auditor = panelOf(orderId)[0];
        bytes32 own = commitmentOf(orderId, auditor, uniform(orderId, FAIL));
        bytes memory signature = signedCommitment(orderId, auditor, own);
        auditAll(orderId, PASS);
        bytes32 draw = drawnAs(orderId);
        bytes32 sent = commitmentOf(orderId, auditor, uniform(orderId, PASS));
        settle(orderId);
        proofs.proveTwoCommitments(orderId, 0, draw, auditor, sent, "", own, signature);
        assertFalse(staking.hasSeat(CLASS, auditor), "seat");
    }

    function test_twoCommitments_revertsIf_theyAreNotTwo_orNotItsOwn() public {
        uint256 orderId = completedAfter(100);
        address auditor = panelOf(orderId)[0];
        bytes32 own = commitmentOf(orderId, auditor, uniform(orderId, PASS));
        bytes memory signature = signedCommitment(orderId, auditor, own);
        bytes memory strange = signatureOf(SIGNER_KEY, bytes32("x"));
        bytes memory elsewhere = signedCommitment(orderId + 1, auditor, bytes32("x"));
        bytes memory reason = badReveal(orderId, auditor);
        bytes32 draw = drawnAs(orderId);
        // Of another draw it may have signed something else.
        bytes memory before = signedCommitment(orderId, 0, bytes32("another"), auditor, bytes32("x"));
        vm.expectRevert(reason);
        proofs.proveTwoCommitments(orderId, 0, draw, auditor, own, signature, bytes32("x"), before);
        vm.expectRevert(reason);
        proofs.proveTwoCommitments(orderId, 0, draw, auditor, own, signature, own, signature);
        vm.expectRevert(reason);
        proofs.proveTwoCommitments(orderId, 0, draw, auditor, own, signature, bytes32("x"), strange);
        vm.expectRevert(reason);
        proofs.proveTwoCommitments(orderId, 0, draw, auditor, own, signature, bytes32("x"), elsewhere);
        // Nothing was sent on chain: an empty signature stands for nothing.
        vm.expectRevert(reason);
        proofs.proveTwoCommitments(orderId, 0, draw, auditor, own, signature, bytes32(0), "");
        vm.expectRevert(reason);
        proofs.proveTwoCommitments(orderId, 0, draw, auditor, own, signature, bytes32("x"), "");
        assertTrue(staking.hasSeat(CLASS, auditor), "seat");
    }

    /* HELPERS */

    function assertAudit(uint256 orderId, AuditOutcome outcome, uint32 failedSegment) internal view {
        (AuditOutcome found,,,, uint32 segment) = proofs.auditOf(orderId);
        assertEq(uint256(found), uint256(outcome), "outcome");
        assertEq(segment, failedSegment, "segment");
    }

    function all(uint256 orderId, uint256 verdict) internal view returns (uint256[] memory words) {
        words = new uint256[](3);
        uint256 word = uniform(orderId, verdict);
        (words[0], words[1], words[2]) = (word, word, word);
    }

    function wordFrom(uint256 orderId, uint256 seed) internal view returns (uint256 word) {
        uint256 count = drawnCount(orderId);
        for (uint256 i; i < count; ++i) {
            uint256 roll = uint256(keccak256(abi.encode(seed, i))) % 24;
            word |= (roll < 2 ? 2 + roll : 1) << (2 * i);
        }
    }

    function outcomeOf(uint256 orderId) internal view returns (bytes32) {
        uint256[] memory free = new uint256[](auditors.length + 2);
        for (uint256 i; i < auditors.length; ++i) {
            free[i] = balances.freeOf(auditors[i]);
        }
        free[auditors.length] = balances.freeOf(seller);
        free[auditors.length + 1] = balances.freeOf(buyer);
        return keccak256(abi.encode(market.orderOf(orderId), free, balances.burnedWei()));
    }

    function expectBad(uint256 orderId, Opening[] memory openings, uint256 member) internal {
        address[] memory panel = panelOf(orderId);
        expectRefused(orderId, openings, badReveal(orderId, panel[member]));
    }

    function expectRefused(uint256 orderId, Opening[] memory openings, bytes memory reason) internal {
        vm.expectRevert(reason);
        proofs.submitVerdicts(orderId, openings);
    }

    function notPassed(uint256 orderId) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IProofs.ProofsNotPassed.selector, orderId);
    }

    function badReveal(uint256 orderId, address auditor) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IProofs.ProofsBadReveal.selector, orderId, auditor);
    }
}
