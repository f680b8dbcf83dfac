// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDisputes} from "../../interfaces/IDisputes.sol";
import {DisputeStage, ProofFacts} from "../../interfaces/Types.sol";
import {SlashLib} from "../../libraries/SlashLib.sol";
import {Beaconed} from "../Beaconed.sol";
import {Claims} from "./Claims.sol";

/// @notice What Disputes stores of each dispute, and its deadlines.
abstract contract DisputesStore is IDisputes, Claims, Beaconed {
    struct Dispute {
        address challenger;
        uint40 openedAt;
        uint32 segment;
        // slot
        uint64 orderId;
        uint32 step;
        uint40 anchor; // from which the jury's beacon is counted; zero: not yet
        uint40 drawnAt; // zero: no jury yet
        uint8 round;
        bool closed;
        uint64 bondGwei;
        // slots
        bytes32 sellerRoot;
        bytes32 challengerRoot;
        bytes32 stepsRoot; // tree over what the challenger posted (StepsLib)
        bytes32 seed; // of this round's jury and of the further segments
    }

    /// @dev A juror's, of one round.
    struct Vote {
        bytes32 commitment; // zero: not sealed on chain
        bytes32 found; // zero: not opened on chain
        bytes32 work;
        bool othersHold;
    }

    /// @inheritdoc IDisputes
    uint256 public disputeCount;
    mapping(uint256 disputeId => Dispute) internal _disputes;
    mapping(uint256 orderId => uint256) internal _openOf;
    mapping(uint256 disputeId => address[]) internal _juries;
    mapping(uint256 disputeId => mapping(uint256 round => mapping(address juror => Vote))) internal _votes;

    function _requireOpen(uint256 disputeId) internal view returns (Dispute storage d) {
        d = _disputes[disputeId];
        require(d.challenger != address(0) && !d.closed, DisputesWrongStage(disputeId));
    }

    /// @dev Follows from the order's terms, and so stays what it is while the order is in audit.
    function _bondGweiOf(uint256 orderId, ProofFacts memory facts) internal view returns (uint64) {
        uint256 panelCostWei = RUNTIME.parametersAt(facts.parametersVersion).panelCostWei;
        uint256 bondGwei = SlashLib.bondWei(MARKET.orderOf(orderId).stakeWei, panelCostWei) / 1 gwei;
        // forge-lint: disable-next-line(unsafe-typecast) just compared
        return bondGwei < type(uint64).max ? uint64(bondGwei) : type(uint64).max;
    }

    function _bondWei(Dispute storage d) internal view returns (uint256) {
        return uint256(d.bondGwei) * 1 gwei;
    }

    function _answerDeadline(Dispute storage d, ProofFacts memory facts) internal view returns (uint256) {
        return d.openedAt + RUNTIME.parametersAt(facts.parametersVersion).revealSeconds / 4;
    }

    /// @dev Of a jury that a round draws: a drand that is away must not keep an order for ever. Zero: a block draws, or nothing does yet.
    function _drawDeadline(Dispute storage d, ProofFacts memory facts) internal view returns (uint256) {
        if (!_hasBeacon() || d.anchor == 0) return 0;
        return d.anchor + RUNTIME.parametersAt(facts.parametersVersion).revealSeconds / 3;
    }

    function _voteDeadline(Dispute storage d, ProofFacts memory facts) internal view returns (uint256) {
        return d.drawnAt + RUNTIME.parametersAt(facts.parametersVersion).revealSeconds / 2;
    }

    /// @dev Two thirds of the time to replay in, a third to open in.
    function _sealDeadline(Dispute storage d, ProofFacts memory facts) internal view returns (uint256) {
        return d.drawnAt + RUNTIME.parametersAt(facts.parametersVersion).revealSeconds / 3;
    }

    function _stageOf(Dispute storage d, ProofFacts memory facts)
        internal
        view
        returns (DisputeStage stage, uint64 deadlineAt)
    {
        if (d.closed || facts.settled) return (DisputeStage.Closed, 0);
        if (d.drawnAt != 0) return (DisputeStage.Voting, uint64(_voteDeadline(d, facts)));
        uint256 answerDeadline = _answerDeadline(d, facts);
        bool waits = d.anchor == 0 && block.timestamp < answerDeadline;
        return waits
            ? (DisputeStage.Answering, uint64(answerDeadline))
            : (DisputeStage.Drawing, uint64(_drawDeadline(d, facts)));
    }
}
