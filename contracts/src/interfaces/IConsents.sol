// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SignedOffer} from "./Types.sol";

/// @title Consents: what payers and sellers signed for Market, and how much of it is used.
/// @notice EIP-712 domain: name Trainyard, version 1, the chain's id, Market's address. Keys and ERC-1271 wallets.
interface IConsents {
    event SignedOfferFilled(
        bytes32 indexed offerHash,
        uint256 indexed orderId,
        address indexed seller,
        uint32 addedSeconds,
        uint32 filledSeconds
    );
    /// @notice The order ended before it started: its seconds may be filled again.
    event SignedOfferGivenBack(bytes32 indexed offerHash, uint256 indexed orderId, uint32 filledSeconds);
    event SignedOfferCancelled(bytes32 indexed offerHash, address indexed seller);
    /// @notice Every offer the seller signed with a smaller nonce is void.
    event SignedOffersCancelled(address indexed seller, uint256 nonce);

    error ConsentsBadOfferSignature(address seller);
    error ConsentsOfferExpired(bytes32 offerHash, uint64 expiresAt);
    error ConsentsOfferCancelled(bytes32 offerHash);
    error ConsentsBadSeconds(bytes32 offerHash, uint32 askedSeconds, uint32 minSeconds, uint32 leftSeconds);
    error ConsentsNotSeller(address seller, address caller);

    /// @notice Seller: voids one offer, filled in part or not at all. Orders placed under it keep what they agreed.
    function cancelSignedOffer(SignedOffer calldata offer) external;
    /// @notice Voids every offer the caller signed so far.
    function cancelSignedOffers() external;

    /// @notice Market only: uses up a payer's signature over a message with this struct hash.
    function usePayerSignature(
        address payer,
        bytes32 structHash,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;
    /// @notice Market only: checks the offer and its seller's signature, and takes addedSeconds of it.
    /// @return leftSeconds what was left before, these included: as far as the order may be renewed
    function fill(SignedOffer calldata offer, bytes calldata signature, uint256 orderId, uint32 addedSeconds)
        external
        returns (uint32 leftSeconds);
    /// @notice Market only: a renewal of an order that was placed under a signed offer.
    function fillMore(uint256 orderId, uint32 addedSeconds) external;
    /// @notice Market only.
    function giveBack(uint256 orderId, uint32 seconds_) external;

    /// @notice The EIP-712 digest that the seller signs; it names the offer everywhere.
    function hashOf(SignedOffer calldata offer) external view returns (bytes32);
    /// @notice Zero: the order was not placed under a signed offer.
    function offerHashOf(uint256 orderId) external view returns (bytes32);
    function filledSecondsOf(bytes32 offerHash) external view returns (uint32);
    function cancelled(bytes32 offerHash) external view returns (bool);
    /// @notice What a seller's next offers must be signed with.
    function offerNonceOf(address seller) external view returns (uint256);
    function payNonceUsed(address payer, uint256 nonce) external view returns (bool);
}
