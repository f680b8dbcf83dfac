// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IProofs, LeafProof, Opening, OrderTerms, ProofMode} from "../helpers/BaseTest.sol";
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

    /// @dev An account that gets code (EIP-7702) cannot deny what it signed.
    function test_whoeverGotCodeSince_too() public {
        ReplayClaim memory claim = submittedBy(SALT);
        vm.etch(panel[0], hex"00");
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

    /// @dev One segment is enough, each has its own part of the salt, and a part says nothing of the others.
    function testFuzz_oneSegmentThatItDidNotReplay(uint256 place, uint256 noise) public {
        uint32[] memory positions = own();
        place = bound(place, 0, positions.length - 1);
        uint256 width = 256 / positions.length;
        noise = bound(noise, 1, type(uint256).max >> (256 - width));
        ReplayClaim memory claim = submittedBy(trueSalt(panel[0]) ^ bytes32(noise << (width * place)));
        for (uint256 i; i < positions.length; ++i) {
            if (i == place) continue;
            (claim.position, claim.leaf, claim.inner) = shownAt(positions[i]);
            expect(claim, abi.encodeWithSelector(IProofs.ProofsReplayed.selector, orderId, panel[0]));
        }
        (claim.position, claim.leaf, claim.inner) = shownAt(positions[place]);
        proofs.proveNoReplay(orderId, claim);
        assertFalse(staking.hasSeat(CLASS, panel[0]), "seat");
    }

    /// @dev Of what it did not have to replay it said nothing.
    function test_revertsIf_theSegmentIsNotInItsShare() public {
        ReplayClaim memory claim = submittedBy(SALT);
        (, uint256[] memory shares) = proofs.sharesOf(orderId);
        for (uint32 i; i < drawnCount(orderId); ++i) {
            if (shares[0] >> (2 * i) & 1 == 1) continue;
            (claim.position, claim.leaf, claim.inner) = shownAt(i);
            expect(claim, badReveal(panel[0]));
        }
        claim.position = 128;
        expect(claim, badReveal(panel[0]));
    }

    /// @dev Who found one segment wrong says that it replayed the others.
    function test_alsoOfAWordThatDoesNotPassAll() public {
        uint32[] memory positions = own();
        uint256 word = uniform(orderId, 1) + (1 << (2 * positions[0]));
        ReplayClaim memory claim = claimOn(SALT);
        uint256[] memory words = new uint256[](3);
        words[0] = words[1] = words[2] = word;
        auditWith(orderId, words);
        (claim.signature, claim.agreeing) = ("", new address[](0));
        claim.verdicts = ownPart(orderId, panel[0], word);
        expect(claim, badReveal(panel[0])); // the one that failed
        (claim.position, claim.leaf, claim.inner) = shownAt(positions[1]);
        proofs.proveNoReplay(orderId, claim);
        assertFalse(staking.hasSeat(CLASS, panel[0]), "seat");
    }

    /// @dev Also of a first panel, when the larger one sits.
    function test_afterTheRedraw_too() public {
        seatAuditor("fifth");
        seatAuditor("sixth");
        panel = panelOf(orderId);
        ReplayClaim memory claim = claimOn(SALT);
        (claim.signature, claim.agreeing) = ("", new address[](0));
        commitVerdictsAs(panel[0], orderId, uniform(orderId, 1));
        skip(60);
        revealAs(panel[0], orderId, uniform(orderId, 1));
        skip(60);
        market.settleOrder(orderId);
        assertEq(proofs.roundOf(orderId), 1, "round");
        proofs.proveNoReplay(orderId, claim);
        assertFalse(staking.hasSeat(CLASS, panel[0]), "seat");
    }

    /// @dev With other bits than those behind the leaf anybody's salt would look wrong.
    function testFuzz_revertsIf_aBitIsWrong(uint256 place, uint8 bit) public {
        ReplayClaim memory claim = submittedBy(trueSalt(panel[0]));
        claim.inner[bound(place, 0, claim.inner.length - 1)] ^= bytes1(uint8(1) << (bit % 8));
        expect(claim, badReplay());
    }

    function test_revertsIf_anotherSegmentIsShown() public {
        ReplayClaim memory claim = submittedBy(trueSalt(panel[0]));
        (, claim.leaf, claim.inner) = shownAt(own()[1]);
        expect(claim, badReplay());
        claim = claimOn(trueSalt(panel[0]));
        claim.inner = "";
        expect(claim, badReplay());
        claim = claimOn(trueSalt(panel[0]));
        claim.leaf.leaf.innerRoot = bytes32("x");
        expect(claim, badReplay());
        claim = claimOn(trueSalt(panel[0]));
        claim.leaf.root = bytes32("x");
        expect(claim, badReplay());
        claim = claimOn(trueSalt(panel[0]));
        claim.leaf.leaf.lastStep = claim.leaf.leaf.firstStep;
        claim.inner = "";
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

    /// @dev It signed for another panel before, in which it had another share, or for another seed.
    function test_revertsIf_itSignedForAnotherDraw() public {
        ReplayClaim memory claim = submittedBy(trueSalt(panel[0]));
        claim.draw = bytes32("another");
        claim.salt = SALT;
        bytes32 commitment = commitmentTo(orderId, panel[0], claim.verdicts);
        claim.signature = signedCommitment(orderId, 0, claim.draw, panel[0], commitment);
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
        return lazyClaim(orderId, panel, opening(panel[0], salt), own()[0]);
    }

    function opening(address auditor, bytes32 salt) internal view returns (Opening memory) {
        uint256 word = ownPart(orderId, auditor, uniform(orderId, 1));
        bytes32 commitment =
            keccak256(abi.encode(orderId, auditor, word, keccak256(bytes("bafyreport")), salt));
        return Opening(word, salt, "bafyreport", signedCommitment(orderId, auditor, commitment));
    }

    /// @notice The positions in the first member's share.
    function own() internal view returns (uint32[] memory positions) {
        (, uint256[] memory shares) = proofs.sharesOf(orderId);
        positions = new uint32[](128);
        uint256 count;
        for (uint32 i; i < 128; ++i) {
            if (shares[0] >> (2 * i) & 1 == 1) positions[count++] = i;
        }
        assembly ("memory-safe") {
            mstore(positions, count)
        }
    }

    function shownAt(uint32 position) internal view returns (uint32, LeafProof memory leaf, bytes memory) {
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        leaf = claimOf(orderId, segments[position]);
        return (position, leaf, bitsOf(leaf.leaf));
    }

    /// @dev Of the first member's share. Written out from docs/formats.md, not taken from the contract.
    function trueSalt(address auditor) internal view returns (bytes32) {
        uint32[] memory positions = own();
        uint256 width = 256 / positions.length;
        uint256 salt;
        for (uint256 i; i < positions.length; ++i) {
            (,, bytes memory inner) = shownAt(positions[i]);
            bytes32 hash = keccak256(abi.encode(orderId, auditor, keccak256(inner)));
            salt |= (uint256(hash) >> (256 - width)) << (width * i);
        }
        return bytes32(salt);
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
