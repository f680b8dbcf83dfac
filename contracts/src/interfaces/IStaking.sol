// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Staking: sellers' bonds and auditors' seats.
interface IStaking {
    struct BondView {
        uint256 activeWei; // bonded, reserved part included
        uint256 reservedWei; // backing open orders or seats
        uint256 unbondingWei;
        uint64 withdrawableAt;
    }

    event Bonded(address indexed account, uint256 amountWei);
    event Unbonded(address indexed account, uint256 amountWei, uint64 withdrawableAt);
    event UnbondedWithdrawn(address indexed account, uint256 amountWei);
    event Reserved(address indexed account, uint256 amountWei);
    event Unreserved(address indexed account, uint256 amountWei);
    event Slashed(
        address indexed account,
        uint256 amountWei,
        uint256 toPayerWei,
        uint256 toChallengersWei,
        uint256 burnedWei
    );
    event SeatTaken(bytes32 indexed hardwareClass, address indexed auditor);
    /// @notice Drawn no more. Its stake stays reserved until stakeUntil, for audits it was drawn in; 0: it is burned.
    event SeatLeft(bytes32 indexed hardwareClass, address indexed auditor, uint64 stakeUntil);

    error StakingInsufficientActive(address account, uint256 unreservedWei, uint256 neededWei);
    error StakingNothingToWithdraw(address account, uint64 withdrawableAt);
    error StakingSeatTaken(bytes32 hardwareClass, address auditor);
    error StakingNoSeat(bytes32 hardwareClass, address auditor);
    error StakingTooEarly(address auditor, uint64 notBefore);
    error StakingTooMuch(uint256 amountWei);

    /// @notice Bonds from the caller's free balance.
    function bond(uint256 amountWei) external;
    /// @notice Starts the unbonding delay for an unreserved part; asking again restarts the delay for the whole.
    function unbond(uint256 amountWei) external;
    function withdrawUnbonded() external;
    /// @notice Takes an auditor's seat in a hardware class; reserves seatStakeWei of the caller's bond.
    function takeSeat(bytes32 hardwareClass) external;
    /// @notice Leaves the seat: drawn no more from now on. Its stake stays reserved as long as the longest audit that it
    /// may be drawn in already.
    function leaveSeat(bytes32 hardwareClass) external;
    /// @notice Frees the stake of a seat that was left, once it backs no audit any more.
    function freeSeatStake(bytes32 hardwareClass) external;

    /// @notice Pallets only.
    function reserve(address account, uint256 amountWei) external;
    function unreserve(address account, uint256 amountWei) external;
    /// @notice Pallets only: takes amountWei of account's reserved stake; toPayerWei to payer, then challengers
    /// share toChallengersWei equally, the rest is burned.
    function slash(
        address account,
        uint256 amountWei,
        address payer,
        uint256 toPayerWei,
        address[] calldata challengers,
        uint256 toChallengersWei
    ) external;
    /// @notice Pallets only: an auditor loses its seat, or what it left of it, and the seat's stake (burned).
    function evict(bytes32 hardwareClass, address auditor) external;
    /// @notice Proofs only: as evict, but a tenth of the stake is the finder's.
    function evictFor(bytes32 hardwareClass, address auditor, address finder) external;

    function bondOf(address account) external view returns (BondView memory);
    function seatsOf(bytes32 hardwareClass) external view returns (uint256);
    function seatAt(bytes32 hardwareClass, uint256 index) external view returns (address);
    function hasSeat(bytes32 hardwareClass, address auditor) external view returns (bool);
    /// @notice What the seat was taken with, and is given back or burned with; zero: neither seat nor left stake.
    function seatStakeOf(bytes32 hardwareClass, address auditor) external view returns (uint256);
    /// @notice Seats in a class without those of three accounts (the parties of an order).
    function seatsBesides(bytes32 hardwareClass, address a, address b, address c)
        external
        view
        returns (uint256);
}
