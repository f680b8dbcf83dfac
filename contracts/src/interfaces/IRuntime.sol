// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Pallets, Parameters, Role} from "./Types.sol";

/// @title Runtime: names the pallets, holds the parameters by version, and the two roles that may do anything at all.
/// @notice The governor proposes parameters for orders and seats to come, within caps in code and after a delay in
/// which everybody can leave. The guardian pauses new orders for a while. Neither touches what is open, nor money.
interface IRuntime {
    /// @notice Anyone may put these parameters into force from effectiveAt on.
    event ParametersProposed(Parameters parameters, uint64 effectiveAt);
    event ProposalWithdrawn();
    event ParametersChanged(uint32 indexed version, Parameters parameters);
    event OrdersPaused(uint64 until);
    event RoleOffered(Role indexed role, address indexed to);
    /// @notice holder zero: renounced, for good.
    event RoleTaken(Role indexed role, address indexed holder);

    error RuntimeBadParameter(string field);
    error RuntimeNotHolder(Role role, address caller);
    error RuntimeNotOffered(Role role, address caller);
    error RuntimeNothingProposed();
    error RuntimeTooEarly(uint64 notBefore);
    error RuntimeTooLate(uint64 deadline);
    error RuntimePauseTooLong(uint32 seconds_, uint32 maxSeconds);

    /// @notice Governor: proposes parameters for what begins later; replaces an earlier proposal. Each is bounded as
    /// at deployment, and each amount by ten times what it was then; beaconDelayBlocks cannot change.
    function proposeParameters(Parameters calldata p) external;
    /// @notice Governor.
    function withdrawProposal() external;
    /// @notice Anyone, between the proposal's time and its expiry: makes it the newest version.
    function applyProposal() external;

    /// @notice Guardian: no new orders for seconds_, counted from now; a running pause can be shortened (also to
    /// zero), never lengthened, and the next one has to wait. Everything else stays as it is, exits above all.
    function pauseOrders(uint32 seconds_) external;

    /// @notice The role's holder offers it; zero takes the offer back.
    function offerRole(Role role, address to) external;
    function acceptRole(Role role) external;
    /// @notice The role's holder gives it up for good. A governor's proposal goes with it.
    function renounceRole(Role role) external;

    /// @notice Named at deployment; that cannot change.
    function pallets() external view returns (Pallets memory);
    /// @notice Every pallet is there and belongs to this Runtime.
    function isComposed() external view returns (bool);
    function balances() external view returns (address);
    function machines() external view returns (address);
    function staking() external view returns (address);
    function market() external view returns (address);
    function proofs() external view returns (address);
    function disputes() external view returns (address);
    function hashrate() external view returns (address);
    function drilling() external view returns (address);
    function rewards() external view returns (address);
    function windows() external view returns (address);
    /// @notice The IBeacon whose rounds seed and draw what orders need; zero: hashes of blocks do.
    function beacon() external view returns (address);
    /// @notice The newest version: what new orders and seats get.
    function parameters() external view returns (Parameters memory);
    function parametersVersion() external view returns (uint32);
    /// @notice Version 0 is the deployment's.
    function parametersAt(uint32 version) external view returns (Parameters memory);
    /// @notice Commit and reveal phase twice, and twice the reveal phase for a dispute between, the longest of all versions so
    /// far. An order that is challenged again and again is in audit for longer.
    function longestAuditSeconds() external view returns (uint32);
    /// @notice effectiveAt zero: nothing is proposed.
    function proposal() external view returns (Parameters memory p, uint64 effectiveAt);
    /// @notice What a new order has to know: its parameters' version, and until when none is taken.
    function admission() external view returns (uint32 version, uint64 pausedUntil);
    function nextPauseAt() external view returns (uint64);
    function holderOf(Role role) external view returns (address);
    function offeredTo(Role role) external view returns (address);
}
