// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "solady/utils/ECDSA.sol";

/// @notice Signatures that may later be held against who gave them.
library SignedLib {
    /// @notice By the account's own key, whatever code the account has: an account that answers for its signatures itself (ERC-1271,
    /// or a key's with code by EIP-7702) could deny them once they cost it something. Such an account sends what it says.
    function isSigned(address account, bytes32 digest, bytes calldata signature)
        internal
        view
        returns (bool)
    {
        return account != address(0) && ECDSA.tryRecoverCalldata(digest, signature) == account;
    }
}
