// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AuditOutcome, Parameters, ProofFacts} from "../../interfaces/Types.sol";
import {VerdictLib} from "../../libraries/VerdictLib.sol";
import {Draws} from "./Draws.sol";

/// @notice Audits: when verdicts are due, what they add up to, and who agreed, differed or stayed silent.
abstract contract Audits is Draws {
    function _auditing(uint256 orderId)
        internal
        view
        returns (ProofFacts memory facts, Parameters memory p, Clock memory clock)
    {
        facts = MARKET.factsOf(orderId);
        require(facts.closedAt != 0 && !facts.settled && facts.committed != 0, ProofsNotAuditing(orderId));
        p = _parametersOf(facts);
        clock = _clockOf(facts, p);
    }

    function _phaseEnd(uint256 orderId, Clock memory clock) internal view returns (uint64) {
        if (block.timestamp < clock.opensAt) return uint64(clock.opensAt);
        Audit storage audit = _audits[orderId];
        bool allCommitted = audit.panelDrawnAt != 0 && audit.committed == _panels[orderId].length;
        if (block.timestamp < clock.commitDeadline && !allCommitted) return uint64(clock.commitDeadline);
        return uint64(clock.revealDeadline);
    }

    /// @dev Decided once no further reveal is possible, so that neither the outcome nor who is paid for it can
    /// still change. position: of the failed segment in the drawn list, the one lowest in the training.
    function _tally(uint256 orderId, Clock memory clock, ProofFacts memory facts)
        internal
        view
        returns (AuditOutcome outcome, uint256 position)
    {
        Audit storage audit = _audits[orderId];
        uint256 members = _panels[orderId].length;
        bool allRevealed = members != 0 && audit.revealed == members;
        bool noneToCome = block.timestamp >= clock.commitDeadline && audit.revealed == audit.committed;
        if (!allRevealed && !noneToCome && block.timestamp < clock.revealDeadline) {
            return (AuditOutcome.Pending, 0);
        }
        if (audit.revealed == 0) return (AuditOutcome.Unaudited, 0);
        return _weigh(orderId, facts, audit.seed, _votesOf(orderId), _drawnCount(facts));
    }

    /// @dev In the panel's order; zero: not revealed.
    function _votesOf(uint256 orderId) internal view returns (uint256[] memory votes) {
        address[] memory panel = _panels[orderId];
        votes = new uint256[](panel.length);
        for (uint256 i; i < panel.length; ++i) {
            votes[i] = _verdicts[orderId][panel[i]].verdicts;
        }
    }

    /// @dev Segment by segment: fail before unavailable before pass, each by more than half of the panel.
    function _weigh(
        uint256 orderId,
        ProofFacts memory facts,
        bytes32 seed,
        uint256[] memory votes,
        uint256 drawn
    ) internal pure returns (AuditOutcome outcome, uint256 position) {
        // Most audits end here: a majority passed everything.
        uint256 allPass = VerdictLib.allPass(drawn);
        uint256 passes;
        for (uint256 i; i < votes.length; ++i) {
            if (votes[i] == allPass) ++passes;
        }
        if (2 * passes > votes.length) return (AuditOutcome.Pass, 0);

        uint32[] memory segments = _drawnSegments(orderId, facts, seed);
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
    function _agreeing(
        address[] memory panel,
        uint256[] memory votes,
        AuditOutcome outcome,
        uint256 position,
        uint256 drawn
    ) internal pure returns (address[] memory agreeing) {
        agreeing = new address[](panel.length);
        uint256 count;
        for (uint256 i; i < panel.length; ++i) {
            bool agrees;
            if (outcome == AuditOutcome.Pass) {
                agrees = votes[i] == VerdictLib.allPass(drawn);
            } else if (outcome == AuditOutcome.Fail) {
                agrees = VerdictLib.verdictAt(votes[i], position) == VerdictLib.FAIL;
            } else if (outcome == AuditOutcome.Unavailable) {
                agrees = VerdictLib.verdictAt(votes[i], position) == VerdictLib.UNAVAILABLE;
            }
            if (agrees) agreeing[count++] = panel[i];
        }
        assembly ("memory-safe") {
            mstore(agreeing, count)
        }
    }

    /// @dev Committed and did not reveal, or did not commit although the panel stood for half of the commit phase.
    function _isSilent(uint256 orderId, address auditor, Clock memory clock) internal view returns (bool) {
        Verdict storage verdict = _verdicts[orderId][auditor];
        if (verdict.verdicts != 0) return false;
        return verdict.commitment != 0 || _audits[orderId].panelDrawnAt < _noticeDeadline(clock);
    }

    function _isMember(uint256 orderId, address auditor) internal view returns (bool) {
        address[] memory panel = _panels[orderId];
        for (uint256 i; i < panel.length; ++i) {
            if (panel[i] == auditor) return true;
        }
        return false;
    }

    /// @notice What an auditor commits to: without the salt nobody can tell its verdicts, with it nobody can change them.
    function _commitmentOf(
        uint256 orderId,
        address auditor,
        uint256 verdicts,
        string calldata report,
        bytes32 salt
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(orderId, auditor, verdicts, keccak256(bytes(report)), salt));
    }
}
