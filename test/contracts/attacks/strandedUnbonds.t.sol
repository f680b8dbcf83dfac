// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: slashing that divides or counts down what others, or the slashed one, already unbonded, so
/// that matured stake can never be withdrawn.
contract StrandedUnbondsTest is BaseTest {
    function test_maturedStakeComesOutAfterASlash() public {
        uint256 orderId = completedAfter(100);
        vm.prank(seller);
        staking.unbond(BOND - STAKE);
        convict(orderId, 0);
        skip(1_000);
        vm.startPrank(seller);
        staking.withdrawUnbonded();
        balances.withdraw(BOND - STAKE);
        vm.stopPrank();
        assertEq(token.balanceOf(seller), BOND - STAKE, "all that was not slashed");
        assertNothingLeft();
    }

    function test_anEvictedAuditorKeepsTheRest() public {
        address silent = auditors[0];
        bondAs(silent, 7 ether);
        vm.prank(silent);
        staking.unbond(7 ether);
        vm.prank(address(proofs));
        staking.evict(CLASS, silent);
        skip(1_000);
        vm.startPrank(silent);
        staking.withdrawUnbonded();
        balances.withdraw(7 ether);
        assertEq(token.balanceOf(silent), 7 ether, "rest");
    }
}
