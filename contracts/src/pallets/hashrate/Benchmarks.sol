// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IHashrate} from "../../interfaces/IHashrate.sol";
import {ScoreParameters} from "../../interfaces/Types.sol";
import {DrawLib} from "../../libraries/DrawLib.sol";
import {Pallet} from "../Pallet.sol";

/// @notice Device scores: rounds at times that nobody knows in advance, for all machines at once.
/// @dev One GPU behind two registrations has to answer twice in one round, so that both scores together are what it can do.
abstract contract Benchmarks is IHashrate, Pallet {
    uint256 internal constant MAX_AGE_SECONDS = 7 days;
    uint256 internal constant LUCK_REACH_BLOCKS = 64;
    uint256 internal constant BLOCKHASH_REACH = 256;
    uint256 internal constant PANEL_SIZE = 3;
    uint256 internal constant MAX_SIZE = 65_536;
    uint256 internal constant MAX_PRECISIONS = 4;
    uint256 internal constant MAX_MFLOPS = type(uint48).max; // 281 exaflops
    bytes32 internal constant BENCHMARK_PANEL = "trainyard.benchmark";
    bytes32 internal constant PANEL_CLASS = keccak256("canonical");

    struct Round {
        uint40 seedBlock;
        uint40 openedAt;
        bytes32 seed;
    }

    /// @dev Of one machine.
    struct Device {
        uint48 mflops; // of the last audited round
        uint48 formerMflops; // of the one before; zero: none
        uint32 round;
        uint40 measuredAt;
        uint32 firstRound; // one more than the round it was asked in; zero: it was not
        uint40 measuredBlock;
        // slot
        uint48 pendingMflops;
        uint32 pendingRound;
        uint40 pendingAt;
        uint40 pendingBlock;
        uint32 memoryMiB;
        uint32 pendingMemoryMiB;
        uint8 yes;
        uint8 no;
        // slot
        uint128 specsVersion;
        uint128 pendingSpecsVersion;
        bytes32 sampleSeed;
        address[] panel; // empty: not drawn
        mapping(uint32 round => mapping(address auditor => bool)) hasJudged;
    }

    uint256 internal immutable ROUND_SECONDS;
    uint256 internal immutable ROUND_ODDS;
    uint256 internal immutable BENCHMARK_SECONDS;
    uint256 internal immutable SEED_DELAY_BLOCKS;

    /// @inheritdoc IHashrate
    uint32 public currentRound;
    mapping(uint32 round => Round) internal _rounds;
    mapping(uint256 machineId => Device) internal _devices;

    constructor(ScoreParameters memory p) {
        require(p.benchmarkSeconds >= 10, HashrateBadParameter("benchmarkSeconds"));
        require(p.roundOdds != 0, HashrateBadParameter("roundOdds"));
        bool apart = p.roundSeconds >= 10 * p.benchmarkSeconds && p.roundSeconds <= 3 days;
        require(apart, HashrateBadParameter("roundSeconds"));
        ROUND_SECONDS = p.roundSeconds;
        ROUND_ODDS = p.roundOdds;
        BENCHMARK_SECONDS = p.benchmarkSeconds;
        SEED_DELAY_BLOCKS = RUNTIME.parametersAt(0).beaconDelayBlocks;
    }

    /// @inheritdoc IHashrate
    function openRound(uint256 luckyBlock) external {
        // Check: not too soon; and drawn by a hash that came after that, or overdue.
        Round memory last = _rounds[currentRound];
        uint256 notBefore = last.openedAt + ROUND_SECONDS / 2;
        require(block.timestamp >= notBefore, HashrateTooEarly(uint64(notBefore)));
        if (block.timestamp < last.openedAt + 2 * ROUND_SECONDS) {
            bool recent = luckyBlock < block.number && luckyBlock + LUCK_REACH_BLOCKS >= block.number;
            require(
                recent && luckyBlock > last.seedBlock && uint256(blockhash(luckyBlock)) % ROUND_ODDS == 0,
                HashrateNotLucky(luckyBlock)
            );
        }

        // Effect
        uint32 round = ++currentRound;
        uint40 seedBlock = uint40(block.number + SEED_DELAY_BLOCKS);
        _rounds[round] = Round(seedBlock, uint40(block.timestamp), 0);
        emit RoundOpened(round, seedBlock, uint64(block.timestamp + BENCHMARK_SECONDS));
    }

    /// @inheritdoc IHashrate
    function requestBenchmark(uint256 machineId) external {
        _requireOwner(machineId);
        _devices[machineId].firstRound = currentRound + 1;
        emit BenchmarkRequested(machineId, currentRound);
    }

    /// @inheritdoc IHashrate
    function submitBenchmark(uint256 machineId, BenchmarkReport calldata report) external {
        // Check: asked for before the round opened, in time, once.
        _requireOwner(machineId);
        uint32 round = currentRound;
        Device storage device = _devices[machineId];
        require(device.firstRound != 0 && device.firstRound <= round, HashrateNotRequested(machineId, round));
        uint256 seconds_ = block.timestamp - _rounds[round].openedAt;
        require(seconds_ < BENCHMARK_SECONDS, HashrateRoundClosed(round));
        require(device.pendingRound != round && device.round != round, HashrateSubmitted(machineId, round));
        require(_pinSeed(round) != 0, HashrateSeedUnknown(round));
        require(report.root != 0, HashrateBadReport("root"));
        require(report.precisions.length <= MAX_PRECISIONS, HashrateBadReport("precisions"));
        uint256 mflops = _mflopsOf(report, seconds_ == 0 ? 1 : seconds_);

        // Effect
        bytes32 specHash = MACHINES.machineOf(machineId).specHash;
        // forge-lint: disable-next-line(unsafe-typecast) bounded by _mflopsOf
        device.pendingMflops = uint48(mflops);
        device.pendingRound = round;
        device.pendingAt = uint40(block.timestamp);
        device.pendingBlock = uint40(block.number);
        device.pendingMemoryMiB = report.memoryMiB;
        // forge-lint: disable-next-line(unsafe-typecast) counts changes
        device.pendingSpecsVersion = uint128(MACHINES.specsVersionOf(machineId));
        device.sampleSeed = 0;
        device.yes = 0;
        device.no = 0;
        delete device.panel;
        emit BenchmarkSubmitted(machineId, round, mflops, uint64(seconds_), specHash, report);
    }

    /// @inheritdoc IHashrate
    function judgeBenchmark(uint256 machineId, bool valid) external {
        // Check: pending, drawn, once. What was rejected is decided: a late vote must not undo that its owner asked anew.
        Device storage device = _devices[machineId];
        uint32 round = device.pendingRound;
        bool open = round != 0 && round == currentRound && block.timestamp < _lapsesAt(round);
        require(open && device.pendingMflops != 0, HashrateNothingPending(machineId));
        _pinPanel(machineId, device);
        bool drawn = _isIn(device.panel, msg.sender) && !device.hasJudged[round][msg.sender];
        require(drawn, HashrateNotOnPanel(machineId, msg.sender));

        // Effect
        device.hasJudged[round][msg.sender] = true;
        if (valid) ++device.yes;
        else ++device.no;
        emit BenchmarkJudged(machineId, round, msg.sender, valid);
        if (3 * uint256(device.no) > device.panel.length) _reject(machineId, device);
        else if (3 * uint256(device.yes) >= 2 * device.panel.length) _accept(machineId, device);
    }

    /// @inheritdoc IHashrate
    function excuse(uint256 machineId) external {
        // Check: its score was of the round before, and it works now.
        Device storage device = _devices[machineId];
        (,, uint256 orderId,) = MACHINES.factsOf(machineId);
        require(orderId != 0, HashrateNotRenting(machineId));
        uint32 round = currentRound;
        bool due = device.round + 1 == round && block.timestamp < _lapsesAt(round);
        require(due && device.mflops != 0, HashrateNoFreshScore(machineId));

        // Effect: the week goes on.
        device.round = round;
        emit BenchmarkExcused(machineId, round, orderId);
    }

    /* VIEWS */

    /// @inheritdoc IHashrate
    function deviceOf(uint256 machineId) external view returns (DeviceView memory v) {
        Device storage device = _devices[machineId];
        v.mflops = _counted(device);
        v.lastMflops = device.mflops;
        v.fresh = _isFresh(machineId, device);
        v.measuredAt = device.measuredAt;
        v.measuredBlock = device.measuredBlock;
        v.memoryMiB = device.memoryMiB;
        v.round = device.round;
        v.pendingMflops = device.pendingMflops;
        v.pendingRound = device.pendingRound;
    }

    /// @inheritdoc IHashrate
    function freshMflops(uint256 machineId) public view returns (uint256) {
        Device storage device = _devices[machineId];
        return _isFresh(machineId, device) ? _counted(device) : 0;
    }

    /// @inheritdoc IHashrate
    function roundOf(uint32 round)
        external
        view
        returns (uint64 seedBlock, uint64 openedAt, uint64 closesAt, bytes32 seed)
    {
        Round memory r = _rounds[round];
        seed = r.seed;
        if (seed == 0 && r.seedBlock < block.number) seed = blockhash(r.seedBlock);
        return (r.seedBlock, r.openedAt, uint64(r.openedAt + BENCHMARK_SECONDS), seed);
    }

    /// @inheritdoc IHashrate
    function firstRoundOf(uint256 machineId) external view returns (uint32) {
        return _devices[machineId].firstRound;
    }

    /// @inheritdoc IHashrate
    function benchmarkPanelOf(uint256 machineId) external view returns (address[] memory) {
        Device storage device = _devices[machineId];
        if (device.panel.length != 0) return device.panel;
        bytes32 seed = _sampleSeed(device);
        return seed == 0 ? new address[](0) : _drawPanel(machineId, seed);
    }

    /// @inheritdoc IHashrate
    function sampleSeedOf(uint256 machineId) external view returns (bytes32) {
        Device storage device = _devices[machineId];
        return device.sampleSeed != 0 ? device.sampleSeed : _sampleSeed(device);
    }

    /* INTERNAL */

    function _requireOwner(uint256 machineId) internal view {
        (address owner,,,) = MACHINES.factsOf(machineId);
        require(msg.sender == owner, HashrateNotOwner(machineId, msg.sender));
    }

    /// @dev 2 size^3 operations a product.
    function _mflopsOf(BenchmarkReport calldata report, uint256 seconds_)
        internal
        pure
        returns (uint256 mflops)
    {
        require(report.size >= 16 && report.size <= MAX_SIZE, HashrateBadReport("size"));
        require(report.products != 0, HashrateBadReport("products"));
        mflops = 2 * uint256(report.size) ** 3 * report.products / seconds_ / 1e6;
        require(mflops != 0 && mflops <= MAX_MFLOPS, HashrateBadReport("products"));
    }

    function _pinSeed(uint32 round) internal returns (bytes32 seed) {
        seed = _rounds[round].seed;
        if (seed != 0) return seed;
        uint256 seedBlock = _rounds[round].seedBlock;
        if (seedBlock == 0 || seedBlock >= block.number) return 0;
        seed = blockhash(seedBlock);
        _rounds[round].seed = seed;
    }

    /// @dev When scores of the round before stop counting: auditors had two more windows.
    function _lapsesAt(uint32 round) internal view returns (uint256) {
        return _rounds[round].openedAt + 3 * BENCHMARK_SECONDS;
    }

    /// @dev Whoever is new counts half until a second round, at a time it cannot know, says the same.
    function _counted(Device storage device) internal view returns (uint256) {
        if (device.formerMflops == 0) return device.mflops / 2;
        return device.mflops < device.formerMflops ? device.mflops : device.formerMflops;
    }

    function _isFresh(uint256 machineId, Device storage device) internal view returns (bool) {
        if (!_isRecent(device)) return false;
        return MACHINES.specsVersionOf(machineId) == device.specsVersion;
    }

    function _isRecent(Device storage device) internal view returns (bool) {
        if (device.mflops == 0 || block.timestamp >= device.measuredAt + MAX_AGE_SECONDS) return false;
        uint32 round = currentRound;
        return device.round == round || (device.round + 1 == round && block.timestamp < _lapsesAt(round));
    }

    /// @dev What it says replaces what was said before only if the machine has been there since.
    function _accept(uint256 machineId, Device storage device) internal {
        bool goesOn = device.mflops != 0 && device.specsVersion == device.pendingSpecsVersion
            && device.round + 1 >= device.pendingRound;
        device.formerMflops = goesOn ? device.mflops : 0;
        device.mflops = device.pendingMflops;
        device.round = device.pendingRound;
        device.measuredAt = device.pendingAt;
        device.measuredBlock = device.pendingBlock;
        device.memoryMiB = device.pendingMemoryMiB;
        device.specsVersion = device.pendingSpecsVersion;
        device.pendingRound = 0;
        device.pendingMflops = 0;
        emit BenchmarkAccepted(machineId, device.round, device.mflops);
    }

    function _reject(uint256 machineId, Device storage device) internal {
        emit BenchmarkRejected(machineId, device.pendingRound);
        device.mflops = 0;
        device.formerMflops = 0;
        device.pendingMflops = 0;
        device.firstRound = 0;
    }

    /// @dev The block after the commitment, so that nobody could choose products that hold.
    function _sampleSeed(Device storage device) internal view returns (bytes32) {
        uint256 target = uint256(device.pendingBlock) + SEED_DELAY_BLOCKS;
        if (device.pendingMflops == 0 || target >= block.number) return 0;
        // Missed by everybody: moves on by what blockhash reaches back.
        target += (block.number - target - 1) / BLOCKHASH_REACH * BLOCKHASH_REACH;
        return blockhash(target);
    }

    function _pinPanel(uint256 machineId, Device storage device) internal {
        if (device.panel.length != 0) return;
        bytes32 seed = _sampleSeed(device);
        require(seed != 0, HashrateSeedUnknown(device.pendingRound));
        device.sampleSeed = seed;
        device.panel = _drawPanel(machineId, seed);
    }

    /// @dev Seats of the canonical class, the owner's excluded. Every auditor can check whole numbers; seats of the machine's own
    /// class could all be its owner's accounts, since anybody may name a class.
    function _drawPanel(uint256 machineId, bytes32 seed) internal view returns (address[] memory panel) {
        (address owner,,,) = MACHINES.factsOf(machineId);
        uint256 seats = STAKING.seatsOf(PANEL_CLASS);
        uint256 picks = seats < PANEL_SIZE + 1 ? seats : PANEL_SIZE + 1;
        DrawLib.Deck memory deck = DrawLib.newDeck(seats, picks);
        panel = new address[](picks);
        uint256 size;
        for (uint256 i; i < picks && size < PANEL_SIZE; ++i) {
            uint256 random = uint256(keccak256(abi.encode(BENCHMARK_PANEL, machineId, i, seed)));
            address auditor = STAKING.seatAt(PANEL_CLASS, DrawLib.pick(deck, random));
            if (auditor != owner) panel[size++] = auditor;
        }
        assembly ("memory-safe") {
            mstore(panel, size)
        }
    }

    function _isIn(address[] storage list, address account) internal view returns (bool) {
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == account) return true;
        }
        return false;
    }
}
