// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, HoldReason, IMarket, OrderStatus, OrderTerms, Payment} from "../helpers/BaseTest.sol";
import {SignerWallet} from "../helpers/SignerWallet.sol";

/// @notice placeOrder paid by somebody else's signature, or with a permit.
contract PayOrderTest is BaseTest {
    function test_takesFromThePayer() public {
        uint256 orderId = placePaidByOther();

        assertEq(market.orderOf(orderId).buyer, buyer, "buyer");
        assertEq(market.orderOf(orderId).payer, payer, "payer");
        assertHeld(payer, HoldReason.Escrow, ESCROW + AUDIT_FEE, "escrow");

        assertEq(token.balanceOf(buyer), 1_000 ether, "buyer pays nothing");
        assertTrue(consents.payNonceUsed(payer, 7), "nonce");
        assertFalse(consents.payNonceUsed(payer, 8), "other nonce");
    }

    function test_signatureIsIgnoredIfTheCallerPays() public {
        Payment memory payment = byCaller();
        payment.payer = buyer;
        payment.paySignature = hex"1234";
        vm.prank(buyer);
        market.placeOrder(defaultTerms(), "", payment);
        assertFalse(consents.payNonceUsed(buyer, 0), "no nonce used");
    }

    function test_acceptsAContractWallet() public {
        SignerWallet wallet = new SignerWallet(payer);
        token.mint(address(wallet), 100 ether);
        vm.prank(address(wallet));
        token.approve(address(balances), type(uint256).max);
        OrderTerms memory terms = defaultTerms();
        Payment memory payment = signedPayment(PAYER_KEY, buyer, terms, 0);
        payment.payer = address(wallet);
        vm.prank(buyer);
        uint256 orderId = market.placeOrder(terms, "", payment);

        assertEq(market.orderOf(orderId).payer, address(wallet), "payer");
        assertHeld(address(wallet), HoldReason.Escrow, ESCROW + AUDIT_FEE, "escrow");
    }

    function test_revertsIf_contractWalletRefuses() public {
        SignerWallet wallet = new SignerWallet(stranger);
        Payment memory payment = signedPayment(PAYER_KEY, buyer, defaultTerms(), 0);
        payment.payer = address(wallet);
        expectRefused(defaultTerms(), payment, badSignature(address(wallet)));
    }

    /* WHAT THE SIGNATURE BINDS */

    function test_revertsIf_anythingSignedDiffers() public {
        Payment memory payment = signedPayment(PAYER_KEY, buyer, defaultTerms(), 0);
        bytes memory bad = badSignature(payer);

        // Another buyer.
        vm.expectRevert(bad);
        vm.prank(stranger);
        market.placeOrder(defaultTerms(), "", payment);
        // Another job.
        OrderTerms memory terms = defaultTerms();
        terms.jobHash = keccak256("other");
        expectRefused(terms, payment, bad);
        // Another machine.
        terms = defaultTerms();
        terms.offerId = offerAs(seller, addMachineAs(seller));
        expectRefused(terms, payment, bad);
        // Another ceiling, nonce, deadline, payer.
        payment.maxTotalWei += 1;
        expectRefused(defaultTerms(), payment, bad);
        payment.maxTotalWei -= 1;
        payment.nonce += 1;
        expectRefused(defaultTerms(), payment, bad);
        payment.nonce -= 1;
        payment.deadline += 1;
        expectRefused(defaultTerms(), payment, bad);
        payment.deadline -= 1;
        payment.payer = stranger;
        expectRefused(defaultTerms(), payment, badSignature(stranger));
        // The very same is accepted.
        payment.payer = payer;
        vm.prank(buyer);
        market.placeOrder(defaultTerms(), "", payment);
    }

    function test_revertsIf_signedForAnotherChainOrContract() public {
        Payment memory payment = signedPayment(PAYER_KEY, buyer, defaultTerms(), 0);
        bytes32 jobHash = keccak256("job");
        payment.paySignature = signatureOf(
            PAYER_KEY, payDigest(address(market), block.chainid + 1, buyer, jobHash, machineId, payment)
        );
        expectRefused(defaultTerms(), payment, badSignature(payer));
        payment.paySignature = signatureOf(
            PAYER_KEY, payDigest(address(proofs), block.chainid, buyer, jobHash, machineId, payment)
        );
        expectRefused(defaultTerms(), payment, badSignature(payer));
    }

    /// @dev After a fork of the chain the old signature is worth nothing on the new one.
    function test_revertsIf_chainIdChanged() public {
        Payment memory payment = signedPayment(PAYER_KEY, buyer, defaultTerms(), 0);
        vm.chainId(4_242);
        expectRefused(defaultTerms(), payment, badSignature(payer));
    }

    function test_revertsIf_usedBefore() public {
        OrderTerms memory terms = defaultTerms();
        Payment memory payment = signedPayment(PAYER_KEY, buyer, terms, 3);
        vm.startPrank(buyer);
        market.cancelOrder(market.placeOrder(terms, "", payment));
        vm.stopPrank();
        expectRefused(terms, payment, abi.encodeWithSelector(IMarket.MarketPayNonceUsed.selector, payer, 3));
    }

    /// @dev The other half of the curve: the same message with s and v flipped is the same nonce.
    function test_malleatedSignatureUsesTheSameNonce() public {
        OrderTerms memory terms = defaultTerms();
        Payment memory payment = signedPayment(PAYER_KEY, buyer, terms, 3);
        vm.startPrank(buyer);
        market.cancelOrder(market.placeOrder(terms, "", payment));
        vm.stopPrank();

        uint256 order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        bytes memory signature = payment.paySignature;
        uint256 s;
        assembly ("memory-safe") {
            s := mload(add(signature, 0x40))
            mstore(add(signature, 0x40), sub(order, s))
        }
        signature[64] = signature[64] == 0x1b ? bytes1(0x1c) : bytes1(0x1b);
        payment.paySignature = signature;
        expectRefused(terms, payment, abi.encodeWithSelector(IMarket.MarketPayNonceUsed.selector, payer, 3));
    }

    function test_revertsIf_late() public {
        Payment memory payment = signedPayment(PAYER_KEY, buyer, defaultTerms(), 0);
        vm.warp(payment.deadline + 1);
        expectRefused(defaultTerms(), payment, tooLate(0, payment.deadline));
    }

    function test_revertsIf_dearerThanSigned() public {
        OrderTerms memory terms = defaultTerms();
        terms.maxSeconds = 601;
        Payment memory payment = signedPayment(PAYER_KEY, buyer, terms, 0);
        expectRefused(
            terms,
            payment,
            abi.encodeWithSelector(
                IMarket.MarketPayTooHigh.selector, 6.01 ether + AUDIT_FEE, ESCROW + AUDIT_FEE
            )
        );
    }

    function test_revertsIf_sellerPays() public {
        vm.prank(seller);
        machines.removeMachine(machineId);
        machineId = addMachineAs(payer);
        bondAs(payer, BOND);
        offerId = offerAs(payer, machineId);
        Payment memory payment = signedPayment(PAYER_KEY, buyer, defaultTerms(), 0);
        expectRefused(defaultTerms(), payment, badTerms("payer"));
    }

    function test_revertsIf_onlyThePayerHasASeat() public {
        for (uint256 i; i < 4; ++i) {
            vm.prank(auditors[i]);
            staking.leaveSeat(CLASS);
        }
        bondAs(payer, SEAT_STAKE);
        vm.prank(payer);
        staking.takeSeat(CLASS);
        Payment memory payment = signedPayment(PAYER_KEY, buyer, defaultTerms(), 0);
        expectRefused(
            defaultTerms(), payment, abi.encodeWithSelector(IMarket.MarketTooFewSeats.selector, CLASS, 0, 1)
        );
    }

    /* PERMIT */

    function test_permit_givesTheAllowance() public {
        Payment memory payment = permitPayment();
        vm.prank(buyer);
        market.placeOrder(defaultTerms(), "", payment);
        assertHeld(buyer, HoldReason.Escrow, ESCROW + AUDIT_FEE, "escrow");
    }

    /// @dev Somebody copies the permit out of the mempool and uses it first: the order still goes through.
    function test_permit_frontRunIsHarmless() public {
        Payment memory payment = permitPayment();
        bytes memory p = payment.permitSignature;
        (bytes32 r, bytes32 s) = abi.decode(p, (bytes32, bytes32));
        vm.prank(stranger);
        token.permit(buyer, address(balances), payment.maxTotalWei, payment.deadline, uint8(p[64]), r, s);

        vm.prank(buyer);
        market.placeOrder(defaultTerms(), "", payment);
        assertHeld(buyer, HoldReason.Escrow, ESCROW + AUDIT_FEE, "escrow");
    }

    function test_permit_uselessIsIgnoredIfTheAllowanceSuffices() public {
        Payment memory payment = byCaller();
        payment.permitSignature = new bytes(65);
        vm.prank(buyer);
        market.placeOrder(defaultTerms(), "", payment);

        payment.permitSignature = hex"1234";
        offerId = offerAs(seller, addMachineAs(seller));
        vm.prank(buyer);
        market.placeOrder(defaultTerms(), "", payment);
    }

    function permitPayment() internal returns (Payment memory payment) {
        vm.prank(buyer);
        token.approve(address(balances), 0);
        payment.maxTotalWei = ESCROW + AUDIT_FEE;
        payment.deadline = time() + 100;
        payment.permitSignature = permitSignature(BUYER_KEY, payment.maxTotalWei, payment.deadline);
    }

    function badSignature(address account) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IMarket.MarketBadPayerSignature.selector, account);
    }

    function expectRefused(OrderTerms memory terms, Payment memory payment, bytes memory reason) internal {
        vm.expectRevert(reason);
        vm.prank(buyer);
        market.placeOrder(terms, "", payment);
    }
}
