// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IConsents, IMarket, OrderTerms, SignedOffer} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: one signed offer, filled by two buyers at once.
contract SignedOfferTwiceTest is BaseTest {
    SignedOffer internal offer;
    bytes internal signature;

    function setUp() public override {
        super.setUp();
        bondAs(vm.addr(SIGNER_KEY), BOND);
        offer = signedOffer(addMachineAs(vm.addr(SIGNER_KEY)));
        signature = offerSignature(offer);
        fund(stranger, 100 ether);
    }

    /// @dev The machine is one: whoever comes second in the block is refused before any money moves.
    function test_theSecondIsRefused() public {
        OrderTerms memory terms = signedTerms();
        vm.prank(buyer);
        uint256 orderId = market.placeSignedOrder(offer, signature, terms, "", byCaller(), nowhere());
        vm.expectRevert(
            abi.encodeWithSelector(IMarket.MarketMachineNotFree.selector, offer.machineId, orderId)
        );
        vm.prank(stranger);
        market.placeSignedOrder(offer, signature, terms, "", byCaller(), nowhere());
        assertEq(token.balanceOf(stranger), 100 ether, "nothing moved");
        assertEq(consents.filledSecondsOf(consents.hashOf(offer)), 600, "filled once");
    }

    /// @dev Also in turn, and with the signature's other half of the curve: seconds are counted by digest.
    function test_noSignatureFillsMoreThanWasOffered() public {
        OrderTerms memory terms = signedTerms();
        terms.maxSeconds = 1_800;
        vm.prank(buyer);
        uint256 orderId = market.placeSignedOrder(offer, signature, terms, "", byCaller(), nowhere());
        vm.prank(offer.seller);
        market.startOrder(orderId);
        vm.prank(buyer);
        market.cancelOrder(orderId);

        terms.maxSeconds = 60;
        bytes memory reason =
            abi.encodeWithSelector(IConsents.ConsentsBadSeconds.selector, consents.hashOf(offer), 60, 60, 0);
        vm.expectRevert(reason);
        vm.prank(stranger);
        market.placeSignedOrder(offer, signature, terms, "", byCaller(), nowhere());
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        uint256 n = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        bytes memory flipped =
            abi.encodePacked(r, bytes32(n - uint256(s)), signature[64] == 0x1b ? bytes1(0x1c) : bytes1(0x1b));
        vm.prank(stranger);
        (bool ok,) = address(market)
            .call(abi.encodeCall(market.placeSignedOrder, (offer, flipped, terms, "", byCaller(), nowhere())));
        assertFalse(ok, "not by another signature either");
    }
}
