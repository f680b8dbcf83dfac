// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IStaking} from "../helpers/BaseTest.sol";

/// @notice takeSeat, leaveSeat and freeSeatStake. Commit and reveal phase together are 120 seconds, an audit twice that.
contract SeatsTest is BaseTest {
    function test_take_reservesTheSeatsStake() public {
        bondAs(buyer, SEAT_STAKE);
        vm.expectEmit(address(staking));
        emit IStaking.SeatTaken(CLASS, buyer);
        vm.prank(buyer);
        staking.takeSeat(CLASS);

        assertEq(staking.seatsOf(CLASS), 5, "seats");
        assertEq(staking.seatAt(CLASS, 4), buyer, "seat");
        assertTrue(staking.hasSeat(CLASS, buyer), "has");
        assertEq(staking.bondOf(buyer).reservedWei, SEAT_STAKE, "reserved");
    }

    function test_take_revertsIf_taken() public {
        vm.expectRevert(abi.encodeWithSelector(IStaking.StakingSeatTaken.selector, CLASS, auditors[0]));
        vm.prank(auditors[0]);
        staking.takeSeat(CLASS);
    }

    function test_take_revertsIf_bondIsShort() public {
        bondAs(buyer, SEAT_STAKE - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStaking.StakingInsufficientActive.selector, buyer, SEAT_STAKE - 1, SEAT_STAKE
            )
        );
        vm.prank(buyer);
        staking.takeSeat(CLASS);
    }

    /// @dev One bond backs one seat: another class needs another stake.
    function test_take_eachClassNeedsItsOwnStake() public {
        vm.startPrank(auditors[0]);
        vm.expectRevert(
            abi.encodeWithSelector(IStaking.StakingInsufficientActive.selector, auditors[0], 0, SEAT_STAKE)
        );
        staking.takeSeat(keccak256("h200"));
        vm.stopPrank();
        bondAs(auditors[0], SEAT_STAKE);
        vm.prank(auditors[0]);
        staking.takeSeat(keccak256("h200"));
        assertEq(staking.bondOf(auditors[0]).reservedWei, 2 * SEAT_STAKE, "reserved");
    }

    function test_leave_closesTheGap() public {
        vm.expectEmit(address(staking));
        emit IStaking.SeatLeft(CLASS, auditors[1], uint64(time() + 390));
        vm.prank(auditors[1]);
        staking.leaveSeat(CLASS);

        assertEq(staking.seatsOf(CLASS), 3, "seats");
        assertEq(staking.seatAt(CLASS, 0), auditors[0], "first");
        assertEq(staking.seatAt(CLASS, 1), auditors[3], "the last moved in");
        assertEq(staking.seatAt(CLASS, 2), auditors[2], "third");
        vm.prank(auditors[3]);
        staking.leaveSeat(CLASS);
        assertEq(staking.seatAt(CLASS, 1), auditors[2], "and again");
    }

    /// @dev An audit that drew the seat is over by then, however late it began.
    function test_leave_keepsTheStakeForTheLongestAudit() public {
        vm.startPrank(auditors[1]);
        staking.leaveSeat(CLASS);
        assertEq(staking.bondOf(auditors[1]).reservedWei, SEAT_STAKE, "still reserved");
        skip(389);
        vm.expectRevert(
            abi.encodeWithSelector(IStaking.StakingTooEarly.selector, auditors[1], uint64(time() + 1))
        );
        staking.freeSeatStake(CLASS);
        vm.expectRevert(abi.encodeWithSelector(IStaking.StakingSeatTaken.selector, CLASS, auditors[1]));
        staking.takeSeat(CLASS);
        skip(1);
        staking.freeSeatStake(CLASS);
        assertEq(staking.bondOf(auditors[1]).reservedWei, 0, "free");
        vm.expectRevert(abi.encodeWithSelector(IStaking.StakingNoSeat.selector, CLASS, auditors[1]));
        staking.freeSeatStake(CLASS);
        staking.takeSeat(CLASS);
        assertEq(staking.seatAt(CLASS, 3), auditors[1], "back at the end");
    }

    function test_freeSeatStake_revertsIf_stillSeated() public {
        vm.expectRevert(abi.encodeWithSelector(IStaking.StakingNoSeat.selector, CLASS, auditors[1]));
        vm.prank(auditors[1]);
        staking.freeSeatStake(CLASS);
    }

    function test_seatsBesides_countsEachPartyOnce() public view {
        assertEq(staking.seatsBesides(CLASS, seller, buyer, buyer), 4, "none of them sits");
        assertEq(staking.seatsBesides(CLASS, auditors[0], auditors[1], auditors[2]), 1, "three do");
        assertEq(staking.seatsBesides(CLASS, auditors[0], auditors[0], auditors[0]), 3, "one does");
        assertEq(staking.seatsBesides(CLASS, auditors[0], auditors[1], auditors[0]), 2, "two do");
    }

    function test_leave_revertsIf_noSeat() public {
        vm.expectRevert(abi.encodeWithSelector(IStaking.StakingNoSeat.selector, CLASS, buyer));
        vm.prank(buyer);
        staking.leaveSeat(CLASS);
    }

    /// @dev Whoever was drawn and leaves is heard all the same, and punished when silent.
    function test_leave_drawnAuditorIsStillBound() public {
        uint256 orderId = completedAfter(100);
        proofs.pinDraw(orderId);
        address[] memory panel = panelOf(orderId);
        vm.prank(panel[0]);
        staking.leaveSeat(CLASS);
        skip(120);
        settle(orderId);
        assertEq(staking.bondOf(panel[0]).activeWei, 0, "burned with the others'");
    }

    /// @dev Any order of coming and going keeps positions, count and membership in step.
    function testFuzz_seatsStayConsistent(uint256 moves) public {
        for (uint256 i; i < 20; ++i) {
            address auditor = auditors[(moves >> (2 * i)) % 4];
            bool seated = staking.hasSeat(CLASS, auditor);
            vm.prank(auditor);
            if (seated) {
                staking.leaveSeat(CLASS);
                skip(390);
                vm.prank(auditor);
                staking.freeSeatStake(CLASS);
            } else {
                staking.takeSeat(CLASS);
            }

            uint256 members;
            for (uint256 a; a < 4; ++a) {
                if (staking.hasSeat(CLASS, auditors[a])) ++members;
            }
            assertEq(staking.seatsOf(CLASS), members, "count");
            for (uint256 s; s < members; ++s) {
                assertTrue(staking.hasSeat(CLASS, staking.seatAt(CLASS, s)), "member");
                for (uint256 t; t < s; ++t) {
                    assertTrue(staking.seatAt(CLASS, s) != staking.seatAt(CLASS, t), "twice");
                }
            }
        }
    }
}
