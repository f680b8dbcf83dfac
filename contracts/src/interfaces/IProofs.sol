// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AuditOutcome, Opening, ReplayClaim} from "./Types.sol";

/// @title Proofs: draws and verdicts.
/// @notice The draw has a beacon of its own, fixed when the audit opens.
interface IProofs {
    /// @notice position: the block or drand round that drew.
    event DrawSeeded(uint256 indexed orderId, uint64 position, bytes32 seed);
    event PanelDrawn(uint256 indexed orderId, address[] panel);
    /// @notice The first panel left the order undecided: one about twice as large is drawn, by a beacon of its own.
    /// silent: how many of the first one lost their seats. unpassed: what is left to pass, 1 in two bits at each of these
    /// positions in drawOf's list.
    event PanelRedrawn(uint256 indexed orderId, uint256 silent, uint256 unpassed);
    event VerdictsCommitted(uint256 indexed orderId, address indexed auditor, bytes32 commitment);
    /// @notice A whole panel's signed verdicts passed the order, or (agreeing is empty) its pair agrees. It is paid (settlePassed) at settlesAt, unless challenged.
    event AuditPassed(uint256 indexed orderId, address[] agreeing, uint256 drawn, uint64 settlesAt);
    event VerdictsRevealed(uint256 indexed orderId, address indexed auditor, uint256 verdicts, string report);
    /// @notice The auditor was bound to two commitments of one order: its seat and the seat's stake are gone.
    event TwoCommitments(uint256 indexed orderId, address indexed auditor, bytes32 first, bytes32 second);

    /// @notice The auditor passed a segment without having replayed it: its seat and the seat's stake are gone.
    event NoReplay(uint256 indexed orderId, address indexed auditor, address indexed finder);

    /// @notice Its block is not there yet, or nobody has shown its round.
    error ProofsDrawNotReady(uint256 orderId, uint64 position);
    error ProofsNotAuditing(uint256 orderId);
    /// @notice Verdicts can only pass an order: what they found wrong has to be challenged (IDisputes).
    error ProofsNotPassed(uint256 orderId);
    /// @notice What was passed can be challenged until then, or has been.
    error ProofsStillChallengeable(uint256 orderId, uint64 settlesAt);
    /// @notice A whole panel passed the order: settlePassed pays it.
    error ProofsAgreeingNeeded(uint256 orderId);
    /// @notice Its pair agrees, so nobody has to replay it: passAgreed passes it.
    error ProofsAgreed(uint256 orderId);
    /// @notice It is none of a pair that agrees (isAgreed).
    error ProofsNotAgreed(uint256 orderId);
    /// @notice Not the bits behind the committed leaf of that drawn segment.
    error ProofsBadReplay(uint256 orderId);
    /// @notice Its salt is what a replay gives.
    error ProofsReplayed(uint256 orderId, address auditor);
    error ProofsNotWholePanel(uint256 orderId, uint256 openings, uint256 members);
    error ProofsNotDrawn(uint256 orderId, address caller);
    error ProofsAlreadyCommitted(uint256 orderId, address auditor);
    error ProofsWrongPhase(uint256 orderId);
    error ProofsBadReveal(uint256 orderId, address auditor);

    /// @notice Anyone: stores the draw's seed. Call within 256 blocks of its block; after that it moves on by 256 blocks at
    /// a time until one is still readable. Of a round that somebody has shown, whenever. In the first half of the commit phase it also stores the panel, so that
    /// auditors who all stay silent are known and evicted. After a buyer's cancel without a last window, the first call
    /// fixes the seed's block; a round is fixed by the clock.
    function pinDraw(uint256 orderId) external;
    /// @notice Anyone, until the reveal deadline and while nobody has committed on chain: the verdicts of the whole panel,
    /// in drawOf's order, each signed by its auditor (EIP-712 Verdicts{orderId, round, draw, commitment}, domain Trainyard 1;
    /// round 0 is the first panel, 1 the larger one; draw as sharesOf names it). What they pass can be challenged for challengeSeconds, then settlePassed pays it. Auditors exchange signed commitments first, and open them to each other once all are there.
    function submitVerdicts(uint256 orderId, Opening[] calldata openings) external;
    /// @notice Anyone, once the audit of one of a pair is open: passes it without a replay where the pair agrees (isAgreed) and neither
    /// order is disputed. It can be challenged for challengeSeconds, then settlePassed(orderId, [], 0) pays the seller, and the audit
    /// fee goes back.
    function passAgreed(uint256 orderId) external;
    /// @notice Anyone, once the time to challenge what submitVerdicts passed is over and no dispute of it is open: settles.
    /// @param agreeing who is paid, as AuditPassed names them
    /// @param drawn how many segments they audited, as it says
    function settlePassed(uint256 orderId, address[] calldata agreeing, uint256 drawn) external;
    /// @notice Anyone: an auditor that is bound to two commitments of one draw loses its seat. An empty signature stands
    /// for the commitment it sent itself. Where seats or seed moved before the panel was stored or used, an auditor may have
    /// to sign once more, for another draw.
    function proveTwoCommitments(
        uint256 orderId,
        uint8 round,
        bytes32 draw,
        address auditor,
        bytes32 first,
        bytes calldata firstSignature,
        bytes32 second,
        bytes calldata secondSignature
    ) external;
    /// @notice Anyone who knows what a replay of one drawn segment gives: an auditor that passed it, and whose salt says another,
    /// has not replayed. It loses its seat; a tenth of the seat's stake is the caller's, the rest is burned.
    function proveNoReplay(uint256 orderId, ReplayClaim calldata claim) external;
    /// @notice Drawn auditor, in the commit phase: where no whole panel came together off chain.
    /// @param commitment keccak256(abi.encode(orderId, auditor, verdicts, keccak256(bytes(report)), salt)). The
    /// salt has a part of floor(256 / n) bits for each of its n verdicts, lowest position lowest. Of a pass it is the highest bits
    /// of keccak256(abi.encode(orderId, auditor, keccak256(inner))), inner being the segment's bits: any other costs the
    /// seat (proveNoReplay). The rest of it is random.
    function commitVerdicts(uint256 orderId, bytes32 commitment) external;
    /// @param verdicts two bits per drawn segment in drawOf's order, lowest first: 1 pass, 2 fail, 3 unavailable; 0 for
    /// exactly those that are not in the auditor's share (sharesOf)
    /// @param report CID of the auditor's report
    function revealVerdicts(uint256 orderId, uint256 verdicts, bytes32 salt, string calldata report) external;

    /// @notice Disputes only: ends the audit against the seller (Fail, Unavailable) or for want of a decision (Unaudited).
    function convict(uint256 orderId, AuditOutcome outcome, uint32 segment, address[] calldata agreeing)
        external;
    /// @notice Disputes only: a challenge was refuted; commit and reveal phase begin again.
    function reopen(uint256 orderId) external;

    /// @notice Market only, at settlement: evicts silent members of the panel. Changes nothing while Pending. Where the first
    /// panel left it Undecided, the larger one is drawn, for the segments that were not passed, and both phases begin again.
    /// @return outcome what the panel found
    /// @return agreeing who is paid for a pass, of a first panel that left it to the larger one too
    /// @return drawn how many segments they are paid for
    /// @return deadlineAt end of the current phase
    function closeAudit(uint256 orderId)
        external
        returns (AuditOutcome outcome, address[] memory agreeing, uint256 drawn, uint64 deadlineAt);

    /// @notice The beacon of the draw, or of the larger panel: value is zero while it is not known; position, a block or a round,
    /// is zero while none is fixed for it, and again once its value is stored.
    function drawBeaconOf(uint256 orderId) external view returns (bytes32 value, uint64 position);
    /// @notice Drawn segments and panel; ready is false (and both are empty) until the draw's beacon is known; the segments of a
    /// larger panel are the first one's, and only its members wait for another beacon. The panel of
    /// an order that settled without storing it is empty: VerdictsRevealed names its members.
    function drawOf(uint256 orderId)
        external
        view
        returns (bool ready, uint32[] memory segments, address[] memory panel);
    /// @notice The order's pair came to the same (IWindows.agreed), and no panel was stored before. While it is so,
    /// nobody is drawn or called silent, and the order does not end without passAgreed.
    function isAgreed(uint256 orderId) external view returns (bool);
    /// @notice Of an order that passed: because its pair agrees; no auditor has replayed it.
    function passedByAgreement(uint256 orderId) external view returns (bool);
    /// @notice What each member of drawOf's panel replays, in its order: 1 in two bits at each position in drawOf's list. Of a
    /// first panel each segment is one member's, every third two members'; a larger one replays all that the first did not pass.
    /// @return draw what verdicts are about: of the seed and the panel
    function sharesOf(uint256 orderId) external view returns (bytes32 draw, uint256[] memory shares);
    /// @notice 0 while the first panel sits, 1 once the larger one was drawn.
    function roundOf(uint256 orderId) external view returns (uint8);
    /// @notice deadlineAt: when the current phase ends; of a Pass, when it is paid. Pending while a dispute is open; Fail and Unavailable come of a dispute
    /// only, about failedSegment.
    function auditOf(uint256 orderId)
        external
        view
        returns (
            AuditOutcome outcome,
            uint32 committed,
            uint32 revealed,
            uint64 deadlineAt,
            uint32 failedSegment
        );
}
