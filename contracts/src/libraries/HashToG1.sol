// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bn254} from "./Bn254.sol";

/// @notice hash_to_curve of RFC 9380 for BN254's G1: expand_message_xmd over keccak256, the map of Shallue and van de
/// Woestijne (6.6.1) with Z = 1. With the tag BLS_SIG_BN254G1_XMD:KECCAK-256_SVDW_RO_NUL_ it is what drand's EVM
/// networks (scheme bls-bn254-unchained-on-g1) sign.
library HashToG1 {
    uint256 private constant P = Bn254.P;
    uint256 private constant C1 = 4; // g(Z) = Z^3 + 3
    uint256 private constant C2 = (P - 1) / 2; // -Z / 2
    uint256 private constant C3 = 0x16789af3a83522eb353c98fc6b36d713d5d8d1cc5dffffffa; // even root of -3 Z^2 g(Z)
    uint256 private constant C4 = 0x10216f7ba065e00de81ac1e7808072c9dd2b2385cd7b438469602eb24829a9bd; // -4 g(Z) / (3 Z^2)

    error HashToG1TagTooLong(uint256 bytes_);

    /// @param tag the domain separation tag, at most 255 bytes
    function hash(bytes memory tag, bytes memory message) internal view returns (Bn254.G1 memory) {
        (uint256 u0, uint256 u1) = toField(tag, message);
        return Bn254.add(map(u0), map(u1));
    }

    /// @notice hash_to_field: two elements, of 48 uniform bytes each.
    function toField(bytes memory tag, bytes memory message) internal pure returns (uint256 u0, uint256 u1) {
        require(tag.length <= 255, HashToG1TagTooLong(tag.length));
        // forge-lint: disable-next-line(unsafe-typecast) just compared
        bytes memory suffix = abi.encodePacked(tag, uint8(tag.length));
        // 136 zero bytes: the input block of keccak256.
        bytes32 b0 = keccak256(abi.encodePacked(new bytes(136), message, uint16(96), uint8(0), suffix));
        uint256 b1 = uint256(keccak256(abi.encodePacked(b0, uint8(1), suffix)));
        uint256 b2 = uint256(keccak256(abi.encodePacked(uint256(b0) ^ b1, uint8(2), suffix)));
        uint256 b3 = uint256(keccak256(abi.encodePacked(uint256(b0) ^ b2, uint8(3), suffix)));
        u0 = _reduce(b1, b2 >> 128);
        u1 = _reduce((b2 << 128) | (b3 >> 128), b3 & type(uint128).max);
    }

    /// @notice map_to_curve. What it divides by is zero for no u that a hash gives but by a chance of 2^-253; then too the
    /// result is on the curve.
    function map(uint256 u) internal view returns (Bn254.G1 memory) {
        uint256 t = mulmod(mulmod(u, u, P), C1, P);
        uint256 plus = addmod(1, t, P);
        uint256 minus = addmod(1, P - t, P);
        uint256 inverse = Bn254.inverse(mulmod(minus, plus, P));
        uint256 shift = mulmod(mulmod(mulmod(u, minus, P), inverse, P), C3, P);

        uint256 x = addmod(C2, P - shift, P);
        (uint256 y, bool isSquare) = Bn254.sqrt(Bn254.curve(x));
        if (!isSquare) {
            x = addmod(C2, shift, P);
            (y, isSquare) = Bn254.sqrt(Bn254.curve(x));
        }
        if (!isSquare) {
            uint256 root = mulmod(mulmod(plus, plus, P), inverse, P);
            x = addmod(mulmod(mulmod(root, root, P), C4, P), 1, P);
            (y,) = Bn254.sqrt(Bn254.curve(x));
        }
        if (y & 1 != u & 1) y = P - y;
        return Bn254.G1(x, y);
    }

    /// @dev (high * 2^128 + low) modulo P.
    function _reduce(uint256 high, uint256 low) private pure returns (uint256) {
        return addmod(mulmod(high, 1 << 128, P), low, P);
    }
}
