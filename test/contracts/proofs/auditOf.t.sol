// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AuditOutcome, BaseTest} from "../helpers/BaseTest.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";

contract AuditOfTest is BaseTest {
    uint256 internal orderId;
    uint256 internal pass;

    function setUp() public override {
        super.setUp();
        orderId = completedAfter(100);
        pass = uniform(orderId, 1);
    }

    function test_pendingBeforeTheEnd() public {
        uint256 running = placeAndStart();
        assertOutcome(running, AuditOutcome.Pending, 0);
        assertOutcome(99, AuditOutcome.Pending, 0);
    }

    function test_deadlinesFollowThePhases() public {
        assertDeadline(60);
        address[] memory panel = panelOf(orderId);
        commitVerdictsAs(panel[0], orderId, pass);
        assertDeadline(60);
        skip(60);
        assertDeadline(60);
    }

    function test_deadlineBeforeTheAuditOpens() public {
        uint256 cancelled = placeAndStart();
        commitNext(cancelled);
        vm.prank(buyer);
        market.cancelOrder(cancelled);
        (,,, uint64 deadlineAt,) = proofs.auditOf(cancelled);
        assertEq(deadlineAt, time() + 10, "the last window's");
        skip(10);
        (,,, deadlineAt,) = proofs.auditOf(cancelled);
        assertEq(deadlineAt, time() + 60, "commits'");
    }

    function test_pass() public {
        auditAll(orderId, 1);
        assertOutcome(orderId, AuditOutcome.Pass, 0);
    }

    /// @dev Verdicts can only pass. Whatever else a majority found is for a dispute, until the reveal deadline.
    function test_unaudited_ifAMajorityFound_anythingElse() public {
        for (uint256 verdict = 2; verdict < 4; ++verdict) {
            uint256 snapshot = vm.snapshotState();
            auditAll(orderId, verdict);
            assertUnauditedAtTheEnd();
            vm.revertToState(snapshot);
        }
    }

    function test_unaudited_ifOneSegmentIsNotPassed() public {
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        uint256 word = withVerdict(pass, positionOf(segments, 9), 2);
        auditWith(orderId, three(word, word, word));
        assertUnauditedAtTheEnd();
    }

    /// @dev The first segment is two members': one who cannot pass it spoils the other's pass.
    function test_unaudited_ifTwoDiffer() public {
        auditWith(orderId, three(pass, withVerdict(pass, 0, 3), pass));
        assertUnauditedAtTheEnd();
    }

    /// @dev The second segment is the third member's alone.
    function test_pass_whateverIsNotAskedOfAMember() public {
        auditWith(orderId, three(withVerdict(pass, 1, 2), withVerdict(pass, 1, 2), pass));
        assertOutcome(orderId, AuditOutcome.Pass, 0);
    }

    /// @dev A panel of two: one fail is enough.
    function test_evenPanelNeedsBoth() public {
        for (uint256 i; i < 2; ++i) {
            vm.prank(auditors[i]);
            staking.leaveSeat(CLASS);
        }
        auditWith(orderId, three(pass, uniform(orderId, 2), 0));
        assertUnauditedAtTheEnd();
    }

    /// @dev A dispute names the segment, whatever the panel said.
    function test_fail_namesTheDisputedSegment() public {
        auditAll(orderId, 1);
        convict(orderId, 7);
        assertOutcome(orderId, AuditOutcome.Fail, 7);
    }

    function test_unavailable_namesTheDisputedSegment() public {
        convictBy(orderId, 9, Findings.UNAVAILABLE);
        assertOutcome(orderId, AuditOutcome.Unavailable, 9);
    }

    function test_pendingWhileDisputed_howeverItIsDecided() public {
        auditAll(orderId, 1);
        assertOutcome(orderId, AuditOutcome.Pass, 0);
        uint256 disputeId = votingOn(challenger, orderId, 3);
        assertOutcome(orderId, AuditOutcome.Pending, 0);
        sealAll(disputeId, Findings.VALID);
        skip(1_000);
        assertOutcome(orderId, AuditOutcome.Pending, 0);
        openVotes(disputeId);
        assertOutcome(orderId, AuditOutcome.Pass, 0);
    }

    function test_unaudited_ifNobodyCommits() public {
        skip(59);
        assertOutcome(orderId, AuditOutcome.Pending, 0);
        skip(1);
        assertOutcome(orderId, AuditOutcome.Undecided, 0);
    }

    function test_pendingUntilNoRevealCanCome() public {
        address[] memory panel = panelOf(orderId);
        commitVerdictsAs(panel[0], orderId, pass);
        commitVerdictsAs(panel[1], orderId, pass);
        skip(60);
        assertOutcome(orderId, AuditOutcome.Pending, 0);
        revealAs(panel[0], orderId, pass);
        assertOutcome(orderId, AuditOutcome.Pending, 0);
        revealAs(panel[1], orderId, pass);
        // The third did not commit in time, so nobody passes what is its share alone.
        assertOutcome(orderId, AuditOutcome.Pending, 0);
        skip(60);
        assertOutcome(orderId, AuditOutcome.Undecided, 0);
    }

    function test_standsAfterSettlement() public {
        convict(orderId, 4);
        skip(10_000);
        mine(10_000);
        assertOutcome(orderId, AuditOutcome.Fail, 4);
    }

    /// @dev Against a rule written the long way, for any verdicts of a panel of three.
    function testFuzz_passesWhatAllAssignedToItPassed(uint256 a, uint256 b, uint256 c) public {
        uint256 count = drawnCount(orderId);
        (, uint256[] memory shares) = proofs.sharesOf(orderId);
        uint256[] memory words = three(filled(a, count), filled(b, count), filled(c, count));
        auditWith(orderId, words);
        bool passes = true;
        for (uint256 i; i < count; ++i) {
            for (uint256 m; m < 3; ++m) {
                if (shares[m] >> (2 * i) & 1 == 1 && words[m] >> (2 * i) & 3 != 1) passes = false;
            }
        }
        if (passes) assertOutcome(orderId, AuditOutcome.Pass, 0);
        else assertUnauditedAtTheEnd();
    }

    /// @dev Any bits into verdicts: mostly pass, so that both outcomes come up.
    function filled(uint256 bits, uint256 count) internal pure returns (uint256 word) {
        for (uint256 i; i < count; ++i) {
            uint256 roll = uint256(keccak256(abi.encode(bits, i))) % 24;
            uint256 verdict = roll == 0 ? 2 : roll == 1 ? 3 : 1;
            word |= verdict << (2 * i);
        }
    }

    function withVerdict(uint256 word, uint256 position, uint256 verdict) internal pure returns (uint256) {
        return word & ~(3 << (2 * position)) | verdict << (2 * position);
    }

    function positionOf(uint32[] memory segments, uint32 segment) internal pure returns (uint256) {
        for (uint256 i; i < segments.length; ++i) {
            if (segments[i] == segment) return i;
        }
        revert("not drawn");
    }

    function three(uint256 a, uint256 b, uint256 c) internal pure returns (uint256[] memory words) {
        words = new uint256[](3);
        (words[0], words[1], words[2]) = (a, b, c);
    }

    function assertOutcome(uint256 id, AuditOutcome expected, uint256 segment) internal view {
        (AuditOutcome outcome,,,, uint32 failedSegment) = proofs.auditOf(id);
        assertEq(uint256(outcome), uint256(expected), "outcome");
        assertEq(failedSegment, segment, "failedSegment");
    }

    function assertUnauditedAtTheEnd() internal {
        skip(119);
        assertOutcome(orderId, AuditOutcome.Pending, 0);
        skip(1);
        assertOutcome(orderId, AuditOutcome.Undecided, 0);
    }

    function assertDeadline(uint256 secondsFromNow) internal view {
        (,,, uint64 deadlineAt,) = proofs.auditOf(orderId);
        assertEq(deadlineAt, time() + secondsFromNow, "deadlineAt");
    }
}
