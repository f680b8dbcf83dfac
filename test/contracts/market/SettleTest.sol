// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, HoldReason} from "../helpers/BaseTest.sol";

/// @dev 40 steps of one second are 0.4 ether; the protocol takes 2 % of what is paid for.
abstract contract SettleTest is BaseTest {
    uint256 internal constant PASS = 1;
    uint256 internal constant FAIL = 2;
    uint256 internal constant UNAVAILABLE = 3;

    /// @dev Free, held and bonded.
    function wealth(address account) internal view returns (uint256) {
        return balances.freeOf(account) + balances.heldOf(account, HoldReason.Escrow)
            + balances.heldOf(account, HoldReason.Stake);
    }

    function wealthOf(address[] memory accounts) internal view returns (uint256 sum) {
        for (uint256 i; i < accounts.length; ++i) {
            sum += wealth(accounts[i]);
        }
    }
}
