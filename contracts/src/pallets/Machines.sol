// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IMachines} from "../interfaces/IMachines.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {MachineStatus, ProofMode} from "../interfaces/Types.sol";
import {CloseReasons} from "../libraries/CloseReasons.sol";
import {PayLib} from "../libraries/PayLib.sol";
import {Pallet} from "./Pallet.sol";

/// @title Machines
/// @dev ROLES: the owner registers, edits and removes a machine. Market assigns, frees, offers and counts.
/// ASSUMPTIONS: facts behind specHash are the owner's claim; nothing here proves them.
/// LIVENESS: free and record never revert for Market, also after the machine is gone.
/// CLOCKS: none; ForRent ends with the offer's own clock.
contract Machines is IMachines, Pallet {
    uint256 internal constant MAX_ENDPOINT_BYTES = 200;
    uint8 internal constant ALL_MODES = uint8(2 ** (uint256(type(ProofMode).max) + 1) - 1);
    uint8 internal constant DEFAULT_MODES = uint8(2 ** uint256(ProofMode.Bitwise));

    struct Machine {
        address owner;
        uint32 completed;
        uint32 failed;
        uint32 expired;
        uint120 currentOrderId;
        uint120 offerId;
        uint8 modes; // bitmap over ProofMode; zero: the default
        bytes32 specHash;
        bytes32 hardwareClass;
        string endpoint;
        // slot
        uint32 lateStartSeconds;
        uint32 overrunSeconds;
        uint64 lastHeartbeatAt;
        uint96 feeBurnedWei;
        uint32 specChanges;
    }

    /// @dev Of a seller: one slot.
    struct Record {
        uint32 completed;
        uint32 failed;
        uint32 expired;
        uint32 lateStartSeconds;
        uint32 overrunSeconds;
        uint96 feeBurnedWei;
    }

    mapping(uint256 machineId => Machine) internal _machines;
    mapping(address seller => Record) internal _records;
    /// @inheritdoc IMachines
    uint256 public machineCount;

    constructor(IRuntime runtime_) Pallet(runtime_) {}

    /* OWNERS */

    /// @inheritdoc IMachines
    function addMachine(
        bytes32 specHash,
        string calldata specUri,
        bytes32 hardwareClass,
        string calldata endpoint
    ) external returns (uint256 machineId) {
        // Check
        _checkEndpoint(endpoint);

        // Effect
        machineId = ++machineCount;
        Machine storage machine = _machines[machineId];
        machine.owner = msg.sender;
        machine.specHash = specHash;
        machine.hardwareClass = hardwareClass;
        machine.endpoint = endpoint;
        emit MachineAdded(machineId, msg.sender, specHash, specUri, hardwareClass, endpoint);
    }

    /// @inheritdoc IMachines
    function updateMachine(
        uint256 machineId,
        bytes32 specHash,
        string calldata specUri,
        bytes32 hardwareClass
    ) external {
        // Check: the owner's, and idle.
        Machine storage machine = _ownedByCaller(machineId);
        require(machine.currentOrderId == 0, MachinesBusy(machineId, machine.currentOrderId));

        // Effect: an offer is open only while its machine names it. Changes are counted: changing back is one more.
        if (machine.specHash != specHash) ++machine.specChanges;
        machine.specHash = specHash;
        machine.hardwareClass = hardwareClass;
        machine.offerId = 0;
        emit MachineUpdated(machineId, specHash, specUri, hardwareClass);
    }

    /// @inheritdoc IMachines
    function removeMachine(uint256 machineId) external {
        // Check: the owner's, and idle.
        Machine storage machine = _ownedByCaller(machineId);
        require(machine.currentOrderId == 0, MachinesBusy(machineId, machine.currentOrderId));

        // Effect: an offer is open only while its machine names it, so this closes the offer too.
        delete _machines[machineId];
        emit MachineRemoved(machineId);
    }

    /// @inheritdoc IMachines
    function setEndpoint(uint256 machineId, string calldata endpoint) external {
        // Check
        Machine storage machine = _ownedByCaller(machineId);
        _checkEndpoint(endpoint);

        // Effect
        machine.endpoint = endpoint;
        emit EndpointSet(machineId, endpoint);
    }

    /// @inheritdoc IMachines
    function setModes(uint256 machineId, uint8 modes) external {
        // Check
        Machine storage machine = _ownedByCaller(machineId);
        require(modes != 0 && modes <= ALL_MODES, MachinesBadModes(modes));

        // Effect
        machine.modes = modes;
        emit ModesSet(machineId, modes);
    }

    /// @inheritdoc IMachines
    function heartbeat(uint256 machineId) external {
        // Check
        Machine storage machine = _ownedByCaller(machineId);

        // Effect
        machine.lastHeartbeatAt = uint64(block.timestamp);
        emit Heartbeat(machineId);
    }

    /* MARKET */

    /// @inheritdoc IMachines
    function assign(uint256 machineId, uint256 orderId)
        external
        returns (uint256 offerId, uint256 formerOrderId, uint8 modes)
    {
        _onlyMarket();
        Machine storage machine = _machines[machineId];
        (offerId, formerOrderId, modes) = (machine.offerId, machine.currentOrderId, _modesOf(machine));
        // Order and offer ids count up from one: 120 bits are never used up.
        // forge-lint: disable-next-line(unsafe-typecast) ids count up from one
        machine.currentOrderId = uint120(orderId);
    }

    /// @inheritdoc IMachines
    function free(uint256 machineId) external {
        _onlyMarket();
        _machines[machineId].currentOrderId = 0;
    }

    /// @inheritdoc IMachines
    function setOffer(uint256 machineId, uint256 offerId) external {
        _onlyMarket();
        // forge-lint: disable-next-line(unsafe-typecast) ids count up from one
        _machines[machineId].offerId = uint120(offerId);
    }

    /// @inheritdoc IMachines
    function record(
        uint256 machineId,
        address seller,
        uint16 closeReason,
        uint256 lateStartSeconds,
        uint256 overrunSeconds,
        uint256 feeBurnedWei
    ) external {
        // Check: what the buyer or the network caused counts for nobody.
        _onlyMarket();
        (bool completed, bool expired, bool failed) = _kindOf(closeReason);
        if (!completed && !expired && !failed) return;

        // Effect
        Record storage sold = _records[seller];
        if (completed) ++sold.completed;
        if (expired) ++sold.expired;
        if (failed) ++sold.failed;
        sold.lateStartSeconds = _seconds(sold.lateStartSeconds, lateStartSeconds);
        sold.overrunSeconds = _seconds(sold.overrunSeconds, overrunSeconds);
        sold.feeBurnedWei = _wei(sold.feeBurnedWei, feeBurnedWei);
        // Nothing to count on a machine that is gone, and nothing may block a settlement.
        Machine storage machine = _machines[machineId];
        if (machine.owner == address(0)) return;
        if (completed) ++machine.completed;
        if (expired) ++machine.expired;
        if (failed) ++machine.failed;
        machine.lateStartSeconds = _seconds(machine.lateStartSeconds, lateStartSeconds);
        machine.overrunSeconds = _seconds(machine.overrunSeconds, overrunSeconds);
        machine.feeBurnedWei = _wei(machine.feeBurnedWei, feeBurnedWei);
    }

    /* VIEWS */

    /// @inheritdoc IMachines
    function machineOf(uint256 machineId) external view returns (MachineView memory) {
        Machine storage machine = _machines[machineId];
        return MachineView({
            owner: machine.owner,
            specHash: machine.specHash,
            hardwareClass: machine.hardwareClass,
            currentOrderId: machine.currentOrderId,
            offerId: machine.offerId,
            endpoint: machine.endpoint,
            status: _statusOf(machine),
            modes: machine.owner == address(0) ? 0 : _modesOf(machine),
            completed: machine.completed,
            failed: machine.failed,
            expired: machine.expired
        });
    }

    /// @inheritdoc IMachines
    function reputationOf(uint256 machineId)
        external
        view
        returns (Reputation memory machine, Reputation memory seller)
    {
        Machine storage m = _machines[machineId];
        machine.completed = m.completed;
        machine.failed = m.failed;
        machine.expired = m.expired;
        machine.lateStartSeconds = m.lateStartSeconds;
        machine.overrunSeconds = m.overrunSeconds;
        machine.feeBurnedWei = m.feeBurnedWei;
        machine.lastHeartbeatAt = m.lastHeartbeatAt;
        machine = _rated(machine);
        seller = sellerReputationOf(m.owner);
    }

    /// @inheritdoc IMachines
    function sellerReputationOf(address seller) public view returns (Reputation memory r) {
        Record storage sold = _records[seller];
        r.completed = sold.completed;
        r.failed = sold.failed;
        r.expired = sold.expired;
        r.lateStartSeconds = sold.lateStartSeconds;
        r.overrunSeconds = sold.overrunSeconds;
        r.feeBurnedWei = sold.feeBurnedWei;
        return _rated(r);
    }

    /// @inheritdoc IMachines
    function lastHeartbeatAt(uint256 machineId) external view returns (uint64) {
        return _machines[machineId].lastHeartbeatAt;
    }

    /// @inheritdoc IMachines
    function factsOf(uint256 machineId)
        external
        view
        returns (address owner, bytes32 hardwareClass, uint256 currentOrderId, uint256 offerId)
    {
        Machine storage machine = _machines[machineId];
        return (machine.owner, machine.hardwareClass, machine.currentOrderId, machine.offerId);
    }

    /// @inheritdoc IMachines
    function specsVersionOf(uint256 machineId) external view returns (uint256) {
        Machine storage machine = _machines[machineId];
        return machine.owner == address(0) ? 0 : 1 + uint256(machine.specChanges);
    }

    /* INTERNAL */

    function _kindOf(uint16 closeReason) internal pure returns (bool completed, bool expired, bool failed) {
        completed = closeReason == CloseReasons.WORK_COMPLETED;
        expired =
            closeReason == CloseReasons.SELLER_DID_NOT_START || closeReason == CloseReasons.SELLER_OVERRAN;
        failed = !completed && !expired && closeReason >= CloseReasons.SELLER_FIRST
            && closeReason < CloseReasons.NETWORK_FIRST;
    }

    /// @dev Stops at the largest number instead of reverting: nothing may block a settlement.
    function _capped(uint256 a, uint256 b, uint256 max) internal pure returns (uint256) {
        return b < max - a ? a + b : max;
    }

    function _seconds(uint32 a, uint256 b) internal pure returns (uint32) {
        // forge-lint: disable-next-line(unsafe-typecast) capped
        return uint32(_capped(a, b, type(uint32).max));
    }

    function _wei(uint96 a, uint256 b) internal pure returns (uint96) {
        // forge-lint: disable-next-line(unsafe-typecast) capped
        return uint96(_capped(a, b, type(uint96).max));
    }

    /// @dev Adds to the counts what follows from them.
    function _rated(Reputation memory r) internal pure returns (Reputation memory) {
        r.sampleSize = r.completed + r.failed + r.expired;
        // forge-lint: disable-next-line(unsafe-typecast) at most 10,000
        if (r.sampleSize != 0) r.fulfilmentBps = uint16(uint256(r.completed) * PayLib.BPS / r.sampleSize);
        return r;
    }

    function _statusOf(Machine storage machine) internal view returns (MachineStatus) {
        if (machine.owner == address(0)) return MachineStatus.None;
        if (machine.currentOrderId != 0) return MachineStatus.Renting;
        if (machine.offerId == 0) return MachineStatus.Idle;
        return MARKET.offerOf(machine.offerId).open ? MachineStatus.ForRent : MachineStatus.Idle;
    }

    function _modesOf(Machine storage machine) internal view returns (uint8) {
        return machine.modes == 0 ? DEFAULT_MODES : machine.modes;
    }

    function _ownedByCaller(uint256 machineId) internal view returns (Machine storage machine) {
        machine = _machines[machineId];
        require(machine.owner != address(0), MachinesUnknown(machineId));
        require(machine.owner == msg.sender, MachinesNotOwner(machineId, msg.sender));
    }

    function _checkEndpoint(string calldata endpoint) internal pure {
        uint256 length = bytes(endpoint).length;
        require(length != 0 && length <= MAX_ENDPOINT_BYTES, MachinesBadEndpoint());
    }
}
