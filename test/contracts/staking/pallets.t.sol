// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, HoldReason, IPallet, IStaking} from "../helpers/BaseTest.sol";

/// @notice reserve, unreserve, slash and evict, called as the pallets.
contract StakingPalletsTest is BaseTest {
    function test_reserve_andUnreserve() public {
        vm.startPrank(address(market));
        vm.expectEmit(address(staking));
        emit IStaking.Reserved(seller, 60 ether);
        staking.reserve(seller, 60 ether);
        vm.expectRevert(
            abi.encodeWithSelector(IStaking.StakingInsufficientActive.selector, seller, 40 ether, 41 ether)
        );
        staking.reserve(seller, 41 ether);
        vm.expectEmit(address(staking));
        emit IStaking.Unreserved(seller, 10 ether);
        staking.unreserve(seller, 10 ether);
        assertEq(staking.bondOf(seller).reservedWei, 50 ether, "reserved");
    }

    function test_slash_paysPayerThenChallengersAndBurnsTheRest() public {
        vm.startPrank(address(market));
        staking.reserve(seller, 10 ether);
        address[] memory challengers = new address[](3);
        (challengers[0], challengers[1], challengers[2]) = (auditors[0], auditors[1], auditors[2]);
        uint256 toChallengers = 4 ether + 1;
        uint256 share = toChallengers / 3;
        vm.expectEmit(address(staking));
        emit IStaking.Slashed(seller, 10 ether, 2 ether, 3 * share, 8 ether - 3 * share);
        staking.slash(seller, 10 ether, buyer, 2 ether, challengers, toChallengers);

        assertFree(buyer, 2 ether, "payer");
        assertFree(auditors[0], share, "challenger");
        assertFree(auditors[2], share, "challenger");
        assertEq(balances.burnedWei(), 8 ether - 3 * share, "burned, rounding included");
        assertEq(staking.bondOf(seller).activeWei, BOND - 10 ether, "active");
        assertEq(staking.bondOf(seller).reservedWei, 0, "reserved");
        assertSolvent();
    }

    function test_slash_withoutChallengersBurnsTheirPart() public {
        vm.startPrank(address(market));
        staking.reserve(seller, 10 ether);
        staking.slash(seller, 10 ether, buyer, 0, new address[](0), 5 ether);
        assertEq(balances.burnedWei(), 10 ether, "burned");
        assertSolvent();
    }

    function test_evict_burnsTheSeatOnceAndNeverReverts() public {
        vm.startPrank(address(proofs));
        vm.expectEmit(address(staking));
        emit IStaking.SeatLeft(CLASS, auditors[2], 0);
        staking.evict(CLASS, auditors[2]);
        assertFalse(staking.hasSeat(CLASS, auditors[2]), "seat");
        assertEq(staking.bondOf(auditors[2]).activeWei, 0, "active");
        assertEq(balances.burnedWei(), SEAT_STAKE, "burned");

        staking.evict(CLASS, auditors[2]);
        staking.evict(CLASS, stranger);
        assertEq(balances.burnedWei(), SEAT_STAKE, "no second time");
        assertSolvent();
    }

    /// @dev Leaving does not save what the seat answers for.
    function test_evict_burnsTheStakeOfASeatThatWasLeft() public {
        vm.prank(auditors[2]);
        staking.leaveSeat(CLASS);
        vm.prank(address(proofs));
        staking.evict(CLASS, auditors[2]);
        assertEq(balances.burnedWei(), SEAT_STAKE, "burned");
        assertEq(staking.bondOf(auditors[2]).activeWei, 0, "active");
        assertEq(staking.seatsOf(CLASS), 3, "seats");
        skip(1 days);
        vm.expectRevert(abi.encodeWithSelector(IStaking.StakingNoSeat.selector, CLASS, auditors[2]));
        vm.prank(auditors[2]);
        staking.freeSeatStake(CLASS);
    }

    /// @dev Disputes reserves and slashes bonds, and evicts silent jurors, as Market and Proofs do.
    function test_disputesMayDoAllOfIt() public {
        vm.startPrank(address(disputes));
        staking.reserve(seller, 2 ether);
        staking.unreserve(seller, 1 ether);
        staking.slash(seller, 1 ether, buyer, 1 ether, new address[](0), 0);
        assertEq(staking.bondOf(seller).reservedWei, 0, "reserved");
        assertFree(buyer, 1 ether, "paid");
        staking.evict(CLASS, auditors[0]);
        assertFalse(staking.hasSeat(CLASS, auditors[0]), "seat");
        assertSolvent();
    }

    function test_revertsIf_callerIsNotThePallet() public {
        address[] memory none = new address[](0);
        bytes memory reason = abi.encodeWithSelector(IPallet.PalletUnauthorized.selector, seller);
        vm.startPrank(seller);
        vm.expectRevert(reason);
        staking.reserve(seller, 1);
        vm.expectRevert(reason);
        staking.unreserve(seller, 1);
        vm.expectRevert(reason);
        staking.slash(seller, 1, seller, 1, none, 0);
        vm.expectRevert(reason);
        staking.evict(CLASS, seller);
        vm.stopPrank();

        vm.expectRevert(abi.encodeWithSelector(IPallet.PalletUnauthorized.selector, address(market)));
        vm.prank(address(market));
        staking.evict(CLASS, auditors[0]);
        vm.expectRevert(abi.encodeWithSelector(IPallet.PalletUnauthorized.selector, address(proofs)));
        vm.prank(address(proofs));
        staking.slash(seller, 1, seller, 1, none, 0);
    }
}
