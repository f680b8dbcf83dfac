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
        address auditor,
        bytes32 first,
        bytes calldata firstSignature,
        bytes32 second,
        bytes calldata secondSignature
    ) external {
        // Check: of one order and round, different, both the auditor's own: signed, or the one it sent itself.
        ProofFacts memory facts = MARKET.factsOf(orderId);
        require(facts.opensAt != 0, IProofs.ProofsNotAuditing(orderId));
        bool bound = first != second && _isBound(orderId, round, auditor, first, firstSignature)
            && _isBound(orderId, round, auditor, second, secondSignature);
        require(bound, IProofs.ProofsBadReveal(orderId, auditor));

        // Interaction
        emit IProofs.TwoCommitments(orderId, auditor, first, second);
        STAKING.evict(facts.hardwareClass, auditor);
    }

    /// @dev As IProofs says.
    function proveNoReplay(uint256 orderId, ReplayClaim calldata claim) external {
        // Check: this auditor passed everything, with this salt; on its hardware a replay gives these bits.
        ProofFacts memory facts = MARKET.factsOf(orderId);
        bool isExact = facts.mode == ProofMode.Bitwise || facts.mode == ProofMode.Refereed;
        require(isExact, IProofs.ProofsBadReplay(orderId));
        require(facts.opensAt != 0, IProofs.ProofsNotAuditing(orderId));
        address auditor = claim.auditor;
        require(_hasPassed(orderId, facts, claim), IProofs.ProofsBadReveal(orderId, auditor));

        // Check: a replay gives another.
        bytes32 salt = _replaySalt(orderId, auditor, _digestsOf(orderId, facts, claim.leaves, claim.inner));
        require(claim.salt != salt, IProofs.ProofsReplayed(orderId, auditor));

        // Interaction
        emit IProofs.NoReplay(orderId, auditor, msg.sender);
        STAKING.evictFor(facts.hardwareClass, auditor, msg.sender);
    }

    /// @dev Of the last panel, bound to this commitment, and paid for it: revealed on chain, or named by the pass that its panel signed.
    function _hasPassed(uint256 orderId, ProofFacts memory facts, ReplayClaim calldata claim)
        internal
        view
        returns (bool)
    {
        uint256 drawn = _drawnCount(orderId, facts);
        uint256 allPass = VerdictLib.allPass(drawn);
        address auditor = claim.auditor;
        bytes32 commitment = _commitmentOf(orderId, auditor, allPass, claim.report, claim.salt);
        if (!_isBound(orderId, _roundOf(orderId), auditor, commitment, claim.signature)) return false;
        if (_verdictOf(orderId, auditor).verdicts == allPass) return true;
        bytes15 passed = _passDigest(orderId, claim.agreeing, drawn);
        if (_audits[orderId].passed != passed) return false;
        for (uint256 i; i < claim.agreeing.length; ++i) {
            if (claim.agreeing[i] == auditor) return true;
        }
        return false;
    }
}
