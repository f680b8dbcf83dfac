// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AuditOutcome, BaseTest} from "../helpers/BaseTest.sol";

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

    /// @dev Positions are in drawn order; the failed segment is the lowest by number.
    function test_fail_namesTheLowestSegment() public {
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        uint256 high = positionOf(segments, 9);
        uint256 low = positionOf(segments, 0);
        uint256 both = withVerdict(withVerdict(pass, high, 2), low, 2);
        auditWith(orderId, three(both, both, withVerdict(pass, high, 2)));
        assertOutcome(orderId, AuditOutcome.Fail, 0);
    }

    function test_fail_onOneSegmentIsEnough() public {
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        uint256 word = withVerdict(pass, positionOf(segments, 9), 2);
        auditWith(orderId, three(word, word, pass));
        assertOutcome(orderId, AuditOutcome.Fail, 9);
    }

    function test_fail_isStrongerThanUnavailable() public {
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        uint256 word = withVerdict(withVerdict(pass, positionOf(segments, 0), 3), positionOf(segments, 9), 2);
        auditWith(orderId, three(word, word, pass));
        assertOutcome(orderId, AuditOutcome.Fail, 9);
    }

    function test_unavailable() public {
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        uint256 word = withVerdict(pass, positionOf(segments, 9), 3);
        auditWith(orderId, three(word, pass, word));
        assertOutcome(orderId, AuditOutcome.Unavailable, 9);
    }

    /// @dev One segment without a majority spoils a pass, but does not hide a fraud elsewhere.
    function test_unaudited_ifASegmentIsUndecided() public {
        uint256 fails = withVerdict(pass, 0, 2);
        uint256 missing = withVerdict(pass, 0, 3);
        auditWith(orderId, three(pass, fails, missing));
        assertOutcome(orderId, AuditOutcome.Unaudited, 0);
    }

    function test_fail_besideAnUndecidedSegment() public {
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        uint256 last = positionOf(segments, 9);
        uint256 first = positionOf(segments, 0);
        uint256 a = withVerdict(withVerdict(pass, last, 2), first, 2);
        uint256 b = withVerdict(withVerdict(pass, last, 2), first, 3);
        auditWith(orderId, three(a, b, pass));
        assertOutcome(orderId, AuditOutcome.Fail, 9);
    }

    /// @dev A panel of two: one fail is not more than half, nor is one pass.
    function test_evenPanelNeedsBoth() public {
        for (uint256 i; i < 2; ++i) {
            vm.prank(auditors[i]);
            staking.leaveSeat(CLASS);
        }
        auditWith(orderId, three(pass, uniform(orderId, 2), 0));
        assertOutcome(orderId, AuditOutcome.Unaudited, 0);
    }

    function test_unaudited_ifNobodyCommits() public {
        skip(59);
        assertOutcome(orderId, AuditOutcome.Pending, 0);
        skip(1);
        assertOutcome(orderId, AuditOutcome.Unaudited, 0);
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
        // The third did not commit in time, so it cannot change anything: no need to wait for it.
        assertOutcome(orderId, AuditOutcome.Pass, 0);
    }

    function test_standsAfterSettlement() public {
        auditAll(orderId, 2);
        settle(orderId);
        skip(10_000);
        mine(10_000);
        assertOutcome(orderId, AuditOutcome.Fail, 0);
    }

    /// @dev Against a count written the long way, for any verdicts of a panel of three.
    function testFuzz_outcomeIsTheMajoritys(uint256 a, uint256 b, uint256 c) public {
        uint256 count = drawnCount(orderId);
        uint256[] memory words = three(filled(a, count), filled(b, count), filled(c, count));
        auditWith(orderId, words);
        (AuditOutcome outcome,,,, uint32 failedSegment) = proofs.auditOf(orderId);
        (uint256 expected, uint256 expectedSegment) = longWay(words);
        assertEq(uint256(outcome), expected, "outcome");
        if (expected == 2 || expected == 3) assertEq(failedSegment, expectedSegment, "segment");
    }

    function longWay(uint256[] memory words) internal view returns (uint256 outcome, uint256 segment) {
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        bool undecided;
        uint256[2] memory lowest = [uint256(1_000), 1_000];
        for (uint256 i; i < segments.length; ++i) {
            uint256[4] memory votes;
            for (uint256 m; m < 3; ++m) {
                ++votes[words[m] >> (2 * i) & 3];
            }
            if (votes[2] >= 2 && segments[i] < lowest[0]) lowest[0] = segments[i];
            if (votes[3] >= 2 && segments[i] < lowest[1]) lowest[1] = segments[i];
            if (votes[1] < 2 && votes[2] < 2 && votes[3] < 2) undecided = true;
        }
        if (lowest[0] < 1_000) return (uint256(AuditOutcome.Fail), lowest[0]);
        if (lowest[1] < 1_000) return (uint256(AuditOutcome.Unavailable), lowest[1]);
        return (uint256(undecided ? AuditOutcome.Unaudited : AuditOutcome.Pass), 0);
    }

    /// @dev Any bits into verdicts: two of three times pass, so that all outcomes come up.
    function filled(uint256 bits, uint256 count) internal pure returns (uint256 word) {
        for (uint256 i; i < count; ++i) {
            uint256 roll = uint256(keccak256(abi.encode(bits, i))) % 12;
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

    function assertDeadline(uint256 secondsFromNow) internal view {
        (,,, uint64 deadlineAt,) = proofs.auditOf(orderId);
        assertEq(deadlineAt, time() + secondsFromNow, "deadlineAt");
    }
}
