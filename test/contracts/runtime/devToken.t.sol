// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DevToken} from "../../../contracts/src/tokens/DevToken.sol";
import {BaseTest} from "../helpers/BaseTest.sol";

contract DevTokenTest is BaseTest {
    function test_isAFaucet() public {
        DevToken dev = new DevToken();
        vm.prank(stranger);
        dev.mint(buyer, 5);
        assertEq(dev.balanceOf(buyer), 5, "minted");
        assertEq(dev.decimals(), 18, "decimals");
        assertEq(keccak256(bytes(dev.symbol())), keccak256("DEV"), "symbol");
    }

    /// @dev solady's ERC20 trusts Permit2 by default; this one trusts nobody.
    function test_givesNobodyAnAllowance() public view {
        assertEq(token.allowance(stranger, 0x000000000022D473030F116dDEE9F6B43aC78BA3), 0, "Permit2");
    }
}
