// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IStaking, OrderView} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: settlement needs collateral that was never set aside, so it reverts or pays from others.
contract MissingCollateralTest is BaseTest {
    function test_theWholeSlashIsThereWhateverTheSellerDoes() public {
        uint256 orderId = completedAfter(100);
        // Everything that can be taken away is taken away.
        vm.startPrank(seller);
        staking.unbond(BOND - STAKE);
        vm.expectRevert(abi.encodeWithSelector(IStaking.StakingInsufficientActive.selector, seller, 0, 1));
        staking.unbond(1);
        skip(30);
        vm.stopPrank();
        convict(orderId, 0);

        OrderView memory order = market.orderOf(orderId);
        assertEq(order.slashedWei, STAKE, "slashed in full");
        assertFree(buyer, ESCROW + AUDIT_FEE, "payer is whole");
        assertEq(staking.bondOf(seller).activeWei, 0, "to the last wei");
        assertNothingLeft();
    }

    function test_oneStakeDoesNotBackTwoOrders() public {
        vm.prank(seller);
        staking.unbond(BOND - 2 * STAKE + 1);
        uint256 second = addMachineAs(seller);
        place();
        offerId = offerAs(seller, second);
        vm.expectRevert(
            abi.encodeWithSelector(IStaking.StakingInsufficientActive.selector, seller, STAKE - 1, STAKE)
        );
        vm.prank(buyer);
        market.placeOrder(defaultTerms(), "", byCaller());
    }

    /// @dev A renewal raises what cheating could gain; without more stake there is none.
    function test_aRenewalNeedsItsOwnCollateral() public {
        uint256 orderId = placeAndStart();
        vm.prank(seller);
        staking.unbond(BOND - STAKE);
        vm.expectRevert(
            abi.encodeWithSelector(IStaking.StakingInsufficientActive.selector, seller, 0, 0.01 ether)
        );
        vm.prank(buyer);
        market.renewOrder(orderId, 1, byCaller());
    }
}
