// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice How a job's work is proved.
/// @custom:value0 None: plain rental, by time alone; of the terms steps, segments, windows, draws, shares and vouched are zero.
/// @custom:value1 Bitwise: auditors of the same class get every bit.
/// @custom:value2 Tolerance: auditors of the order's class, which may hold unlike hardware, come close enough, by the job's own
/// thresholds. Never vouched for: what they find may end pay, and slashes nothing.
/// @custom:value3 Refereed: two sellers run the job side by side (IMarket.placeRefereed). Where every bit of theirs agrees nobody
/// replays; else auditors do, as for Bitwise.
enum ProofMode {
    None,
    Bitwise,
    Tolerance,
    Refereed
}

/// @notice Where an order stands. Computed from stored facts and the clock, never stored.
/// @custom:value0 None: no such order.
/// @custom:value1 Preparing: paid for, not started. Warm: turns Expired-able once the confirm window has passed.
/// @custom:value2 Training: started, not ended. Warm: may be expired after its maximum duration.
/// @custom:value3 Auditing: ended with at least one committed window; drawn auditors decide. Warm.
/// @custom:value4 Disputed: audit under challenge. Warm.
/// @custom:value5 Completed: settled, all work proved. Cold.
/// @custom:value6 Failed: settled, ended early or by fraud. Cold.
/// @custom:value7 Cancelled: settled, ended by the buyer. Cold.
/// @custom:value8 Expired: settled, ended by the clock. Cold.
/// @custom:value9 Unaudited: settled, auditors were silent. Cold.
enum OrderStatus {
    None,
    Preparing,
    Training,
    Auditing,
    Disputed,
    Completed,
    Failed,
    Cancelled,
    Expired,
    Unaudited
}

enum MachineStatus {
    None,
    Idle,
    ForRent,
    Renting
}

/// @notice What the drawn auditors found, or a jury. Pending until it can no longer change.
/// @custom:value2 Fail: fraud.
/// @custom:value5 Fault: a segment is wrong, and all that were drawn further hold.
/// @custom:value6 Mismatch: as Fault, in an environment for which the seller does not answer.
/// @custom:value7 NotDeterministic: jurors who replay come to different states.
/// @custom:value8 Undecided: by the first panel. The next settleOrder draws the larger one, and the audit is Pending again.
/// @custom:value9 Mismatches: as Mismatch, but further segments are wrong too, or what is found contradicts itself.
enum AuditOutcome {
    Pending,
    Pass,
    Fail,
    Unavailable,
    Unaudited,
    Fault,
    Mismatch,
    NotDeterministic,
    Undecided,
    Mismatches
}

/// @notice Why money is held in Balances.
enum HoldReason {
    Escrow, // an order's price and audit fee
    Stake // a seller's or auditor's bond, active and unbonding
}

/// @notice Everything a buyer agrees to. The job behind jobHash repeats these numbers; daemon and auditor compare them.
struct OrderTerms {
    uint256 offerId;
    bytes32 jobHash;
    uint32 maxSeconds; // longest paid time
    uint32 stepMicros; // agreed time of one step, microseconds: pay is capped by provedSteps * stepMicros
    uint64 steps;
    uint32 stepsPerSegment;
    uint32 segmentsPerWindow;
    uint16 draws; // random segments audited, besides the first and the last
    uint16 unauditedShareBps; // share of the earned pay if auditors stay silent
    ProofMode mode;
    bool vouched; // the seller answers with its stake for the job's environment giving the same bits everywhere
}

/// @notice Somebody's part of a hold that is paid out.
struct Payout {
    address to;
    uint256 amountWei;
}

/// @notice Who pays. payer = 0 or msg.sender: the caller, and paySignature is ignored. Otherwise the payer's
/// EIP-712 PayOrder signature. permitSignature (65 bytes r,s,v) may be empty.
struct Payment {
    address payer;
    uint256 maxTotalWei;
    uint256 nonce;
    uint256 deadline;
    bytes paySignature;
    bytes permitSignature;
}

/// @notice An offer that its seller signed off chain (EIP-712, IConsents). It fills while its machine is free.
struct SignedOffer {
    address seller; // owner of the machine: a key, or a wallet that answers ERC-1271
    uint64 machineId;
    uint96 pricePerHourWei;
    uint32 minSeconds; // of one order
    uint32 maxSeconds; // of all its orders together, renewals included
    uint64 expiresAt; // no order is placed from then on
    uint256 nonce; // the seller's offerNonceOf; raising that voids the offer
    uint256 salt; // tells apart offers that are otherwise the same
}

/// @notice A proved checkpoint that an order starts at: the last state of a window. orderId 0: none.
struct ResumeFrom {
    uint256 orderId;
    uint32 window;
    bytes32 root; // that window, as it was committed
    uint32 segments;
    bytes32 lastStateRoot;
}

/// @notice All facts of an order in one read.
struct OrderView {
    address buyer;
    address payer;
    address seller;
    uint256 machineId;
    OrderTerms terms;
    uint256 pricePerHourWei;
    uint256 escrowWei; // price of maxSeconds, held from the payer
    uint256 auditFeeWei; // held from the payer on top
    uint256 stakeWei; // reserved from the seller
    uint64 placedAt;
    uint64 startedAt;
    uint64 endedAt;
    uint64 settledAt;
    uint64 placedBlock;
    uint64 startedBlock;
    OrderStatus status;
    uint16 closeReason;
    uint256 paidWei; // of the escrow, to the seller, protocol fee included
    uint256 refundedWei; // to the payer
    uint256 slashedWei; // from the seller's stake
}

/// @notice What Proofs asks of an order. All zero: no such order.
struct ProofFacts {
    address seller;
    address buyer;
    address otherParty; // who else judges nothing of it: its payer; of a pair, whose buyer pays, the other seller
    bytes32 hardwareClass;
    uint256 twin; // order that it is paired with; zero: none
    uint64 placedBlock;
    uint64 placedAt;
    uint64 startedBlock;
    uint64 startedAt;
    uint64 overAt; // from then on no window of it can come; zero: it runs
    uint64 opensAt; // from then on it is audited; zero: it runs, or its twin does
    uint64 auditBlock; // in which its audit opened; zero: by the clock alone, or not yet
    bool settled;
    uint16 closeReason;
    uint32 segments; // of the job
    uint32 committed; // of these, in windows on chain
    uint32 segmentsPerWindow;
    uint16 draws;
    uint32 parametersVersion;
    ProofMode mode;
    bool vouched;
}

/// @notice What Windows asks of an order when a window is committed: as it was before that.
struct WindowFacts {
    uint64 placedBlock;
    uint64 placedAt;
    uint64 startedBlock;
    uint64 startedAt;
    bool paired;
    bool closed; // stopped by its buyer: one short last window is allowed
    uint32 segments; // of the job
    uint32 committed; // of these
    uint32 segmentsPerWindow;
    uint32 stepsPerSegment;
    uint64 steps;
    uint32 stepMicros;
}

/// @notice A committed window. What was committed is in its event; digest binds it.
struct WindowView {
    bytes24 digest; // of keccak256(abi.encode(root, segments, lastStateRoot)), sealed with orderId before root; zero: no such window
    uint64 blockNumber; // in which it was committed, or last amended
    uint64 committedAt;
    uint32 amendment; // number of the last one; zero: as first committed
    bool extraDraw; // late or amended: one segment of it more is drawn
    bool opened; // what was committed is known; false: sealed
}

/// @notice An auditor's opened verdicts, with its signature over the commitment to them (IProofs.submitVerdicts).
struct Opening {
    uint256 verdicts;
    bytes32 salt;
    string report;
    bytes signature;
}

/// @notice A segment's claim, as its window's tree has it (docs/formats.md 2).
struct Leaf {
    uint256 orderId;
    address seller;
    uint32 segment;
    uint64 firstStep;
    uint64 lastStep;
    bytes32 stateRootBefore;
    bytes32 stateRootAfter;
    bytes32 batchRoot;
    bytes32 rngRoot;
    bytes32 inputsRoot;
    bytes32 innerRoot;
    uint64 beaconRound;
}

/// @notice A leaf, what was committed of its window, and the leaf's path in that window's tree.
struct LeafProof {
    Leaf leaf;
    bytes32 root;
    uint32 segments;
    bytes32 lastStateRoot;
    bytes32[] path;
}

/// @notice An auditor's opened verdicts, one segment that they pass, and what a replay of it gives (IProofs.proveNoReplay).
struct ReplayClaim {
    address auditor;
    uint8 round;
    bytes32 draw; // that the verdicts are about, as sharesOf named it
    uint256 verdicts;
    bytes32 salt;
    string report;
    bytes signature; // over the commitment; none: the one that it sent itself
    address[] agreeing; // as AuditPassed names them; not read where the auditor revealed on chain
    uint32 position; // of the segment in drawOf's list
    LeafProof leaf; // of that segment
    bytes inner; // its bits, eight bytes a step: float32 of loss and of gradient norm
}

/// @notice What a seller's statement of a window is about. An honest seller says two things of one window only where these
/// differ: it has amended the window, or a reorganisation changed its seed or what came before it.
struct WindowSubject {
    uint32 window;
    uint32 amendment; // zero: as first committed
    bytes32 beacon;
    bytes32 stateBefore; // state root before the window's first segment
}

/// @notice What a seller says of a window. An empty signature stands for what it committed.
struct SignedWindow {
    bytes32 root;
    uint32 segments;
    bytes32 lastStateRoot;
    bytes signature;
}

/// @notice A juror's opened vote.
struct Ballot {
    address juror;
    bytes32 found; // a state root, or one of Findings' words
    bool othersHold; // all segments that were drawn further, where the disputed one is wrong
    bytes32 work; // of its replays: keccak256(abi.encode(digests)), of each the hash of its inner bits
    bytes32 salt;
    bytes signature; // over the commitment; none where it is on chain, or the juror hands it in itself
}

/// @notice A juror's vote before it is opened.
struct SealedBallot {
    address juror;
    bytes32 commitment; // keccak256(abi.encode(disputeId, round, juror, found, othersHold, work, salt))
    bytes signature;
}

/// @notice One step of a segment, shown in the challenger's list.
struct Narrowing {
    uint32 step; // counted in the segment from one; zero: nothing is singled out
    bytes32 preRoot; // state root before it, on which both agree; zero for the first one
    bytes32 sellerRoot; // after it, as the seller says
    bytes32 challengerRoot;
    bytes32[] prePath; // preRoot's, siblings from the leaf up
    bytes32[] path; // challengerRoot's
}

/// @notice Where a dispute stands. Computed, never stored.
/// @custom:value1 Answering: the seller may post its step roots.
/// @custom:value2 Drawing: the jury can be drawn, or waits for its beacon.
/// @custom:value3 Voting: the jury replays and votes.
/// @custom:value4 Closed: decided, or its order was settled otherwise.
enum DisputeStage {
    None,
    Answering,
    Drawing,
    Voting,
    Closed
}

/// @notice Where a drilling task stands. Computed, never stored.
/// @custom:value1 Drawing: waits for its beacon, or for somebody to call drawMembers.
/// @custom:value2 Committing: members compute and commit.
/// @custom:value3 Revealing: they open what they committed to.
/// @custom:value4 Closing: closeTask is due.
/// @custom:value5 Agreed: closed, the majority has its credit.
/// @custom:value6 Abandoned: closed, nobody has.
enum TaskStage {
    None,
    Drawing,
    Committing,
    Revealing,
    Closing,
    Agreed,
    Abandoned
}

/// @notice All facts of a dispute in one read.
struct DisputeView {
    uint256 orderId;
    address challenger;
    uint32 segment;
    uint32 step; // the first one on which the two sides differ, counted in the segment from one; zero: the whole segment
    bytes32 sellerRoot; // state root after that step, as the seller says; VALID: that all of the segment holds
    bytes32 challengerRoot; // as the challenger says; zero: it names none
    uint256 bondWei;
    uint8 round; // of the jury
    DisputeStage stage;
    uint64 deadlineAt; // of the stage
    uint64 sealDeadline; // of the jury's votes; zero: not voting
    address[] jury;
    uint32[] further; // segments that tell a fault from fraud, one mismatch from several; none: not drawn
}

/// @notice Where the pallets are.
struct Pallets {
    address balances;
    address machines;
    address staking;
    address market;
    address proofs;
    address disputes;
    address hashrate;
    address drilling;
    address rewards;
    address windows;
    address beacon; // no pallet: the IBeacon whose rounds draw; zero: hashes of blocks do
}

/// @notice Of Hashrate, Drilling and Rewards: set at deployment, for good.
struct ScoreParameters {
    uint32 epochSeconds; // of Rewards; at most two days
    uint32 roundSeconds; // between benchmark rounds: at least half of it, at most twice
    uint32 roundOdds; // in between, one block in so many opens a round
    uint32 benchmarkSeconds; // a round's window; its audits take two more
    uint32 drillSeconds; // to commit to a task's result, and again to reveal it
    uint8 drillSize; // machines drawn for a task
    uint32 ticketMflops; // device score of one ticket in the draws
    uint128 ticketStakeWei; // reserved for each ticket
    uint96 fillInNut; // credit of a fill-in task
    uint128 creditPriceWei; // burned fee for one ut of credit, and the most a ut earns
    uint96 emissionWei; // of the first epoch
    uint32 halvingEpochs;
}

enum Role {
    Governor, // proposes parameters
    Guardian // pauses new orders
}

/// @notice Set at deployment and changed by the governor, within bounds in code. An order keeps the version it was
/// placed under, a seat the stake it was taken with.
struct Parameters {
    uint32 confirmSeconds; // the seller starts within this; cancelling inside it costs five minutes' price
    uint32 lastWindowSeconds; // after the buyer's cancel the seller may commit one short last window
    uint32 commitSeconds; // auditors commit within this after the order's end
    uint32 revealSeconds; // and reveal within this after
    uint32 challengeSeconds; // what a panel has passed is paid this much later, unless somebody challenges it
    uint32 unbondingSeconds;
    uint32 beaconDelayBlocks; // a beacon is the hash of the block this many blocks after its anchor, or a round (IBeacon)
    uint16 protocolFeeBps; // of the seller's pay, burned
    uint16 minSeats; // auditors a hardware class must have before proof modes are offered
    uint16 panelSize; // auditors drawn per order, at most
    uint128 auditFeePerSegmentWei; // at least; else what the panel's replays of it are worth at the order's price
    uint128 seatStakeWei; // stake of one auditor's seat
    uint128 panelCostWei; // an order reserves at least twice this from the seller
}
