// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "solady/tokens/ERC20.sol";

import {Balances} from "../../../contracts/src/pallets/Balances.sol";

/// @notice A mintable token; the ones below misbehave in one way each.
contract PlainToken is ERC20 {
    function name() public pure override returns (string memory) {
        return "Plain";
    }

    function symbol() public pure override returns (string memory) {
        return "PLAIN";
    }

    function mint(address to, uint256 amountWei) external {
        _mint(to, amountWei);
    }
}

/// @notice Keeps one per cent of every transfer.
contract FeeToken is PlainToken {
    function transferFrom(address from, address to, uint256 amountWei) public override returns (bool) {
        _burn(from, amountWei / 100);
        return super.transferFrom(from, to, amountWei - amountWei / 100);
    }
}

/// @notice Reports success and moves nothing.
contract LyingToken is PlainToken {
    function transferFrom(address, address, uint256) public pure override returns (bool) {
        return true;
    }
}

/// @notice Refuses by returning false instead of reverting.
contract FalseToken is PlainToken {
    function transferFrom(address, address, uint256) public pure override returns (bool) {
        return false;
    }
}

/// @notice Returns nothing from its transfers, like some old tokens.
contract SilentToken {
    uint8 public constant decimals = 6;
    mapping(address => uint256) public balanceOf;

    function mint(address to, uint256 amountWei) external {
        balanceOf[to] += amountWei;
    }

    function transfer(address to, uint256 amountWei) external {
        balanceOf[msg.sender] -= amountWei;
        balanceOf[to] += amountWei;
    }

    function transferFrom(address from, address to, uint256 amountWei) external {
        balanceOf[from] -= amountWei;
        balanceOf[to] += amountWei;
    }
}

/// @notice Takes its fee from the sender on top of what is sent.
contract SurchargeToken is PlainToken {
    function transfer(address to, uint256 amountWei) public override returns (bool) {
        _burn(msg.sender, amountWei / 100);
        return super.transfer(to, amountWei);
    }
}

/// @notice Balances change without a transfer.
contract RebasingToken is PlainToken {
    function rebase(address holder, uint256 bps) external {
        uint256 balanceWei = balanceOf(holder);
        _burn(holder, balanceWei);
        _mint(holder, balanceWei * bps / 10_000);
    }
}

/// @notice Neither sends to nor from whom it dislikes.
contract BlacklistToken is PlainToken {
    mapping(address => bool) public blocked;

    function block_(address account) external {
        blocked[account] = true;
    }

    function _beforeTokenTransfer(address from, address to, uint256) internal view override {
        require(!blocked[from] && !blocked[to], "blocked");
    }
}

/// @notice With as many decimals as it is told.
contract DecimalsToken is PlainToken {
    uint8 internal immutable DECIMALS;

    constructor(uint8 decimals_) {
        DECIMALS = decimals_;
    }

    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }
}

/// @notice Calls back from within a transfer, once, whatever it was told to.
contract ReenteringToken is PlainToken {
    address internal _target;
    bytes internal _call;
    bool public reentered;
    bool public succeeded;
    bytes public result;

    function arm(address target, bytes calldata call_) external {
        (_target, _call) = (target, call_);
    }

    function _beforeTokenTransfer(address, address, uint256) internal override {
        if (_target == address(0)) return;
        address target = _target;
        _target = address(0);
        reentered = true;
        (succeeded, result) = target.call(_call);
    }
}
