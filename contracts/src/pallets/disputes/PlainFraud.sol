// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SignatureCheckerLib} from "solady/utils/SignatureCheckerLib.sol";

import {IDisputes} from "../../interfaces/IDisputes.sol";
import {AuditOutcome, LeafProof, ProofFacts, SignedWindow, WindowSubject} from "../../interfaces/Types.sol";
import {LeafLib} from "../../libraries/LeafLib.sol";
import {Ballots} from "./Ballots.sol";

/// @notice Fraud that needs no jury: what the seller committed or signed contradicts itself.
abstract contract PlainFraud is Ballots {
    bytes32 internal constant EVIDENCE_TYPEHASH = keccak256(
        "WindowEvidence(uint256 orderId,uint32 window,uint32 amendment,bytes32 beacon,bytes32 stateBefore,uint32 segments,bytes32 root,bytes32 lastStateRoot)"
    );
    bytes32 internal constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    /// @inheritdoc IDisputes
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
        require(broken, DisputesBadLeaf(orderId, segment));

        // Interaction: nobody is paid for it, or a seller could save half of its stake by having a friend show it.
        PROOFS.convict(orderId, AuditOutcome.Fail, segment, new address[](0));
    }

    /// @inheritdoc IDisputes
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
        require(differs && isSellers, DisputesNoEquivocation(orderId, subject.window));

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
        return SignatureCheckerLib.isValidSignatureNowCalldata(seller, digest, said.signature);
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
        (string memory name, string memory version) = _domainNameAndVersion();
        return keccak256(
            abi.encode(
                DOMAIN_TYPEHASH,
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                block.chainid,
                address(WINDOWS)
            )
        );
    }

    function _requireAuditing(uint256 orderId, ProofFacts memory facts) internal pure {
        require(facts.closedAt != 0 && !facts.settled && facts.committed != 0, DisputesNotAuditing(orderId));
    }

    /// @dev The leaf is this order's, stands at its place in its window's tree, and the window is as committed.
    function _requireCommitted(uint256 orderId, ProofFacts memory facts, LeafProof calldata claim)
        internal
        view
    {
        uint32 segment = claim.leaf.segment;
        require(segment < facts.committed, DisputesNoSuchSegment(orderId, segment));
        uint32 perWindow = facts.segmentsPerWindow;
        bytes32 leafHash = LeafLib.hash(claim.leaf);
        require(
            WINDOWS.isCommitted(orderId, segment / perWindow, claim.root, claim.segments, claim.lastStateRoot)
                && LeafLib.rootOf(leafHash, segment % perWindow, claim.segments, claim.path) == claim.root,
            DisputesBadLeaf(orderId, segment)
        );
    }

    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Trainyard", "1");
    }
}
