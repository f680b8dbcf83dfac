// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IPallet} from "./interfaces/IPallet.sol";
import {IRuntime} from "./interfaces/IRuntime.sol";
import {Parameters} from "./interfaces/Types.sol";

/// @title Runtime
/// @dev ROLES: the deployer names the five pallets once. Nobody can do anything afterwards.
/// ASSUMPTIONS: each pallet was deployed with this Runtime's address (checked in compose).
/// LIVENESS: nothing here can be paused. Before compose no pallet accepts a privileged call.
/// CLOCKS: none.
contract Runtime is IRuntime {
    uint256 internal constant MAX_AMOUNT_WEI = type(uint96).max;
    uint256 internal constant MAX_PHASE_SECONDS = 7 days;
    uint256 internal constant MAX_UNBONDING_SECONDS = 90 days;
    uint256 internal constant MAX_BEACON_DELAY_BLOCKS = 128; // half of what blockhash reaches back
    uint256 internal constant MAX_PROTOCOL_FEE_BPS = 2_000;
    uint256 internal constant MAX_MIN_SEATS = 1_000;
    uint256 internal constant MAX_PANEL_SIZE = 8;

    address internal immutable DEPLOYER;

    // Immutables instead of one stored struct: every pallet call reads some of them.
    uint32 internal immutable CONFIRM_SECONDS;
    uint32 internal immutable LAST_WINDOW_SECONDS;
    uint32 internal immutable COMMIT_SECONDS;
    uint32 internal immutable REVEAL_SECONDS;
    uint32 internal immutable UNBONDING_SECONDS;
    uint32 internal immutable BEACON_DELAY_BLOCKS;
    uint16 internal immutable PROTOCOL_FEE_BPS;
    uint16 internal immutable MIN_SEATS;
    uint16 internal immutable PANEL_SIZE;
    uint128 internal immutable AUDIT_FEE_PER_SEGMENT_WEI;
    uint128 internal immutable SEAT_STAKE_WEI;
    uint128 internal immutable PANEL_COST_WEI;

    /// @inheritdoc IRuntime
    address public balances;
    /// @inheritdoc IRuntime
    address public machines;
    /// @inheritdoc IRuntime
    address public staking;
    /// @inheritdoc IRuntime
    address public market;
    /// @inheritdoc IRuntime
    address public proofs;

    constructor(Parameters memory p) {
        _inBounds(p.confirmSeconds, 1, MAX_PHASE_SECONDS, "confirmSeconds");
        _inBounds(p.lastWindowSeconds, 0, MAX_PHASE_SECONDS, "lastWindowSeconds");
        _inBounds(p.commitSeconds, 2, MAX_PHASE_SECONDS, "commitSeconds");
        _inBounds(p.revealSeconds, 1, MAX_PHASE_SECONDS, "revealSeconds");
        _inBounds(p.unbondingSeconds, 0, MAX_UNBONDING_SECONDS, "unbondingSeconds");
        _inBounds(p.beaconDelayBlocks, 1, MAX_BEACON_DELAY_BLOCKS, "beaconDelayBlocks");
        _inBounds(p.protocolFeeBps, 0, MAX_PROTOCOL_FEE_BPS, "protocolFeeBps");
        _inBounds(p.minSeats, 1, MAX_MIN_SEATS, "minSeats");
        _inBounds(p.panelSize, 1, MAX_PANEL_SIZE, "panelSize");
        _inBounds(p.auditFeePerSegmentWei, 0, MAX_AMOUNT_WEI, "auditFeePerSegmentWei");
        _inBounds(p.seatStakeWei, 1, MAX_AMOUNT_WEI, "seatStakeWei");
        _inBounds(p.panelCostWei, 0, MAX_AMOUNT_WEI, "panelCostWei");

        DEPLOYER = msg.sender;
        CONFIRM_SECONDS = p.confirmSeconds;
        LAST_WINDOW_SECONDS = p.lastWindowSeconds;
        COMMIT_SECONDS = p.commitSeconds;
        REVEAL_SECONDS = p.revealSeconds;
        UNBONDING_SECONDS = p.unbondingSeconds;
        BEACON_DELAY_BLOCKS = p.beaconDelayBlocks;
        PROTOCOL_FEE_BPS = p.protocolFeeBps;
        MIN_SEATS = p.minSeats;
        PANEL_SIZE = p.panelSize;
        AUDIT_FEE_PER_SEGMENT_WEI = p.auditFeePerSegmentWei;
        SEAT_STAKE_WEI = p.seatStakeWei;
        PANEL_COST_WEI = p.panelCostWei;
    }

    /// @inheritdoc IRuntime
    function compose(address balances_, address machines_, address staking_, address market_, address proofs_)
        external
    {
        // Check: the deployer, once, and each pallet belongs to this Runtime.
        require(msg.sender == DEPLOYER, RuntimeNotDeployer(msg.sender));
        require(balances == address(0), RuntimeAlreadyComposed());
        _belongs(balances_, "balances");
        _belongs(machines_, "machines");
        _belongs(staking_, "staking");
        _belongs(market_, "market");
        _belongs(proofs_, "proofs");

        // Effect: name the pallets for good.
        balances = balances_;
        machines = machines_;
        staking = staking_;
        market = market_;
        proofs = proofs_;
        emit Composed(balances_, machines_, staking_, market_, proofs_);
    }

    /// @inheritdoc IRuntime
    function parameters() external view returns (Parameters memory) {
        return Parameters({
            confirmSeconds: CONFIRM_SECONDS,
            lastWindowSeconds: LAST_WINDOW_SECONDS,
            commitSeconds: COMMIT_SECONDS,
            revealSeconds: REVEAL_SECONDS,
            unbondingSeconds: UNBONDING_SECONDS,
            beaconDelayBlocks: BEACON_DELAY_BLOCKS,
            protocolFeeBps: PROTOCOL_FEE_BPS,
            minSeats: MIN_SEATS,
            panelSize: PANEL_SIZE,
            auditFeePerSegmentWei: AUDIT_FEE_PER_SEGMENT_WEI,
            seatStakeWei: SEAT_STAKE_WEI,
            panelCostWei: PANEL_COST_WEI
        });
    }

    function _inBounds(uint256 value, uint256 min, uint256 max, string memory field) internal pure {
        require(value >= min && value <= max, RuntimeBadParameter(field));
    }

    function _belongs(address pallet, string memory field) internal view {
        require(pallet.code.length != 0, RuntimeBadParameter(field));
        require(address(IPallet(pallet).runtime()) == address(this), RuntimeBadParameter(field));
    }
}
