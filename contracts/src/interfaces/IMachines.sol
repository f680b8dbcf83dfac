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
        uint8 modes; // bitmap over ProofMode: what orders it takes
        uint32 completed;
        uint32 failed;
        uint32 expired;
    }

    /// @notice What is known of a machine, or of a seller over all its machines, also removed ones.
    struct Reputation {
        uint32 completed; // all steps proved
        uint32 failed; // given up, or convicted
        uint32 expired; // not started in time, or not ended in the paid time
        uint32 disputed; // none yet: there are no disputes
        uint32 lateStartSeconds; // from placing to starting, together
        uint32 overrunSeconds; // longer than agreed for the steps that were proved, together
        uint32 sampleSize; // completed + failed + expired: what the rate is made of
        uint16 fulfilmentBps; // completed of these; 0 without a sample
        uint256 feeBurnedWei; // protocol fee burned in these orders: what this record cost at least, its weight
        uint64 lastHeartbeatAt; // of a machine; 0: never
    }

    event MachineAdded(
        uint256 indexed machineId,
        address indexed owner,
        bytes32 specHash,
        string specUri,
        bytes32 hardwareClass,
        string endpoint
    );
    event MachineUpdated(uint256 indexed machineId, bytes32 specHash, string specUri, bytes32 hardwareClass);
    event MachineRemoved(uint256 indexed machineId);
    event EndpointSet(uint256 indexed machineId, string endpoint);
    event ModesSet(uint256 indexed machineId, uint8 modes);
    event Heartbeat(uint256 indexed machineId);

    error MachinesUnknown(uint256 machineId);
    error MachinesNotOwner(uint256 machineId, address caller);
    error MachinesBusy(uint256 machineId, uint256 orderId);
    error MachinesBadEndpoint();
    error MachinesBadModes(uint8 modes);

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
    /// @notice Its hardware changed: the record stays, the offer ends (it was for another machine). Reverts while an order
    /// in Preparing or Training is on it.
    function updateMachine(
        uint256 machineId,
        bytes32 specHash,
        string calldata specUri,
        bytes32 hardwareClass
    ) external;
    /// @notice Reverts while an order in Preparing or Training is on it. Cancels its offer.
    function removeMachine(uint256 machineId) external;
    function setEndpoint(uint256 machineId, string calldata endpoint) external;

    /// @notice Owner: from now on the machine takes orders in these modes, a bitmap over ProofMode. Until it says so: Bitwise
    /// alone. Orders that are placed stay as they are.
    function setModes(uint256 machineId, uint8 modes) external;

    /// @notice Owner: the machine is up. An order without proof is paid until five minutes after the last one (Market).
    function heartbeat(uint256 machineId) external;

    /// @notice Market only. Returns the machine's open offer, the order that was on it before (0: free), and its modes.
    function assign(uint256 machineId, uint256 orderId)
        external
        returns (uint256 offerId, uint256 formerOrderId, uint8 modes);
    function free(uint256 machineId) external;
    function setOffer(uint256 machineId, uint256 offerId) external;
    /// @notice Market only: adds a settled order to the records of its machine and its seller. Sums stop at what they
    /// can hold.
    function record(
        uint256 machineId,
        address seller,
        uint16 closeReason,
        uint256 lateStartSeconds,
        uint256 overrunSeconds,
        uint256 feeBurnedWei
    ) external;

    function machineOf(uint256 machineId) external view returns (MachineView memory);
    /// @notice A machine's record beside that of its owner, in one call.
    function reputationOf(uint256 machineId)
        external
        view
        returns (Reputation memory machine, Reputation memory seller);
    function sellerReputationOf(address seller) external view returns (Reputation memory);
    /// @notice When its owner last said that it is up; zero: never.
    function lastHeartbeatAt(uint256 machineId) external view returns (uint64);
    /// @notice What Market asks of a machine, without its strings; all zero for one that is gone.
    function factsOf(uint256 machineId)
        external
        view
        returns (address owner, bytes32 hardwareClass, uint256 currentOrderId, uint256 offerId);
    /// @notice Which specs it has had, counted from one; zero for one that is gone. Specs that come back are new ones.
    function specsVersionOf(uint256 machineId) external view returns (uint256);
    function machineCount() external view returns (uint256);
}
