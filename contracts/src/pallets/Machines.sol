// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IMachines} from "../interfaces/IMachines.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {MachineStatus} from "../interfaces/Types.sol";
import {CloseReasons} from "../libraries/CloseReasons.sol";
import {Pallet} from "./Pallet.sol";

/// @title Machines
/// @dev ROLES: the owner registers, edits and removes a machine. Market assigns, frees, offers and counts.
/// ASSUMPTIONS: facts behind specHash are the owner's claim; nothing here proves them.
/// LIVENESS: free and count never revert for Market, also after the machine is gone.
/// CLOCKS: none; ForRent ends with the offer's own clock.
contract Machines is IMachines, Pallet {
    uint256 internal constant MAX_ENDPOINT_BYTES = 200;

    struct Machine {
        address owner;
        uint32 completed;
        uint32 failed;
        uint32 expired;
        uint128 currentOrderId;
        uint128 offerId;
        bytes32 specHash;
        bytes32 hardwareClass;
        string endpoint;
    }

    mapping(uint256 machineId => Machine) internal _machines;
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

    /* MARKET */

    /// @inheritdoc IMachines
    function assign(uint256 machineId, uint256 orderId) external {
        _onlyMarket();
        // Order and offer ids count up from one: 128 bits are never used up.
        // forge-lint: disable-next-line(unsafe-typecast) ids count up from one
        _machines[machineId].currentOrderId = uint128(orderId);
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
        _machines[machineId].offerId = uint128(offerId);
    }

    /// @inheritdoc IMachines
    function count(uint256 machineId, uint16 closeReason) external {
        _onlyMarket();
        Machine storage machine = _machines[machineId];
        // Nothing to count on a machine that is gone, and nothing may block a settlement.
        if (machine.owner == address(0)) return;
        if (closeReason == CloseReasons.WORK_COMPLETED) {
            ++machine.completed;
        } else if (
            closeReason == CloseReasons.SELLER_DID_NOT_START || closeReason == CloseReasons.SELLER_OVERRAN
        ) {
            ++machine.expired;
        } else if (closeReason >= CloseReasons.SELLER_FIRST && closeReason < CloseReasons.NETWORK_FIRST) {
            ++machine.failed;
        }
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
            completed: machine.completed,
            failed: machine.failed,
            expired: machine.expired
        });
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

    /* INTERNAL */

    function _statusOf(Machine storage machine) internal view returns (MachineStatus) {
        if (machine.owner == address(0)) return MachineStatus.None;
        if (machine.currentOrderId != 0) return MachineStatus.Renting;
        if (machine.offerId == 0) return MachineStatus.Idle;
        return
            IMarket(RUNTIME.market()).offerOf(machine.offerId).open
                ? MachineStatus.ForRent
                : MachineStatus.Idle;
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
