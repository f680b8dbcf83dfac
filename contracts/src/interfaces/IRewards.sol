// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bn254} from "../libraries/Bn254.sol";

/// @title Rewards: a lottery over effective scores, paid out of a treasury.
/// @notice In each epoch a machine's number of wins is Poisson with mean WINS times its share of all effective scores when the
/// epoch began. It follows from the machine's only BLS signature over the epoch's beacon: nobody else can compute it, and
/// the machine cannot choose it.
interface IRewards {
    struct EpochView {
        uint64 beaconBlock; // zero: not opened
        bytes32 beacon; // zero: not known, or missed
        uint256 winWei; // pay of one win
    }

    event KeyRegistered(uint256 indexed machineId, Bn254.G2 key, uint64 countsFrom);
    event EpochOpened(uint256 indexed epoch, uint64 beaconBlock, uint256 winWei);
    event BeaconKnown(uint256 indexed epoch, bytes32 beacon);
    /// @notice paidWei is credited to the owner's free balance.
    event Claimed(
        uint256 indexed epoch, uint256 indexed machineId, address indexed owner, uint256 wins, uint256 paidWei
    );

    error RewardsBadParameter(string field);
    error RewardsNotOwner(uint256 machineId, address caller);
    error RewardsBadPossession(uint256 machineId);
    error RewardsOpened(uint256 epoch);
    error RewardsNotOpened(uint256 epoch);
    error RewardsBeaconUnknown(uint256 epoch);
    error RewardsBeaconMissed(uint256 epoch);
    error RewardsKeyNotCounting(uint256 machineId, uint64 countsFrom);
    error RewardsClaimed(uint256 epoch, uint256 machineId);
    error RewardsBadSignature(uint256 epoch, uint256 machineId);

    /// @notice Owner: the key counts from two epochs on, whose beacons nobody can know. Replaces an earlier key at once.
    /// @param possession the key's signature over abi.encode(chain, this contract, machineId, owner, key), under its own tag
    function registerKey(uint256 machineId, Bn254.G2 calldata key, Bn254.G1 calldata possession) external;
    /// @notice Anyone, once an epoch: fixes the block of its beacon and what a win pays.
    function openEpoch() external;
    /// @notice Anyone, once the beacon is known: stores it. An epoch for which neither this nor a claim came within 256 blocks pays
    /// nothing.
    function storeBeacon() external;
    /// @notice Anyone with the machine's signature over messageOf, until the epoch ends. Pays the machine's owner.
    /// @return wins may be zero
    function claim(uint256 machineId, Bn254.G1 calldata signature) external returns (uint256 wins);

    function epochOf(uint256 epoch) external view returns (EpochView memory);
    function keyOf(uint256 machineId) external view returns (Bn254.G2 memory key, uint64 countsFrom);
    /// @notice What a machine signs in the current epoch; empty until the beacon is known.
    function messageOf(uint256 machineId) external view returns (bytes memory);
    /// @notice Mean number of wins in the current epoch, 18 decimals.
    function meanWinsOf(uint256 machineId) external view returns (uint256);
    /// @notice Fixed emission of an epoch, halving; what is paid is less where treasury or scores are small.
    function emissionOf(uint256 epoch) external view returns (uint256);
    function isClaimed(uint256 epoch, uint256 machineId) external view returns (bool);
    function treasuryWei() external view returns (uint256);
}
