// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MachineStatus} from "./Types.sol";

/// @title Machines: what sellers registered, and which order runs on each.
interface IMachines {
    struct MachineView {
        address owner;
        bytes32 specHash;
        bytes32 hardwareClass;
        uint256 currentOrderId; // 0: free
        uint256 offerId; // the machine's open offer, 0: none
        string endpoint;
        MachineStatus status;
        uint32 completed;
        uint32 failed;
        uint32 expired;
    }

    event MachineAdded(
        uint256 indexed machineId,
        address indexed owner,
        bytes32 specHash,
        string specUri,
        bytes32 hardwareClass,
        string endpoint
    );
    event MachineRemoved(uint256 indexed machineId);
    event EndpointSet(uint256 indexed machineId, string endpoint);

    error MachinesUnknown(uint256 machineId);
    error MachinesNotOwner(uint256 machineId, address caller);
    error MachinesBusy(uint256 machineId, uint256 orderId);
    error MachinesBadEndpoint();

    /// @param specHash sha256 of the machine's canonical JSON facts
    /// @param specUri where those facts are served: a CID
    /// @param hardwareClass keccak256 of the class name; keccak256("canonical") means any machine
    /// @param endpoint the daemon's public URL, at most 200 bytes
    function addMachine(
        bytes32 specHash,
        string calldata specUri,
        bytes32 hardwareClass,
        string calldata endpoint
    ) external returns (uint256 machineId);
    /// @notice Reverts while an order in Preparing or Training is on it. Cancels its offer.
    function removeMachine(uint256 machineId) external;
    function setEndpoint(uint256 machineId, string calldata endpoint) external;

    /// @notice Market only.
    function assign(uint256 machineId, uint256 orderId) external;
    function free(uint256 machineId) external;
    function setOffer(uint256 machineId, uint256 offerId) external;
    function count(uint256 machineId, uint16 closeReason) external;

    function machineOf(uint256 machineId) external view returns (MachineView memory);
    /// @notice What Market asks of a machine, without its strings; all zero for one that is gone.
    function factsOf(uint256 machineId)
        external
        view
        returns (address owner, bytes32 hardwareClass, uint256 currentOrderId, uint256 offerId);
    function machineCount() external view returns (uint256);
}
