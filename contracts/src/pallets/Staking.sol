// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRuntime} from "../interfaces/IRuntime.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {HoldReason, Payout} from "../interfaces/Types.sol";
import {SlashLib} from "../libraries/SlashLib.sol";
import {Pallet} from "./Pallet.sol";

/// @title Staking
/// @dev ROLES: anyone bonds; a bonded account takes auditor seats. Market reserves and slashes for orders, Disputes for
/// challenges, Drilling for tickets. Proofs and Disputes evict auditors that stayed silent or said two things.
/// ASSUMPTIONS: Market, Disputes and Drilling unreserve or slash each of their reservations exactly once.
/// LIVENESS: what is not reserved can always be unbonded and, after the delay, withdrawn. evict never reverts for Proofs,
/// whatever the auditor did meanwhile.
/// CLOCKS: withdrawableAt = last unbond + unbondingSeconds. A left seat's stake stays for Runtime's longestAuditSeconds:
/// any audit the seat was drawn in is over by then.
/// SLASHING: only reserved stake is slashed, and reserved stake cannot be unbonded, so none escapes by unbonding.
contract Staking is IStaking, Pallet {
    struct Bond {
        uint128 activeWei;
        uint128 reservedWei;
        uint128 unbondingWei;
        uint64 withdrawableAt;
    }

    struct Seat {
        uint64 position; // in _seats plus one; zero: no seat
        uint64 stakeUntil; // of a seat that was left: its stake is reserved until then
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
        BALANCES.hold(msg.sender, HoldReason.Stake, amountWei);
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
        BALANCES.release(msg.sender, HoldReason.Stake, amountWei);
    }

    /* SEATS */

    /// @inheritdoc IStaking
    function takeSeat(bytes32 hardwareClass) external {
        // Check: no seat, and none that was left a moment ago.
        Seat storage seat = _seatOf[hardwareClass][msg.sender];
        require(seat.stakeWei == 0, StakingSeatTaken(hardwareClass, msg.sender));

        // Effect: reserve the seat's stake, then sit.
        uint128 stakeWei = RUNTIME.parameters().seatStakeWei;
        _reserve(msg.sender, stakeWei);
        _seats[hardwareClass].push(msg.sender);
        // forge-lint: disable-next-line(unsafe-typecast) a count of seats
        seat.position = uint64(_seats[hardwareClass].length);
        seat.stakeWei = stakeWei;
        emit SeatTaken(hardwareClass, msg.sender);
    }

    /// @inheritdoc IStaking
    function leaveSeat(bytes32 hardwareClass) external {
        // Check
        require(hasSeat(hardwareClass, msg.sender), StakingNoSeat(hardwareClass, msg.sender));

        // Effect
        _removeSeat(hardwareClass, msg.sender);
        uint64 stakeUntil = uint64(block.timestamp + RUNTIME.longestAuditSeconds());
        _seatOf[hardwareClass][msg.sender].stakeUntil = stakeUntil;
        emit SeatLeft(hardwareClass, msg.sender, stakeUntil);
    }

    /// @inheritdoc IStaking
    function freeSeatStake(bytes32 hardwareClass) external {
        // Check
        Seat memory seat = _seatOf[hardwareClass][msg.sender];
        require(seat.stakeUntil != 0, StakingNoSeat(hardwareClass, msg.sender));
        require(block.timestamp >= seat.stakeUntil, StakingTooEarly(msg.sender, seat.stakeUntil));

        // Effect
        delete _seatOf[hardwareClass][msg.sender];
        _unreserve(msg.sender, seat.stakeWei);
    }

    /* PALLETS */

    /// @inheritdoc IStaking
    function reserve(address account, uint256 amountWei) external {
        _onlyReserving();
        _reserve(account, amountWei);
    }

    /// @inheritdoc IStaking
    function unreserve(address account, uint256 amountWei) external {
        _onlyReserving();
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
        _onlyReserving();

        // Effect: equal shares rounded down; what does not divide is burned with the rest.
        _takeReserved(account, amountWei);
        uint256 shareWei = challengers.length == 0 ? 0 : toChallengersWei / challengers.length;
        uint256 sharedWei = shareWei * challengers.length;
        uint256 burnWei = amountWei - toPayerWei - sharedWei;
        emit Slashed(account, amountWei, toPayerWei, sharedWei, burnWei);

        // Interaction
        uint256 others = shareWei == 0 ? 0 : challengers.length;
        Payout[] memory payouts = new Payout[](others + 1);
        payouts[0] = Payout(payer, toPayerWei);
        for (uint256 i; i < others; ++i) {
            payouts[i + 1] = Payout(challengers[i], shareWei);
        }
        BALANCES.payOut(account, HoldReason.Stake, payouts, burnWei);
    }

    /// @inheritdoc IStaking
    function evict(bytes32 hardwareClass, address auditor) external {
        _onlyProofsOrDisputes();
        _evict(hardwareClass, auditor, address(0), 0);
    }

    /// @inheritdoc IStaking
    function evictFor(bytes32 hardwareClass, address auditor, address finder) external {
        _onlyProofs();
        uint256 stakeWei = _seatOf[hardwareClass][auditor].stakeWei;
        _evict(hardwareClass, auditor, finder, SlashLib.finderWei(stakeWei));
    }

    /// @dev Nothing blocks, and nothing is paid for a seat that is gone.
    function _evict(bytes32 hardwareClass, address auditor, address finder, uint256 finderWei) internal {
        // Another order may have evicted the auditor before: nothing is left to take, and nothing may block.
        Seat memory seat = _seatOf[hardwareClass][auditor];
        if (seat.stakeWei == 0) return;

        // Effect
        if (seat.position != 0) {
            _removeSeat(hardwareClass, auditor);
            emit SeatLeft(hardwareClass, auditor, 0);
        }
        delete _seatOf[hardwareClass][auditor];
        _takeReserved(auditor, seat.stakeWei);
        emit Slashed(auditor, seat.stakeWei, 0, finderWei, seat.stakeWei - finderWei);

        // Interaction
        Payout[] memory payouts = new Payout[](finderWei == 0 ? 0 : 1);
        if (finderWei != 0) payouts[0] = Payout(finder, finderWei);
        BALANCES.payOut(auditor, HoldReason.Stake, payouts, seat.stakeWei - finderWei);
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
    function seatsBesides(bytes32 hardwareClass, address a, address b, address c)
        external
        view
        returns (uint256 seats)
    {
        seats = _seats[hardwareClass].length;
        if (hasSeat(hardwareClass, a)) --seats;
        if (b != a && hasSeat(hardwareClass, b)) --seats;
        if (c != a && c != b && hasSeat(hardwareClass, c)) --seats;
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

    /// @dev The last seat moves into the gap.
    function _removeSeat(bytes32 hardwareClass, address auditor) internal {
        address[] storage seats = _seats[hardwareClass];
        uint64 position = _seatOf[hardwareClass][auditor].position;
        address last = seats[seats.length - 1];
        seats[position - 1] = last;
        _seatOf[hardwareClass][last].position = position;
        _seatOf[hardwareClass][auditor].position = 0;
        seats.pop();
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
}
