// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EIP712} from "solady/utils/EIP712.sol";

import {Audits} from "./Audits.sol";
import {SignedLib} from "../../libraries/SignedLib.sol";

/// @notice What an auditor is bound by: a commitment that it signed, or sent itself.
abstract contract Signed is Audits, EIP712 {
    bytes32 internal constant VERDICTS_TYPEHASH =
        keccak256("Verdicts(uint256 orderId,uint8 round,bytes32 draw,bytes32 commitment)");

    /// @dev draw: what the signed verdicts are about.
    function _isSigned(
        uint256 orderId,
        uint8 round,
        bytes32 draw,
        address auditor,
        bytes32 commitment,
        bytes calldata signature
    ) internal view returns (bool) {
        bytes32 digest = _hashTypedData(
            keccak256(abi.encode(VERDICTS_TYPEHASH, orderId, round, draw, commitment))
        );
        return SignedLib.isSigned(auditor, digest, signature);
    }

    /// @dev What it sent itself is about the draw for which its panel is stored.
    function _isBound(
        uint256 orderId,
        uint8 round,
        bytes32 draw,
        address auditor,
        bytes32 commitment,
        bytes calldata signature
    ) internal view returns (bool) {
        if (signature.length == 0) {
            return commitment != 0 && _verdicts[orderId][round][auditor].commitment == commitment
                && draw == _drawDigest(_audits[orderId].seed, _panels[orderId][round]);
        }
        return _isSigned(orderId, round, draw, auditor, commitment, signature);
    }

    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Trainyard", "1");
    }
}
