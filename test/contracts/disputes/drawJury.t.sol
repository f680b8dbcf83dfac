// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DisputeStage, DisputeView, IDisputes, OrderStatus} from "../helpers/BaseTest.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {DisputesTest} from "./DisputesTest.sol";

contract DrawJuryTest is DisputesTest {
    uint256 internal orderId;

    function setUp() public override {
        super.setUp();
        orderId = completedAfter(100);
    }

    function test_afterAnAnswer() public {
        uint256 disputeId = challengeAs(challenger, orderId, 4);
        answerAsSeller(disputeId);
        mine(3);
        vm.prank(stranger);
        disputes.drawJury(disputeId);
        DisputeView memory v = disputes.disputeOf(disputeId);
        assertEq(v.jury.length, 5, "five");
        assertEq(uint256(v.stage), uint256(DisputeStage.Voting), "stage");
        assertEq(v.deadlineAt, time() + VOTE_SECONDS, "half of the reveal phase");
        assertDistinct(v.jury);
    }

    /// @dev The first call after the silence fixes the block, and the jury is that block's: no later call chooses.
    function test_afterASilence() public {
        uint256 disputeId = challengeAs(challenger, orderId, 4);
        skip(ANSWER_SECONDS - 1);
        expectRefused(disputeId, wrongStage(disputeId));
        skip(1);
        assertEq(uint256(disputes.disputeOf(disputeId).stage), uint256(DisputeStage.Drawing), "stage");
        disputes.drawJury(disputeId);
        assertEq(disputes.disputeOf(disputeId).jury.length, 0, "not yet");
        uint64 target = uint64(height() + 2);
        bytes memory notReady =
            abi.encodeWithSelector(IDisputes.DisputesJuryNotReady.selector, disputeId, target);
        expectRefused(disputeId, notReady);
        mine(2);
        expectRefused(disputeId, notReady);
        mine(1);
        disputes.drawJury(disputeId);
        assertEq(disputes.disputeOf(disputeId).jury.length, 5, "drawn");
    }

    function test_onlyOnce() public {
        uint256 disputeId = votingOn(challenger, orderId, 4);
        expectRefused(disputeId, wrongStage(disputeId));
        mine(1_000);
        expectRefused(disputeId, wrongStage(disputeId));
    }

    /// @dev Whenever it is called within 256 blocks it is one jury; after that the next block in step counts.
    function test_movesOnAfter256Blocks() public {
        seatMore(10);
        uint256 disputeId = challengeAs(challenger, orderId, 4);
        answerAsSeller(disputeId);
        uint256 target = height() + 2;
        uint256 snapshot = vm.snapshotState();
        uint256[6] memory ahead = [uint256(1), 100, 256, 257, 512, 1_025];
        uint256[6] memory expected = [target, target, target, target + 256, target + 256, target + 1_024];
        for (uint256 i; i < 6; ++i) {
            vm.revertToState(snapshot);
            snapshot = vm.snapshotState();
            vm.roll(target + ahead[i]);
            vm.setBlockhash(expected[i], keccak256(abi.encode("hash", expected[i])));
            disputes.drawJury(disputeId);
            address[] memory jury = disputes.disputeOf(disputeId).jury;
            assertJury(jury, juryByHand(disputeId, 0, keccak256(abi.encode("hash", expected[i]))));
        }
    }

    /// @dev Against a draw written the long way: shuffle the seats, leave out the parties, take five.
    function testFuzz_isTheHashsJury(bytes32 seed, uint256 seats) public {
        seatMore(bound(seats, 0, 12));
        uint256 disputeId = challengeAs(challenger, orderId, 4);
        answerAsSeller(disputeId);
        uint256 target = height() + 2;
        vm.roll(target + 1);
        vm.setBlockhash(target, seed);
        disputes.drawJury(disputeId);
        assertJury(disputes.disputeOf(disputeId).jury, juryByHand(disputeId, 0, seed));
    }

    /* PARTIES */

    /// @dev Buyer, payer, seller and challenger hold seats, and none of them is ever on the jury.
    function testFuzz_noPartyJudges(bytes32 seed, uint256 more) public {
        seatMore(bound(more, 0, 8));
        address[4] memory parties = [seller, buyer, payer, auditors[0]];
        for (uint256 i; i < 3; ++i) {
            bondAs(parties[i], 2 * SEAT_STAKE);
            vm.prank(parties[i]);
            staking.takeSeat(CLASS);
        }
        uint256 placed = placePaidByOther();
        start(placed);
        commitWindows(placed, WINDOWS);
        complete(placed);
        uint256 disputeId = challengeAs(parties[3], placed, 4);
        answerAsSeller(disputeId);
        uint256 target = height() + 2;
        vm.roll(target + 1);
        vm.setBlockhash(target, seed);
        disputes.drawJury(disputeId);
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        assertEq(jury.length, auditors.length - 1 < 5 ? auditors.length - 1 : 5, "as many as there are");
        assertDistinct(jury);
        for (uint256 i; i < jury.length; ++i) {
            for (uint256 j; j < 4; ++j) {
                assertTrue(jury[i] != parties[j], "a party on the jury");
            }
            assertTrue(staking.hasSeat(CLASS, jury[i]), "seated");
        }
    }

    function test_asManyAsThereAre() public {
        unseat(auditors[0]);
        unseat(auditors[1]);
        uint256 disputeId = votingOn(challenger, orderId, 4);
        assertEq(disputes.disputeOf(disputeId).jury.length, 3, "three");
    }

    /// @dev Nobody to judge: both rounds pass with empty juries, the order ends Unaudited, and the bond comes back.
    function test_withoutSeats_theOrderEndsUnaudited() public {
        for (uint256 i; i < 5; ++i) {
            unseat(auditors[i]);
        }
        uint256 disputeId = votingOn(challenger, orderId, 4);
        assertEq(disputes.disputeOf(disputeId).jury.length, 0, "nobody");
        skip(VOTE_SECONDS);
        resolveAll(disputeId, Findings.UNUSABLE);
        assertEq(disputes.disputeOf(disputeId).round, 1, "second round");
        mine(3);
        disputes.drawJury(disputeId);
        skip(VOTE_SECONDS);
        resolveAll(disputeId, Findings.UNUSABLE);
        assertStatus(orderId, OrderStatus.Unaudited, "status");
        assertEq(reservedOf(challenger), 0, "bond");
        assertNothingLeft();
    }

    /// @dev Another hash, another jury, and another one in the second round.
    function test_theSecondRoundDrawsAnew() public {
        seatMore(10);
        uint256 disputeId = votingOn(challenger, orderId, 4);
        skip(VOTE_SECONDS);
        resolveNone(disputeId);
        uint256 target = height() + 2;
        assertEq(disputes.disputeOf(disputeId).jury.length, 0, "gone");
        vm.roll(target + 1);
        vm.setBlockhash(target, bytes32("second"));
        disputes.drawJury(disputeId);
        assertJury(disputes.disputeOf(disputeId).jury, juryByHand(disputeId, 1, bytes32("second")));
    }

    function test_revertsIf_closedUnknownOrSettled() public {
        expectRefused(99, wrongStage(99));
        uint256 disputeId = votingOn(challenger, orderId, 4);
        uint256 other = challengeAs(stranger, orderId, 5);
        answerAsSeller(other);
        mine(3);
        resolveAll(disputeId, Findings.UNUSABLE);
        expectRefused(disputeId, wrongStage(disputeId));
        expectRefused(other, wrongStage(other));
    }

    /* HELPERS */

    function resolveNone(uint256 disputeId) internal {
        disputes.resolve(disputeId, ballotsOf(disputeId, 0, 0));
    }

    function seatMore(uint256 count) internal {
        for (uint256 i; i < count; ++i) {
            seatAuditor(string.concat("more", vm.toString(i)));
        }
    }

    /// @dev A whole shuffle of the seats by the numbers that name a draw, parties left out afterwards.
    function juryByHand(uint256 disputeId, uint8 round, bytes32 seed)
        internal
        view
        returns (address[] memory jury)
    {
        uint256 seats = staking.seatsOf(CLASS);
        address[] memory deck = new address[](seats);
        for (uint256 i; i < seats; ++i) {
            deck[i] = staking.seatAt(CLASS, i);
        }
        uint256 picks = seats < 9 ? seats : 9;
        for (uint256 i; i < picks; ++i) {
            bytes32 random =
                keccak256(abi.encode(bytes32("trainyard.jury"), disputeId, uint256(round), i, uint256(seed)));
            uint256 place = i + uint256(random) % (seats - i);
            (deck[i], deck[place]) = (deck[place], deck[i]);
        }
        jury = new address[](seats < 5 ? seats : 5);
        for (uint256 i; i < jury.length; ++i) {
            jury[i] = deck[i]; // no party holds a seat here
        }
    }

    function assertJury(address[] memory jury, address[] memory expected) internal pure {
        assertEq(jury.length, expected.length, "size");
        for (uint256 i; i < jury.length; ++i) {
            assertEq(jury[i], expected[i], "juror");
        }
    }

    function assertDistinct(address[] memory jury) internal pure {
        for (uint256 i; i < jury.length; ++i) {
            for (uint256 j; j < i; ++j) {
                assertTrue(jury[i] != jury[j], "twice");
            }
        }
    }

    function expectRefused(uint256 disputeId, bytes memory reason) internal {
        vm.expectRevert(reason);
        disputes.drawJury(disputeId);
    }
}
