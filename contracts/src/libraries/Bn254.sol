// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice The curve BN254 (alt_bn128) through the EVM's precompiles: EIP-196 (0x06), EIP-197 (0x08), EIP-198 (0x05).
/// @dev Its security is about 100 bits today (Barbulescu and Duquesne 2017): enough for a lottery, too little for money.
/// An invalid point makes a precompile take all gas it was given: check what strangers hand in with isOnG1 first. That
/// a point of G2 is in its subgroup is checked by the pairing alone.
library Bn254 {
    struct G1 {
        uint256 x;
        uint256 y;
    }

    /// @dev In EIP-197's order: the imaginary part of a coordinate comes first.
    struct G2 {
        uint256 xIm;
        uint256 xRe;
        uint256 yIm;
        uint256 yRe;
    }

    uint256 internal constant P = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47;
    /// @dev Order of both groups.
    uint256 internal constant R = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;

    // The negated generator of G2.
    uint256 private constant NEG_X_IM = 0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2;
    uint256 private constant NEG_X_RE = 0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed;
    uint256 private constant NEG_Y_IM = 0x275dc4a288d1afb3cbb1ac09187524c7db36395df7be3b99e673b13a075a65ec;
    uint256 private constant NEG_Y_RE = 0x1d9befcd05a5323e6da4d435f3b617cdb3af83285c2df711ef39c01571827f9d;

    error Bn254PrecompileFailed(uint256 precompile);

    /// @notice A point of the curve that is not infinity, with coordinates below P. G1 is all of the curve.
    function isOnG1(G1 memory a) internal pure returns (bool) {
        if (a.x >= P || a.y >= P) return false;
        return mulmod(a.y, a.y, P) == curve(a.x);
    }

    /// @notice x^3 + 3: a square where a point with this x exists.
    function curve(uint256 x) internal pure returns (uint256) {
        return addmod(mulmod(mulmod(x, x, P), x, P), 3, P);
    }

    function add(G1 memory a, G1 memory b) internal view returns (G1 memory sum) {
        uint256[4] memory input = [a.x, a.y, b.x, b.y];
        bool ok;
        assembly ("memory-safe") {
            ok := staticcall(gas(), 0x06, input, 0x80, sum, 0x40)
        }
        require(ok, Bn254PrecompileFailed(6));
    }

    function mul(G1 memory a, uint256 scalar) internal view returns (G1 memory product) {
        uint256[3] memory input = [a.x, a.y, scalar];
        bool ok;
        assembly ("memory-safe") {
            ok := staticcall(gas(), 0x07, input, 0x60, product, 0x40)
        }
        require(ok, Bn254PrecompileFailed(7));
    }

    /// @notice Whether e(a, generator of G2) = e(b, key). False also where a point is none.
    function pairsAlike(G1 memory a, G1 memory b, G2 memory key) internal view returns (bool) {
        uint256[12] memory input =
            [a.x, a.y, NEG_X_IM, NEG_X_RE, NEG_Y_IM, NEG_Y_RE, b.x, b.y, key.xIm, key.xRe, key.yIm, key.yRe];
        bool ok;
        assembly ("memory-safe") {
            ok := staticcall(gas(), 0x08, input, 0x180, input, 0x20)
        }
        return ok && input[0] == 1;
    }

    /// @notice base ^ exponent modulo P.
    function pow(uint256 base, uint256 exponent) internal view returns (uint256) {
        uint256[6] memory input = [32, 32, 32, base, exponent, P];
        bool ok;
        assembly ("memory-safe") {
            ok := staticcall(gas(), 0x05, input, 0xc0, input, 0x20)
        }
        require(ok, Bn254PrecompileFailed(5));
        return input[0];
    }

    /// @notice A square root where there is one; P is 3 modulo 4.
    function sqrt(uint256 a) internal view returns (uint256 root, bool isSquare) {
        root = pow(a, (P + 1) / 4);
        isSquare = mulmod(root, root, P) == a;
    }

    /// @notice 1 / a, and 0 for 0.
    function inverse(uint256 a) internal view returns (uint256) {
        return pow(a, P - 2);
    }
}
