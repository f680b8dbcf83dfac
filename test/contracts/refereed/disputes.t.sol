// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDisputes, IProofs, OrderStatus, OrderView} from "../helpers/BaseTest.sol";
import {Leaf, LeafProof, ReplayClaim} from "../../../contracts/src/interfaces/Types.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {WindowTree} from "../helpers/WindowTree.sol";
import {RefereedTest} from "./RefereedTest.sol";

contract RefereedDisputesTest is RefereedTest {
    /// @dev The honest seller shows the other's first wrong segment, and is paid for it.
    function test_theOtherSellerConvicts() public {
        differentPair();
        uint256 before = wealthOf(seller);
        uint256 disputeId = votingOn(seller, second, 6);
        resolveAll(disputeId, Findings.UNUSABLE);
        OrderView memory order = market.orderOf(second);
        assertEq(order.closeReason, CloseReasons.FRAUD_PROVED, "fraud");
        assertEq(order.paidWei, 0, "not paid");
        assertEq(order.slashedWei, STAKE, "its stake is gone");
        assertGt(wealthOf(seller), before, "the other seller's share");
        auditAll(first, 1);
        settle(first);
        assertStatus(first, OrderStatus.Completed, "its own order is audited");
        assertNothingLeft();
        assertEq(staking.bondOf(rival).reservedWei, 0, "rival's stake left");
    }

    function test_neitherSellerJudgesEitherOrder() public {
        for (uint256 i; i < 2; ++i) {
            vm.prank(i == 0 ? seller : rival);
            staking.takeSeat(CLASS);
        }
        differentPair();
        assertEq(staking.seatsOf(CLASS), 6, "both have seats");
        for (uint256 id = first; id <= second; ++id) {
            for (uint256 i; i < 8; ++i) {
                uint256 snapshot = vm.snapshotState();
                mine(i);
                openDraw(id);
                assertApart(panelOf(id));
                uint256 disputeId = challengeAs(challenger, id, 3);
                mine(i);
                address[] memory jury = drawJuryOf(disputeId);
                assertEq(jury.length, 4, "all others");
                assertApart(jury);
                vm.revertToState(snapshot);
            }
        }
    }

    /// @dev In an image that nobody vouches for only pay is at stake. A seller that made all up from window 1 on has a friend challenge
    /// its last segment, and answers it at once, so that this is decided before what the other seller challenges: pay would
    /// have ended before that segment. Two further ones are wrong too, so it gets nothing, as by the other's challenge.
    function test_aFriendsChallengeOfTheLastSegment_savesNoPay() public {
        bool[2] memory byFriend = [true, false];
        for (uint256 i; i < 2; ++i) {
            uint256 snapshot = vm.snapshotState();
            unvouched = true;
            startPair();
            strayFrom[second] = 1;
            trainPair();
            awaitAudit(first);
            address[] memory party = new address[](2);
            (party[0], party[1]) = (rival, challenger);
            coverBond(challenger, second);
            uint256 before = wealthOf(rival) + wealthOf(challenger);
            uint256 disputeId = byFriend[i] ? votingOn(challenger, second, 9) : votingOn(seller, second, 3);
            resolveAll(disputeId, bytes32("root"));
            OrderView memory order = market.orderOf(second);
            assertEq(order.closeReason, CloseReasons.MISMATCHES, "reason");
            assertEq(order.paidWei, 0, "nothing, whoever was first");
            uint256 gain = wealthOf(rival) + wealthOf(challenger) - before;
            assertLe(gain, byFriend[i] ? AUDIT_FEE / 5 : 0, "the challenger's share of the fee");
            vm.revertToState(snapshot);
        }
    }

    /// @dev Neither is replayed, nor decided, before both have ended.
    function test_noChallengeBeforeBothHaveEnded() public {
        startPair();
        sealWindows(first, WINDOWS);
        completeAs(first);
        coverBond(challenger, first);
        vm.expectRevert(ofOrder(IDisputes.DisputesNotAuditing.selector, first));
        vm.prank(challenger);
        disputes.challenge(first, 0);
    }

    function test_agreementWaits_whileEitherIsDisputed() public {
        agreedPair();
        uint256 disputeId = votingOn(challenger, second, 6);
        bytes memory reason = ofOrder(IProofs.ProofsNotPassed.selector, first);
        vm.expectRevert(reason);
        proofs.passAgreed(first);
        vm.expectRevert(ofOrder(IProofs.ProofsNotPassed.selector, second));
        proofs.passAgreed(second);
        resolveAll(disputeId, Findings.VALID);
        passAndSettle(first);
        passAndSettle(second);
        assertStatus(second, OrderStatus.Completed, "both hold");
    }

    /// @dev Who agreed with what a jury found wrong is audited.
    function test_agreementEnds_whereAJuryFoundOneWrong() public {
        agreedPair();
        openDraw(first);
        proofs.pinDraw(first);
        convict(second, 6);
        assertFalse(windows.agreed(first) || proofs.isAgreed(first), "no more");
        vm.expectRevert(ofOrder(IProofs.ProofsNotAgreed.selector, first));
        proofs.passAgreed(first);
        skip(120);
        market.settleOrder(first);
        assertEq(proofs.roundOf(first), 1, "a larger panel sits: the first was never drawn");
        assertEq(staking.seatsOf(CLASS), 4, "and nobody is out");
        mine(3);
        passByPanel(first);
        settle(first);
        assertStatus(first, OrderStatus.Completed, "as its auditors say");
    }

    /// @dev A panel that was stored may not be told that nobody needs it, and later that it kept silent.
    function test_agreementThatComesLate_isNone() public {
        completedButSealed();
        openAll(first);
        openAll(second, 3);
        awaitAudit(first);
        openDraw(first);
        proofs.pinDraw(first);
        address[] memory panel = panelOf(first);
        openNext(second);
        assertTrue(windows.agreed(first), "all is open now");
        assertFalse(proofs.isAgreed(first), "but a panel sits");
        for (uint256 i; i < panel.length; ++i) {
            commitVerdictsAs(panel[i], first, uniform(first, 1));
        }
        convict(second, 6);
        for (uint256 i; i < panel.length; ++i) {
            revealAs(panel[i], first, uniform(first, 1));
        }
        settle(first);
        assertStatus(first, OrderStatus.Completed, "as its auditors say");
        assertEq(staking.seatsOf(CLASS), 4, "and nobody is out");
    }

    function test_agreedOrder_canBeChallengedUntilItIsPaid() public {
        agreedPair();
        proofs.passAgreed(first);
        skip(15);
        uint256 disputeId = votingOn(challenger, first, 6);
        skip(15);
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsStillChallengeable.selector, first, time()));
        proofs.settlePassed(first, new address[](0), 0);
        resolveAll(disputeId, Findings.UNUSABLE);
        assertEq(market.orderOf(first).closeReason, CloseReasons.FRAUD_PROVED, "fraud");
    }

    /// @dev What stays sealed is unavailable: whoever sealed what it cannot open loses as for files that it does not serve.
    function test_neverOpened_isUnavailable() public {
        startPair();
        for (uint32 index; index < WINDOWS; ++index) {
            sealNext(first);
            vm.prank(rival);
            windows.sealWindow(second, index, "anything", segmentsOf(index), 0);
        }
        completeAs(first);
        completeAs(second);
        openAll(first);
        awaitAudit(first);
        resolveAll(votingOn(seller, second, 0), Findings.UNAVAILABLE);
        assertEq(market.orderOf(second).closeReason, CloseReasons.CHECKPOINTS_UNAVAILABLE, "unavailable");
        assertEq(market.orderOf(second).slashedWei, STAKE, "its stake is gone");
    }

    /// @dev A draw of one does not move when the other's end gets another reason.
    function test_opensAt_staysWhateverAJuryFinds() public {
        startPair();
        sealWindows(first, WINDOWS);
        sealWindows(second, 1);
        completeAs(first);
        vm.prank(buyer);
        market.cancelOrder(second);
        uint256 opensAt = market.factsOf(first).opensAt;
        assertEq(opensAt, time() + 20, "a last window, and time to open");
        convict(second, 0);
        assertEq(market.factsOf(first).opensAt, opensAt, "it stays");
    }

    /// @dev As bit for bit: step by step, in what has been opened.
    function test_stepsOfASealedWindow() public {
        startPair();
        sealNext(first);
        (, LeafProof memory claim) = sealRealWindow();
        giveUpBoth();
        bytes32[] memory roots = new bytes32[](4);
        coverBond(seller, second);
        vm.expectRevert(withIndex(IDisputes.DisputesBadLeaf.selector, second, 1));
        vm.prank(seller);
        disputes.challengeSteps(second, claim, roots);
        vm.prank(rival);
        windows.openWindow(second, 0, claim.root, 3, claim.lastStateRoot, "");
        vm.prank(seller);
        uint256 disputeId = disputes.challengeSteps(second, claim, roots);
        assertEq(disputes.disputeOf(disputeId).step, 4, "four steps");
    }

    /// @dev Whatever of the twin's leaf, its place, its window or the steps is another, it is refused with its own reason, and nothing is
    /// kept: no dispute, no bond, no conviction. What a chain shows by two leaves is held to the same.
    function test_malformedEvidenceOfTheTwin_isRefused_andLeavesNothing() public {
        startPair();
        sealNext(first);
        (Leaf[] memory leaves, LeafProof memory good) = sealRealWindow();
        giveUpBoth();
        vm.prank(rival);
        windows.openWindow(second, 0, good.root, 3, good.lastStateRoot, "");
        coverBond(seller, second);
        uint256 freeWei = staking.bondOf(seller).activeWei;
        uint256 reservedWei = staking.bondOf(seller).reservedWei;
        for (uint256 field; field < 18; ++field) {
            LeafProof memory claim = LeafProof(leaves[1], good.root, 3, good.lastStateRoot, copyOf(good.path));
            claim.leaf = abi.decode(abi.encode(leaves[1]), (Leaf));
            bytes32[] memory roots = new bytes32[](4);
            bytes memory reason = withIndex(IDisputes.DisputesBadLeaf.selector, second, 1);
            if (field == 0) claim.leaf.orderId = first;
            if (field == 1) claim.leaf.seller = seller;
            if (field == 2) claim.leaf.firstStep -= 1;
            if (field == 3) claim.leaf.lastStep += 1;
            if (field == 4) claim.leaf.stateRootBefore = "x";
            if (field == 5) claim.leaf.stateRootAfter = "x";
            if (field == 6) claim.leaf.batchRoot = "x";
            if (field == 7) claim.leaf.rngRoot = "x";
            if (field == 8) claim.leaf.inputsRoot = "x";
            if (field == 9) claim.leaf.innerRoot = "x";
            if (field == 10) claim.leaf.beaconRound += 1;
            if (field == 11) claim.root = rootOf(first, 0); // the other seller's window
            if (field == 12) claim.segments = 2;
            if (field == 13) claim.lastStateRoot = stateOf(first, 0);
            if (field == 14) claim.path[0] = "x";
            if (field == 15) {
                claim.leaf.segment = 3;
                reason = withIndex(IDisputes.DisputesNoSuchSegment.selector, second, 3);
            }
            if (field > 15) {
                roots = new bytes32[](field == 16 ? 3 : 4);
                if (field == 17) roots[3] = claim.leaf.stateRootAfter;
                reason = withIndex(IDisputes.DisputesBadSteps.selector, second, 1);
            }
            vm.expectRevert(reason);
            vm.prank(seller);
            disputes.challengeSteps(second, claim, roots);
            if (field < 15) {
                vm.expectRevert(reason);
                disputes.proveBrokenChain(second, claim, claim);
            }
        }
        assertEq(disputes.disputeCount(), 0, "no dispute");
        assertEq(disputes.openOf(second), 0, "none is open");
        assertEq(staking.bondOf(seller).activeWei, freeWei, "no bond is gone");
        assertEq(staking.bondOf(seller).reservedWei, reservedWei, "nor held");
        assertStatus(second, OrderStatus.Auditing, "nobody is convicted");
        vm.prank(seller);
        assertEq(disputes.challengeSteps(second, good, new bytes32[](4)), 1, "and what is right is taken");
    }

    /// @dev Panels of refereed orders replay bit for bit, and lose their seats if they do not.
    function test_proveNoReplay_isForThisModeToo() public {
        differentPair();
        openDraw(first);
        ReplayClaim memory claim;
        claim.auditor = panelOf(first)[0];
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsBadReveal.selector, first, claim.auditor));
        proofs.proveNoReplay(first, claim);
    }

    /// @notice The second order's first window, of real leaves; the claim is about its segment 1.
    function sealRealWindow() internal returns (Leaf[] memory leaves, LeafProof memory claim) {
        leaves = new Leaf[](3);
        for (uint32 i; i < 3; ++i) {
            (leaves[i].orderId, leaves[i].seller, leaves[i].segment) = (second, rival, i);
            (leaves[i].firstStep, leaves[i].lastStep) = (4 * i, 4 * i + 4);
            (leaves[i].stateRootBefore, leaves[i].stateRootAfter) =
            (bytes32(uint256(i)), bytes32(uint256(i) + 1));
        }
        bytes32[] memory hashes = WindowTree.hashesOf(leaves);
        claim = LeafProof(
            leaves[1], WindowTree.rootOf(hashes), 3, bytes32(uint256(3)), WindowTree.pathOf(hashes, 1)
        );
        bytes24 digest = bytes24(keccak256(abi.encode(second, claim.root, uint32(3), claim.lastStateRoot)));
        vm.prank(rival);
        windows.sealWindow(second, 0, digest, 3, 0);
    }

    function copyOf(bytes32[] memory list) internal pure returns (bytes32[] memory copy) {
        copy = new bytes32[](list.length);
        for (uint256 i; i < list.length; ++i) {
            copy[i] = list[i];
        }
    }

    function giveUpBoth() internal {
        vm.prank(seller);
        market.orderFailed(first, CloseReasons.SELLER_GAVE_UP);
        vm.prank(rival);
        market.orderFailed(second, CloseReasons.SELLER_GAVE_UP);
    }

    function assertApart(address[] memory drawn) internal view {
        for (uint256 i; i < drawn.length; ++i) {
            assertTrue(drawn[i] != seller && drawn[i] != rival, "a seller of the pair");
        }
    }
}
