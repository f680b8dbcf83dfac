// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Parameters, ProofFacts} from "../../interfaces/Types.sol";
import {Beaconed} from "../Beaconed.sol";

/// @notice What Proofs stores of each order, and the clock of its audit.
abstract contract ProofsStore is Beaconed {
    /// @dev Of one order.
    struct Audit {
        // slot: one, since every order pays for it
        bytes12 seed; // of the draw: first bytes of its beacon, which was fixed before anyone could know it
        bytes15 passed; // digest of what a whole panel's signed verdicts settle; zero: none came
        uint40 settlesAt; // when they do
        // slot
        uint40 openedBlock; // of an audit that the clock opened; zero: not yet, Market knows it, or a round draws
        uint40 panelDrawnAt;
        uint8 committed; // panel members
        uint8 revealed;
        uint40 reopenedAt; // by a dispute that the seller won, or the draw of a larger panel; zero: never
        uint40 revealedAt; // last
        uint40 redrawAnchor; // from which the larger panel's beacon is counted; zero: the first one sits
    }

    struct Verdict {
        bytes32 commitment; // zero: not committed
        uint256 verdicts; // zero: not revealed
    }

    /// @dev Clock of one order's audit.
    struct Clock {
        uint256 opensAt;
        uint256 noticeDeadline; // half of the commit phase: who was drawn by then has to speak
        uint256 commitDeadline;
        uint256 revealDeadline;
        uint256 challengeSeconds;
    }

    mapping(uint256 orderId => Audit) internal _audits;
    /// @dev Of an order that a dispute ended.
    mapping(uint256 orderId => uint32) internal _failedSegments;
    /// @dev By round.
    mapping(uint256 orderId => mapping(uint256 round => address[])) internal _panels;
    mapping(uint256 orderId => mapping(uint256 round => mapping(address auditor => Verdict))) internal
        _verdicts;
    /// @dev Of the larger panel.
    mapping(uint256 orderId => bytes32) internal _panelSeeds;
    /// @dev What the larger panel replays: the positions that the first one did not pass.
    mapping(uint256 orderId => uint256) internal _unpassed;

    function _roundOf(uint256 orderId) internal view returns (uint8) {
        return _audits[orderId].redrawAnchor == 0 ? 0 : 1;
    }

    /// @dev That sits; empty: not stored.
    function _storedPanel(uint256 orderId) internal view returns (address[] storage) {
        return _panels[orderId][_roundOf(orderId)];
    }

    function _verdictOf(uint256 orderId, address auditor) internal view returns (Verdict storage) {
        return _verdicts[orderId][_roundOf(orderId)][auditor];
    }

    /// @dev Counts from the call that ended the order (or its twin), not from the paid time's end: nobody can sit out the audit
    /// by ending it late. A dispute that the seller won, and a larger panel, give auditors both phases again.
    function _clockOf(uint256 orderId, ProofFacts memory facts, Parameters memory p)
        internal
        view
        returns (Clock memory)
    {
        uint256 opensAt = facts.opensAt;
        uint256 reopenedAt = _audits[orderId].reopenedAt;
        uint256 commitDeadline = (reopenedAt > opensAt ? reopenedAt : opensAt) + p.commitSeconds;
        uint256 noticeDeadline = commitDeadline - p.commitSeconds / 2;
        uint256 revealDeadline = commitDeadline + p.revealSeconds;
        return Clock(opensAt, noticeDeadline, commitDeadline, revealDeadline, p.challengeSeconds);
    }

    /// @dev As they were when the order was placed.
    function _parametersOf(ProofFacts memory facts) internal view returns (Parameters memory) {
        return RUNTIME.parametersAt(facts.parametersVersion);
    }

    /// @dev 120 bits: whoever wants other accounts to be paid has to find a second preimage.
    function _passDigest(uint256 orderId, address[] memory agreeing, uint256 drawn)
        internal
        pure
        returns (bytes15)
    {
        return bytes15(keccak256(abi.encode(orderId, agreeing, drawn)));
    }
}
