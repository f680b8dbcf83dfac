// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Ballot, DisputeView, LeafProof, SignedWindow} from "./Types.sol";

/// @title Disputes: a bonded claim that a segment is wrong, and the drawn jury that decides it.
/// @notice Verdicts can only pass an order. To convict a seller somebody challenges a segment under bond; the seller may
/// answer; a jury of the order's hardware class replays and votes, and two thirds of it on one finding decide.
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
    event BallotCast(uint256 indexed disputeId, uint8 round, address indexed juror, bytes32 found);
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
    error DisputesJuryNotReady(uint256 disputeId, uint64 blockNumber);
    error DisputesBadBallot(uint256 disputeId, address juror);

    /// @notice Anyone with unreserved bond, while the order is in audit: says that a segment does not hold, or that what its
    /// replay needs is not served. The jury audits all of it. Reserves bondWei.
    function challenge(uint256 orderId, uint32 segment) external returns (uint256 disputeId);
    /// @notice As challenge, where the replay runs and ends in another state than the leaf claims.
    /// @param roots state root after each of the segment's steps, as the caller's replay has them; at most 256
    function challengeSteps(uint256 orderId, LeafProof calldata claim, bytes32[] calldata roots)
        external
        returns (uint256 disputeId);
    /// @notice Seller, in time: has the jury drawn at once, since what was challenged is served (no roots), or posts its own
    /// step roots, so that the jury decides the first step on which both differ.
    /// @param roots as many as the challenger's, the last one as in the leaf
    /// @param challengerRoots as they were posted
    function answer(uint256 disputeId, bytes32[] calldata roots, bytes32[] calldata challengerRoots) external;
    /// @notice Anyone, once the seller has answered or its time is over: draws the jury. After a silence the first call
    /// fixes the block whose hash draws it, and a later one draws.
    function drawJury(uint256 disputeId) external;
    /// @notice Anyone: jurors' votes (EIP-712 Ballot{disputeId, round, found}, domain Trainyard 1), some or all. A juror's own
    /// call needs no signature. Decides and settles as soon as two thirds agree; before that it keeps the votes. After
    /// the deadline it draws once more, then gives up. Of an order that was settled otherwise it returns the bond.
    /// @dev Ballots in any order; whoever voted cannot vote again.
    function resolve(uint256 disputeId, Ballot[] calldata ballots) external;
    /// @notice Anyone: two neighbouring leaves that do not chain, or a window's last leaf that does not end in the state
    /// committed with it (then b is not read). Nobody honest commits that: convicts without a jury and without a bond. Nobody
    /// is paid for it; the payer gets everything back.
    function proveBrokenChain(uint256 orderId, LeafProof calldata a, LeafProof calldata b) external;

    /// @notice Anyone: two things that the seller said of one window and as many segments of it, under one beacon (EIP-712
    /// WindowEvidence{orderId, window, beacon, segments, root, lastStateRoot}, domain Trainyard 1 at Windows). Exactly one
    /// trace is correct, so one of them is a lie; after a reorganisation honest sellers sign two, with different beacons.
    /// Convicts like proveBrokenChain, and nobody is paid for it.
    /// @param b the second, or (no signature) what was committed, while the chain can still read the window's beacon
    function proveEquivocation(
        uint256 orderId,
        uint32 window,
        bytes32 beacon,
        SignedWindow calldata a,
        SignedWindow calldata b
    ) external;

    function disputeCount() external view returns (uint256);
    /// @notice How many of an order's disputes are not closed: it is not settled before.
    function openOf(uint256 orderId) external view returns (uint256);
    function disputeOf(uint256 disputeId) external view returns (DisputeView memory);
    /// @notice What a juror's recorded vote of the current round found; zero: none. Votes handed in with the call that
    /// decided are in its events only.
    function ballotOf(uint256 disputeId, address juror) external view returns (bytes32 found);
    /// @notice What a challenge of this order reserves.
    function bondWeiOf(uint256 orderId) external view returns (uint256);
}
