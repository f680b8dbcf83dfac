// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {LibBitmap} from "solady/utils/LibBitmap.sol";
import {SignatureCheckerLib} from "solady/utils/SignatureCheckerLib.sol";

import {IConsents} from "../interfaces/IConsents.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {SignedOffer} from "../interfaces/Types.sol";
import {Pallet} from "./Pallet.sol";

/// @title Consents
/// @dev ROLES: a seller voids what it signed. Market, which creates this pallet, uses signatures up. No admin.
/// ASSUMPTIONS: Market asks for a payer's signature before it takes that payer's money, and fills an offer only for
/// its machine, of which the offer's seller is the owner. A wallet's ERC-1271 check is foreign code, called statically.
/// LIVENESS: giveBack never reverts for Market.
/// CLOCKS: a payer's signature counts up to and including its deadline, an offer while block.timestamp < expiresAt.
/// FILLS: by digest, so neither another signature of the same offer nor another caller gets a second fill.
contract Consents is IConsents, Pallet {
    using LibBitmap for LibBitmap.Bitmap;

    bytes32 internal constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 internal constant SIGNED_OFFER_TYPEHASH = keccak256(
        "SignedOffer(address seller,uint64 machineId,uint96 pricePerHourWei,uint32 minSeconds,uint32 maxSeconds,uint64 expiresAt,uint256 nonce,uint256 salt)"
    );

    /// @dev One slot. Seller and maximum are the offer's, kept for renewals.
    struct Fill {
        address seller;
        uint32 filledSeconds;
        uint32 maxSeconds;
        bool cancelled;
    }

    mapping(address payer => LibBitmap.Bitmap) internal _payNonces;
    mapping(bytes32 offerHash => Fill) internal _fills;
    /// @inheritdoc IConsents
    mapping(uint256 orderId => bytes32) public offerHashOf;
    /// @inheritdoc IConsents
    mapping(address seller => uint256) public offerNonceOf;

    constructor(IRuntime runtime_) Pallet(runtime_) {}

    /* SELLERS */

    /// @inheritdoc IConsents
    function cancelSignedOffer(SignedOffer calldata offer) external {
        // Check
        require(offer.seller == msg.sender, ConsentsNotSeller(offer.seller, msg.sender));

        // Effect
        bytes32 offerHash = hashOf(offer);
        _fills[offerHash].cancelled = true;
        emit SignedOfferCancelled(offerHash, msg.sender);
    }

    /// @inheritdoc IConsents
    function cancelSignedOffers() external {
        emit SignedOffersCancelled(msg.sender, ++offerNonceOf[msg.sender]);
    }

    /* MARKET */

    /// @inheritdoc IConsents
    function usePayerSignature(
        address payer,
        bytes32 structHash,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        // Check: in time, unused, and signed for exactly this.
        _onlyMarket();
        require(block.timestamp <= deadline, IMarket.MarketTooLate(0, uint64(deadline)));
        require(!_payNonces[payer].get(nonce), IMarket.MarketPayNonceUsed(payer, nonce));
        require(
            SignatureCheckerLib.isValidSignatureNowCalldata(payer, _digest(structHash), signature),
            IMarket.MarketBadPayerSignature(payer)
        );

        // Effect
        _payNonces[payer].set(nonce);
    }

    /// @inheritdoc IConsents
    function fill(SignedOffer calldata offer, bytes calldata signature, uint256 orderId, uint32 addedSeconds)
        external
        returns (uint32 leftSeconds)
    {
        // Check: signed by its seller, not void, and enough of it is left.
        _onlyMarket();
        bytes32 offerHash = hashOf(offer);
        Fill storage used = _fills[offerHash];
        require(block.timestamp < offer.expiresAt, ConsentsOfferExpired(offerHash, offer.expiresAt));
        require(
            !used.cancelled && offer.nonce == offerNonceOf[offer.seller], ConsentsOfferCancelled(offerHash)
        );
        require(
            SignatureCheckerLib.isValidSignatureNowCalldata(offer.seller, offerHash, signature),
            ConsentsBadOfferSignature(offer.seller)
        );
        leftSeconds = offer.maxSeconds - used.filledSeconds;
        require(
            addedSeconds != 0 && addedSeconds >= offer.minSeconds && addedSeconds <= leftSeconds,
            ConsentsBadSeconds(offerHash, addedSeconds, offer.minSeconds, leftSeconds)
        );

        // Effect
        used.seller = offer.seller;
        used.maxSeconds = offer.maxSeconds;
        used.filledSeconds += addedSeconds;
        offerHashOf[orderId] = offerHash;
        emit SignedOfferFilled(offerHash, orderId, offer.seller, addedSeconds, used.filledSeconds);
    }

    /// @inheritdoc IConsents
    function fillMore(uint256 orderId, uint32 addedSeconds) external {
        // Check: what the order agreed stands, also if the offer was voided meanwhile; the seller's total does too.
        _onlyMarket();
        bytes32 offerHash = offerHashOf[orderId];
        Fill storage used = _fills[offerHash];
        uint32 leftSeconds = used.maxSeconds - used.filledSeconds;
        require(addedSeconds <= leftSeconds, ConsentsBadSeconds(offerHash, addedSeconds, 0, leftSeconds));

        // Effect
        used.filledSeconds += addedSeconds;
        emit SignedOfferFilled(offerHash, orderId, used.seller, addedSeconds, used.filledSeconds);
    }

    /// @inheritdoc IConsents
    function giveBack(uint256 orderId, uint32 seconds_) external {
        // Check
        _onlyMarket();

        // Effect: the order took these seconds, once.
        bytes32 offerHash = offerHashOf[orderId];
        Fill storage used = _fills[offerHash];
        used.filledSeconds -= seconds_;
        emit SignedOfferGivenBack(offerHash, orderId, used.filledSeconds);
    }

    /* VIEWS */

    /// @inheritdoc IConsents
    function hashOf(SignedOffer calldata offer) public view returns (bytes32) {
        return _digest(keccak256(abi.encode(SIGNED_OFFER_TYPEHASH, offer)));
    }

    /// @inheritdoc IConsents
    function filledSecondsOf(bytes32 offerHash) external view returns (uint32) {
        return _fills[offerHash].filledSeconds;
    }

    /// @inheritdoc IConsents
    function cancelled(bytes32 offerHash) external view returns (bool) {
        return _fills[offerHash].cancelled;
    }

    /// @inheritdoc IConsents
    function payNonceUsed(address payer, uint256 nonce) external view returns (bool) {
        return _payNonces[payer].get(nonce);
    }

    /* INTERNAL */

    /// @dev Computed anew each time: a chain that splits changes its id.
    function _digest(bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256("Trainyard"), keccak256("1"), block.chainid, MARKET)
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
