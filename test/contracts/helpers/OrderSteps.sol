// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrderTerms, Payment, ResumeFrom, SignedOffer} from "../../../contracts/src/interfaces/Types.sol";
import {Composed} from "./Composed.sol";

/// @notice An order's steps as one-line helpers.
abstract contract OrderSteps is Composed {
    function place() internal returns (uint256 orderId) {
        return placeWith(defaultTerms());
    }

    function placeWith(OrderTerms memory terms) internal returns (uint256 orderId) {
        vm.prank(buyer);
        orderId = market.placeOrder(terms, "bafyjob", byCaller());
        mine(1);
    }

    /// @notice Placed by the buyer, paid by the payer's signature.
    function placePaidByOther() internal returns (uint256 orderId) {
        OrderTerms memory terms = defaultTerms();
        Payment memory payment = signedPayment(PAYER_KEY, buyer, terms, 7);
        vm.prank(buyer);
        orderId = market.placeOrder(terms, "bafyjob", payment);
        mine(1);
    }

    function signedPayment(uint256 key, address forBuyer, OrderTerms memory terms, uint256 nonce)
        internal
        view
        returns (Payment memory payment)
    {
        payment.payer = vm.addr(key);
        payment.maxTotalWei = ESCROW + AUDIT_FEE;
        payment.nonce = nonce;
        payment.deadline = time() + 100;
        bytes32 digest =
            payDigest(address(market), block.chainid, forBuyer, terms.jobHash, machineId, payment);
        payment.paySignature = signatureOf(key, digest);
    }

    /// @dev Written out from the EIP, not taken from the contract.
    function payDigest(
        address verifier,
        uint256 chain,
        address forBuyer,
        bytes32 jobHash,
        uint256 machine,
        Payment memory payment
    ) internal pure returns (bytes32) {
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "PayOrder(address buyer,bytes32 jobHash,uint256 machine,uint256 maxTotalWei,uint256 nonce,uint256 deadline)"
                ),
                forBuyer,
                jobHash,
                machine,
                payment.maxTotalWei,
                payment.nonce,
                payment.deadline
            )
        );
        return typedDigest(verifier, chain, message);
    }

    function typedDigest(address verifier, uint256 chain, bytes32 message) internal pure returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Trainyard"),
                keccak256("1"),
                chain,
                verifier
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, message));
    }

    function signatureOf(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /* SIGNED OFFERS */

    /// @notice By SIGNER_KEY: three orders of the default length.
    function signedOffer(uint256 machine) internal view returns (SignedOffer memory) {
        return SignedOffer({
            seller: vm.addr(SIGNER_KEY),
            machineId: uint64(machine),
            pricePerHourWei: uint96(PRICE_PER_HOUR),
            minSeconds: 60,
            maxSeconds: 1_800,
            expiresAt: uint64(time() + 1 days),
            nonce: 0,
            salt: 1
        });
    }

    function signedTerms() internal view returns (OrderTerms memory terms) {
        terms = defaultTerms();
        terms.offerId = 0;
    }

    function nowhere() internal pure returns (ResumeFrom memory) {}

    /// @notice A window as commitNext commits it.
    function resumeFrom(uint256 orderId, uint32 window) internal pure returns (ResumeFrom memory) {
        return ResumeFrom({
            orderId: orderId,
            window: window,
            root: keccak256(abi.encode("root", window)),
            segments: window == 3 ? 1 : 3,
            lastStateRoot: bytes32("state")
        });
    }

    /// @dev Written out from the EIP, not taken from the contract.
    function offerDigest(SignedOffer memory offer, address verifier, uint256 chain)
        internal
        pure
        returns (bytes32)
    {
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "SignedOffer(address seller,uint64 machineId,uint96 pricePerHourWei,uint32 minSeconds,uint32 maxSeconds,uint64 expiresAt,uint256 nonce,uint256 salt)"
                ),
                offer.seller,
                offer.machineId,
                offer.pricePerHourWei,
                offer.minSeconds,
                offer.maxSeconds,
                offer.expiresAt,
                offer.nonce,
                offer.salt
            )
        );
        return typedDigest(verifier, chain, message);
    }

    function offerSignature(SignedOffer memory offer) internal view returns (bytes memory) {
        return signatureOf(SIGNER_KEY, offerDigest(offer, address(market), block.chainid));
    }

    function placeSigned(SignedOffer memory offer) internal returns (uint256 orderId) {
        bytes memory signature = offerSignature(offer);
        OrderTerms memory terms = signedTerms();
        vm.prank(buyer);
        orderId = market.placeSignedOrder(offer, signature, terms, "bafyjob", byCaller(), nowhere());
        mine(1);
    }

    function permitSignature(uint256 key, uint256 valueWei, uint256 deadline)
        internal
        view
        returns (bytes memory)
    {
        address owner = vm.addr(key);
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                owner,
                address(balances),
                valueWei,
                token.nonces(owner),
                deadline
            )
        );
        return signatureOf(key, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), message)));
    }

    function start(uint256 orderId) internal {
        vm.prank(seller);
        market.startOrder(orderId);
        mine(3);
    }

    function placeAndStart() internal returns (uint256 orderId) {
        orderId = place();
        start(orderId);
    }

    function commitNext(uint256 orderId) internal {
        uint32 index = windows.windowCount(orderId);
        commitNextOf(orderId, index == 3 ? 1 : 3);
    }

    function commitNextOf(uint256 orderId, uint32 segments) internal {
        uint32 index = windows.windowCount(orderId);
        vm.prank(seller);
        windows.commitWindow(
            orderId, index, keccak256(abi.encode("root", index)), segments, bytes32("state"), 0, "bafyleaves"
        );
        mine(3);
    }

    function commitWindows(uint256 orderId, uint256 count) internal {
        for (uint256 i; i < count; ++i) {
            commitNext(orderId);
        }
    }

    function complete(uint256 orderId) internal {
        vm.prank(seller);
        market.orderCompleted(orderId, "bafyresult");
        mine(3);
    }

    /// @notice Placed, started, all windows committed, ended by the seller after `elapsed` seconds.
    function completedAfter(uint256 elapsed) internal returns (uint256 orderId) {
        orderId = placeAndStart();
        commitWindows(orderId, WINDOWS);
        skip(elapsed);
        complete(orderId);
    }
}
