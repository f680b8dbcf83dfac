// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DrandBeacon} from "../../../contracts/src/beacons/DrandBeacon.sol";
import {BlsLib} from "../../../contracts/src/libraries/BlsLib.sol";
import {Bn254} from "../../../contracts/src/libraries/Bn254.sol";
import {HashToG1} from "../../../contracts/src/libraries/HashToG1.sol";
import {Test} from "./Test.sol";

/// @notice A drand of one node that can sign any round: the first of the vectors' keys, whose secret is known.
abstract contract LocalDrand is Test {
    uint64 internal constant PERIOD = 3;
    uint64 internal constant MARGIN = 1;
    uint64 internal constant GRID = 4;
    uint64 internal constant GENESIS = 990_000;

    DrandBeacon internal drand;

    function deployDrand() internal returns (address) {
        uint256[] memory words =
            vm.parseJsonUintArray(vm.readFile("test/fixtures/bls-vectors.json"), ".made[0].key");
        Bn254.G2 memory key = Bn254.G2(words[0], words[1], words[2], words[3]);
        bytes memory args = abi.encode(key, bytes32("local"), GENESIS, PERIOD, MARGIN, GRID);
        drand = DrandBeacon(deployed("DrandBeacon", args));
        return address(drand);
    }

    function publishedAt(uint256 round) internal pure returns (uint256) {
        return GENESIS + (round - 1) * PERIOD;
    }

    function signatureOn(uint64 round) internal view returns (Bn254.G1 memory signature) {
        bytes memory message = abi.encodePacked(keccak256(abi.encodePacked(round)));
        Bn254.G1 memory hash = HashToG1.hash(BlsLib.EVMNET_TAG, message);
        (bool done, bytes memory product) =
            address(7).staticcall(abi.encode(hash.x, hash.y, uint256(keccak256("key 0")) >> 3));
        require(done, "ecMul");
        (signature.x, signature.y) = abi.decode(product, (uint256, uint256));
    }

    function show(uint64 round) internal returns (bytes32) {
        return drand.showRound(round, signatureOn(round));
    }
}
