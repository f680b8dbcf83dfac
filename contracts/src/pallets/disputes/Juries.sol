// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRuntime} from "../../interfaces/IRuntime.sol";
import {ProofFacts} from "../../interfaces/Types.sol";
import {DrawLib} from "../../libraries/DrawLib.sol";
import {Findings} from "../../libraries/Findings.sol";
import {Pallet} from "../Pallet.sol";
import {DisputesStore} from "./DisputesStore.sol";

/// @notice Juries: who is drawn, and which further segments they look at.
abstract contract Juries is DisputesStore {
    uint256 internal constant JURY_SIZE = 5;
    uint256 internal constant MAX_PARTIES = 4; // buyer, seller, challenger, and the payer or the twin's seller
    uint256 internal constant FURTHER_SIZE = 10;
    uint256 internal constant FURTHER_UNVOUCHED = 2; // what the audit fee pays jurors for, where no stake does
    bytes32 internal constant JURY = "trainyard.jury";
    bytes32 internal constant FURTHER = "trainyard.further";

    constructor(IRuntime runtime_) Pallet(runtime_) {}

    /// @dev Seats are picked one by one, parties skipped.
    function _drawJury(uint256 disputeId, Dispute storage d, ProofFacts memory facts) internal {
        // Check
        (uint256 position, bytes32 seed) = _drawAfter(d.anchor);
        // forge-lint: disable-next-line(unsafe-typecast) block numbers are far below
        require(
            _hasBeacon() ? seed != 0 : block.number > position,
            DisputesJuryNotReady(disputeId, uint64(position))
        );

        // Effect
        address[] memory jury = _juryOf(disputeId, d, facts, seed);
        d.drawnAt = uint40(block.timestamp);
        d.seed = seed;
        _juries[disputeId] = jury;
        emit JuryDrawn(disputeId, d.round, jury, uint64(_voteDeadline(d, facts)));
    }

    function _juryOf(uint256 disputeId, Dispute storage d, ProofFacts memory facts, bytes32 seed)
        internal
        view
        returns (address[] memory jury)
    {
        uint256 seats = STAKING.seatsOf(facts.hardwareClass);
        uint256 picks = JURY_SIZE + MAX_PARTIES < seats ? JURY_SIZE + MAX_PARTIES : seats;
        DrawLib.Deck memory deck = DrawLib.newDeck(seats, picks);
        jury = new address[](JURY_SIZE);
        uint256 count;
        for (uint256 i; i < picks && count < JURY_SIZE; ++i) {
            uint256 random = uint256(keccak256(abi.encode(JURY, disputeId, d.round, i, seed)));
            address juror = STAKING.seatAt(facts.hardwareClass, DrawLib.pick(deck, random));
            bool isParty = juror == facts.buyer || juror == facts.otherParty || juror == facts.seller
                || juror == d.challenger;
            if (!isParty) jury[count++] = juror;
        }
        assembly ("memory-safe") {
            mstore(jury, count)
        }
    }

    /// @dev Of all other committed segments, at most ten, or two where the seller did not vouch. Whatever a jury pays for has to hold
    /// there: else a seller would have a friend challenge the last of what it made up, or a stall, before others challenge the first.
    function _furtherOf(uint256 disputeId, Dispute storage d, ProofFacts memory facts)
        internal
        view
        returns (uint32[] memory further)
    {
        if (d.drawnAt == 0) return further;
        uint256 others = d.segment < facts.committed ? facts.committed - 1 : facts.committed;
        uint256 picks = facts.vouched ? FURTHER_SIZE : FURTHER_UNVOUCHED;
        if (picks > others) picks = others;
        DrawLib.Deck memory deck = DrawLib.newDeck(others, picks);
        further = new uint32[](picks);
        for (uint256 i; i < picks; ++i) {
            uint256 random = uint256(keccak256(abi.encode(FURTHER, disputeId, d.round, i, d.seed)));
            uint256 picked = DrawLib.pick(deck, random);
            // forge-lint: disable-next-line(unsafe-typecast) at most the committed segments
            further[i] = uint32(picked < d.segment ? picked : picked + 1);
        }
    }
}
