// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDrilling} from "../../interfaces/IDrilling.sol";
import {ScoreParameters} from "../../interfaces/Types.sol";
import {Pallet} from "../Pallet.sol";

/// @notice Who may be drawn, and with what stake.
/// @dev Tickets follow the device score, so that a machine registered in parts has no more of them than as a whole.
abstract contract Tickets is IDrilling, Pallet {
    uint256 internal constant MAX_TICKETS = 16;

    struct Enrolment {
        address owner;
        uint8 tickets;
        uint32 tasks; // open ones it is a member of
        // slot
        uint128 stakeWei; // of one ticket
        uint128 heldWei; // of tickets it lost, until the tasks are closed that it is still a member of
    }

    /// @dev The k-th ticket of a machine, in a place that was made once and stays.
    struct Ticket {
        uint64 machineId; // zero: a free place
        uint8 k;
        uint40 sinceBlock;
        uint40 madeBlock; // of the place
    }

    uint128 internal immutable TICKET_STAKE_WEI;
    uint256 internal immutable TICKET_MFLOPS;

    /// @inheritdoc IDrilling
    uint256 public ticketCount;
    Ticket[] internal _tickets;
    uint256[] internal _freePlaces;
    mapping(uint256 machineId => mapping(uint256 k => uint256)) internal _positions;
    mapping(uint256 machineId => Enrolment) internal _enrolments;

    constructor(ScoreParameters memory p) {
        require(p.ticketMflops != 0, DrillingBadParameter("ticketMflops"));
        TICKET_STAKE_WEI = p.ticketStakeWei;
        TICKET_MFLOPS = p.ticketMflops;
    }

    /// @inheritdoc IDrilling
    function enrol(uint256 machineId) external {
        // Check: the owner's, not enrolled, and fast enough for one ticket.
        (address owner,,,) = MACHINES.factsOf(machineId);
        require(msg.sender == owner, DrillingNotOwner(machineId, msg.sender));
        require(_enrolments[machineId].tickets == 0, DrillingEnrolled(machineId));
        uint256 tickets = HASHRATE.freshMflops(machineId) / TICKET_MFLOPS;
        if (tickets > MAX_TICKETS) tickets = MAX_TICKETS;
        require(tickets != 0, DrillingNoTickets(machineId));

        // Effect
        for (uint256 k; k < tickets; ++k) {
            uint256 place = _takePlace();
            _positions[machineId][k] = place;
            Ticket storage ticket = _tickets[place];
            // forge-lint: disable-next-line(unsafe-typecast) machines are counted, tickets at most 16
            (ticket.machineId, ticket.k) = (uint64(machineId), uint8(k));
            ticket.sinceBlock = uint40(block.number);
        }
        ticketCount += tickets;
        // A task it left by a penalty may still be open: the count of these stays, and the stake behind them.
        Enrolment storage e = _enrolments[machineId];
        e.owner = owner;
        // forge-lint: disable-next-line(unsafe-typecast) at most 16
        e.tickets = uint8(tickets);
        e.stakeWei = TICKET_STAKE_WEI;
        emit Enrolled(machineId, owner, tickets, tickets * TICKET_STAKE_WEI);

        // Interaction: reverts when the bond does not cover it.
        STAKING.reserve(owner, tickets * TICKET_STAKE_WEI);
    }

    /// @inheritdoc IDrilling
    function withdrawTickets(uint256 machineId) external {
        // Check
        Enrolment memory e = _enrolments[machineId];
        require(e.tickets != 0, DrillingNotEnrolled(machineId));
        require(msg.sender == e.owner, DrillingNotOwner(machineId, msg.sender));
        require(e.tasks == 0, DrillingAtWork(machineId));

        // Effect and interaction
        _remove(machineId, e);
        STAKING.unreserve(e.owner, uint256(e.tickets) * e.stakeWei);
    }

    /// @inheritdoc IDrilling
    function enrolmentOf(uint256 machineId)
        external
        view
        returns (address owner, uint256 tickets, uint256 stakeWei, uint256 tasks)
    {
        Enrolment memory e = _enrolments[machineId];
        return (e.owner, e.tickets, uint256(e.tickets) * e.stakeWei + e.heldWei, e.tasks);
    }

    /* INTERNAL */

    function _takePlace() internal returns (uint256 place) {
        uint256 free = _freePlaces.length;
        if (free == 0) {
            _tickets.push().madeBlock = uint40(block.number);
            return _tickets.length - 1;
        }
        place = _freePlaces[free - 1];
        _freePlaces.pop();
    }

    /// @dev How many places there were when that block came: they are in the order in which they were made.
    function _placesAt(uint256 blockNumber) internal view returns (uint256 low) {
        uint256 high = _tickets.length;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (_tickets[middle].madeBlock <= blockNumber) low = middle + 1;
            else high = middle;
        }
    }

    /// @dev Enrolled no more; burnBps of one ticket's stake is burned. The rest answers for tasks that are still open.
    function _expel(uint256 machineId, uint256 burnBps) internal returns (uint256 burnedWei) {
        Enrolment memory e = _enrolments[machineId];
        uint256 stakeWei = uint256(e.tickets) * e.stakeWei + e.heldWei;
        burnedWei = uint256(e.stakeWei) * burnBps / 10_000;
        if (burnedWei > stakeWei) burnedWei = stakeWei;
        if (e.tickets != 0) _remove(machineId, e);
        // forge-lint: disable-next-line(unsafe-typecast) at most 17 stakes that Staking has reserved
        _enrolments[machineId].heldWei = uint128(stakeWei - burnedWei);
        if (burnedWei != 0) STAKING.slash(e.owner, burnedWei, e.owner, 0, new address[](0), 0);
    }

    /// @dev What was held is free once the last task is closed.
    function _release(uint256 machineId) internal {
        Enrolment storage e = _enrolments[machineId];
        uint256 heldWei = e.heldWei;
        if (e.tasks != 0 || heldWei == 0) return;
        e.heldWei = 0;
        STAKING.unreserve(e.owner, heldWei);
    }

    /// @dev Places stay where they are: leaving moves nobody else's ticket.
    function _remove(uint256 machineId, Enrolment memory e) internal {
        for (uint256 k; k < e.tickets; ++k) {
            uint256 place = _positions[machineId][k];
            _tickets[place].machineId = 0;
            _freePlaces.push(place);
        }
        ticketCount -= e.tickets;
        _enrolments[machineId].tickets = 0;
        emit Left(machineId);
    }
}
