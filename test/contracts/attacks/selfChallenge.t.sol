// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrderTerms} from "../helpers/BaseTest.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {DisputesTest} from "../disputes/DisputesTest.sol";

/// @notice Fault of peers: a seller that accuses itself, through friends, takes out more than it puts in.
/// @dev The seller's party is itself and any of buyer, payer, challenger and jurors: whatever they find, together they lose
/// at least what is burned.
contract SelfChallengeTest is DisputesTest {
    /// @dev All of them one person, any outcome.
    function testFuzz_oneForAll_losesWhateverItFinds(uint256 outcome, uint256 windows, bool byOther) public {
        address[] memory party = everybody();
        uint256 orderId = audited(windows, byOther);
        coverBond(challenger, orderId);
        uint256 before = sumOf(party);
        uint256 burned = balances.burnedWei();
        bytes32[4] memory words = [Findings.VALID, Findings.UNUSABLE, Findings.UNAVAILABLE, bytes32("root")];
        uint256 disputeId = votingOn(challenger, orderId, 0);
        resolveAll(disputeId, words[outcome % 4]);
        uint256 loss = before - sumOf(party);
        assertEq(loss, balances.burnedWei() - burned, "what is lost is burned");
        if (outcome % 4 == 0) assertEq(loss, CHALLENGE_BOND / 4, "a quarter of the bond");
        else assertGe(2 * loss, STAKE - AUDIT_FEE, "half of the stake after the fees");
    }

    /// @dev Any of them: which of buyer, payer, challenger and each juror belong to the seller is fuzzed. With four or five
    /// of the jurors they convict, else the jury refutes; outsiders always find that the segment holds.
    function testFuzz_anyParty_neverGains(uint256 members, uint256 windows, bool convicts, bool byOther)
        public
    {
        address[] memory party = new address[](9);
        uint256 count;
        party[count++] = seller;
        if (members & 1 != 0) party[count++] = buyer;
        if (members & 2 != 0) party[count++] = payer;
        if (members & 4 != 0) party[count++] = challenger;
        uint256 others = count;
        uint256 outsider = (members >> 16) % 6;
        for (uint256 i; i < 5; ++i) {
            if (convicts ? i != outsider : members & (8 << i) != 0) party[count++] = auditors[i];
        }
        assembly ("memory-safe") {
            mstore(party, count)
        }
        uint256 orderId = audited(windows, byOther);
        coverBond(challenger, orderId);
        uint256 before = sumOf(party);
        uint256 disputeId = votingOn(challenger, orderId, 0);
        if (convicts) {
            if (outsider < 5) voteAs(auditors[outsider], disputeId, Findings.VALID);
            for (uint256 i = others; i < count; ++i) {
                voteAs(party[i], disputeId, Findings.UNUSABLE);
                if (i + 1 - others == 4) break; // four of five are two thirds
            }
            openVotes(disputeId);
            assertGe(before - sumOf(party), (STAKE - AUDIT_FEE) / 2, "half of what the fees leave");
            return;
        }
        resolveAll(disputeId, Findings.VALID);
        if (members & 4 == 0) return;
        // It challenged itself: the quarter that is burned is its own, and so is what other jurors got.
        uint256 strangers = 5 - (count - others);
        uint256 lost = CHALLENGE_BOND / 4 + strangers * (CHALLENGE_BOND / 2 / 5);
        assertEq(before - sumOf(party), lost, "loses");
    }

    /// @dev The same without a jury: a chain it broke itself, and shows itself.
    function test_aBrokenChainOfItsOwn() public {
        uint256 orderId = placeAndStart();
        OrderTerms memory terms = defaultTerms();
        commitLeavesEnding(orderId, windowLeaves(orderId, terms, 0), bytes32("elsewhere"));
        vm.prank(seller);
        market.orderFailed(orderId, 10_002);
        address[] memory party = everybody();
        uint256 before = sumOf(party);
        vm.prank(seller);
        disputes.proveBrokenChain(
            orderId,
            claimIn(windowLeaves(orderId, terms, 0), 2, bytes32("elsewhere")),
            claimIn(windowLeaves(orderId, terms, 0), 2, bytes32("elsewhere"))
        );
        assertGe(before - sumOf(party), (STAKE - AUDIT_FEE) / 2, "half of what the fees leave");
        assertFree(buyer, ESCROW + AUDIT_FEE, "and the payer is whole");
    }

    /// @dev The seller itself may challenge; it pays like anyone.
    function test_inItsOwnName() public {
        uint256 orderId = completedAfter(100);
        uint256 before = wealthOf(seller);
        resolveAll(votingOn(seller, orderId, 0), Findings.VALID);
        assertEq(before - wealthOf(seller), CHALLENGE_BOND * 3 / 4, "refuted");
        before = wealthOf(seller);
        resolveAll(votingOn(seller, orderId, 0), Findings.UNUSABLE);
        assertGe(before - wealthOf(seller), (STAKE - AUDIT_FEE) / 2, "convicted");
        assertNothingLeft();
    }

    /* HELPERS */

    function audited(uint256 windows, bool byOther) internal returns (uint256 orderId) {
        orderId = byOther ? placePaidByOther() : place();
        start(orderId);
        commitWindows(orderId, bound(windows, 1, WINDOWS));
        vm.prank(seller);
        market.orderFailed(orderId, 10_002);
        mine(3);
    }

    function everybody() internal view returns (address[] memory party) {
        party = new address[](9);
        (party[0], party[1], party[2], party[3]) = (seller, buyer, payer, challenger);
        for (uint256 i; i < 5; ++i) {
            party[4 + i] = auditors[i];
        }
    }

    function sumOf(address[] memory party) internal view returns (uint256 sum) {
        for (uint256 i; i < party.length; ++i) {
            sum += wealthOf(party[i]);
        }
    }
}
