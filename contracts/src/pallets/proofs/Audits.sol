// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {LibBit} from "solady/utils/LibBit.sol";

import {IProofs} from "../../interfaces/IProofs.sol";
import {AuditOutcome, Parameters, ProofFacts} from "../../interfaces/Types.sol";
import {VerdictLib} from "../../libraries/VerdictLib.sol";
import {Draws} from "./Draws.sol";

/// @notice Audits: when verdicts are due, what they add up to, and who agreed, differed or stayed silent.
abstract contract Audits is Draws {
    uint256 internal constant MAX_REPORT_BYTES = 128; // a CID has half of it

    function _auditing(uint256 orderId)
        internal
        view
        returns (ProofFacts memory facts, Parameters memory p, Clock memory clock)
    {
        facts = MARKET.factsOf(orderId);
        require(
            facts.opensAt != 0 && !facts.settled && facts.committed != 0, IProofs.ProofsNotAuditing(orderId)
        );
        p = _parametersOf(facts);
        clock = _clockOf(orderId, facts, p);
    }

    /// @dev Nobody has to replay it: the pair agrees, and no panel was stored. A stored one has to speak, so nothing may keep it from
    /// that: what is begun on chain ends there.
    function _isAgreed(uint256 orderId, ProofFacts memory facts) internal view returns (bool) {
        return facts.twin != 0 && _audits[orderId].panelDrawnAt == 0 && _roundOf(orderId) == 0
            && WINDOWS.agreed(orderId);
    }

    /// @dev Of the phase, or, once a pass stands, of the time in which it can be challenged.
    function _phaseEnd(uint256 orderId, Clock memory clock, AuditOutcome outcome)
        internal
        view
        returns (uint64)
    {
        if (block.timestamp < clock.opensAt) return uint64(clock.opensAt);
        if (outcome == AuditOutcome.Pass) return uint64(_settlesAt(orderId, clock));
        Audit storage audit = _audits[orderId];
        bool allCommitted = audit.panelDrawnAt != 0 && audit.committed == _storedPanel(orderId).length;
        if (block.timestamp < clock.commitDeadline && !allCommitted) return uint64(clock.commitDeadline);
        return uint64(clock.revealDeadline);
    }

    /// @dev A pass, and that nobody said anything, is decided once no further reveal can change it or who is paid for it;
    /// anything else at the end, since until then whoever found a fault may challenge. Never while it is disputed.
    function _tally(uint256 orderId, Clock memory clock, ProofFacts memory facts)
        internal
        view
        returns (AuditOutcome outcome)
    {
        if (DISPUTES.openOf(orderId) != 0) return AuditOutcome.Pending;
        if (_audits[orderId].passed != 0) return AuditOutcome.Pass;
        outcome = _weigh(orderId, _votesOf(orderId), _drawnCount(orderId, facts));
        bool mayEndEarly = outcome == AuditOutcome.Pass || _audits[orderId].revealed == 0;
        uint256 endsAt = mayEndEarly ? _verdictsAt(orderId, clock) : clock.revealDeadline;
        // A panel that nobody needs stays silent with reason.
        if (block.timestamp < endsAt || _isAgreed(orderId, facts)) return AuditOutcome.Pending;
        if (outcome == AuditOutcome.Unaudited && _mayRedraw(orderId, clock, facts)) {
            return AuditOutcome.Undecided;
        }
    }

    /// @dev Once, where anybody is left who could be drawn.
    function _mayRedraw(uint256 orderId, Clock memory clock, ProofFacts memory facts)
        internal
        view
        returns (bool)
    {
        if (_roundOf(orderId) != 0) return false;
        uint256 seats = STAKING.seatsBesides(facts.hardwareClass, facts.seller, facts.buyer, facts.otherParty);
        address[] memory panel = _storedPanel(orderId);
        for (uint256 i; i < panel.length; ++i) {
            if (_isSilent(orderId, panel[i], clock) && STAKING.hasSeat(facts.hardwareClass, panel[i])) {
                --seats;
            }
        }
        return seats != 0;
    }

    /// @dev Whoever stayed silent is out.
    function _evictSilent(uint256 orderId, Clock memory clock, ProofFacts memory facts)
        internal
        returns (uint256 silent)
    {
        address[] memory panel = _storedPanel(orderId);
        for (uint256 i; i < panel.length; ++i) {
            if (!_isSilent(orderId, panel[i], clock)) continue;
            STAKING.evict(facts.hardwareClass, panel[i]);
            ++silent;
        }
    }

    /// @dev A larger panel by a beacon of its own, for what the first one did not pass. No segment is drawn anew: a panel that
    /// keeps silent gets its friend no other draw.
    function _redraw(uint256 orderId, Clock memory clock, ProofFacts memory facts) internal {
        // Interaction: before the larger panel sits.
        uint256 silent = _evictSilent(orderId, clock, facts);
        uint256 passed = VerdictLib.undisputed(_votesOf(orderId));
        uint256 unpassed = VerdictLib.allPass(_drawnCount(orderId, facts)) & ~passed;

        // Effect
        _unpassed[orderId] = unpassed;
        _pinSeed(orderId, facts);
        Audit storage audit = _audits[orderId];
        if (facts.auditBlock == 0 && audit.openedBlock == 0) audit.openedBlock = uint40(block.number);
        audit.redrawAnchor = uint40(_anchorOf(block.number, block.timestamp));
        audit.reopenedAt = uint40(block.timestamp);
        audit.panelDrawnAt = 0;
        audit.committed = 0;
        audit.revealed = 0;
        audit.revealedAt = 0;
        emit IProofs.PanelRedrawn(orderId, silent, unpassed);
    }

    /// @dev When no further reveal can come, as far as that is known.
    function _verdictsAt(uint256 orderId, Clock memory clock) internal view returns (uint256) {
        Audit storage audit = _audits[orderId];
        uint256 members = _storedPanel(orderId).length;
        if (members != 0 && audit.revealed == members) return audit.revealedAt;
        if (audit.revealed != audit.committed) return clock.revealDeadline;
        return audit.revealedAt > clock.commitDeadline ? audit.revealedAt : clock.commitDeadline;
    }

    /// @dev When what the panel passed is paid.
    function _settlesAt(uint256 orderId, Clock memory clock) internal view returns (uint256) {
        uint256 settlesAt = _audits[orderId].settlesAt;
        return settlesAt != 0 ? settlesAt : _verdictsAt(orderId, clock) + clock.challengeSeconds;
    }

    /// @dev Of the panel that sits.
    function _votesOf(uint256 orderId) internal view returns (uint256[] memory) {
        return _votesIn(orderId, _roundOf(orderId));
    }

    /// @dev In the panel's order; zero: not revealed.
    function _votesIn(uint256 orderId, uint256 round) internal view returns (uint256[] memory votes) {
        address[] memory panel = _panels[orderId][round];
        votes = new uint256[](panel.length);
        for (uint256 i; i < panel.length; ++i) {
            votes[i] = _verdicts[orderId][round][panel[i]].verdicts;
        }
    }

    /// @dev Verdicts can only pass; nobody is convicted by them. Of the first panel every segment by somebody who replayed it
    /// and against nobody who did; of the larger one each of the rest by more than half of it.
    function _weigh(uint256 orderId, uint256[] memory votes, uint256 drawn)
        internal
        view
        returns (AuditOutcome)
    {
        bool passes = _roundOf(orderId) == 0
            ? VerdictLib.undisputed(votes) == VerdictLib.allPass(drawn)
            : VerdictLib.hasMajority(votes, _unpassed[orderId]);
        return passes ? AuditOutcome.Pass : AuditOutcome.Unaudited;
    }

    /// @dev Who is paid for a pass, in equal parts: who passed all of its share. Of a first panel that left it to a larger one, too,
    /// where the fee then still pays each of the larger one the price of its replays, of which a segment's fee is one and a half.
    function _paidOf(
        uint256 orderId,
        address[] memory panel,
        uint256[] memory votes,
        uint256[] memory shares,
        uint256 drawn
    ) internal view returns (address[] memory paid) {
        paid = _agreeing(panel, votes, shares);
        if (_roundOf(orderId) == 0) return paid;
        address[] memory first = _panels[orderId][0];
        first = _agreeing(first, _votesIn(orderId, 0), VerdictLib.shares(drawn, first.length));
        uint256 largerCount = paid.length;
        uint256 count = largerCount + first.length;
        if (3 * drawn < 2 * count * LibBit.popCount(_unpassed[orderId])) return paid;

        address[] memory all = new address[](count);
        for (uint256 i; i < count; ++i) {
            all[i] = i < largerCount ? paid[i] : first[i - largerCount];
        }
        return all;
    }

    /// @dev Those who passed all of their share.
    function _agreeing(address[] memory panel, uint256[] memory votes, uint256[] memory shares)
        internal
        pure
        returns (address[] memory agreeing)
    {
        agreeing = new address[](panel.length);
        uint256 count;
        for (uint256 i; i < panel.length; ++i) {
            if (votes[i] == shares[i]) agreeing[count++] = panel[i];
        }
        assembly ("memory-safe") {
            mstore(agreeing, count)
        }
    }

    /// @dev Committed and did not reveal, or did not commit although the panel stood for half of the commit phase.
    function _isSilent(uint256 orderId, address auditor, Clock memory clock) internal view returns (bool) {
        Verdict storage verdict = _verdictOf(orderId, auditor);
        if (verdict.verdicts != 0) return false;
        return verdict.commitment != 0 || _audits[orderId].panelDrawnAt < clock.noticeDeadline;
    }

    /// @dev Its place in the panel that sits. Only that panel's members have one.
    function _requireMember(uint256 orderId, address auditor)
        internal
        view
        returns (uint256 place, uint256 members)
    {
        address[] memory panel = _storedPanel(orderId);
        members = panel.length;
        while (place < members && panel[place] != auditor) ++place;
        require(place != members, IProofs.ProofsNotDrawn(orderId, auditor));
    }

    /// @dev The positions that it replays.
    function _requireShare(uint256 orderId, ProofFacts memory facts, address auditor)
        internal
        view
        returns (uint256)
    {
        (uint256 place, uint256 members) = _requireMember(orderId, auditor);
        return _sharesOf(orderId, members, _drawnCount(orderId, facts))[place];
    }

    /// @dev Whoever shows that it has not replayed has to send the report again, and more beside it.
    function _isShort(string calldata report) internal pure returns (bool) {
        return bytes(report).length <= MAX_REPORT_BYTES;
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
