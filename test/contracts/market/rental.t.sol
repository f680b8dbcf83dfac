// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    BaseTest,
    HoldReason,
    IHashrate,
    IMachines,
    IMarket,
    IWindows,
    OrderStatus,
    OrderTerms,
    OrderView,
    ProofMode
} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";

/// @notice Orders without proof: by time alone, until the machine's last heartbeat and five minutes.
contract RentalTest is BaseTest {
    uint256 internal constant SECOND = 0.01 ether; // price of one

    function setUp() public override {
        super.setUp();
        setModesAs(seller, machineId, 3);
    }

    function rent(uint32 maxSeconds) internal returns (uint256 orderId) {
        OrderTerms memory terms = rentalTerms();
        terms.maxSeconds = maxSeconds;
        orderId = placeWith(terms);
        start(orderId);
    }

    function beat() internal {
        vm.prank(seller);
        machines.heartbeat(machineId);
    }

    function assertPaid(uint256 orderId, OrderStatus status, uint16 reason, uint256 paidSeconds)
        internal
        view
    {
        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, status, "status");
        assertEq(order.closeReason, reason, "reason");
        assertEq(order.paidWei, paidSeconds * SECOND, "paid");
        assertEq(order.endedAt - order.startedAt, paidSeconds, "paid time");
        assertEq(order.refundedWei, order.escrowWei - order.paidWei, "refunded");
        assertEq(order.slashedWei, 0, "slashed");
        assertEq(machines.machineOf(machineId).currentOrderId, 0, "machine is free");
        assertNothingLeft();
    }

    /* PLACING */

    function test_takesNoFeeAndTheStakeOfANonStart() public {
        OrderTerms memory terms = rentalTerms();
        (uint256 escrowWei, uint256 feeWei, uint256 stakeWei) = market.quote(terms);
        assertEq(escrowWei, ESCROW, "escrow");
        assertEq(feeWei, 0, "fee");
        assertEq(stakeWei, FIVE_MINUTES_PRICE, "stake");
        OrderView memory order = market.orderOf(placeWith(terms));
        assertEq(keccak256(abi.encode(order.terms)), keccak256(abi.encode(terms)), "terms");
        assertHeld(buyer, HoldReason.Escrow, ESCROW, "escrow");
        assertEq(staking.bondOf(seller).reservedWei, FIVE_MINUTES_PRICE, "stake");
    }

    function test_needsNoAuditors() public {
        for (uint256 i; i < 4; ++i) {
            vm.prank(auditors[i]);
            staking.leaveSeat(CLASS);
        }
        placeWith(rentalTerms());
    }

    /// @dev Each number that only a proof gives a meaning.
    function test_revertsIf_termsAreOfAProof() public {
        for (uint256 i; i < 7; ++i) {
            OrderTerms memory terms = rentalTerms();
            if (i == 0) terms.steps = 1;
            if (i == 1) terms.stepsPerSegment = 1;
            if (i == 2) terms.segmentsPerWindow = 1;
            if (i == 3) terms.draws = 1;
            if (i == 4) terms.stepMicros = 1;
            if (i == 5) terms.unauditedShareBps = 1;
            if (i == 6) terms.vouched = true;
            vm.expectRevert(badTerms("mode"));
            vm.prank(buyer);
            market.placeOrder(terms, "", byCaller());
        }
    }

    function test_revertsIf_machineDoesNotTakeTheMode() public {
        setModesAs(seller, machineId, 1);
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketModeNotOffered.selector, ProofMode.Bitwise));
        vm.prank(buyer);
        market.placeOrder(defaultTerms(), "", byCaller());
        placeWith(rentalTerms());
    }

    function test_modesAreTheOwnersToSay() public {
        assertEq(machines.machineOf(addMachineAs(seller)).modes, 2, "bitwise unless said");
        vm.expectEmit(address(machines));
        emit IMachines.ModesSet(machineId, 5);
        setModesAs(seller, machineId, 5);
        assertEq(machines.machineOf(machineId).modes, 5, "modes");
        uint8[2] memory bad = [0, 16];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesBadModes.selector, bad[i]));
            setModesAs(seller, machineId, bad[i]);
        }
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesNotOwner.selector, machineId, stranger));
        setModesAs(stranger, machineId, 1);
    }

    /* ENDS */

    function test_buyerStops_settlesAtOnce() public {
        uint256 orderId = rent(600);
        skip(100);
        vm.prank(buyer);
        market.cancelOrder(orderId);
        assertPaid(orderId, OrderStatus.Cancelled, CloseReasons.BUYER_CANCELLED, 100);
        // Two percent of it are burned, as of any pay.
        assertFree(seller, 0.98 ether, "seller");
    }

    function test_programEnds_settlesAtOnce() public {
        uint256 orderId = rent(600);
        skip(250);
        vm.prank(seller);
        market.orderCompleted(orderId, "bafyresult");
        assertPaid(orderId, OrderStatus.Completed, CloseReasons.WORK_COMPLETED, 250);
    }

    function test_paidTimeOver_isComplete() public {
        uint256 orderId = rent(600);
        skip(400);
        beat();
        skip(5_000);
        market.expireOrder(orderId);
        assertPaid(orderId, OrderStatus.Completed, CloseReasons.WORK_COMPLETED, 600);
    }

    function test_sellerGivesUp_isPaidUntilThen() public {
        uint256 orderId = rent(600);
        skip(30);
        vm.prank(seller);
        market.orderFailed(orderId, CloseReasons.SELLER_GAVE_UP);
        assertPaid(orderId, OrderStatus.Failed, CloseReasons.SELLER_GAVE_UP, 30);
        assertEq(machines.machineOf(machineId).failed, 1, "count");
    }

    /// @dev Anyone ends it from five minutes after the last sign of life on, and no later time is paid.
    function test_silentMachine_isPaidUntilFiveMinutesAfterItsLastHeartbeat() public {
        uint256 orderId = rent(3_600);
        skip(200);
        beat();
        skip(299);
        vm.expectRevert(tooEarly(orderId, time() + 1));
        market.expireOrder(orderId);
        skip(1_000);
        market.expireOrder(orderId);
        assertPaid(orderId, OrderStatus.Failed, CloseReasons.MACHINE_SILENT, 500);
        // What it says later changes nothing.
        beat();
        assertEq(market.orderOf(orderId).paidWei, 500 * SECOND, "paid");
    }

    /// @dev A heartbeat of before counts for nothing, and a silent machine's seller gains nothing by ending it late itself.
    function testFuzz_paysNoMoreThanHeartbeats(uint256 beatAfter, uint256 endAfter, uint256 how) public {
        beat();
        skip(1_000);
        uint256 orderId = rent(3_600);
        uint256 beatAt = bound(beatAfter, 0, 3_000);
        skip(beatAt);
        beat();
        uint256 rest = bound(endAfter, 0, 600);
        skip(rest);
        vm.prank(how % 2 == 0 ? buyer : seller);
        if (how % 2 == 0) market.cancelOrder(orderId);
        else market.orderCompleted(orderId, "");
        uint256 elapsed = beatAt + (rest < 300 ? rest : 300);
        assertEq(market.orderOf(orderId).paidWei, elapsed * SECOND, "paid");
        assertNothingLeft();
    }

    function test_notStarted_costsTheWholeStake() public {
        uint256 orderId = placeWith(rentalTerms());
        skip(60);
        market.expireOrder(orderId);
        OrderView memory order = market.orderOf(orderId);
        assertEq(order.slashedWei, FIVE_MINUTES_PRICE, "slashed");
        assertFree(buyer, ESCROW + FIVE_MINUTES_PRICE, "buyer");
        assertNothingLeft();
    }

    function test_renewsAtItsPrice() public {
        uint256 orderId = rent(600);
        vm.prank(buyer);
        market.renewOrder(orderId, 300, byCaller());
        skip(250);
        beat();
        skip(250);
        beat();
        skip(200);
        vm.expectRevert(tooEarly(orderId, time() + 100));
        market.expireOrder(orderId);
    }

    /* NOTHING OF A PROOF */

    function test_revertsIf_windowOrCredit() public {
        uint256 orderId = rent(600);
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsNotTraining.selector, orderId));
        vm.prank(seller);
        windows.commitWindow(orderId, 0, 0, 1, 0, 0, "");
        vm.expectRevert(abi.encodeWithSelector(IWindows.WindowsNotLate.selector, orderId, 0));
        vm.prank(seller);
        market.orderFailed(orderId, CloseReasons.JOB_STALLED);
        assertEq(windows.windowCount(orderId), 0, "windows");

        vm.prank(seller);
        market.orderCompleted(orderId, "");
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateNotProved.selector, orderId));
        hashrate.creditOrder(orderId);
        // It trained without a record of overrunning.
        (IMachines.Reputation memory record,) = machines.reputationOf(machineId);
        assertEq(record.overrunSeconds, 0, "overrun");
    }
}
