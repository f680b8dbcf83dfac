// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IBalances} from "../interfaces/IBalances.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {HoldReason} from "../interfaces/Types.sol";
import {Pallet} from "./Pallet.sol";

/// @title Staking
/// @dev ROLES: anyone bonds; a bonded account takes auditor seats. Market reserves and slashes for orders, Proofs marks
/// drawn auditors and evicts silent ones.
/// ASSUMPTIONS: Market unreserves or slashes each reservation exactly once.
/// LIVENESS: what is not reserved can always be unbonded and, after the delay, withdrawn. evict and setDrawn never
/// revert for Proofs, whatever the auditor did meanwhile.
/// CLOCKS: withdrawableAt = last unbond + unbondingSeconds.
/// SLASHING: only reserved stake is slashed, and reserved stake cannot be unbonded, so none escapes by unbonding.
contract Staking is IStaking, Pallet {
    struct Bond {
        uint128 activeWei;
        uint128 reservedWei;
        uint128 unbondingWei;
        uint64 withdrawableAt;
        uint32 openAudits;
    }

    struct Seat {
        uint128 position; // in _seats plus one; zero: no seat
        uint128 stakeWei; // as it was when the seat was taken
    }

    mapping(address account => Bond) internal _bonds;
    mapping(bytes32 hardwareClass => address[]) internal _seats;
    mapping(bytes32 hardwareClass => mapping(address auditor => Seat)) internal _seatOf;

    constructor(IRuntime runtime_) Pallet(runtime_) {}

    /* BONDS */

    /// @inheritdoc IStaking
    function bond(uint256 amountWei) external {
        // Effect
        Bond storage account = _bonds[msg.sender];
        account.activeWei = _addUint128(account.activeWei, amountWei);
        emit Bonded(msg.sender, amountWei);

        // Interaction: reverts when the free balance does not cover it.
        _balances().hold(msg.sender, HoldReason.Stake, amountWei);
    }

    /// @inheritdoc IStaking
    function unbond(uint256 amountWei) external {
        // Check: only what no order and no seat relies on.
        Bond storage account = _bonds[msg.sender];
        _requireUnreserved(account, msg.sender, amountWei);

        // Effect
        // forge-lint: disable-next-line(unsafe-typecast) at most a stored uint128, or just compared with one
        account.activeWei -= uint128(amountWei);
        account.unbondingWei = _addUint128(account.unbondingWei, amountWei);
        account.withdrawableAt = uint64(block.timestamp + RUNTIME.parameters().unbondingSeconds);
        emit Unbonded(msg.sender, amountWei, account.withdrawableAt);
    }

    /// @inheritdoc IStaking
    function withdrawUnbonded() external {
        // Check
        Bond storage account = _bonds[msg.sender];
        uint256 amountWei = account.unbondingWei;
        require(
            amountWei != 0 && block.timestamp >= account.withdrawableAt,
            StakingNothingToWithdraw(msg.sender, account.withdrawableAt)
        );

        // Effect
        account.unbondingWei = 0;
        emit UnbondedWithdrawn(msg.sender, amountWei);

        // Interaction
        _balances().release(msg.sender, HoldReason.Stake, amountWei);
    }

    /* SEATS */

    /// @inheritdoc IStaking
    function takeSeat(bytes32 hardwareClass) external {
        // Check
        require(!hasSeat(hardwareClass, msg.sender), StakingSeatTaken(hardwareClass, msg.sender));

        // Effect: reserve the seat's stake, then sit.
        uint128 stakeWei = RUNTIME.parameters().seatStakeWei;
        _reserve(msg.sender, stakeWei);
        _seats[hardwareClass].push(msg.sender);
        // forge-lint: disable-next-line(unsafe-typecast) a count of seats
        _seatOf[hardwareClass][msg.sender] = Seat(uint128(_seats[hardwareClass].length), stakeWei);
        emit SeatTaken(hardwareClass, msg.sender);
    }

    /// @inheritdoc IStaking
    function leaveSeat(bytes32 hardwareClass) external {
        // Check: seated, and no open audit waits for this auditor.
        require(hasSeat(hardwareClass, msg.sender), StakingNoSeat(hardwareClass, msg.sender));
        uint32 openAudits = _bonds[msg.sender].openAudits;
        require(openAudits == 0, StakingSeatBusy(msg.sender, openAudits));

        // Effect
        _unreserve(msg.sender, _removeSeat(hardwareClass, msg.sender));
    }

    /* PALLETS */

    /// @inheritdoc IStaking
    function reserve(address account, uint256 amountWei) external {
        _onlyMarket();
        _reserve(account, amountWei);
    }

    /// @inheritdoc IStaking
    function unreserve(address account, uint256 amountWei) external {
        _onlyMarket();
        _unreserve(account, amountWei);
    }

    /// @inheritdoc IStaking
    function slash(
        address account,
        uint256 amountWei,
        address payer,
        uint256 toPayerWei,
        address[] calldata challengers,
        uint256 toChallengersWei
    ) external {
        // Check
        _onlyMarket();

        // Effect: equal shares rounded down; what does not divide is burned with the rest.
        _takeReserved(account, amountWei);
        uint256 shareWei = challengers.length == 0 ? 0 : toChallengersWei / challengers.length;
        uint256 sharedWei = shareWei * challengers.length;
        uint256 burnWei = amountWei - toPayerWei - sharedWei;
        emit Slashed(account, amountWei, toPayerWei, sharedWei, burnWei);

        // Interaction
        IBalances balances = _balances();
        if (toPayerWei != 0) balances.transferHeld(account, HoldReason.Stake, payer, toPayerWei);
        for (uint256 i; shareWei != 0 && i < challengers.length; ++i) {
            balances.transferHeld(account, HoldReason.Stake, challengers[i], shareWei);
        }
        if (burnWei != 0) balances.slashHeld(account, HoldReason.Stake, burnWei);
    }

    /// @inheritdoc IStaking
    function setDrawn(address auditor, bool drawn) external {
        _onlyProofs();
        if (drawn) ++_bonds[auditor].openAudits;
        else --_bonds[auditor].openAudits;
    }

    /// @inheritdoc IStaking
    function evict(bytes32 hardwareClass, address auditor) external {
        _onlyProofs();
        // Another order may have evicted the auditor before: nothing is left to take, and nothing may block.
        if (!hasSeat(hardwareClass, auditor)) return;

        // Effect
        uint256 seatStakeWei = _removeSeat(hardwareClass, auditor);
        _takeReserved(auditor, seatStakeWei);
        emit Slashed(auditor, seatStakeWei, 0, 0, seatStakeWei);

        // Interaction
        _balances().slashHeld(auditor, HoldReason.Stake, seatStakeWei);
    }

    /* VIEWS */

    /// @inheritdoc IStaking
    function bondOf(address account) external view returns (BondView memory) {
        Bond storage b = _bonds[account];
        return BondView({
            activeWei: b.activeWei,
            reservedWei: b.reservedWei,
            unbondingWei: b.unbondingWei,
            withdrawableAt: b.withdrawableAt
        });
    }

    /// @inheritdoc IStaking
    function seatsOf(bytes32 hardwareClass) external view returns (uint256) {
        return _seats[hardwareClass].length;
    }

    /// @inheritdoc IStaking
    function seatAt(bytes32 hardwareClass, uint256 index) external view returns (address) {
        return _seats[hardwareClass][index];
    }

    /// @inheritdoc IStaking
    function hasSeat(bytes32 hardwareClass, address auditor) public view returns (bool) {
        return _seatOf[hardwareClass][auditor].position != 0;
    }

    /// @inheritdoc IStaking
    function seatStakeOf(bytes32 hardwareClass, address auditor) external view returns (uint256) {
        return _seatOf[hardwareClass][auditor].stakeWei;
    }

    /// @inheritdoc IStaking
    function openAuditsOf(address auditor) external view returns (uint32) {
        return _bonds[auditor].openAudits;
    }

    /* INTERNAL */

    function _reserve(address account, uint256 amountWei) internal {
        Bond storage b = _bonds[account];
        _requireUnreserved(b, account, amountWei);
        // forge-lint: disable-next-line(unsafe-typecast) at most a stored uint128, or just compared with one
        b.reservedWei += uint128(amountWei);
        emit Reserved(account, amountWei);
    }

    function _unreserve(address account, uint256 amountWei) internal {
        // forge-lint: disable-next-line(unsafe-typecast) at most a stored uint128, or just compared with one
        _bonds[account].reservedWei -= uint128(amountWei);
        emit Unreserved(account, amountWei);
    }

    function _takeReserved(address account, uint256 amountWei) internal {
        Bond storage b = _bonds[account];
        // forge-lint: disable-next-line(unsafe-typecast) at most a stored uint128, or just compared with one
        b.reservedWei -= uint128(amountWei);
        // forge-lint: disable-next-line(unsafe-typecast) at most a stored uint128, or just compared with one
        b.activeWei -= uint128(amountWei);
    }

    /// @dev The last seat moves into the gap. Returns the stake it was taken with.
    function _removeSeat(bytes32 hardwareClass, address auditor) internal returns (uint256 stakeWei) {
        address[] storage seats = _seats[hardwareClass];
        Seat memory seat = _seatOf[hardwareClass][auditor];
        address last = seats[seats.length - 1];
        seats[seat.position - 1] = last;
        _seatOf[hardwareClass][last].position = seat.position;
        delete _seatOf[hardwareClass][auditor];
        seats.pop();
        stakeWei = seat.stakeWei;
        emit SeatLeft(hardwareClass, auditor);
    }

    /// @dev Also bounds amountWei by a uint128, so the casts after it are exact.
    function _requireUnreserved(Bond storage b, address account, uint256 amountWei) internal view {
        uint256 unreservedWei = b.activeWei - b.reservedWei;
        require(unreservedWei >= amountWei, StakingInsufficientActive(account, unreservedWei, amountWei));
    }

    function _addUint128(uint128 aWei, uint256 bWei) internal pure returns (uint128) {
        require(bWei <= type(uint128).max - aWei, StakingTooMuch(bWei));
        // forge-lint: disable-next-line(unsafe-typecast) at most a stored uint128, or just compared with one
        return aWei + uint128(bWei);
    }

    function _balances() internal view returns (IBalances) {
        return IBalances(RUNTIME.balances());
    }
}
