// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "solady/tokens/ERC20.sol";
import {ReentrancyGuard} from "solady/utils/ReentrancyGuard.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";

import {IBalances} from "../interfaces/IBalances.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {HoldReason, Payout} from "../interfaces/Types.sol";
import {Pallet} from "./Pallet.sol";

/// @title Balances
/// @dev ROLES: an account moves its own free balance. Market and Staking move holds, Drilling burns the fee of a task that the
/// account submits; nobody else, no admin.
/// ASSUMPTIONS: the token's balance of this contract falls only by transfer from here (no rebasing down). One that
/// does rebase down hurts who was in already, and no newcomer: nothing more is taken in (BalancesTokenShort).
/// TOKENS: not a contract, or without decimals from 6 to 18: refused at deployment. Taking a fee, lying or returning
/// false: refused when it shows. Returning nothing: accepted. Calling back: meets the guard or finished accounts.
/// Refusing one account (a blacklist): that account alone cannot withdraw. Rebasing up: the gain belongs to nobody.
/// LIVENESS: withdraw depends on the token alone, never on another account: payments are pulled, not pushed.
/// CLOCKS: none.
/// ACCOUNTS: totalWei + burnedWei <= token.balanceOf(this), equal but for tokens sent unasked. Moves between accounts
/// and holds leave totalWei as it is, so nothing has to be written for them.
contract Balances is IBalances, Pallet, ReentrancyGuard {
    using SafeTransferLib for address;

    /// @dev Fewer, and a second's price rounds to nothing; more, and amounts do not fit their types.
    uint256 internal constant MIN_DECIMALS = 6;
    uint256 internal constant MAX_DECIMALS = 18;

    /// @inheritdoc IBalances
    address public immutable token;

    /// @dev An order moves money between the first two only: one slot. No sum exceeds totalWei, a uint128.
    struct Account {
        uint128 freeWei;
        uint128 escrowWei;
        // slot
        uint128 stakeWei;
    }

    mapping(address account => Account) internal _accounts;
    uint128 internal _totalWei;
    uint128 internal _burnedWei;

    constructor(IRuntime runtime_, address token_) Pallet(runtime_) {
        token = token_;
        (bool ok, bytes memory answer) = token_.staticcall(abi.encodeCall(ERC20(token_).decimals, ()));
        bool readable = ok && token_.code.length != 0 && answer.length == 32;
        uint256 decimals = readable ? abi.decode(answer, (uint256)) : 0;
        require(decimals >= MIN_DECIMALS && decimals <= MAX_DECIMALS, BalancesBadToken(token_));
    }

    /* FREE BALANCE */

    /// @inheritdoc IBalances
    function deposit(uint256 amountWei) external nonReentrant {
        _pull(msg.sender, amountWei);
    }

    /// @inheritdoc IBalances
    function depositWithPermit(uint256 amountWei, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        nonReentrant
    {
        _permit(msg.sender, amountWei, deadline, v, r, s);
        _pull(msg.sender, amountWei);
    }

    /// @inheritdoc IBalances
    function withdraw(uint256 amountWei) external nonReentrant {
        // Check and effect: out of the free balance.
        _takeFree(msg.sender, amountWei);
        // forge-lint: disable-next-line(unsafe-typecast) at most the free balance, a uint128
        _totalWei -= uint128(amountWei);
        emit Withdrawn(msg.sender, amountWei);

        // Interaction: a token that takes more than it was told would take it from others.
        uint256 beforeWei = token.balanceOf(address(this));
        token.safeTransfer(msg.sender, amountWei);
        uint256 afterWei = token.balanceOf(address(this));
        require(beforeWei <= afterWei + amountWei, BalancesOverdrawn(beforeWei - afterWei, amountWei));
    }

    /// @inheritdoc IBalances
    function transfer(address to, uint256 amountWei) external {
        _takeFree(msg.sender, amountWei);
        _give(to, amountWei);
        emit Transferred(msg.sender, to, amountWei);
    }

    /// @inheritdoc IBalances
    function burn(address account, uint256 amountWei) external {
        _onlyDrilling();
        _takeFree(account, amountWei);
        // forge-lint: disable-start(unsafe-typecast) at most a free balance, a uint128
        _totalWei -= uint128(amountWei);
        _burnedWei += uint128(amountWei);
        // forge-lint: disable-end(unsafe-typecast)
        emit Burned(account, amountWei);
    }

    /// @inheritdoc IBalances
    function pullUpTo(
        address account,
        uint256 freeWei,
        uint256 permitValueWei,
        uint256 permitDeadline,
        bytes calldata permitSignature
    ) external nonReentrant {
        // Check: only Market knows that the account pays (it called, or it signed).
        _onlyMarket();
        uint256 currentWei = _accounts[account].freeWei;
        if (currentWei >= freeWei) return;

        // Interaction: an unusable permit is ignored, the allowance decides.
        if (permitSignature.length == 65) {
            _permit(
                account,
                permitValueWei,
                permitDeadline,
                uint8(permitSignature[64]),
                bytes32(permitSignature[:32]),
                bytes32(permitSignature[32:64])
            );
        }
        _pull(account, freeWei - currentWei);
    }

    /* HOLDS */

    /// @inheritdoc IBalances
    function hold(address account, HoldReason reason, uint256 amountWei) external {
        _onlyMarketOrStaking();
        _takeFree(account, amountWei);
        // forge-lint: disable-start(unsafe-typecast) at most a free balance, a uint128
        if (reason == HoldReason.Escrow) _accounts[account].escrowWei += uint128(amountWei);
        else _accounts[account].stakeWei += uint128(amountWei);
        // forge-lint: disable-end(unsafe-typecast)
        emit Held(account, reason, amountWei);
    }

    /// @inheritdoc IBalances
    function release(address account, HoldReason reason, uint256 amountWei) external {
        _onlyMarketOrStaking();
        _takeHeld(account, reason, amountWei);
        _give(account, amountWei);
        emit Released(account, reason, amountWei);
    }

    /// @inheritdoc IBalances
    function payOut(address from, HoldReason reason, Payout[] calldata payouts, uint256 burnWei) external {
        _onlyMarketOrStaking();
        uint256 sumWei = burnWei;
        for (uint256 i; i < payouts.length; ++i) {
            sumWei += payouts[i].amountWei;
        }
        _takeHeld(from, reason, sumWei);
        for (uint256 i; i < payouts.length; ++i) {
            if (payouts[i].amountWei != 0) _give(payouts[i].to, payouts[i].amountWei);
        }
        if (burnWei != 0) {
            // forge-lint: disable-start(unsafe-typecast) at most a hold, a uint128
            _totalWei -= uint128(burnWei);
            _burnedWei += uint128(burnWei);
            // forge-lint: disable-end(unsafe-typecast)
        }
        emit PaidOut(from, reason, payouts, burnWei);
    }

    /* VIEWS */

    /// @inheritdoc IBalances
    function freeOf(address account) external view returns (uint256) {
        return _accounts[account].freeWei;
    }

    /// @inheritdoc IBalances
    function heldOf(address account, HoldReason reason) public view returns (uint256) {
        return reason == HoldReason.Escrow ? _accounts[account].escrowWei : _accounts[account].stakeWei;
    }

    /// @inheritdoc IBalances
    function totalWei() external view returns (uint256) {
        return _totalWei;
    }

    /// @inheritdoc IBalances
    function burnedWei() external view returns (uint256) {
        return _burnedWei;
    }

    /* INTERNAL */

    /// @dev Interaction first, on purpose: what is credited is what arrived. Every caller holds the guard.
    function _pull(address account, uint256 amountWei) internal {
        uint256 beforeWei = token.balanceOf(address(this));
        require(
            token.trySafeTransferFrom(account, address(this), amountWei),
            BalancesTransferRefused(account, amountWei)
        );
        uint256 afterWei = token.balanceOf(address(this));
        require(
            afterWei >= beforeWei && afterWei - beforeWei >= amountWei,
            BalancesShortTransfer(afterWei > beforeWei ? afterWei - beforeWei : 0, amountWei)
        );

        // Effect
        uint256 totalAfterWei = _totalWei + amountWei;
        require(totalAfterWei <= type(uint128).max, BalancesTooMuch(amountWei));
        // forge-lint: disable-next-line(unsafe-typecast) just compared
        _totalWei = uint128(totalAfterWei);
        _give(account, amountWei);
        emit Deposited(account, amountWei);

        // Check: the token still holds what is owed, or newcomers would pay for others' loss.
        uint256 owedWei = totalAfterWei + _burnedWei;
        require(afterWei >= owedWei, BalancesTokenShort(afterWei, owedWei));
    }

    /// @dev Anybody may have used the permit before; then the allowance is there already.
    function _permit(address owner, uint256 valueWei, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        internal
    {
        try ERC20(token).permit(owner, address(this), valueWei, deadline, v, r, s) {} catch {}
    }

    function _takeFree(address account, uint256 amountWei) internal {
        uint256 freeWei = _accounts[account].freeWei;
        require(freeWei >= amountWei, BalancesInsufficientFree(account, freeWei, amountWei));
        // forge-lint: disable-next-line(unsafe-typecast) at most a uint128
        _accounts[account].freeWei = uint128(freeWei - amountWei);
    }

    function _takeHeld(address account, HoldReason reason, uint256 amountWei) internal {
        uint256 heldWei = heldOf(account, reason);
        require(heldWei >= amountWei, BalancesInsufficientHeld(account, reason, heldWei, amountWei));
        // forge-lint: disable-start(unsafe-typecast) at most a uint128
        if (reason == HoldReason.Escrow) _accounts[account].escrowWei = uint128(heldWei - amountWei);
        else _accounts[account].stakeWei = uint128(heldWei - amountWei);
        // forge-lint: disable-end(unsafe-typecast)
    }

    /// @dev Never more than totalWei.
    function _give(address account, uint256 amountWei) internal {
        // forge-lint: disable-next-line(unsafe-typecast) part of totalWei, a uint128
        _accounts[account].freeWei += uint128(amountWei);
    }
}
