// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IProofs} from "../../interfaces/IProofs.sol";
import {IRuntime} from "../../interfaces/IRuntime.sol";
import {ProofFacts, ProofMode, ReplayClaim} from "../../interfaces/Types.sol";
import {VerdictLib} from "../../libraries/VerdictLib.sol";
import {Pallet} from "../Pallet.sol";
import {Replays} from "./Replays.sol";

/// @title Offences: the part of Proofs in which an auditor is shown to have lied. Its seat goes.
/// @dev One contract has room for 24,576 bytes (EIP-170), so Proofs delegates to this one, which runs on Proofs' storage and
/// as Proofs. Called by itself it is refused by Staking. Proofs creates it, for good.
contract Offences is Replays {
    constructor(IRuntime runtime_) Pallet(runtime_) {}

    /// @dev As IProofs says.
    function proveTwoCommitments(
        uint256 orderId,
        uint8 round,
        bytes32 draw,
        address auditor,
        bytes32 first,
        bytes calldata firstSignature,
        bytes32 second,
        bytes calldata secondSignature
    ) external {
        // Check: of one draw, different, both the auditor's own: signed, or the one it sent itself.
        ProofFacts memory facts = MARKET.factsOf(orderId);
        require(facts.opensAt != 0, IProofs.ProofsNotAuditing(orderId));
        bool bound = first != second && _isBound(orderId, round, draw, auditor, first, firstSignature)
            && _isBound(orderId, round, draw, auditor, second, secondSignature);
        require(bound, IProofs.ProofsBadReveal(orderId, auditor));

        // Interaction
        emit IProofs.TwoCommitments(orderId, auditor, first, second);
        STAKING.evict(facts.hardwareClass, auditor);
    }

    /// @dev As IProofs says.
    function proveNoReplay(uint256 orderId, ReplayClaim calldata claim) external {
        // Check: this auditor passed the segment, with this salt; on its hardware a replay gives these bits.
        ProofFacts memory facts = MARKET.factsOf(orderId);
        bool isExact = facts.mode == ProofMode.Bitwise || facts.mode == ProofMode.Refereed;
        require(isExact, IProofs.ProofsBadReplay(orderId));
        require(facts.opensAt != 0, IProofs.ProofsNotAuditing(orderId));
        address auditor = claim.auditor;
        require(_hasPassed(orderId, facts, claim), IProofs.ProofsBadReveal(orderId, auditor));
        uint32[] memory drawn = _drawnSegments(orderId, facts, _audits[orderId].seed);
        bool isShown = claim.position < drawn.length
            && _isBehind(orderId, facts, drawn[claim.position], claim.leaf, claim.inner);
        require(isShown, IProofs.ProofsBadReplay(orderId));

        // Check: a replay gives another.
        (uint256 width, uint256 shift) = _saltPlace(claim.verdicts, claim.position);
        uint256 part = uint256(claim.salt) >> shift & (type(uint256).max >> (256 - width));
        bool isReplayed = part == _replayTag(orderId, auditor, claim.inner, width);
        require(!isReplayed, IProofs.ProofsReplayed(orderId, auditor));

        // Interaction
        emit IProofs.NoReplay(orderId, auditor, msg.sender);
        STAKING.evictFor(facts.hardwareClass, auditor, msg.sender);
    }

    /// @dev Bound to these verdicts, which count: revealed on chain, or named by the pass that its panel signed; and they pass the
    /// segment.
    function _hasPassed(uint256 orderId, ProofFacts memory facts, ReplayClaim calldata claim)
        internal
        view
        returns (bool)
    {
        address auditor = claim.auditor;
        bytes32 commitment = _commitmentOf(orderId, auditor, claim.verdicts, claim.report, claim.salt);
        bool isPass = VerdictLib.verdictAt(claim.verdicts, claim.position) == VerdictLib.PASS;
        if (!isPass || !_isBound(orderId, claim.round, claim.draw, auditor, commitment, claim.signature)) {
            return false;
        }
        if (claim.signature.length == 0) {
            return _verdicts[orderId][claim.round][auditor].verdicts == claim.verdicts;
        }
        Audit storage audit = _audits[orderId];
        bytes15 passed = _passDigest(orderId, claim.agreeing, _drawnCount(orderId, facts));
        if (claim.round != _roundOf(orderId) || audit.passed != passed) return false;
        // A first panel passes together or not at all: so they are the draw's panel. It may have signed for another one before.
        if (claim.round == 0 && claim.draw != _drawDigest(audit.seed, claim.agreeing)) return false;
        for (uint256 i; i < claim.agreeing.length; ++i) {
            if (claim.agreeing[i] == auditor) return true;
        }
        return false;
    }
}
