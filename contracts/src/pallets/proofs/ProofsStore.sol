// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IMarket} from "../../interfaces/IMarket.sol";
import {IProofs} from "../../interfaces/IProofs.sol";
import {IStaking} from "../../interfaces/IStaking.sol";
import {Parameters, ProofFacts} from "../../interfaces/Types.sol";
import {Pallet} from "../Pallet.sol";

/// @notice What Proofs stores of each order, and the clock of its audit.
abstract contract ProofsStore is IProofs, Pallet {
    struct Window {
        bytes32 root;
        bytes32 lastStateRoot;
        uint64 blockNumber;
        uint64 committedAt;
        uint32 segments;
    }

    struct Beacon {
        bytes32 value;
        uint64 blockNumber;
    }

    /// @dev Of one order.
    struct Progress {
        uint32 windows;
        uint32 segments; // committed
        uint32 pinned; // beacons stored, from 0 on
        uint48 lastWindowAt; // when the one window after the buyer's cancel came; zero: not
        uint48 panelDrawnAt;
        uint16 drawn; // segments to audit; set with the panel
        uint8 committed; // panel members
        uint8 revealed;
    }

    struct Verdict {
        bytes32 commitment; // zero: not committed
        uint256 verdicts; // zero: not revealed
    }

    /// @dev Where an order starts.
    struct Resume {
        uint128 fromOrderId; // zero: at the beginning
        uint32 window;
    }

    /// @dev Clock of one order's audit.
    struct Clock {
        uint256 opensAt;
        uint256 commitDeadline;
        uint256 revealDeadline;
    }

    mapping(uint256 orderId => Progress) internal _progress;
    mapping(uint256 orderId => mapping(uint256 index => Window)) internal _windows;
    mapping(uint256 orderId => mapping(uint256 index => Beacon)) internal _beacons;
    mapping(uint256 orderId => address[]) internal _panels;
    mapping(uint256 orderId => Resume) internal _resumes;
    mapping(uint256 orderId => mapping(address auditor => Verdict)) internal _verdicts;

    /// @dev Counts from the call that ended the order, not from the paid time's end: nobody can sit out the audit
    /// by ending it late.
    function _clockOf(uint256 orderId, ProofFacts memory facts, Progress storage progress)
        internal
        view
        returns (Clock memory)
    {
        Parameters memory p = _parametersOf(orderId);
        uint256 opensAt = facts.closedAt;
        if (progress.lastWindowAt != 0) opensAt = progress.lastWindowAt;
        else if (facts.stoppedByBuyer && progress.segments < facts.segments) opensAt += p.lastWindowSeconds;
        uint256 commitDeadline = opensAt + p.commitSeconds;
        return Clock(opensAt, commitDeadline, commitDeadline + p.revealSeconds);
    }

    function _noticeDeadline(Clock memory clock) internal pure returns (uint256) {
        return clock.opensAt + (clock.commitDeadline - clock.opensAt) / 2;
    }

    /// @dev As they were when the order was placed.
    function _parametersOf(uint256 orderId) internal view returns (Parameters memory) {
        (, uint32 version) = _market().agreedOf(orderId);
        return RUNTIME.parametersAt(version);
    }

    function _market() internal view returns (IMarket) {
        return IMarket(RUNTIME.market());
    }

    function _staking() internal view returns (IStaking) {
        return IStaking(RUNTIME.staking());
    }
}
