// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AuditOutcome, ProofFacts} from "../../interfaces/Types.sol";
import {VerdictLib} from "../../libraries/VerdictLib.sol";
import {Draws} from "./Draws.sol";

/// @notice Audits: when verdicts are due, what they add up to, and who agreed, differed or stayed silent.
abstract contract Audits is Draws {
    function _auditing(uint256 orderId)
        internal
        view
        returns (ProofFacts memory facts, Progress storage progress, Clock memory clock)
    {
        facts = _market().factsOf(orderId);
        progress = _progress[orderId];
        require(facts.closedAt != 0 && !facts.settled && progress.windows != 0, ProofsNotAuditing(orderId));
        clock = _clockOf(orderId, facts, progress);
    }

    function _phaseEnd(uint256 orderId, Progress storage progress, Clock memory clock)
        internal
        view
        returns (uint64)
    {
        if (block.timestamp < clock.opensAt) return uint64(clock.opensAt);
        bool allCommitted = progress.panelDrawnAt != 0 && progress.committed == _panels[orderId].length;
        if (block.timestamp < clock.commitDeadline && !allCommitted) return uint64(clock.commitDeadline);
        return uint64(clock.revealDeadline);
    }

    /// @dev Decided once no further reveal is possible, so that neither the outcome nor who is paid for it can
    /// still change. position: of the failed segment in the drawn list, the one lowest in the training.
    function _tally(uint256 orderId, Progress storage progress, Clock memory clock, ProofFacts memory facts)
        internal
        view
        returns (AuditOutcome outcome, uint256 position)
    {
        address[] memory panel = _panels[orderId];
        bool allRevealed = panel.length != 0 && progress.revealed == panel.length;
        bool noneToCome = block.timestamp >= clock.commitDeadline && progress.revealed == progress.committed;
        if (!allRevealed && !noneToCome && block.timestamp < clock.revealDeadline) {
            return (AuditOutcome.Pending, 0);
        }

        uint256 drawn = progress.drawn;
        uint256[] memory votes = new uint256[](panel.length);
        uint256 passes;
        for (uint256 i; i < panel.length; ++i) {
            votes[i] = _verdicts[orderId][panel[i]].verdicts;
            if (votes[i] != 0 && votes[i] == VerdictLib.allPass(drawn)) ++passes;
        }
        // Most audits end here: a majority passed everything.
        if (2 * passes > panel.length) return (AuditOutcome.Pass, 0);
        if (progress.revealed == 0) return (AuditOutcome.Unaudited, 0);
        (uint32[] memory segments,) = _drawnSegments(orderId, facts, progress);
        return _weigh(votes, segments);
    }

    /// @dev Segment by segment: fail before unavailable before pass, each by more than half of the panel.
    function _weigh(uint256[] memory votes, uint32[] memory segments)
        internal
        pure
        returns (AuditOutcome outcome, uint256 position)
    {
        outcome = AuditOutcome.Pass;
        uint256 lowest = type(uint256).max;
        for (uint256 i; i < segments.length; ++i) {
            AuditOutcome found = _majorityAt(votes, i);
            if (found == AuditOutcome.Pass) continue;
            bool stronger = _rank(found) > _rank(outcome);
            if (stronger || found == outcome && segments[i] < lowest) {
                outcome = found;
                position = i;
                lowest = segments[i];
            }
        }
    }

    /// @dev Fail over unavailable over undecided over pass.
    function _rank(AuditOutcome outcome) internal pure returns (uint256) {
        if (outcome == AuditOutcome.Fail) return 3;
        if (outcome == AuditOutcome.Unavailable) return 2;
        return outcome == AuditOutcome.Unaudited ? 1 : 0;
    }

    function _majorityAt(uint256[] memory votes, uint256 position) internal pure returns (AuditOutcome) {
        uint256[4] memory counts;
        for (uint256 i; i < votes.length; ++i) {
            ++counts[VerdictLib.verdictAt(votes[i], position)];
        }
        if (2 * counts[VerdictLib.FAIL] > votes.length) return AuditOutcome.Fail;
        if (2 * counts[VerdictLib.UNAVAILABLE] > votes.length) return AuditOutcome.Unavailable;
        return 2 * counts[VerdictLib.PASS] > votes.length ? AuditOutcome.Pass : AuditOutcome.Unaudited;
    }

    /// @dev Who is paid: for a pass those who passed everything, else those who saw it at the failed segment.
    function _agreeing(uint256 orderId, AuditOutcome outcome, uint256 position, uint256 drawn)
        internal
        view
        returns (address[] memory agreeing)
    {
        address[] memory panel = _panels[orderId];
        agreeing = new address[](panel.length);
        uint256 count;
        for (uint256 i; i < panel.length; ++i) {
            uint256 votes = _verdicts[orderId][panel[i]].verdicts;
            bool agrees;
            if (outcome == AuditOutcome.Pass) {
                agrees = votes == VerdictLib.allPass(drawn);
            } else if (outcome == AuditOutcome.Fail) {
                agrees = VerdictLib.verdictAt(votes, position) == VerdictLib.FAIL;
            } else if (outcome == AuditOutcome.Unavailable) {
                agrees = VerdictLib.verdictAt(votes, position) == VerdictLib.UNAVAILABLE;
            }
            if (agrees) agreeing[count++] = panel[i];
        }
        assembly ("memory-safe") {
            mstore(agreeing, count)
        }
    }

    /// @dev Committed and did not reveal, or did not commit although the panel stood for half of the commit phase.
    function _isSilent(uint256 orderId, address auditor, Progress storage progress, Clock memory clock)
        internal
        view
        returns (bool)
    {
        Verdict storage verdict = _verdicts[orderId][auditor];
        if (verdict.verdicts != 0) return false;
        return verdict.commitment != 0 || progress.panelDrawnAt < _noticeDeadline(clock);
    }

    function _isMember(uint256 orderId, address auditor) internal view returns (bool) {
        address[] memory panel = _panels[orderId];
        for (uint256 i; i < panel.length; ++i) {
            if (panel[i] == auditor) return true;
        }
        return false;
    }
}
