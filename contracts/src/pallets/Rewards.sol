// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRewards} from "../interfaces/IRewards.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {ScoreParameters} from "../interfaces/Types.sol";
import {BlsLib} from "../libraries/BlsLib.sol";
import {Bn254} from "../libraries/Bn254.sol";
import {PoissonLib} from "../libraries/PoissonLib.sol";
import {Pallet} from "./Pallet.sol";

/// @title Rewards
/// @dev ROLES: an owner registers its machine's key; anyone opens epochs, stores their beacons and hands in
/// claims, which pay the owner.
/// ASSUMPTIONS: BN254 signatures cannot be forged. A block's producer can bias an epoch's beacon by not publishing its block.
/// LIVENESS: an epoch that nobody opens pays nothing; the next one is not held up. Nor does one whose beacon
/// nobody stored within 256 blocks: with another beacon, whoever is alone could wait for a better one. A claim depends on
/// nobody else's.
/// CLOCKS: an epoch is [k, k + 1) times epochSeconds since 1970. What is not claimed in it stays in the treasury.
/// MONEY: the treasury is this contract's free balance in Balances, filled by anyone's transfer. An epoch pays on average
/// the emission, at most creditPriceWei for a ut of effective score and day, and at most half the treasury: that twice the
/// average is won has a chance below 10^-11, and then the last claims of that epoch revert.
contract Rewards is IRewards, Pallet {
    bytes internal constant POSSESSION_TAG = "TRAINYARD_POP_BN254G1_XMD:KECCAK-256_SVDW_RO_";
    bytes internal constant CLAIM_TAG = "TRAINYARD_WIN_BN254G1_XMD:KECCAK-256_SVDW_RO_";
    uint256 internal constant WINS = 64; // of an epoch, on average
    uint256 internal constant WAIT_EPOCHS = 2;
    uint256 internal constant NUT_PER_UT = 1e9;

    struct Key {
        Bn254.G2 point;
        uint64 countsFrom; // zero: no key
    }

    struct Epoch {
        bytes32 beacon;
        // slot
        uint64 beaconBlock;
        uint128 winWei;
    }

    uint256 internal immutable EPOCH_SECONDS;
    uint256 internal immutable EMISSION_WEI;
    uint256 internal immutable HALVING_EPOCHS;
    uint256 internal immutable FIRST_EPOCH;
    uint256 internal immutable BEACON_DELAY_BLOCKS;

    mapping(uint256 machineId => Key) internal _keys;
    mapping(uint256 epoch => Epoch) internal _epochs;
    /// @inheritdoc IRewards
    mapping(uint256 epoch => mapping(uint256 machineId => bool)) public isClaimed;

    constructor(IRuntime runtime_, ScoreParameters memory p) Pallet(runtime_) {
        require(p.epochSeconds != 0, RewardsBadParameter("epochSeconds"));
        require(p.halvingEpochs != 0, RewardsBadParameter("halvingEpochs"));
        require(p.emissionWei <= type(uint96).max, RewardsBadParameter("emissionWei"));
        EPOCH_SECONDS = p.epochSeconds;
        EMISSION_WEI = p.emissionWei;
        HALVING_EPOCHS = p.halvingEpochs;
        FIRST_EPOCH = block.timestamp / p.epochSeconds;
        BEACON_DELAY_BLOCKS = RUNTIME.parametersAt(0).beaconDelayBlocks;
    }

    /// @inheritdoc IRewards
    function registerKey(uint256 machineId, Bn254.G2 calldata key, Bn254.G1 calldata possession) external {
        // Check: the owner's machine, and a key whose secret it has: bound to this machine, so that none is copied.
        require(msg.sender == _ownerOf(machineId), RewardsNotOwner(machineId, msg.sender));
        bytes memory message = abi.encode(block.chainid, address(this), machineId, msg.sender, key);
        require(BlsLib.verify(key, POSSESSION_TAG, message, possession), RewardsBadPossession(machineId));

        // Effect
        uint64 countsFrom = uint64(HASHRATE.epoch() + WAIT_EPOCHS);
        _keys[machineId] = Key(key, countsFrom);
        emit KeyRegistered(machineId, key, countsFrom);
    }

    /// @inheritdoc IRewards
    function openEpoch() external {
        // Check
        uint256 epoch = HASHRATE.epoch();
        require(_epochs[epoch].beaconBlock == 0, RewardsOpened(epoch));

        // Effect
        uint64 beaconBlock = uint64(block.number + BEACON_DELAY_BLOCKS);
        // forge-lint: disable-next-line(unsafe-typecast) at most a uint96
        uint128 winWei = uint128(_winWei(epoch));
        _epochs[epoch] = Epoch(0, beaconBlock, winWei);
        emit EpochOpened(epoch, beaconBlock, winWei);
    }

    /// @inheritdoc IRewards
    function storeBeacon() external {
        _pinBeacon(HASHRATE.epoch());
    }

    /// @inheritdoc IRewards
    function claim(uint256 machineId, Bn254.G1 calldata signature) external returns (uint256 wins) {
        // Check: this epoch, once, by a key that was there before its beacon could be known.
        uint256 epoch = HASHRATE.epoch();
        Key memory key = _keys[machineId];
        bool counts = key.countsFrom != 0 && key.countsFrom <= epoch;
        require(counts, RewardsKeyNotCounting(machineId, key.countsFrom));
        address owner = _ownerOf(machineId);
        require(owner != address(0), RewardsNotOwner(machineId, msg.sender)); // removed: its pay would be lost
        require(!isClaimed[epoch][machineId], RewardsClaimed(epoch, machineId));
        bytes memory message = _message(epoch, machineId, _pinBeacon(epoch));
        require(
            BlsLib.verify(key.point, CLAIM_TAG, message, signature), RewardsBadSignature(epoch, machineId)
        );

        // Effect
        isClaimed[epoch][machineId] = true;
        wins = PoissonLib.draw(meanWinsOf(machineId), keccak256(abi.encode(signature.x, signature.y)));
        uint256 paidWei = wins * _epochs[epoch].winWei;
        emit Claimed(epoch, machineId, owner, wins, paidWei);

        // Interaction
        if (paidWei != 0) BALANCES.transfer(owner, paidWei);
    }

    /* VIEWS */

    /// @inheritdoc IRewards
    function epochOf(uint256 epoch) external view returns (EpochView memory) {
        Epoch memory e = _epochs[epoch];
        return EpochView(e.beaconBlock, _beaconOf(e), e.winWei);
    }

    /// @inheritdoc IRewards
    function keyOf(uint256 machineId) external view returns (Bn254.G2 memory key, uint64 countsFrom) {
        return (_keys[machineId].point, _keys[machineId].countsFrom);
    }

    /// @inheritdoc IRewards
    function messageOf(uint256 machineId) external view returns (bytes memory message) {
        uint256 epoch = HASHRATE.epoch();
        bytes32 beacon = _beaconOf(_epochs[epoch]);
        if (beacon != 0) message = _message(epoch, machineId, beacon);
    }

    /// @inheritdoc IRewards
    function meanWinsOf(uint256 machineId) public view returns (uint256) {
        (uint256 weight, uint256 totalWeight) = HASHRATE.weightsAtEpoch(machineId);
        if (totalWeight == 0) return 0;
        // Roundings of single machines may add up to a little more than their sum's.
        if (weight > totalWeight) weight = totalWeight;
        return WINS * 1e18 * weight / totalWeight;
    }

    /// @inheritdoc IRewards
    function emissionOf(uint256 epoch) public view returns (uint256) {
        if (epoch < FIRST_EPOCH) return 0;
        uint256 halvings = (epoch - FIRST_EPOCH) / HALVING_EPOCHS;
        return halvings > 255 ? 0 : EMISSION_WEI >> halvings;
    }

    /// @inheritdoc IRewards
    function treasuryWei() public view returns (uint256) {
        return BALANCES.freeOf(address(this));
    }

    /* INTERNAL */

    /// @dev The least of emission, price of all scores, and half the treasury; over all wins.
    function _winWei(uint256 epoch) internal view returns (uint256) {
        uint256 payWei = _least(emissionOf(epoch), treasuryWei() / 2);
        (, uint256 totalWeight) = HASHRATE.weightsAtEpoch(0);
        return _least(payWei, _priceOf(totalWeight)) / WINS;
    }

    /// @dev A weight is five times the weighted decayed sum in nano-ut; ln 2 / 7 of that sum is its daily average.
    function _priceOf(uint256 totalWeight) internal view returns (uint256) {
        uint256 nutPerDay = totalWeight * 693_147_180_559_945_309 / 35e18;
        return nutPerDay * HASHRATE.creditPriceWei() / NUT_PER_UT * EPOCH_SECONDS / 1 days;
    }

    /// @dev A block fixed when the epoch was opened, and no other.
    function _beaconOf(Epoch memory e) internal view returns (bytes32) {
        return e.beacon != 0 || e.beaconBlock == 0 ? e.beacon : blockhash(e.beaconBlock);
    }

    function _pinBeacon(uint256 epoch) internal returns (bytes32 beacon) {
        Epoch memory e = _epochs[epoch];
        require(e.beaconBlock != 0, RewardsNotOpened(epoch));
        beacon = _beaconOf(e);
        bool missed = beacon == 0 && block.number > e.beaconBlock;
        require(!missed, RewardsBeaconMissed(epoch));
        require(beacon != 0, RewardsBeaconUnknown(epoch));
        if (e.beacon != 0) return beacon;
        _epochs[epoch].beacon = beacon;
        emit BeaconKnown(epoch, beacon);
    }

    function _message(uint256 epoch, uint256 machineId, bytes32 beacon) internal view returns (bytes memory) {
        return abi.encode(block.chainid, address(this), epoch, machineId, beacon);
    }

    function _ownerOf(uint256 machineId) internal view returns (address owner) {
        (owner,,,) = MACHINES.factsOf(machineId);
    }

    function _least(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }
}
