// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AuditOutcome, Opening} from "../../../contracts/src/interfaces/Types.sol";
import {IProofs} from "../../../contracts/src/interfaces/IProofs.sol";
import {Vm} from "./Test.sol";
import {OrderSteps} from "./OrderSteps.sol";

/// @notice An audit's steps, until the order is settled.
abstract contract AuditSteps is OrderSteps {
    function drawnCount(uint256 orderId) internal view returns (uint256) {
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        return segments.length;
    }

    function panelOf(uint256 orderId) internal view returns (address[] memory panel) {
        (,, panel) = proofs.drawOf(orderId);
    }

    /// @notice Fixes the draw's block where only the clock opened the audit, and waits for it.
    function openDraw(uint256 orderId) internal {
        proofs.pinDraw(orderId);
        mine(3);
    }

    function awaitDraw(uint256 orderId) internal {
        (bool ready,,) = proofs.drawOf(orderId);
        if (!ready) openDraw(orderId);
    }

    /// @notice The member's part of a word about all drawn segments; of a stranger all of it.
    function ownPart(uint256 orderId, address auditor, uint256 word) internal view returns (uint256) {
        address[] memory panel = panelOf(orderId);
        (, uint256[] memory shares) = proofs.sharesOf(orderId);
        for (uint256 i; i < panel.length; ++i) {
            if (panel[i] == auditor) return word & 3 * shares[i];
        }
        return word;
    }

    /// @notice The same verdict (1 pass, 2 fail, 3 unavailable) on all drawn segments.
    function uniform(uint256 orderId, uint256 verdict) internal view returns (uint256 word) {
        uint256 count = drawnCount(orderId);
        for (uint256 i; i < count; ++i) {
            word |= verdict << (2 * i);
        }
    }

    /// @notice Of the member's part of the word.
    function commitmentOf(uint256 orderId, address auditor, uint256 word) internal view returns (bytes32) {
        return commitmentTo(orderId, auditor, ownPart(orderId, auditor, word));
    }

    function commitmentTo(uint256 orderId, address auditor, uint256 verdicts)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(orderId, auditor, verdicts, keccak256(bytes("bafyreport")), SALT));
    }

    function commitVerdictsAs(address auditor, uint256 orderId, uint256 word) internal {
        bytes32 commitment = commitmentOf(orderId, auditor, word);
        vm.prank(auditor);
        proofs.commitVerdicts(orderId, commitment);
    }

    function revealAs(address auditor, uint256 orderId, uint256 word) internal {
        uint256 verdicts = ownPart(orderId, auditor, word);
        vm.prank(auditor);
        proofs.revealVerdicts(orderId, verdicts, SALT, "bafyreport");
    }

    /// @notice All panel members commit and reveal; member i says its part of words[i].
    function auditWith(uint256 orderId, uint256[] memory words) internal {
        awaitDraw(orderId);
        address[] memory panel = panelOf(orderId);
        for (uint256 i; i < panel.length; ++i) {
            commitVerdictsAs(panel[i], orderId, words[i]);
        }
        for (uint256 i; i < panel.length; ++i) {
            revealAs(panel[i], orderId, words[i]);
        }
    }

    /// @notice Member i's part of words[i], opened and signed.
    function openingsOf(uint256 orderId, uint256[] memory words)
        internal
        view
        returns (Opening[] memory list)
    {
        address[] memory panel = panelOf(orderId);
        list = new Opening[](panel.length);
        for (uint256 i; i < panel.length; ++i) {
            list[i] = openingOf(orderId, panel[i], ownPart(orderId, panel[i], words[i]));
        }
    }

    /// @notice Exactly these verdicts.
    function openingOf(uint256 orderId, address auditor, uint256 verdicts)
        internal
        view
        returns (Opening memory)
    {
        bytes32 commitment = commitmentTo(orderId, auditor, verdicts);
        return Opening(verdicts, SALT, "bafyreport", signedCommitment(orderId, auditor, commitment));
    }

    /// @dev For the panel that sits.
    function signedCommitment(uint256 orderId, address auditor, bytes32 commitment)
        internal
        view
        returns (bytes memory)
    {
        return signedCommitment(orderId, proofs.roundOf(orderId), auditor, commitment);
    }

    function signedCommitment(uint256 orderId, uint8 round, address auditor, bytes32 commitment)
        internal
        view
        returns (bytes memory)
    {
        return signedCommitment(orderId, round, drawnAs(orderId), auditor, commitment);
    }

    /// @notice What is drawn now, in a word.
    function drawnAs(uint256 orderId) internal view returns (bytes32 draw) {
        (draw,) = proofs.sharesOf(orderId);
    }

    /// @dev Written out from the EIP, not taken from the contract.
    function signedCommitment(uint256 orderId, uint8 round, bytes32 draw, address auditor, bytes32 commitment)
        internal
        view
        returns (bytes memory)
    {
        bytes32 typeHash = keccak256("Verdicts(uint256 orderId,uint8 round,bytes32 draw,bytes32 commitment)");
        bytes32 message = keccak256(abi.encode(typeHash, orderId, round, draw, commitment));
        return signatureOf(
            keys[auditor] == 0 ? 1 : keys[auditor], typedDigest(address(proofs), block.chainid, message)
        );
    }

    /// @notice Every member gives the same verdict on every segment.
    function auditAll(uint256 orderId, uint256 verdict) internal {
        awaitDraw(orderId);
        uint256[] memory words = new uint256[](3);
        for (uint256 i; i < 3; ++i) {
            words[i] = uniform(orderId, verdict);
        }
        auditWith(orderId, words);
    }

    /// @notice A whole panel's verdicts in one call, by anyone.
    function submit(uint256 orderId, Opening[] memory openings) internal {
        vm.recordLogs();
        proofs.submitVerdicts(orderId, openings);
        notePassed(orderId);
    }

    /// @notice Whom the recorded AuditPassed names.
    function notePassed(uint256 orderId) internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] != IProofs.AuditPassed.selector) continue;
            (passedBy[orderId],,) = abi.decode(logs[i].data, (address[], uint256, uint64));
        }
    }

    /// @notice Passed by a whole panel's signatures: nobody revealed on chain.
    function isSubmitted(uint256 orderId) internal view returns (bool) {
        (AuditOutcome outcome,, uint32 revealed,,) = proofs.auditOf(orderId);
        return outcome == AuditOutcome.Pass && revealed == 0;
    }

    /// @notice What was passed waits until it can no longer be challenged.
    function awaitPay(uint256 orderId) internal {
        (AuditOutcome outcome,,, uint64 deadlineAt,) = proofs.auditOf(orderId);
        if (outcome == AuditOutcome.Pass && deadlineAt > time()) vm.warp(deadlineAt);
    }

    /// @notice Where the first panel left it undecided, the larger one is left to keep silent.
    function settle(uint256 orderId) internal {
        awaitPay(orderId);
        if (isUndecided(orderId)) silentRedraw(orderId);
        bool submitted = isSubmitted(orderId);
        uint256 drawn = drawnCount(orderId);
        vm.prank(stranger);
        if (submitted) proofs.settlePassed(orderId, passedBy[orderId], drawn);
        else market.settleOrder(orderId);
    }

    function isUndecided(uint256 orderId) internal view returns (bool) {
        (AuditOutcome outcome,,,,) = proofs.auditOf(orderId);
        return outcome == AuditOutcome.Undecided;
    }

    /// @notice Nobody of the first panel speaks, so that a larger one is drawn, here of all seats.
    function largerPanelOf(uint256 orderId) internal returns (address[] memory) {
        skip(60);
        market.settleOrder(orderId);
        mine(3);
        return panelOf(orderId);
    }

    /// @notice The first panel left it undecided, and nobody of the larger one speaks.
    function silentRedraw(uint256 orderId) internal {
        market.settleOrder(orderId);
        (,,, uint64 deadlineAt,) = proofs.auditOf(orderId);
        vm.warp(deadlineAt);
    }
}
