// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BlsLib} from "../libraries/BlsLib.sol";
import {Bn254} from "../libraries/Bn254.sol";
import {IBeacon} from "./IBeacon.sol";

/// @notice Rounds of a drand network of the scheme bls-bn254-unchained-on-g1, such as evmnet.
/// ROLES: anyone shows a round by its signature; nobody can change or withhold one that somebody else shows.
/// ASSUMES: less than a threshold of the network's nodes collude (they could know rounds early), BN254 holds (about 100
/// bits), and a block's time is at most MARGIN_ROUNDS periods behind the world's.
/// LIVENESS: a round is there as long as one relay, or one person, has kept it: a value is never out of reach.
/// CLOCKS: block.timestamp; rounds come every PERIOD_SECONDS from GENESIS_SECONDS on.
/// GRID: draws fall on every DRAW_GRID-th round only, so that all that are due together share one round, and its price.
/// MONEY: none.
contract DrandBeacon is IBeacon {
    /// @notice What relays call the network. Nothing is proved of it, and nothing rests on it.
    bytes32 public immutable CHAIN_HASH;
    uint64 public immutable GENESIS_SECONDS;
    uint64 public immutable PERIOD_SECONDS;
    uint64 public immutable MARGIN_ROUNDS;
    uint64 public immutable DRAW_GRID;
    uint256 private immutable KEY_X_IM;
    uint256 private immutable KEY_X_RE;
    uint256 private immutable KEY_Y_IM;
    uint256 private immutable KEY_Y_RE;

    /// @inheritdoc IBeacon
    mapping(uint64 round => bytes32 value) public valueOf;

    event RoundShown(uint64 indexed round, bytes32 value);

    error DrandBeaconBadKey();
    /// @notice Neither a period nor a grid is zero.
    error DrandBeaconBadPeriod();
    error DrandBeaconBadSignature(uint64 round);

    /// @param key the network's public key
    /// @param genesisSeconds when round 1 was there, Unix time
    /// @param marginRounds how many rounds a block's clock may be behind
    /// @param drawGrid rounds from one that draws to the next
    constructor(
        Bn254.G2 memory key,
        bytes32 chainHash,
        uint64 genesisSeconds,
        uint64 periodSeconds,
        uint64 marginRounds,
        uint64 drawGrid
    ) {
        require(periodSeconds != 0 && drawGrid != 0, DrandBeaconBadPeriod());
        // A key that is no point takes all of a pairing's gas each time: it is tried once, with the hash of nothing.
        require(_isKey(key), DrandBeaconBadKey());
        (KEY_X_IM, KEY_X_RE, KEY_Y_IM, KEY_Y_RE) = (key.xIm, key.xRe, key.yIm, key.yRe);
        (CHAIN_HASH, GENESIS_SECONDS, PERIOD_SECONDS) = (chainHash, genesisSeconds, periodSeconds);
        (MARGIN_ROUNDS, DRAW_GRID) = (marginRounds, drawGrid);
    }

    /// @notice Shows a round, for everybody and for ever; about 177,000 gas, and little for one that is known.
    /// @param signature the network's, on keccak256 of the round as 8 bytes
    function showRound(uint64 round, Bn254.G1 calldata signature) external returns (bytes32 value) {
        // Check
        value = valueOf[round];
        if (value != 0) return value;
        bytes memory message = abi.encodePacked(keccak256(abi.encodePacked(round)));
        Bn254.G2 memory key = Bn254.G2(KEY_X_IM, KEY_X_RE, KEY_Y_IM, KEY_Y_RE);
        require(BlsLib.verify(key, BlsLib.EVMNET_TAG, message, signature), DrandBeaconBadSignature(round));

        // Effect
        value = sha256(abi.encodePacked(signature.x, signature.y));
        valueOf[round] = value;
        emit RoundShown(round, value);
    }

    /// @notice The network's public key.
    function publicKey() external view returns (Bn254.G2 memory) {
        return Bn254.G2(KEY_X_IM, KEY_X_RE, KEY_Y_IM, KEY_Y_RE);
    }

    /// @inheritdoc IBeacon
    function drawAfter(uint256 timestamp) external view returns (uint64 round, bytes32 value) {
        uint64 first = roundAfter(timestamp);
        round = first + (DRAW_GRID - first % DRAW_GRID) % DRAW_GRID;
        return (round, valueOf[round]);
    }

    /// @inheritdoc IBeacon
    function roundAfter(uint256 timestamp) public view returns (uint64) {
        return roundAt(timestamp) + 1 + MARGIN_ROUNDS;
    }

    /// @inheritdoc IBeacon
    function roundAt(uint256 timestamp) public view returns (uint64) {
        if (timestamp < GENESIS_SECONDS) return 0;
        // forge-lint: disable-next-line(unsafe-typecast) below 2^64 as long as timestamps are
        return uint64((timestamp - GENESIS_SECONDS) / PERIOD_SECONDS) + 1;
    }

    /// @dev e(P, G2) = e(Q, key) is false for P that is not Q's multiple, and fails for a key outside the group: told apart
    /// by the pairing that is always true, e(infinity, G2) = e(infinity, key).
    function _isKey(Bn254.G2 memory key) private view returns (bool) {
        if (key.xIm | key.xRe | key.yIm | key.yRe == 0) return false;
        return Bn254.pairsAlike(Bn254.G1(0, 0), Bn254.G1(0, 0), key);
    }
}
