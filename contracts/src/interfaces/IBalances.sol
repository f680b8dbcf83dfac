// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {HoldReason, Payout} from "./Types.sol";

/// @title Balances: the only pallet that touches the token. Pull payments only.
interface IBalances {
    event Deposited(address indexed account, uint256 amountWei);
    event Withdrawn(address indexed account, uint256 amountWei);
    event Transferred(address indexed from, address indexed to, uint256 amountWei);
    event Burned(address indexed account, uint256 amountWei);
    event Held(address indexed account, HoldReason indexed reason, uint256 amountWei);
    event Released(address indexed account, HoldReason indexed reason, uint256 amountWei);
    /// @notice Holds became free balances of others (or of from, given back), and burnedWei of it nobody's.
    event PaidOut(address indexed from, HoldReason indexed reason, Payout[] payouts, uint256 burnedWei);

    error BalancesInsufficientFree(address account, uint256 freeWei, uint256 neededWei);
    error BalancesInsufficientHeld(address account, HoldReason reason, uint256 heldWei, uint256 neededWei);
    /// @notice The token moved nothing: account holds or allows less than amountWei.
    error BalancesTransferRefused(address account, uint256 amountWei);
    error BalancesShortTransfer(uint256 receivedWei, uint256 expectedWei);
    /// @notice At deployment: not a contract, or its decimals are not between 6 and 18.
    error BalancesBadToken(address token);
    /// @notice More than an account or all accounts together can have (2^128 - 1).
    error BalancesTooMuch(uint256 amountWei);
    /// @notice The token took more from this contract than was withdrawn.
    error BalancesOverdrawn(uint256 takenWei, uint256 amountWei);
    /// @notice The token holds less for this contract than is owed: it rebased. Nothing more is taken in.
    error BalancesTokenShort(uint256 balanceWei, uint256 owedWei);

    /// @notice Moves tokens from the caller into its free balance; needs an allowance.
    function deposit(uint256 amountWei) external;
    /// @notice deposit with an EIP-2612 permit; a permit that somebody used already is ignored if the allowance suffices.
    function depositWithPermit(uint256 amountWei, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;
    /// @notice Pays out of the caller's free balance.
    function withdraw(uint256 amountWei) external;
    /// @notice Moves a part of the caller's free balance to another account's, such as Rewards' treasury.
    function transfer(address to, uint256 amountWei) external;
    /// @notice Drilling only: burns a part of account's free balance.
    function burn(address account, uint256 amountWei) external;

    /// @notice Pallets only: tops up account's free balance to at least freeWei from its own token allowance.
    /// permitSignature (65 bytes r,s,v for valueWei = the shortfall's permitValueWei) may be empty.
    function pullUpTo(
        address account,
        uint256 freeWei,
        uint256 permitValueWei,
        uint256 permitDeadline,
        bytes calldata permitSignature
    ) external;
    function hold(address account, HoldReason reason, uint256 amountWei) external;
    function release(address account, HoldReason reason, uint256 amountWei) external;
    /// @notice Pallets only: from's hold becomes free balances (from's own too, which gives it back); burnWei of it is
    /// burned (it stays in the contract, owned by nobody).
    function payOut(address from, HoldReason reason, Payout[] calldata payouts, uint256 burnWei) external;

    function token() external view returns (address);
    function freeOf(address account) external view returns (uint256);
    function heldOf(address account, HoldReason reason) external view returns (uint256);
    /// @notice Free and held of all accounts together.
    function totalWei() external view returns (uint256);
    function burnedWei() external view returns (uint256);
}
