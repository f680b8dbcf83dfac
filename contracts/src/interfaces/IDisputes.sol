// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    Ballot,
    DisputeView,
    LeafProof,
    Narrowing,
    SealedBallot,
    SignedWindow,
    WindowSubject
} from "./Types.sol";

/// @title Disputes: a bonded claim that a segment is wrong, and the drawn jury that decides it.
/// @notice Verdicts can only pass an order. To convict a seller somebody challenges a segment under bond; the seller may
/// answer; a jury of the order's hardware class replays and votes, and two thirds of it on one finding decide. With the jury
/// up to ten further segments are drawn (two where the seller does not vouch): where the disputed one ends in another state and all of
/// these hold it was a fault, else fraud.
interface IDisputes {
    /// @notice step 0: the segment as a whole; else all of its steps, of which the answer may single out one.
    event Challenged(
        uint256 indexed disputeId,
        uint256 indexed orderId,
        address indexed challenger,
        uint32 segment,
        uint32 step,
        bytes32 sellerRoot,
        bytes32 challengerRoot,
        uint256 bondWei
    );
    /// @notice Both agree on preRoot before the step and differ after it. preRoot zero: the state before the segment, as in
    /// its leaf. step 0: nothing was singled out.
    event Answered(
        uint256 indexed disputeId, uint32 step, bytes32 preRoot, bytes32 sellerRoot, bytes32 challengerRoot
    );
    event JuryDrawn(uint256 indexed disputeId, uint8 round, address[] jury, uint64 voteDeadline);
    event BallotSealed(uint256 indexed disputeId, uint8 round, address indexed juror, bytes32 commitment);
    event BallotCast(
        uint256 indexed disputeId, uint8 round, address indexed juror, bytes32 found, bool othersHold
    );
    /// @notice The juror was bound to two votes of one round: its seat and the seat's stake are gone.
    event TwoBallots(uint256 indexed disputeId, address indexed juror, bytes32 first, bytes32 second);
    /// @notice Too few agreed in time. round 2: there is no third; the order ends Unaudited.
    event JuryUndecided(uint256 indexed disputeId, uint8 round);
    /// @notice found: what two thirds found; zero: nothing, and nobody lost a bond.
    event DisputeClosed(uint256 indexed disputeId, uint256 indexed orderId, bytes32 found, bool sellerWins);

    /// @notice The order is not in audit.
    error DisputesNotAuditing(uint256 orderId);
    error DisputesNoSuchSegment(uint256 orderId, uint32 segment);
    /// @notice The leaf or what was committed of its window is not what the chain has.
    error DisputesBadLeaf(uint256 orderId, uint32 segment);
    /// @notice Step roots do not fit: their number, their end, or what was posted before.
    error DisputesBadSteps(uint256 orderId, uint32 segment);
    /// @notice The two are no two statements of this seller about one window and one beacon.
    error DisputesNoEquivocation(uint256 orderId, uint32 window);
    error DisputesNotSeller(uint256 disputeId, address caller);
    error DisputesWrongStage(uint256 disputeId);
    /// @notice The block that draws it is not there yet, or nobody has shown the round.
    error DisputesJuryNotReady(uint256 disputeId, uint64 position);
    error DisputesBadBallot(uint256 disputeId, address juror);
    /// @notice Before that only the whole jury's votes are opened, in one call.
    error DisputesSealed(uint256 disputeId, uint64 sealDeadline);

    /// @notice Anyone with unreserved bond, while the order is in audit: says that a segment does not hold, or that what its
    /// replay needs is not served; of one that ended as JOB_STALLED also the segment after the last one committed: that the job comes to its
    /// end. The jury audits all of it. Reserves bondWei.
    function challenge(uint256 orderId, uint32 segment) external returns (uint256 disputeId);
    /// @notice As challenge, where the replay runs and ends in another state than the leaf claims.
    /// @param roots state root after each of the segment's steps, as the caller's replay has them; at most 256
    function challengeSteps(uint256 orderId, LeafProof calldata claim, bytes32[] calldata roots)
        external
        returns (uint256 disputeId);
    /// @notice Seller, in time: has the jury drawn at once, since what was challenged is served (step zero), or singles out a
    /// step before which both agree and after which they differ, in the challenger's own list: the jury decides that one. Whoever
    /// lies about any step, or agrees to a wrong state before it, loses on it, so it need not be the first.
    function answer(uint256 disputeId, Narrowing calldata narrowing) external;
    /// @notice Anyone, once the seller has answered or its time is over: draws the jury and the further segments. After a
    /// silence the first call fixes the block or round that draws them, and a later one draws.
    function drawJury(uint256 disputeId) external;
    /// @notice Anyone, before the seal deadline: stores jurors' signed commitments (EIP-712 Ballot{disputeId, round,
    /// commitment}, domain Trainyard 1), for where not all of the jury came together off chain. A juror's own call needs no
    /// signature. Later only votes that were sealed here count.
    function sealBallots(uint256 disputeId, SealedBallot[] calldata ballots) external;
    /// @notice Anyone: jurors' opened votes. Before the seal deadline the whole jury's in one call: who opens its vote to the
    /// others has seen the signed commitments of all. Later those that were sealed, some or all. Decides and settles as soon
    /// as two thirds agree, or all have voted; before that it keeps the votes. After the deadline it draws once more, then gives
    /// up. Of an order that was settled otherwise it returns the bond. Where the drand round that draws the jury has not been
    /// shown in a third of the reveal phase, the order ends Unaudited.
    /// @dev Ballots in any order; whoever voted cannot vote again.
    function resolve(uint256 disputeId, Ballot[] calldata ballots) external;
    /// @notice Anyone: a juror that is bound to two votes of one round loses its seat. An empty signature stands for the
    /// commitment that is on chain.
    function proveTwoBallots(uint256 disputeId, uint8 round, SealedBallot calldata a, SealedBallot calldata b)
        external;
    /// @notice Anyone: two neighbouring leaves that do not chain, or a window's last leaf that does not end in the state
    /// committed with it (then b is not read). Nobody honest commits that: convicts without a jury and without a bond. Nobody
    /// is paid for it; the payer gets everything back.
    function proveBrokenChain(uint256 orderId, LeafProof calldata a, LeafProof calldata b) external;

    /// @notice Anyone: two things that the seller said of one window, one amendment of it and as many segments, under one
    /// beacon and after one state (EIP-712 WindowEvidence{orderId, window, amendment, beacon, stateBefore, segments, root,
    /// lastStateRoot}, domain Trainyard 1 at Windows). Exactly one trace is correct, so one of them is a lie; what an honest
    /// seller signs anew after a reorganisation differs in beacon or stateBefore, and what it amends in amendment. Convicts
    /// like proveBrokenChain, and nobody is paid for it.
    /// @param b the second, or (no signature) what is committed, while the chain can still read the window's beacon
    /// @param previous the window before it as it is committed; read where b has no signature and it is not the first
    function proveEquivocation(
        uint256 orderId,
        WindowSubject calldata subject,
        SignedWindow calldata a,
        SignedWindow calldata b,
        SignedWindow calldata previous
    ) external;

    function disputeCount() external view returns (uint256);
    /// @notice How many of an order's disputes are not closed: it is not settled before.
    function openOf(uint256 orderId) external view returns (uint256);
    function disputeOf(uint256 disputeId) external view returns (DisputeView memory);
    /// @notice What is stored of a juror's vote of the current round: its commitment and, opened, what it found; zero: nothing.
    /// Votes handed in with the call that decided are in its events only.
    function ballotOf(uint256 disputeId, address juror)
        external
        view
        returns (bytes32 commitment, bytes32 found);
    /// @notice What a challenge of this order reserves.
    function bondWeiOf(uint256 orderId) external view returns (uint256);
}
