// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    BaseTest,
    HoldReason,
    IConsents,
    IMachines,
    IMarket,
    IPallet,
    OrderStatus,
    OrderTerms,
    OrderView,
    Payment,
    ResumeFrom,
    SignedOffer
} from "../helpers/BaseTest.sol";
import {SignerWallet} from "../helpers/SignerWallet.sol";

/// @notice Offers that are signed and never sent. The signer's machine has no offer on chain.
contract PlaceSignedOrderTest is BaseTest {
    address internal signer = vm.addr(SIGNER_KEY);
    uint256 internal signersMachine;

    function setUp() public override {
        super.setUp();
        bondAs(signer, BOND);
        signersMachine = addMachineAs(signer);
    }

    function test_placesAnOrderAtTheSignedPrice() public {
        SignedOffer memory offer = signedOffer(signersMachine);
        bytes32 offerHash = offerDigest(offer, address(market), block.chainid);
        vm.expectEmit(address(consents));
        emit IConsents.SignedOfferFilled(offerHash, 1, signer, 600, 600);
        uint256 orderId = placeSigned(offer);

        OrderView memory order = market.orderOf(orderId);
        assertStatus(orderId, OrderStatus.Preparing, "status");
        assertEq(order.seller, signer, "seller");
        assertEq(order.machineId, signersMachine, "machine");
        assertEq(order.pricePerHourWei, PRICE_PER_HOUR, "price");
        assertEq(order.terms.offerId, 0, "no offer on chain");
        assertHeld(buyer, HoldReason.Escrow, ESCROW + AUDIT_FEE, "escrow");
        assertEq(staking.bondOf(signer).reservedWei, STAKE, "stake");
        assertEq(limitOf(orderId), 1_800, "renewals may use up the rest");
        assertEq(consents.hashOf(offer), offerHash, "EIP-712");
        assertEq(consents.offerHashOf(orderId), offerHash, "which offer");
        assertEq(consents.filledSecondsOf(offerHash), 600, "filled");
    }

    function test_fillsInPartsUntilNothingIsLeft() public {
        SignedOffer memory offer = signedOffer(signersMachine);
        for (uint256 i; i < 3; ++i) {
            runAndCancel(placeSigned(offer));
        }
        expectRefused(offer, badSeconds(offer, 600, 0));
    }

    function test_renewalsFillTheOfferToo() public {
        SignedOffer memory offer = signedOffer(signersMachine);
        runAndCancel(placeSigned(offer));
        uint256 orderId = placeSigned(offer);
        assertEq(limitOf(orderId), 1_200, "the first order's part is gone");
        vm.prank(signer);
        market.startOrder(orderId);

        vm.expectRevert(badTerms("extraSeconds"));
        vm.prank(buyer);
        market.renewOrder(orderId, 601, byCaller());
        bytes32 offerHash = consents.hashOf(offer);
        vm.expectEmit(address(consents));
        emit IConsents.SignedOfferFilled(offerHash, orderId, signer, 600, 1_800);
        vm.prank(buyer);
        market.renewOrder(orderId, 600, byCaller());
        assertEq(consents.filledSecondsOf(consents.hashOf(offer)), 1_800, "all");
    }

    /// @dev What an order agreed stands when the offer behind it is withdrawn.
    function test_renewsAfterTheOfferWasCancelled() public {
        SignedOffer memory offer = signedOffer(signersMachine);
        uint256 orderId = placeSigned(offer);
        vm.startPrank(signer);
        market.startOrder(orderId);
        consents.cancelSignedOffer(offer);
        consents.cancelSignedOffers();
        vm.stopPrank();
        vm.prank(buyer);
        market.renewOrder(orderId, 100, byCaller());
        assertEq(market.orderOf(orderId).terms.maxSeconds, 700, "time");
    }

    /// @dev Whoever places and cancels pays five minutes and does not use up the offer.
    function test_givesBackWhatNeverStarted() public {
        SignedOffer memory offer = signedOffer(signersMachine);
        bytes32 offerHash = consents.hashOf(offer);
        uint256 orderId = placeSigned(offer);
        vm.expectEmit(address(consents));
        emit IConsents.SignedOfferGivenBack(offerHash, orderId, 0);
        vm.prank(buyer);
        market.cancelOrder(orderId);
        assertEq(consents.filledSecondsOf(offerHash), 0, "nothing filled");
        assertFree(signer, FIVE_MINUTES_PRICE, "and paid for");

        orderId = placeSigned(offer);
        skip(60);
        market.expireOrder(orderId);
        orderId = placeSigned(offer);
        vm.prank(signer);
        market.orderFailed(orderId, 4);
        assertEq(consents.filledSecondsOf(offerHash), 0, "nothing filled");
    }

    function test_acceptsAContractWallet() public {
        SignerWallet wallet = new SignerWallet(signer);
        bondAs(address(wallet), BOND);
        SignedOffer memory offer = signedOffer(addMachineAs(address(wallet)));
        offer.seller = address(wallet);
        uint256 orderId = placeSigned(offer);
        assertEq(market.orderOf(orderId).seller, address(wallet), "seller");

        SignerWallet other = new SignerWallet(stranger);
        bondAs(address(other), BOND);
        offer.machineId = uint64(addMachineAs(address(other)));
        offer.seller = address(other);
        expectRefused(offer, badSignature(address(other)));
    }

    function test_isPaidByAnothersSignature() public {
        SignedOffer memory offer = signedOffer(signersMachine);
        machineId = signersMachine;
        Payment memory payment = signedPayment(PAYER_KEY, buyer, signedTerms(), 0);
        bytes memory signature = offerSignature(offer);
        vm.prank(buyer);
        market.placeSignedOrder(offer, signature, signedTerms(), "", payment, nowhere());
        assertHeld(payer, HoldReason.Escrow, ESCROW + AUDIT_FEE, "payer");
    }

    /* WHAT THE SIGNATURE BINDS */

    function test_revertsIf_anythingSignedDiffers() public {
        SignedOffer memory offer = signedOffer(signersMachine);
        bytes memory signature = offerSignature(offer);
        uint256 second = addMachineAs(signer);
        for (uint256 i; i < 6; ++i) {
            SignedOffer memory other = signedOffer(signersMachine);
            if (i == 0) other.machineId = uint64(second);
            if (i == 1) other.pricePerHourWei -= 1;
            if (i == 2) other.minSeconds -= 1;
            if (i == 3) other.maxSeconds += 1;
            if (i == 4) other.expiresAt += 1;
            if (i == 5) other.salt += 1;
            expectRefusedWith(other, signature, badSignature(signer));
        }
        placeSigned(offer);
    }

    function test_revertsIf_signedForAnotherChainOrContract() public {
        SignedOffer memory offer = signedOffer(signersMachine);
        bytes memory signature =
            signatureOf(SIGNER_KEY, offerDigest(offer, address(market), block.chainid + 1));
        expectRefusedWith(offer, signature, badSignature(signer));
        signature = signatureOf(SIGNER_KEY, offerDigest(offer, address(consents), block.chainid));
        expectRefusedWith(offer, signature, badSignature(signer));
        signature = offerSignature(offer);
        vm.chainId(4_242);
        expectRefusedWith(offer, signature, badSignature(signer));
    }

    /// @dev Anybody can sign anything: what counts is whose machine it is.
    function test_revertsIf_signerIsNotTheOwner() public {
        SignedOffer memory offer = signedOffer(machineId);
        expectRefused(offer, abi.encodeWithSelector(IMachines.MachinesNotOwner.selector, machineId, signer));
        offer.seller = address(0);
        expectRefused(offer, abi.encodeWithSelector(IMarket.MarketUnknownOffer.selector, 0));
        offer = signedOffer(signersMachine);
        vm.prank(signer);
        machines.removeMachine(signersMachine);
        expectRefused(
            offer, abi.encodeWithSelector(IMachines.MachinesNotOwner.selector, signersMachine, signer)
        );
    }

    /* CLOSED */

    function test_revertsIf_cancelled() public {
        SignedOffer memory offer = signedOffer(signersMachine);
        bytes32 offerHash = consents.hashOf(offer);
        vm.expectEmit(address(consents));
        emit IConsents.SignedOfferCancelled(offerHash, signer);
        vm.prank(signer);
        consents.cancelSignedOffer(offer);
        assertTrue(consents.cancelled(offerHash), "cancelled");
        expectRefused(offer, abi.encodeWithSelector(IConsents.ConsentsOfferCancelled.selector, offerHash));

        // Only that one.
        offer.salt = 2;
        placeSigned(offer);
    }

    function test_cancel_revertsIf_callerIsNotTheSeller() public {
        SignedOffer memory offer = signedOffer(signersMachine);
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentsNotSeller.selector, signer, stranger));
        vm.prank(stranger);
        consents.cancelSignedOffer(offer);
    }

    function test_revertsIf_allWereCancelled() public {
        SignedOffer memory offer = signedOffer(signersMachine);
        vm.expectEmit(address(consents));
        emit IConsents.SignedOffersCancelled(signer, 1);
        vm.prank(signer);
        consents.cancelSignedOffers();
        expectRefused(
            offer, abi.encodeWithSelector(IConsents.ConsentsOfferCancelled.selector, consents.hashOf(offer))
        );
        offer.salt = 2;
        expectRefused(
            offer, abi.encodeWithSelector(IConsents.ConsentsOfferCancelled.selector, consents.hashOf(offer))
        );
        offer.nonce = 1;
        placeSigned(offer);
    }

    function test_revertsIf_expired() public {
        SignedOffer memory offer = signedOffer(signersMachine);
        vm.warp(offer.expiresAt);
        expectRefused(
            offer,
            abi.encodeWithSelector(
                IConsents.ConsentsOfferExpired.selector, consents.hashOf(offer), offer.expiresAt
            )
        );
        vm.warp(offer.expiresAt - 1);
        placeSigned(offer);
    }

    function test_revertsIf_machineIsNotFree() public {
        SignedOffer memory offer = signedOffer(signersMachine);
        uint256 orderId = placeSigned(offer);
        expectRefused(
            offer, abi.encodeWithSelector(IMarket.MarketMachineNotFree.selector, signersMachine, orderId)
        );
    }

    /* TERMS */

    function test_revertsIf_secondsDoNotFit() public {
        SignedOffer memory offer = signedOffer(signersMachine);
        offer.minSeconds = 601;
        expectRefused(offer, badTerms("maxSeconds"));
        offer = signedOffer(signersMachine);
        offer.maxSeconds = 599;
        expectRefused(offer, badTerms("maxSeconds"));
        offer.maxSeconds = 1_100;
        runAndCancel(placeSigned(offer));
        expectRefused(offer, badSeconds(offer, 600, 500));
    }

    function test_revertsIf_termsNameAnOfferOnChain() public {
        SignedOffer memory offer = signedOffer(signersMachine);
        bytes memory signature = offerSignature(offer);
        OrderTerms memory terms = defaultTerms();
        vm.expectRevert(badTerms("offerId"));
        vm.prank(buyer);
        market.placeSignedOrder(offer, signature, terms, "", byCaller(), nowhere());
    }

    /// @dev Nobody reaches the signed path without a signature.
    function test_placeOrder_revertsIf_offerIdIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketUnknownOffer.selector, 0));
        vm.prank(buyer);
        market.placeOrder(signedTerms(), "", byCaller());
    }

    function test_consents_obeyMarketOnly() public {
        SignedOffer memory offer = signedOffer(signersMachine);
        bytes memory reason = abi.encodeWithSelector(IPallet.PalletUnauthorized.selector, stranger);
        vm.startPrank(stranger);
        vm.expectRevert(reason);
        consents.fill(offer, "", 1, 1);
        vm.expectRevert(reason);
        consents.fillMore(1, 1);
        vm.expectRevert(reason);
        consents.giveBack(1, 1);
        vm.expectRevert(reason);
        consents.usePayerSignature(payer, 0, 0, type(uint256).max, "");
    }

    /* FUZZ */

    /// @dev However orders share an offer, together they never exceed it.
    function testFuzz_neverOverfilled(uint32 maxSeconds, uint32[6] memory parts, uint8 kept) public {
        SignedOffer memory offer = signedOffer(signersMachine);
        offer.minSeconds = 1;
        offer.maxSeconds = uint32(bound(maxSeconds, 1, 4_000));
        bytes32 offerHash = consents.hashOf(offer);
        bytes memory signature = offerSignature(offer);
        uint256 used;
        for (uint256 i; i < 6; ++i) {
            OrderTerms memory terms = signedTerms();
            terms.maxSeconds = uint32(bound(parts[i], 1, 1_500));
            bool fits = terms.maxSeconds <= offer.maxSeconds - used;
            vm.prank(buyer);
            try market.placeSignedOrder(offer, signature, terms, "", byCaller(), nowhere()) returns (
                uint256 orderId
            ) {
                assertTrue(fits, "took what was not there");
                if (kept >> i & 1 == 1) {
                    used += terms.maxSeconds;
                    vm.prank(signer);
                    market.startOrder(orderId);
                }
                vm.prank(buyer);
                market.cancelOrder(orderId);
            } catch {
                assertFalse(fits, "refused what was there");
            }
            assertEq(consents.filledSecondsOf(offerHash), used, "filled");
        }
        assertLe(used, offer.maxSeconds, "never more");
    }

    /* HELPERS */

    function limitOf(uint256 orderId) internal view returns (uint256 limit) {
        (limit,) = market.agreedOf(orderId);
    }

    function runAndCancel(uint256 orderId) internal {
        vm.prank(signer);
        market.startOrder(orderId);
        vm.prank(buyer);
        market.cancelOrder(orderId);
    }

    function badSignature(address account) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IConsents.ConsentsBadOfferSignature.selector, account);
    }

    function badSeconds(SignedOffer memory offer, uint32 asked, uint32 left)
        internal
        view
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            IConsents.ConsentsBadSeconds.selector, consents.hashOf(offer), asked, offer.minSeconds, left
        );
    }

    function expectRefused(SignedOffer memory offer, bytes memory reason) internal {
        expectRefusedWith(offer, offerSignature(offer), reason);
    }

    function expectRefusedWith(SignedOffer memory offer, bytes memory signature, bytes memory reason)
        internal
    {
        OrderTerms memory terms = signedTerms();
        vm.expectRevert(reason);
        vm.prank(buyer);
        market.placeSignedOrder(offer, signature, terms, "", byCaller(), nowhere());
    }
}
