// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bn254} from "./Bn254.sol";
import {HashToG1} from "./HashToG1.sol";

/// @notice BLS signatures on BN254: signature in G1, public key in G2 (Boneh, Lynn, Shacham 2001).
/// @dev A key has exactly one signature on a message, so that the hash of a signature is a verifiable random number.
library BlsLib {
    /// @notice drand's EVM networks.
    bytes internal constant EVMNET_TAG = "BLS_SIG_BN254G1_XMD:KECCAK-256_SVDW_RO_NUL_";

    /// @notice Whether signature is that of key on message. About 130,000 gas; a key that is no point of G2 takes all gas.
    /// False for the zero key, whose signatures anyone could make.
    function verify(Bn254.G2 memory key, bytes memory tag, bytes memory message, Bn254.G1 memory signature)
        internal
        view
        returns (bool)
    {
        if (key.xIm | key.xRe | key.yIm | key.yRe == 0 || !Bn254.isOnG1(signature)) return false;
        return Bn254.pairsAlike(signature, HashToG1.hash(tag, message), key);
    }
}
