// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "solady/tokens/ERC20.sol";
import {ReentrancyGuard} from "solady/utils/ReentrancyGuard.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";

import {IBalances} from "../interfaces/IBalances.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {HoldReason} from "../interfaces/Types.sol";
import {Pallet} from "./Pallet.sol";

/// @title Balances
/// @dev ROLES: an account moves its own free balance. Market and Staking move holds; nobody else, no admin.
/// ASSUMPTIONS: the token's balance of this contract falls only by transfer from here (no rebasing down). One that
/// does rebase down hurts who was in already, and no newcomer: nothing more is taken in (BalancesTokenShort).
/// TOKENS: not a contract, or without decimals from 6 to 18: refused at deployment. Taking a fee, lying or returning
/// false: refused when it shows. Returning nothing: accepted. Calling back: meets the guard or finished accounts.
/// Refusing one account (a blacklist): that account alone cannot withdraw. Rebasing up: the gain belongs to nobody.
/// LIVENESS: withdraw depends on the token alone, never on another account: payments are pulled, not pushed.
/// CLOCKS: none.
/// ACCOUNTS: totalFreeWei + totalHeldWei + burnedWei <= token.balanceOf(this), equal but for tokens sent unasked.
contract Balances is IBalances, Pallet, ReentrancyGuard {
    using SafeTransferLib for address;

    /// @dev Fewer, and a second's price rounds to nothing; more, and amounts do not fit their types.
    uint256 internal constant MIN_DECIMALS = 6;
    uint256 internal constant MAX_DECIMALS = 18;

    /// @inheritdoc IBalances
    address public immutable token;

    /// @inheritdoc IBalances
    mapping(address account => uint256) public freeOf;
    /// @inheritdoc IBalances
    mapping(address account => mapping(HoldReason reason => uint256)) public heldOf;
    /// @inheritdoc IBalances
    uint256 public totalFreeWei;
    /// @inheritdoc IBalances
    uint256 public totalHeldWei;
    /// @inheritdoc IBalances
    uint256 public burnedWei;

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
        totalFreeWei -= amountWei;
        emit Withdrawn(msg.sender, amountWei);

        // Interaction: a token that takes more than it was told would take it from others.
        uint256 beforeWei = token.balanceOf(address(this));
        token.safeTransfer(msg.sender, amountWei);
        uint256 afterWei = token.balanceOf(address(this));
        require(beforeWei <= afterWei + amountWei, BalancesOverdrawn(beforeWei - afterWei, amountWei));
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
        uint256 currentWei = freeOf[account];
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
        heldOf[account][reason] += amountWei;
        totalFreeWei -= amountWei;
        totalHeldWei += amountWei;
        emit Held(account, reason, amountWei);
    }

    /// @inheritdoc IBalances
    function release(address account, HoldReason reason, uint256 amountWei) external {
        _onlyMarketOrStaking();
        _takeHeld(account, reason, amountWei);
        freeOf[account] += amountWei;
        totalFreeWei += amountWei;
        emit Released(account, reason, amountWei);
    }

    /// @inheritdoc IBalances
    function transferHeld(address from, HoldReason reason, address to, uint256 amountWei) external {
        _onlyMarketOrStaking();
        _takeHeld(from, reason, amountWei);
        freeOf[to] += amountWei;
        totalFreeWei += amountWei;
        emit HeldTransferred(from, reason, to, amountWei);
    }

    /// @inheritdoc IBalances
    function slashHeld(address from, HoldReason reason, uint256 amountWei) external {
        _onlyMarketOrStaking();
        _takeHeld(from, reason, amountWei);
        burnedWei += amountWei;
        emit Burned(from, reason, amountWei);
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
        freeOf[account] += amountWei;
        totalFreeWei += amountWei;
        emit Deposited(account, amountWei);

        // Check: the token still holds what is owed, or newcomers would pay for others' loss.
        uint256 owedWei = totalFreeWei + totalHeldWei + burnedWei;
        require(afterWei >= owedWei, BalancesTokenShort(afterWei, owedWei));
    }

    /// @dev Anybody may have used the permit before; then the allowance is there already.
    function _permit(address owner, uint256 valueWei, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        internal
    {
        try ERC20(token).permit(owner, address(this), valueWei, deadline, v, r, s) {} catch {}
    }

    function _takeFree(address account, uint256 amountWei) internal {
        uint256 freeWei = freeOf[account];
        require(freeWei >= amountWei, BalancesInsufficientFree(account, freeWei, amountWei));
        freeOf[account] = freeWei - amountWei;
    }

    function _takeHeld(address account, HoldReason reason, uint256 amountWei) internal {
        uint256 heldWei = heldOf[account][reason];
        require(heldWei >= amountWei, BalancesInsufficientHeld(account, reason, heldWei, amountWei));
        heldOf[account][reason] = heldWei - amountWei;
        totalHeldWei -= amountWei;
    }
}
