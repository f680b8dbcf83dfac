// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IPallet} from "./interfaces/IPallet.sol";
import {IRuntime} from "./interfaces/IRuntime.sol";
import {Pallets, Parameters, Role} from "./interfaces/Types.sol";

/// @title Runtime
/// @dev ROLES: the deployer names the pallets at deployment, and is governor and guardian until it hands these
/// roles over or renounces them. A governor changes what orders and seats to come are bound by; a guardian pauses new orders.
/// Nobody can name other pallets, reach an open order or seat, or move money: a new version is a new Runtime.
/// ASSUMPTIONS: the pallets are deployed after this Runtime, by the same account, to the addresses that its next
/// transactions give; isComposed says whether that has happened. Pallets keep each other's addresses in their code.
/// LIVENESS: a pause stops placing only, ends by itself, and is followed by a time without pauses. A renounced role
/// changes nothing else. While a pallet is missing, calls that need it revert.
/// CLOCKS: a proposal takes effect CHANGE_DELAY_SECONDS after it was made at the earliest and lapses
/// CHANGE_GRACE_SECONDS later. Half open: paused while block.timestamp < pausedUntil.
contract Runtime is IRuntime {
    uint256 internal constant MAX_AMOUNT_WEI = type(uint96).max;
    uint256 internal constant MAX_PHASE_SECONDS = 7 days;
    uint256 internal constant MAX_UNBONDING_SECONDS = 90 days;
    uint256 internal constant MAX_BEACON_DELAY_BLOCKS = 128; // half of what blockhash reaches back
    uint256 internal constant MAX_PROTOCOL_FEE_BPS = 2_000;
    uint256 internal constant MAX_MIN_SEATS = 1_000;
    uint256 internal constant MAX_PANEL_SIZE = 8;
    uint256 internal constant MAX_GROWTH = 10; // of an amount over what it was at deployment
    uint256 internal constant CHANGE_DELAY_SECONDS = 2 days;
    uint256 internal constant CHANGE_GRACE_SECONDS = 14 days;
    uint32 internal constant MAX_PAUSE_SECONDS = 3 days;
    uint256 internal constant PAUSE_COOLDOWN_SECONDS = 7 days; // of ten days at most three are paused

    // Immutables instead of one stored struct: every pallet call reads some of them.
    uint32 internal immutable CONFIRM_SECONDS;
    uint32 internal immutable LAST_WINDOW_SECONDS;
    uint32 internal immutable COMMIT_SECONDS;
    uint32 internal immutable REVEAL_SECONDS;
    uint32 internal immutable CHALLENGE_SECONDS;
    uint32 internal immutable UNBONDING_SECONDS;
    uint32 internal immutable BEACON_DELAY_BLOCKS;
    uint16 internal immutable PROTOCOL_FEE_BPS;
    uint16 internal immutable MIN_SEATS;
    uint16 internal immutable PANEL_SIZE;
    uint128 internal immutable AUDIT_FEE_PER_SEGMENT_WEI;
    uint128 internal immutable SEAT_STAKE_WEI;
    uint128 internal immutable PANEL_COST_WEI;

    // Version 0 lives in the immutables above.
    mapping(uint32 version => Parameters) internal _versions;
    Parameters internal _proposed;
    uint64 internal _effectiveAt; // of the proposal; zero: none

    /// @inheritdoc IRuntime
    uint32 public parametersVersion;
    uint64 internal _pausedUntil;
    /// @inheritdoc IRuntime
    uint32 public longestAuditSeconds;
    /// @inheritdoc IRuntime
    uint64 public nextPauseAt;
    /// @inheritdoc IRuntime
    mapping(Role role => address) public holderOf;
    /// @inheritdoc IRuntime
    mapping(Role role => address) public offeredTo;

    /// @inheritdoc IRuntime
    address public immutable balances;
    /// @inheritdoc IRuntime
    address public immutable machines;
    /// @inheritdoc IRuntime
    address public immutable staking;
    /// @inheritdoc IRuntime
    address public immutable market;
    /// @inheritdoc IRuntime
    address public immutable proofs;
    /// @inheritdoc IRuntime
    address public immutable disputes;
    /// @inheritdoc IRuntime
    address public immutable hashrate;
    /// @inheritdoc IRuntime
    address public immutable drilling;
    /// @inheritdoc IRuntime
    address public immutable rewards;
    /// @inheritdoc IRuntime
    address public immutable windows;
    /// @inheritdoc IRuntime
    address public immutable beacon;

    constructor(Parameters memory p, Pallets memory pallets_) {
        _checkBounds(p);

        balances = pallets_.balances;
        machines = pallets_.machines;
        staking = pallets_.staking;
        market = pallets_.market;
        proofs = pallets_.proofs;
        disputes = pallets_.disputes;
        hashrate = pallets_.hashrate;
        drilling = pallets_.drilling;
        rewards = pallets_.rewards;
        windows = pallets_.windows;
        beacon = pallets_.beacon;
        holderOf[Role.Governor] = msg.sender;
        holderOf[Role.Guardian] = msg.sender;
        CONFIRM_SECONDS = p.confirmSeconds;
        LAST_WINDOW_SECONDS = p.lastWindowSeconds;
        COMMIT_SECONDS = p.commitSeconds;
        REVEAL_SECONDS = p.revealSeconds;
        CHALLENGE_SECONDS = p.challengeSeconds;
        UNBONDING_SECONDS = p.unbondingSeconds;
        BEACON_DELAY_BLOCKS = p.beaconDelayBlocks;
        PROTOCOL_FEE_BPS = p.protocolFeeBps;
        MIN_SEATS = p.minSeats;
        PANEL_SIZE = p.panelSize;
        AUDIT_FEE_PER_SEGMENT_WEI = p.auditFeePerSegmentWei;
        SEAT_STAKE_WEI = p.seatStakeWei;
        PANEL_COST_WEI = p.panelCostWei;
        longestAuditSeconds = _auditSeconds(p);
    }

    /* GOVERNOR */

    /// @inheritdoc IRuntime
    function proposeParameters(Parameters calldata p) external {
        // Check
        _onlyHolder(Role.Governor);
        _checkBounds(p);
        // Proofs keeps it in its code.
        _inBounds(p.beaconDelayBlocks, BEACON_DELAY_BLOCKS, BEACON_DELAY_BLOCKS, "beaconDelayBlocks");
        _inBounds(p.auditFeePerSegmentWei, 0, MAX_GROWTH * AUDIT_FEE_PER_SEGMENT_WEI, "auditFeePerSegmentWei");
        _inBounds(p.seatStakeWei, 1, MAX_GROWTH * SEAT_STAKE_WEI, "seatStakeWei");
        _inBounds(p.panelCostWei, 0, MAX_GROWTH * PANEL_COST_WEI, "panelCostWei");

        // Effect
        _proposed = p;
        _effectiveAt = uint64(block.timestamp + CHANGE_DELAY_SECONDS);
        emit ParametersProposed(p, _effectiveAt);
    }

    /// @inheritdoc IRuntime
    function withdrawProposal() external {
        _onlyHolder(Role.Governor);
        require(_effectiveAt != 0, RuntimeNothingProposed());
        _effectiveAt = 0;
        emit ProposalWithdrawn();
    }

    /// @inheritdoc IRuntime
    function applyProposal() external {
        // Check: whoever it hurts had the delay to leave, and nothing forgotten comes into force years later.
        uint64 effectiveAt = _effectiveAt;
        require(effectiveAt != 0, RuntimeNothingProposed());
        require(block.timestamp >= effectiveAt, RuntimeTooEarly(effectiveAt));
        uint64 deadline = uint64(effectiveAt + CHANGE_GRACE_SECONDS);
        require(block.timestamp < deadline, RuntimeTooLate(deadline));

        // Effect
        uint32 version = ++parametersVersion;
        _versions[version] = _proposed;
        uint32 auditSeconds = _auditSeconds(_proposed);
        if (auditSeconds > longestAuditSeconds) longestAuditSeconds = auditSeconds;
        _effectiveAt = 0;
        emit ParametersChanged(version, _proposed);
    }

    /* GUARDIAN */

    /// @inheritdoc IRuntime
    function pauseOrders(uint32 seconds_) external {
        // Check: short enough; either a new pause whose time has come, or less of the one that runs.
        _onlyHolder(Role.Guardian);
        require(seconds_ <= MAX_PAUSE_SECONDS, RuntimePauseTooLong(seconds_, MAX_PAUSE_SECONDS));
        uint64 until = uint64(block.timestamp + seconds_);
        bool shortens = block.timestamp < _pausedUntil && until < _pausedUntil;
        require(shortens || block.timestamp >= nextPauseAt, RuntimeTooEarly(nextPauseAt));

        // Effect: the wait counts from the end first announced, so that shortening gains no pause.
        _pausedUntil = until;
        if (!shortens) nextPauseAt = uint64(until + PAUSE_COOLDOWN_SECONDS);
        emit OrdersPaused(until);
    }

    /* ROLES */

    /// @inheritdoc IRuntime
    function offerRole(Role role, address to) external {
        _onlyHolder(role);
        offeredTo[role] = to;
        emit RoleOffered(role, to);
    }

    /// @inheritdoc IRuntime
    function acceptRole(Role role) external {
        require(offeredTo[role] == msg.sender, RuntimeNotOffered(role, msg.sender));
        _setHolder(role, msg.sender);
    }

    /// @inheritdoc IRuntime
    function renounceRole(Role role) external {
        _onlyHolder(role);
        if (role == Role.Governor) _effectiveAt = 0;
        _setHolder(role, address(0));
    }

    /* VIEWS */

    /// @inheritdoc IRuntime
    function pallets() external view returns (Pallets memory) {
        return Pallets(
            balances,
            machines,
            staking,
            market,
            proofs,
            disputes,
            hashrate,
            drilling,
            rewards,
            windows,
            beacon
        );
    }

    /// @inheritdoc IRuntime
    function isComposed() external view returns (bool) {
        return _belongs(balances) && _belongs(machines) && _belongs(staking) && _belongs(market)
            && _belongs(proofs) && _belongs(disputes) && _belongs(hashrate) && _belongs(drilling)
            && _belongs(rewards) && _belongs(windows) && (beacon == address(0) || beacon.code.length != 0);
    }

    /// @inheritdoc IRuntime
    function parameters() external view returns (Parameters memory) {
        return parametersAt(parametersVersion);
    }

    /// @inheritdoc IRuntime
    function parametersAt(uint32 version) public view returns (Parameters memory) {
        if (version != 0) return _versions[version];
        return Parameters({
            confirmSeconds: CONFIRM_SECONDS,
            lastWindowSeconds: LAST_WINDOW_SECONDS,
            commitSeconds: COMMIT_SECONDS,
            revealSeconds: REVEAL_SECONDS,
            challengeSeconds: CHALLENGE_SECONDS,
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

    /// @inheritdoc IRuntime
    function proposal() external view returns (Parameters memory p, uint64 effectiveAt) {
        return (_proposed, _effectiveAt);
    }

    /// @inheritdoc IRuntime
    function admission() external view returns (uint32 version, uint64 pausedUntil) {
        return (parametersVersion, _pausedUntil);
    }

    /* INTERNAL */

    function _onlyHolder(Role role) internal view {
        require(msg.sender == holderOf[role], RuntimeNotHolder(role, msg.sender));
    }

    function _setHolder(Role role, address holder) internal {
        holderOf[role] = holder;
        delete offeredTo[role];
        emit RoleTaken(role, holder);
    }

    /// @dev Two audits and what a dispute between them takes: a challenge that is refuted opens the audit again. Then the
    /// time in which what they passed can be challenged.
    function _auditSeconds(Parameters memory p) internal pure returns (uint32) {
        return 2 * p.commitSeconds + 4 * p.revealSeconds + p.challengeSeconds;
    }

    function _checkBounds(Parameters memory p) internal pure {
        _inBounds(p.confirmSeconds, 1, MAX_PHASE_SECONDS, "confirmSeconds");
        _inBounds(p.lastWindowSeconds, 0, MAX_PHASE_SECONDS, "lastWindowSeconds");
        _inBounds(p.commitSeconds, 2, MAX_PHASE_SECONDS, "commitSeconds");
        _inBounds(p.revealSeconds, 1, MAX_PHASE_SECONDS, "revealSeconds");
        _inBounds(p.challengeSeconds, 1, MAX_PHASE_SECONDS, "challengeSeconds");
        _inBounds(p.unbondingSeconds, 0, MAX_UNBONDING_SECONDS, "unbondingSeconds");
        _inBounds(p.beaconDelayBlocks, 1, MAX_BEACON_DELAY_BLOCKS, "beaconDelayBlocks");
        _inBounds(p.protocolFeeBps, 0, MAX_PROTOCOL_FEE_BPS, "protocolFeeBps");
        _inBounds(p.minSeats, 1, MAX_MIN_SEATS, "minSeats");
        _inBounds(p.panelSize, 1, MAX_PANEL_SIZE, "panelSize");
        _inBounds(p.auditFeePerSegmentWei, 0, MAX_AMOUNT_WEI, "auditFeePerSegmentWei");
        _inBounds(p.seatStakeWei, 1, MAX_AMOUNT_WEI, "seatStakeWei");
        _inBounds(p.panelCostWei, 0, MAX_AMOUNT_WEI, "panelCostWei");
    }

    function _inBounds(uint256 value, uint256 min, uint256 max, string memory field) internal pure {
        require(value >= min && value <= max, RuntimeBadParameter(field));
    }

    function _belongs(address pallet) internal view returns (bool) {
        return pallet.code.length != 0 && address(IPallet(pallet).runtime()) == address(this);
    }
}
