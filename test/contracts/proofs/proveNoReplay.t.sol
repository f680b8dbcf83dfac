// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IProofs, Opening, OrderTerms, ProofMode} from "../helpers/BaseTest.sol";
import {ReplayClaim} from "../../../contracts/src/interfaces/Types.sol";
import {DisputesTest} from "../disputes/DisputesTest.sol";

/// @notice An auditor that passes what it has not replayed. Here all salts are made up, unless said otherwise.
contract ProveNoReplayTest is DisputesTest {
    uint256 internal orderId;
    address[] internal panel;

    function setUp() public override {
        super.setUp();
        orderId = orderOfLeaves();
        panel = panelOf(orderId);
    }

    function test_takesTheSeat_andPaysWhoeverShowsIt() public {
        ReplayClaim memory claim = submittedBy(SALT);
        vm.expectEmit(address(proofs));
        emit IProofs.NoReplay(orderId, panel[0], stranger);
        vm.prank(stranger);
        proofs.proveNoReplay(orderId, claim);
        assertFalse(staking.hasSeat(CLASS, panel[0]), "seat");
        assertEq(staking.bondOf(panel[0]).activeWei, 0, "stake");
        assertFree(stranger, SEAT_STAKE / 10, "a tenth");
        assertEq(balances.burnedWei(), SEAT_STAKE - SEAT_STAKE / 10, "the rest is burned");
        settle(orderId);
        assertNothingLeft();
    }

    /// @dev Once: there is nothing left to take, or to be paid for.
    function test_again_paysNothing() public {
        ReplayClaim memory claim = submittedBy(SALT);
        proofs.proveNoReplay(orderId, claim);
        vm.prank(stranger);
        proofs.proveNoReplay(orderId, claim);
        assertFree(stranger, 0, "nothing");
    }

    function test_afterSettlement_too() public {
        ReplayClaim memory claim = submittedBy(SALT);
        settle(orderId);
        vm.roll(height() + 1_000);
        proofs.proveNoReplay(orderId, claim);
        assertFalse(staking.hasSeat(CLASS, panel[0]), "seat");
    }

    function test_whatItRevealedItself_too() public {
        ReplayClaim memory claim = claimOn(SALT);
        auditAll(orderId, 1);
        claim.signature = "";
        claim.agreeing = new address[](0);
        proofs.proveNoReplay(orderId, claim);
        assertFalse(staking.hasSeat(CLASS, panel[0]), "seat");
    }

    /* NOBODY HONEST */

    function test_revertsIf_itHasReplayed() public {
        ReplayClaim memory claim = submittedBy(trueSalt(panel[0]));
        expect(claim, abi.encodeWithSelector(IProofs.ProofsReplayed.selector, orderId, panel[0]));
    }

    /// @dev Within a tolerance honest replays have other bits: no salt shows anything.
    function test_revertsIf_withinATolerance() public {
        OrderTerms memory terms = defaultTerms();
        (terms.mode, terms.vouched) = (ProofMode.Tolerance, false);
        setModesAs(seller, machineId, 6);
        orderId = orderOfLeaves(terms);
        panel = panelOf(orderId);
        expect(submittedBy(SALT), abi.encodeWithSelector(IProofs.ProofsBadReplay.selector, orderId));
    }

    /// @dev Another's salt is no replay of one's own.
    function test_copied_isNone() public {
        proofs.proveNoReplay(orderId, submittedBy(trueSalt(panel[1])));
        assertFalse(staking.hasSeat(CLASS, panel[0]), "seat");
    }

    /// @dev With other bits than those behind the leaves anybody's salt would look wrong.
    function testFuzz_revertsIf_aBitIsWrong(uint256 segment, uint256 at, uint8 bit) public {
        ReplayClaim memory claim = submittedBy(trueSalt(panel[0]));
        segment = bound(segment, 0, claim.inner.length - 1);
        bytes memory bits = claim.inner[segment];
        bits[bound(at, 0, bits.length - 1)] ^= bytes1(uint8(1) << (bit % 8));
        expect(claim, badReplay());
    }

    function test_revertsIf_otherSegmentsAreShown() public {
        ReplayClaim memory claim = submittedBy(trueSalt(panel[0]));
        (claim.leaves[0], claim.leaves[1]) = (claim.leaves[1], claim.leaves[0]);
        (claim.inner[0], claim.inner[1]) = (claim.inner[1], claim.inner[0]);
        expect(claim, badReplay());
        claim = claimOn(trueSalt(panel[0]));
        claim.inner = new bytes[](1);
        expect(claim, badReplay());
        claim = claimOn(trueSalt(panel[0]));
        claim.leaves[2].leaf.innerRoot = bytes32("x");
        expect(claim, badReplay());
        claim = claimOn(trueSalt(panel[0]));
        claim.leaves[2].root = bytes32("x");
        expect(claim, badReplay());
        claim = claimOn(trueSalt(panel[0]));
        claim.leaves[2].leaf.lastStep = claim.leaves[2].leaf.firstStep;
        claim.inner[2] = "";
        expect(claim, badReplay());
    }

    function test_revertsIf_itSaidSomethingElse() public {
        ReplayClaim memory claim = submittedBy(trueSalt(panel[0]));
        claim.salt = bytes32("made up");
        expect(claim, badReveal(panel[0]));
        claim = claimOn(trueSalt(panel[0]));
        claim.report = "bafyother";
        expect(claim, badReveal(panel[0]));
        claim = claimOn(trueSalt(panel[0]));
        claim.signature = "";
        expect(claim, badReveal(panel[0]));
    }

    /// @dev Signed, but never part of what was passed: it may be about an earlier draw.
    function test_revertsIf_itsPassWasNotTaken() public {
        expect(claimOn(SALT), badReveal(panel[0]));
        ReplayClaim memory claim = submittedBy(SALT);
        claim.agreeing = new address[](1);
        claim.agreeing[0] = panel[0];
        expect(claim, badReveal(panel[0]));
    }

    /* HELPERS */

    /// @notice The first member's pass with that salt, handed in with the others'.
    function submittedBy(bytes32 salt) internal returns (ReplayClaim memory) {
        Opening[] memory openings = new Opening[](panel.length);
        for (uint256 i; i < panel.length; ++i) {
            openings[i] = opening(panel[i], i == 0 ? salt : SALT);
        }
        submit(orderId, openings);
        return claimOn(salt);
    }

    function claimOn(bytes32 salt) internal view returns (ReplayClaim memory) {
        return lazyClaim(orderId, panel, opening(panel[0], salt));
    }

    function opening(address auditor, bytes32 salt) internal view returns (Opening memory) {
        uint256 word = uniform(orderId, 1);
        bytes32 commitment =
            keccak256(abi.encode(orderId, auditor, word, keccak256(bytes("bafyreport")), salt));
        return Opening(word, salt, "bafyreport", signedCommitment(orderId, auditor, commitment));
    }

    /// @dev Written out from docs/formats.md, not taken from the contract.
    function trueSalt(address auditor) internal view returns (bytes32) {
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        bytes32[] memory digests = new bytes32[](segments.length);
        for (uint256 i; i < segments.length; ++i) {
            digests[i] = keccak256(bitsOf(claimOf(orderId, segments[i]).leaf));
        }
        return keccak256(abi.encode(orderId, auditor, digests));
    }

    function expect(ReplayClaim memory claim, bytes memory reason) internal {
        vm.expectRevert(reason);
        proofs.proveNoReplay(orderId, claim);
    }

    function badReplay() internal view returns (bytes memory) {
        return abi.encodeWithSelector(IProofs.ProofsBadReplay.selector, orderId);
    }

    function badReveal(address auditor) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IProofs.ProofsBadReveal.selector, orderId, auditor);
    }
}
