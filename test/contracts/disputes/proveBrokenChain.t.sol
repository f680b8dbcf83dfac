// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AuditOutcome, IDisputes, Leaf, LeafProof, OrderTerms, OrderView} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {DisputesTest} from "./DisputesTest.sol";

/// @notice Ten segments of four steps in windows of 3, 3, 3 and 1. Nobody votes on what the leaves themselves show.
contract ProveBrokenChainTest is DisputesTest {
    /// @dev Where a chain is broken: within a window, between two, or against the window's last state.
    enum Break {
        None,
        StateWithin,
        StateBetween,
        StepWithin,
        LastState
    }

    Leaf[] internal first;
    Leaf[] internal second;
    bytes32 internal lastOfFirst;

    function test_convicts_whereStatesDoNotChain() public {
        uint256 orderId = committed(Break.StateWithin);
        prove(orderId, claim(0, 0), claim(0, 1));
        assertConvicted(orderId, 1);
    }

    function test_convicts_acrossWindows() public {
        uint256 orderId = committed(Break.StateBetween);
        prove(orderId, claim(0, 2), claim(1, 0));
        assertConvicted(orderId, 3);
    }

    function test_convicts_whereStepsDoNotChain() public {
        uint256 orderId = committed(Break.StepWithin);
        prove(orderId, claim(0, 1), claim(0, 2));
        assertConvicted(orderId, 2);
    }

    /// @dev b is not read.
    function test_convicts_aWindowThatEndsElsewhere() public {
        uint256 orderId = committed(Break.LastState);
        LeafProof memory nothing;
        prove(orderId, claim(0, 2), nothing);
        assertConvicted(orderId, 2);
    }

    /// @dev Anyone, without a bond, and paid like a challenger: half of what is left after the payer.
    /// @dev Or a seller could have a friend show it, and save half of its stake.
    function test_paysNobody() public {
        uint256 orderId = committed(Break.StateWithin);
        prove(orderId, claim(0, 0), claim(0, 1));
        OrderView memory order = market.orderOf(orderId);
        assertEq(order.slashedWei, STAKE, "slashed");
        assertEq(order.refundedWei, ESCROW + AUDIT_FEE, "the payer is whole");
        assertFree(stranger, 0, "whoever showed it");
        assertEq(balances.burnedWei(), STAKE, "burned");
        assertNothingLeft();
    }

    function test_whileDisputed_returnsTheBonds() public {
        uint256 orderId = committed(Break.StateWithin);
        uint256 disputeId = votingOn(challenger, orderId, 5);
        prove(orderId, claim(0, 0), claim(0, 1));
        resolveAll(disputeId, Findings.VALID);
        assertEq(staking.bondOf(challenger).activeWei, CHALLENGE_BOND, "bond");
        assertEq(reservedOf(challenger), 0, "free");
        assertNothingLeft();
    }

    /* AN HONEST CHAIN */

    /// @dev Whatever two leaves of an honest order are shown, in any order.
    function test_convictsNobodyHonest() public {
        uint256 orderId = orderOfLeaves();
        for (uint256 a; a < 10; ++a) {
            for (uint256 b; b < 10; ++b) {
                expectRefused(orderId, claimOf(orderId, a), claimOf(orderId, b));
            }
        }
    }

    /// @dev Nor where the last window is a short one, after its buyer's cancel, or holds all there is.
    function testFuzz_convictsNobodyHonest(uint256 windows, uint256 segments, uint256 a, uint256 b) public {
        uint256 orderId = placeAndStart();
        OrderTerms memory terms = defaultTerms();
        windows = bound(windows, 0, 3);
        for (uint256 w; w < windows; ++w) {
            commitLeaves(orderId, windowLeaves(orderId, terms, w));
        }
        vm.prank(buyer);
        market.cancelOrder(orderId);
        Leaf[] memory last = windowLeaves(orderId, terms, windows);
        segments = bound(segments, 1, last.length);
        Leaf[] memory short = new Leaf[](segments);
        for (uint256 i; i < segments; ++i) {
            short[i] = last[i];
        }
        commitLeaves(orderId, short);
        uint256 count = 3 * windows + segments;
        expectRefused(
            orderId,
            shortClaim(orderId, bound(a, 0, count - 1), windows, short),
            shortClaim(orderId, bound(b, 0, count - 1), windows, short)
        );
    }

    /* REFUSED */

    /// @dev A broken chain convicts by its own two leaves only.
    function test_revertsIf_otherLeavesAreShown() public {
        uint256 orderId = committed(Break.StateWithin);
        expectRefused(orderId, claim(0, 1), claim(0, 2));
        expectRefused(orderId, claim(0, 1), claim(0, 0));
        expectRefused(orderId, claim(0, 0), claim(0, 2));
        expectRefused(orderId, claim(0, 0), claim(0, 0));
    }

    function test_revertsIf_aLeafIsMadeUp() public {
        uint256 orderId = orderOfLeaves();
        LeafProof memory a = claimOf(orderId, 0);
        LeafProof memory b = claimOf(orderId, 1);
        b.leaf.stateRootBefore = bytes32("x");
        expectRefused(orderId, a, b);
        b = claimOf(orderId, 1);
        a.leaf.stateRootAfter = bytes32("x");
        expectRefused(orderId, a, b);
        a = claimOf(orderId, 2);
        a.lastStateRoot = bytes32("x");
        expectRefused(orderId, a, b);
        a = claimOf(orderId, 1);
        a.segments = 2; // so that it would be the last
        expectRefused(orderId, a, b);
        a = claimOf(orderId, 0);
        a.leaf.segment = 2;
        expectRefused(orderId, a, b);
    }

    /// @dev Of another order, or of a segment that is not there.
    function test_revertsIf_itIsNotThisOrders() public {
        uint256 broken = committed(Break.StateWithin);
        uint256 honest = orderOfLeaves();
        expectRefused(honest, claim(0, 0), claim(0, 1));
        LeafProof memory a = claim(0, 0);
        a.leaf.segment = 10;
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputesNoSuchSegment.selector, honest, 10));
        disputes.proveBrokenChain(honest, a, a);
        prove(broken, claim(0, 0), claim(0, 1));
        assertConvicted(broken, 1);
    }

    function test_revertsIf_notInAudit() public {
        uint256 orderId = committed(Break.StateWithin);
        LeafProof memory a = claim(0, 0);
        LeafProof memory b = claim(0, 1);
        prove(orderId, a, b);
        vm.expectRevert(notAuditing(orderId));
        disputes.proveBrokenChain(orderId, a, b);
        orderId = placeAndStart();
        commitLeaves(orderId, first);
        vm.expectRevert(notAuditing(orderId));
        disputes.proveBrokenChain(orderId, a, b);
    }

    /* HELPERS */

    /// @dev Two windows, broken somewhere; then the seller gives up.
    function committed(Break at_) internal returns (uint256 orderId) {
        orderId = placeAndStart();
        OrderTerms memory terms = defaultTerms();
        Leaf[] memory w0 = windowLeaves(orderId, terms, 0);
        Leaf[] memory w1 = windowLeaves(orderId, terms, 1);
        if (at_ == Break.StateWithin) w0[1].stateRootBefore = bytes32("x");
        if (at_ == Break.StateBetween) w1[0].stateRootBefore = bytes32("x");
        if (at_ == Break.StepWithin) w0[2].firstStep += 1;
        lastOfFirst = at_ == Break.LastState ? bytes32("x") : w0[2].stateRootAfter;
        delete first;
        delete second;
        for (uint256 i; i < 3; ++i) {
            first.push(w0[i]);
            second.push(w1[i]);
        }
        commitLeavesEnding(orderId, w0, lastOfFirst);
        commitLeaves(orderId, w1);
        vm.prank(seller);
        market.orderFailed(orderId, 10_002);
        mine(3);
    }

    function claim(uint256 window, uint256 position) internal view returns (LeafProof memory) {
        Leaf[] memory leaves = window == 0 ? first : second;
        return claimIn(leaves, position, window == 0 ? lastOfFirst : leaves[2].stateRootAfter);
    }

    function shortClaim(uint256 orderId, uint256 segment, uint256 windows, Leaf[] memory short)
        internal
        view
        returns (LeafProof memory)
    {
        if (segment < 3 * windows) return claimOf(orderId, segment);
        return claimIn(short, segment % 3, short[short.length - 1].stateRootAfter);
    }

    function prove(uint256 orderId, LeafProof memory a, LeafProof memory b) internal {
        vm.prank(stranger);
        disputes.proveBrokenChain(orderId, a, b);
    }

    function expectRefused(uint256 orderId, LeafProof memory a, LeafProof memory b) internal {
        vm.prank(stranger);
        (bool ok, bytes memory reason) =
            address(disputes).call(abi.encodeCall(disputes.proveBrokenChain, (orderId, a, b)));
        assertFalse(ok, "convicted");
        assertTrue(bytes4(reason) == IDisputes.DisputesBadLeaf.selector, "reason");
    }

    function assertConvicted(uint256 orderId, uint32 segment) internal view {
        assertEq(market.orderOf(orderId).closeReason, CloseReasons.FRAUD_PROVED, "reason");
        (AuditOutcome outcome,,,, uint32 failedSegment) = proofs.auditOf(orderId);
        assertEq(uint256(outcome), uint256(AuditOutcome.Fail), "outcome");
        assertEq(failedSegment, segment, "segment");
    }
}
