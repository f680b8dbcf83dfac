// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDisputes} from "../../interfaces/IDisputes.sol";
import {IRuntime} from "../../interfaces/IRuntime.sol";
import {AuditOutcome, LeafProof, ProofFacts, SignedWindow, WindowSubject} from "../../interfaces/Types.sol";
import {Pallet} from "../Pallet.sol";
import {Claims} from "./Claims.sol";
import {SignedLib} from "../../libraries/SignedLib.sol";

/// @title PlainFraud: the part of Disputes that needs no jury: what the seller committed or signed contradicts itself.
/// @dev One contract has room for 24,576 bytes (EIP-170), so Disputes delegates to this one, which runs as Disputes and
/// reads none of its storage. Called by itself it is refused by Proofs. Disputes creates it, for good.
contract PlainFraud is Claims {
    bytes32 internal constant EVIDENCE_TYPEHASH = keccak256(
        "WindowEvidence(uint256 orderId,uint32 window,uint32 amendment,bytes32 beacon,bytes32 stateBefore,uint32 segments,bytes32 root,bytes32 lastStateRoot)"
    );
    bytes32 internal constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    bytes32 internal constant NAME_HASH = keccak256("Trainyard");
    bytes32 internal constant VERSION_HASH = keccak256("1");

    constructor(IRuntime runtime_) Pallet(runtime_) {}

    /// @dev As IDisputes says.
    function proveBrokenChain(uint256 orderId, LeafProof calldata a, LeafProof calldata b) external {
        // Check: both are committed, neighbours, and do not chain.
        ProofFacts memory facts = MARKET.factsOf(orderId);
        _requireAuditing(orderId, facts);
        _requireCommitted(orderId, facts, a);
        uint32 segment = a.leaf.segment;
        bool isLast = segment % facts.segmentsPerWindow == a.segments - 1;
        bool broken = isLast && a.leaf.stateRootAfter != a.lastStateRoot;
        if (!broken) {
            _requireCommitted(orderId, facts, b);
            broken = b.leaf.segment == segment + 1
                && (b.leaf.stateRootBefore != a.leaf.stateRootAfter || b.leaf.firstStep != a.leaf.lastStep);
            segment = b.leaf.segment;
        }
        require(broken, IDisputes.DisputesBadLeaf(orderId, segment));

        // Interaction: nobody is paid for it, or a seller could save half of its stake by having a friend show it.
        PROOFS.convict(orderId, AuditOutcome.Fail, segment, new address[](0));
    }

    /// @dev As IDisputes says.
    function proveEquivocation(
        uint256 orderId,
        WindowSubject calldata subject,
        SignedWindow calldata a,
        SignedWindow calldata b,
        SignedWindow calldata previous
    ) external {
        // Check: of one length, not the same, both the seller's own.
        ProofFacts memory facts = MARKET.factsOf(orderId);
        _requireAuditing(orderId, facts);
        bool differs = a.segments == b.segments && (a.root != b.root || a.lastStateRoot != b.lastStateRoot);
        bool isSellers = _hasSigned(orderId, facts.seller, subject, a)
            && (b.signature.length == 0
                    ? _hasCommitted(orderId, subject, b, previous)
                    : _hasSigned(orderId, facts.seller, subject, b));
        require(differs && isSellers, IDisputes.DisputesNoEquivocation(orderId, subject.window));

        // Interaction: nobody is paid for it, as for a broken chain.
        uint32 segment = subject.window * facts.segmentsPerWindow;
        PROOFS.convict(orderId, AuditOutcome.Fail, segment, new address[](0));
    }

    /* INTERNAL */

    function _hasSigned(
        uint256 orderId,
        address seller,
        WindowSubject calldata subject,
        SignedWindow calldata said
    ) internal view returns (bool) {
        bytes32 message = keccak256(
            abi.encode(EVIDENCE_TYPEHASH, orderId, subject, said.segments, said.root, said.lastStateRoot)
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _windowsDomain(), message));
        return SignedLib.isSigned(seller, digest, said.signature);
    }

    /// @dev As it stands on chain, under this beacon, after the window before it. The first window has none: its job and
    /// where it resumes fix the state that it begins in.
    function _hasCommitted(
        uint256 orderId,
        WindowSubject calldata subject,
        SignedWindow calldata said,
        SignedWindow calldata previous
    ) internal view returns (bool) {
        uint32 window = subject.window;
        (bytes32 beacon,) = WINDOWS.beaconOf(orderId, window);
        bool follows = window == 0 || previous.lastStateRoot == subject.stateBefore
            && _isCommitted(orderId, window - 1, previous);
        return beacon != 0 && beacon == subject.beacon && follows && _isCommitted(orderId, window, said)
            && WINDOWS.windowOf(orderId, window).amendment == subject.amendment;
    }

    function _isCommitted(uint256 orderId, uint32 window, SignedWindow calldata said)
        internal
        view
        returns (bool)
    {
        return WINDOWS.isCommitted(orderId, window, said.root, said.segments, said.lastStateRoot);
    }

    /// @dev Evidence is signed for Windows, where windows are committed.
    function _windowsDomain() internal view returns (bytes32) {
        return
            keccak256(abi.encode(DOMAIN_TYPEHASH, NAME_HASH, VERSION_HASH, block.chainid, address(WINDOWS)));
    }
}
