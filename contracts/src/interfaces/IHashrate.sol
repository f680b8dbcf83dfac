// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Hashrate: what a machine has been seen to do.
/// @notice Credits count work: training that was proved (TECP) and drilling that was agreed on (DECP), in nano-ut. One ut is
/// 1,000 MFLOPS for 1/200 of a day, 4.32e11 operations; one nano-ut is 432 operations. The device score says how fast a
/// machine multiplies matrices, as auditors checked it. Neither can be set by anybody.
interface IHashrate {
    /// @notice Products of one floating-point precision. That they were computed in the window is audited; how fast the
    /// machine says they went is not.
    struct PrecisionClaim {
        uint8 precision; // 0 fp32, 1 tf32, 2 bf16, 3 fp16
        uint32 products; // audited
        bytes32 root; // over the results (docs/hashrate.md 3)
        uint32 gflops; // by the machine's own clock
    }

    /// @notice What a machine says of one benchmark. Size, products, memory, root and the precisions' products are audited;
    /// the rest is the machine's word.
    struct BenchmarkReport {
        uint32 size; // matrices of size x size
        uint32 products; // of such matrices, exact: what the score counts
        uint32 memoryMiB; // that the matrices it multiplied by filled
        bytes32 root; // Merkle root over the states between the products (docs/hashrate.md 3)
        PrecisionClaim[] precisions; // at most four
        uint32 memoryMBPerSecond;
        uint32 diskMBPerSecond;
        uint32 networkMBPerSecond;
        uint32 clockMHz;
        string driver;
        string evidenceUri; // where auditors ask for states
    }

    struct CreditsView {
        uint256 decpNut; // drilling since joining
        uint256 tecpNut; // training since joining
        uint256 totalNut; // 0.4 decp + 0.6 tecp
        uint256 effectiveDecpNutPerDay; // daily averages, half-life one week
        uint256 effectiveTecpNutPerDay;
        uint256 effectiveNutPerDay; // 0.4 and 0.6 of these
        uint64 creditedAt; // last; 0: never
    }

    struct DeviceView {
        uint256 mflops; // of exact products; what counts: the lower of the last two rounds, half of the first
        uint256 lastMflops; // of the last audited round alone
        bool fresh; // audited, of the last round, younger than a week, hardware unchanged
        uint64 measuredAt;
        uint64 measuredBlock; // where the report is, with clocks and driver (BenchmarkSubmitted)
        uint32 memoryMiB; // that it was seen to hold at the same time
        uint32 round;
        uint256 pendingMflops; // waiting for its audit
        uint32 pendingRound;
    }

    event RoundOpened(uint32 indexed round, uint64 seedBlock, uint64 closesAt);
    event BenchmarkRequested(uint256 indexed machineId, uint32 afterRound);
    /// @notice specHash: of the hardware that it is for. mflops follow from iterations, size and the time that the chain saw.
    event BenchmarkSubmitted(
        uint256 indexed machineId,
        uint32 indexed round,
        uint256 mflops,
        uint64 seconds_,
        bytes32 specHash,
        BenchmarkReport report
    );
    event BenchmarkJudged(
        uint256 indexed machineId, uint32 indexed round, address indexed auditor, bool valid
    );
    event BenchmarkAccepted(uint256 indexed machineId, uint32 indexed round, uint256 mflops);
    /// @notice The panel found it wrong: the machine has no score any more.
    event BenchmarkRejected(uint256 indexed machineId, uint32 indexed round);
    event BenchmarkExcused(uint256 indexed machineId, uint32 indexed round, uint256 orderId);
    event OrderCredited(
        uint256 indexed orderId, uint256 indexed machineId, uint256 nut, uint256 workNut, uint256 paidForNut
    );
    event DrillCredited(uint256 indexed machineId, uint256 nut);

    error HashrateBadParameter(string field);
    error HashrateNotOwner(uint256 machineId, address caller);
    error HashrateTooEarly(uint64 notBefore);
    error HashrateNotLucky(uint256 blockNumber);
    error HashrateNotRequested(uint256 machineId, uint32 round);
    error HashrateRoundClosed(uint32 round);
    error HashrateSeedUnknown(uint32 round);
    error HashrateSubmitted(uint256 machineId, uint32 round);
    error HashrateBadReport(string field);
    error HashrateNothingPending(uint256 machineId);
    error HashrateNotOnPanel(uint256 machineId, address caller);
    error HashrateNotRenting(uint256 machineId);
    error HashrateNoFreshScore(uint256 machineId);
    error HashrateNotProved(uint256 orderId);
    error HashrateCredited(uint256 orderId);

    /// @notice Anyone, after half of the time between rounds: opens the next benchmark round for all machines at once. Needs a
    /// block of the last 64 whose hash drew it, so that nobody knows the time in advance; after twice the time none.
    function openRound(uint256 luckyBlock) external;
    /// @notice Owner: the machine may take part from the next round on. Once is enough until a benchmark is rejected.
    function requestBenchmark(uint256 machineId) external;
    /// @notice Owner, within the round: what was computed from the round's seed. The time counts from the round's opening.
    function submitBenchmark(uint256 machineId, BenchmarkReport calldata report) external;
    /// @notice Drawn auditor: whether the sampled products hold. Two thirds accept; more than a third reject, and the machine
    /// loses its score.
    function judgeBenchmark(uint256 machineId, bool valid) external;
    /// @notice Anyone, while an order is on the machine: this round does not count against it.
    function excuse(uint256 machineId) external;
    /// @notice Anyone, once for an order whose audit passed and that is settled, while its machine has a fresh score: credits
    /// the lesser of its work (proved time at the machine's audited speed) and what its burned fee pays for.
    function creditOrder(uint256 orderId) external;
    /// @notice Drilling only.
    function creditDrill(uint256 machineId, uint256 nut) external;

    function creditsOf(uint256 machineId) external view returns (CreditsView memory);
    /// @notice Of all machines together.
    function totalCredits() external view returns (CreditsView memory);
    function deviceOf(uint256 machineId) external view returns (DeviceView memory);
    /// @notice Speed that counts now; zero without a fresh score.
    function freshMflops(uint256 machineId) external view returns (uint256);
    /// @notice Weights for Rewards: decayed weighted sums as they stood when the current epoch began.
    function weightsAtEpoch(uint256 machineId) external view returns (uint256 weight, uint256 totalWeight);
    function epoch() external view returns (uint256);
    /// @notice Wei of protocol fee that buys one ut of training credit, and the most that a ut of it can earn.
    function creditPriceWei() external view returns (uint256);
    function isCredited(uint256 orderId) external view returns (bool);
    /// @notice seed is zero until its block is known.
    function roundOf(uint32 round)
        external
        view
        returns (uint64 seedBlock, uint64 openedAt, uint64 closesAt, bytes32 seed);
    function currentRound() external view returns (uint32);
    /// @notice The first round that counts for the machine; zero: it has not asked for benchmarks.
    function firstRoundOf(uint256 machineId) external view returns (uint32);
    /// @notice Empty until the draw's beacon is known, or while nothing is pending. Stored by the first vote.
    function benchmarkPanelOf(uint256 machineId) external view returns (address[] memory);
    /// @notice Which products auditors look at; zero until it is known.
    function sampleSeedOf(uint256 machineId) external view returns (bytes32);
}
