// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IConsents} from "./IConsents.sol";
import {
    AuditOutcome,
    OrderTerms,
    OrderView,
    OrderStatus,
    Payment,
    ProofFacts,
    ProofMode,
    ResumeFrom,
    SignedOffer,
    WindowFacts
} from "./Types.sol";

/// @title Market: offers and orders.
interface IMarket {
    struct OfferView {
        address seller;
        uint256 machineId;
        uint256 pricePerHourWei;
        uint32 minSeconds;
        uint32 maxSeconds;
        uint64 expiresAt;
        bool open; // neither cancelled nor expired, and the machine is still there
    }

    event OfferMade(
        uint256 indexed offerId,
        uint256 indexed machineId,
        address indexed seller,
        uint256 pricePerHourWei,
        uint32 minSeconds,
        uint32 maxSeconds,
        uint64 expiresAt
    );
    event OfferCancelled(uint256 indexed offerId);
    event OrderPlaced(
        uint256 indexed orderId,
        uint256 indexed machineId,
        address indexed buyer,
        address payer,
        address seller,
        bytes32 jobHash,
        string jobCid,
        uint256 escrowWei,
        uint256 auditFeeWei,
        uint256 stakeWei
    );
    event OrderStarted(uint256 indexed orderId);
    /// @notice The buyer extended a running order; maxSeconds is its longest paid time from now on.
    event OrderRenewed(
        uint256 indexed orderId, uint32 maxSeconds, uint256 addedEscrowWei, uint256 addedStakeWei
    );
    /// @notice Training is over; closeReason says by whom. What was committed is audited next.
    event OrderEnded(uint256 indexed orderId, uint16 indexed closeReason, string resultCid);
    event OrderSettled(
        uint256 indexed orderId,
        OrderStatus indexed status,
        uint16 indexed closeReason,
        uint256 paidWei,
        uint256 refundedWei,
        uint256 slashedWei,
        uint256 auditorsPaidWei,
        uint256 protocolFeeWei
    );

    error MarketUnknownOffer(uint256 offerId);
    error MarketOfferClosed(uint256 offerId);
    error MarketMachineNotFree(uint256 machineId, uint256 orderId);
    error MarketNotSeller(uint256 orderId, address caller);
    error MarketNotBuyer(uint256 orderId, address caller);
    error MarketBadTerms(string field);
    /// @notice The machine does not take it (IMachines.setModes), or it takes two (placeRefereed).
    error MarketModeNotOffered(ProofMode mode);
    error MarketTooFewSeats(bytes32 hardwareClass, uint256 seats, uint256 minSeats);
    /// @param allowed bitmap over OrderStatus
    error MarketUnexpectedStatus(uint256 orderId, OrderStatus current, uint256 allowed);
    error MarketTooEarly(uint256 orderId, uint64 notBefore);
    error MarketTooLate(uint256 orderId, uint64 deadline);
    error MarketBadPayerSignature(address payer);
    error MarketPayNonceUsed(address payer, uint256 nonce);
    error MarketPayTooHigh(uint256 totalWei, uint256 maxTotalWei);
    error MarketIncomplete(uint256 orderId, uint64 committedSteps, uint64 steps);
    error MarketBadReason(uint16 reason);
    /// @notice The guardian takes no new orders for a while. What is open goes on.
    error MarketPaused(uint64 until);

    function makeOffer(
        uint256 machineId,
        uint256 pricePerHourWei,
        uint32 minSeconds,
        uint32 maxSeconds,
        uint64 expiresAt
    ) external returns (uint256 offerId);
    function cancelOffer(uint256 offerId) external;

    /// @notice Buys an offer. Takes escrow and audit fee from the payer (free balance first, then its allowance,
    /// with an optional permit) and reserves the seller's stake.
    /// @param jobCid CID of the job's canonical JSON
    function placeOrder(OrderTerms calldata terms, string calldata jobCid, Payment calldata payment)
        external
        returns (uint256 orderId);
    /// @notice placeOrder from a proved checkpoint: the last state of a window of an order whose audit has passed.
    /// Windows stores and names it (resumeOf), so that auditors check the first state against it.
    function placeResumedOrder(
        OrderTerms calldata terms,
        string calldata jobCid,
        Payment calldata payment,
        ResumeFrom calldata from
    ) external returns (uint256 orderId);
    /// @notice placeOrder under an offer that its seller signed; terms.offerId is 0. Fills terms.maxSeconds of it.
    function placeSignedOrder(
        SignedOffer calldata offer,
        bytes calldata signature,
        OrderTerms calldata terms,
        string calldata jobCid,
        Payment calldata payment,
        ResumeFrom calldata from
    ) external returns (uint256 orderId);
    /// @notice Buys two offers of different sellers and of one hardware class for one job, which they run side by side on one
    /// schedule of beacons (IWindows): where all of it agrees, it is passed without a replay (IProofs.passAgreed). Each order has
    /// its own escrow, fee, stake and end. The caller pays for both; maxTotalWei bounds them together.
    /// @param terms of both, under terms.offerId and secondOfferId; mode is Refereed
    function placeRefereed(
        OrderTerms calldata terms,
        uint256 secondOfferId,
        string calldata jobCid,
        Payment calldata payment
    ) external returns (uint256 firstId, uint256 secondId);
    /// @notice Buyer, while training: adds extraSeconds at the order's price, within the offer's maximum as it was when
    /// the order was placed. Takes the added escrow from the order's payer, who signs PayRenewal if it is not the
    /// caller, and reserves what the seller's stake lacks. The audit fee stays: steps and draws do not change.
    function renewOrder(uint256 orderId, uint32 extraSeconds, Payment calldata payment) external;
    /// @notice Seller, within the confirm window.
    function startOrder(uint256 orderId) external;
    /// @notice Seller: all steps are committed. Without proof: the program has ended; settles at once.
    function orderCompleted(uint256 orderId, string calldata resultCid) external;
    /// @notice Seller: gives up, with a reason it may use (CloseReasons). What was committed is audited and paid.
    function orderFailed(uint256 orderId, uint16 reason) external;
    /// @notice Buyer. Preparing inside the confirm window: five minutes' price to the seller. Training: stops the clock, and
    /// without proof settles at once.
    function cancelOrder(uint256 orderId) external;
    /// @notice Anyone, once the confirm window (not started) or the paid time (not ended) has passed; without proof also once
    /// the machine's last heartbeat is five minutes old.
    function expireOrder(uint256 orderId) external;
    /// @notice Anyone, once the audit has an outcome: moves the money. Each order settles once. Where the first panel left it
    /// undecided, this has a larger one drawn instead, once.
    function settleOrder(uint256 orderId) external;

    /// @notice Windows only: caller, the order's seller, commits so many segments more. Windows checks that they fit.
    /// @return facts as they were before
    function countWindow(uint256 orderId, address caller, uint32 segments)
        external
        returns (WindowFacts memory facts);
    /// @notice Proofs only: the whole panel has opened its verdicts; settles by them.
    function settleAudited(uint256 orderId, AuditOutcome outcome, address[] calldata agreeing, uint256 drawn)
        external;

    function offerOf(uint256 offerId) external view returns (OfferView memory);
    function orderOf(uint256 orderId) external view returns (OrderView memory);
    /// @notice What was agreed besides the terms: how far renewals may go, and under which of Runtime's parameters
    /// (parametersAt) the order stays, whatever governance changes.
    function agreedOf(uint256 orderId)
        external
        view
        returns (uint32 offerMaxSeconds, uint32 parametersVersion);
    /// @notice A seller's faults that count for the next one's price, at most three; 30 days wipe one out.
    function faultsOf(address seller) external view returns (uint256);
    function statusOf(uint256 orderId) external view returns (OrderStatus);
    /// @notice Escrow, audit fee and stake that placing these terms would take.
    function quote(OrderTerms calldata terms)
        external
        view
        returns (uint256 escrowWei, uint256 auditFeeWei, uint256 stakeWei);
    /// @notice What Proofs needs of an order, in few reads.
    function factsOf(uint256 orderId) external view returns (ProofFacts memory);
    function orderCount() external view returns (uint256);
    /// @notice The pallet that keeps signatures and signed offers; Market created it.
    function consents() external view returns (IConsents);
}
