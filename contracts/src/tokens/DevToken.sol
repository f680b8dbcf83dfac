// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "solady/tokens/ERC20.sol";

/// @title DevToken
/// @notice For devnets only: anybody may mint any amount, so it is worth nothing. ERC-20 with EIP-2612 permit.
contract DevToken is ERC20 {
    function name() public pure override returns (string memory) {
        return "Trainyard devnet token";
    }

    function symbol() public pure override returns (string memory) {
        return "DEV";
    }

    /// @notice Open faucet: mints amountWei to anyone who asks. Never deploy this where money is real.
    function mint(address to, uint256 amountWei) external {
        _mint(to, amountWei);
    }

    /// @dev Plain ERC-20 allowances: no spender is trusted in advance.
    function _givePermit2InfiniteAllowance() internal pure override returns (bool) {
        return false;
    }
}
