// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    BaseTest,
    IConsents,
    IMarket,
    OrderTerms,
    Parameters,
    Payment,
    SignedOffer
} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: signatures that name neither chain nor contract, good everywhere and for ever.
contract SignatureReplayTest is BaseTest {
    /// @dev The same accounts, ids and terms in a second deployment; only the address differs.
    function test_anotherDeploymentRefusesBoth() public {
        Payment memory payment = signedPayment(PAYER_KEY, buyer, defaultTerms(), 0);
        SignedOffer memory offer = signedOffer(1);
        bytes memory signature = offerSignature(offer);
        IMarket former = market;
        super.setUp();
        require(market != former, "a new one");

        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketBadPayerSignature.selector, payer));
        vm.prank(buyer);
        market.placeOrder(defaultTerms(), "", payment);

        address signer = vm.addr(SIGNER_KEY);
        bondAs(signer, BOND);
        offer.machineId = uint64(addMachineAs(signer));
        signature = signatureOf(SIGNER_KEY, offerDigest(offer, address(former), block.chainid));
        OrderTerms memory terms = signedTerms();
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentsBadOfferSignature.selector, signer));
        vm.prank(buyer);
        market.placeSignedOrder(offer, signature, terms, "", byCaller(), nowhere());
        placeSigned(offer);
    }

    function test_anotherChainRefusesBoth() public {
        Payment memory payment = signedPayment(PAYER_KEY, buyer, defaultTerms(), 0);
        address signer = vm.addr(SIGNER_KEY);
        bondAs(signer, BOND);
        SignedOffer memory offer = signedOffer(addMachineAs(signer));
        bytes memory signature = offerSignature(offer);
        OrderTerms memory terms = signedTerms();
        vm.chainId(1);
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketBadPayerSignature.selector, payer));
        vm.prank(buyer);
        market.placeOrder(defaultTerms(), "", payment);
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentsBadOfferSignature.selector, signer));
        vm.prank(buyer);
        market.placeSignedOrder(offer, signature, terms, "", byCaller(), nowhere());
    }

    /// @dev ecrecover says zero for rubbish; nobody is the zero address' payer or seller.
    function test_rubbishIsNotTheZeroAddress() public {
        SignedOffer memory offer = signedOffer(99);
        offer.seller = address(0);
        OrderTerms memory terms = signedTerms();
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketUnknownOffer.selector, 0));
        vm.prank(buyer);
        market.placeSignedOrder(offer, new bytes(65), terms, "", byCaller(), nowhere());
    }
}
