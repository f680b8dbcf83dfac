// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Leaf, OrderStatus, OrderTerms, ProofFacts, ProofMode} from "../helpers/BaseTest.sol";
import {WindowTree} from "../helpers/WindowTree.sol";
import {DisputeActions} from "./DisputeActions.sol";

/// @notice Everything that is done with a pair of orders alone: by sellers of whom some seal what they cannot open, some open
/// late or never, and some come to other states.
abstract contract PairActions is DisputeActions {
    uint256 public pairs;
    uint256 public agreements;
    uint256 public openings;

    /// @notice A pair that is placed, started, trained, ended and opened by both, but for what one of them leaves out.
    function workPair(uint256 seed, uint256 flaw) public {
        _placePair(seed, seed >> 80, seed >> 64);
        _observe();
        uint256 count = market.orderCount();
        if (windows.twinOf(count) == 0) return;
        for (uint256 id = count - 1; id <= count; ++id) {
            if (flaw % 11 == count - id) continue;
            vm.prank(market.orderOf(id).seller);
            _try(address(market), abi.encodeCall(market.startOrder, (id)));
        }
        mine(3);
        _observe();
        for (uint256 i; i < 8; ++i) {
            if (flaw % 16 != i) _commitWindow(count - i % 2, 3);
            if (i % 3 == flaw % 3) _checkSchedule(count);
        }
        for (uint256 id = count - 1; id <= count; ++id) {
            vm.prank(market.orderOf(id).seller);
            _try(address(market), abi.encodeCall(market.orderCompleted, (id, "")));
            _observe();
            if (flaw % 5 != 0) _openAll(id);
        }
        if (flaw % 5 != 0) _openAll(count - 1);
    }

    function openWindows(uint256 seed) public observed {
        _openAll(_pickPaired(seed));
    }

    function passAgreed(uint256 seed, uint256 wait) public observed {
        uint256 orderId = _pickPaired(seed);
        uint256 opensAt = market.factsOf(orderId).opensAt;
        if (wait % 4 != 0 && opensAt > time() && opensAt < time() + 100) vm.warp(opensAt);
        _passAgreed(orderId);
    }

    /* INTERNAL */

    /// @dev By any actor, on the two machines that take it, in either order.
    function _placePair(uint256 seed, uint256 maxSeconds, uint256 shareBps) internal {
        if (market.orderCount() + 2 > maxOrders) return;
        OrderTerms memory terms = defaultTerms();
        terms.mode = ProofMode.Refereed;
        terms.offerId = machines.machineOf(_machineIds[seed % 2]).offerId;
        terms.maxSeconds = uint32(bound(maxSeconds, 60, 900));
        terms.unauditedShareBps = uint16(bound(shareBps, 0, 10_000));
        terms.vouched = seed % 5 != 0;
        uint256 other = machines.machineOf(_machineIds[1 - seed % 2]).offerId;
        vm.prank(actors[(seed >> 16) % actors.length]);
        try market.placeRefereed(terms, other, "", byCaller()) {
            ++pairs;
            mine(1);
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function _passAgreed(uint256 orderId) internal {
        uint256 twin = windows.twinOf(orderId);
        bool disputed = disputes.openOf(orderId) + disputes.openOf(twin) != 0;
        try proofs.passAgreed(orderId) {
            ++agreements;
            delete passedBy[orderId];
            if (disputed) _fail("14: a disputed pair agreed", "");
            if (!_wentAlike(orderId, twin)) _fail("14: passed, and went another way", "");
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    /// @dev Told by the state roots that were shown, window by window.
    function _wentAlike(uint256 orderId, uint256 twin) internal view returns (bool) {
        uint32 count = windows.windowCount(orderId);
        if (count == 0 || count != windows.windowCount(twin)) return false;
        for (uint32 index; index < count; ++index) {
            if (_shown[orderId][index] == 0 || _shown[orderId][index] != _shown[twin][index]) return false;
        }
        return market.factsOf(orderId).overAt != 0 && market.factsOf(twin).overAt != 0;
    }

    function _openAll(uint256 orderId) internal {
        _checkSchedule(orderId);
        uint256 twin = windows.twinOf(orderId);
        uint32 count = windows.windowCount(orderId);
        (uint32 index,) = windows.openedOf(orderId);
        for (bool ok = true; ok && index < count; ++index) {
            Leaf[] memory leaves = _sealedLeaves(orderId, index);
            bytes32 root = WindowTree.rootOf(WindowTree.hashesOf(leaves));
            bytes32 last = _strayed(orderId, index, leaves[leaves.length - 1].stateRootAfter);
            vm.prank(market.orderOf(orderId).seller);
            try windows.openWindow(orderId, index, root, uint32(leaves.length), last, "") {
                ++openings;
                _shown[orderId][index] = last;
                ProofFacts memory other = market.factsOf(twin);
                bool isOver = other.overAt != 0 && other.overAt <= time();
                if (windows.windowCount(twin) <= index && !isOver) {
                    _fail("14: shown to a twin that trains", "");
                }
            } catch (bytes memory reason) {
                _refuse(reason);
                ok = false;
            }
        }
    }

    function _sealedLeaves(uint256 orderId, uint32 index) internal view returns (Leaf[] memory) {
        uint256 left = windows.committedSegments(orderId) - 3 * uint256(index);
        return _leavesOf(index, left < 3 ? left : 3);
    }

    /// @dev One of a pair in audit if there is one, else one in training, else any order.
    function _pickPaired(uint256 seed) internal view returns (uint256 orderId) {
        uint256 count = market.orderCount();
        if (count == 0) return 1;
        uint256 training;
        for (uint256 i; i < count; ++i) {
            orderId = 1 + (seed % count + i) % count;
            if (windows.twinOf(orderId) == 0) continue;
            OrderStatus status = market.statusOf(orderId);
            if (status == OrderStatus.Auditing) return orderId;
            if (status == OrderStatus.Training) training = orderId;
        }
        if (training != 0) return training;
    }

    /// @dev Both have one schedule, whatever they did, and it stays.
    function _checkSchedule(uint256 orderId) internal {
        uint256 twin = windows.twinOf(orderId);
        if (twin == 0) return;
        for (uint32 index; index < WINDOWS + 2; ++index) {
            (, uint64 position) = windows.beaconOf(orderId, index);
            (, uint64 other) = windows.beaconOf(twin, index);
            if (position != other) _fail("14: two schedules", "");
            uint64 known = _anchored[orderId][index];
            if (known != 0 && position != known) _fail("14: a beacon moved", "");
            (_anchored[orderId][index], _anchored[twin][index]) = (position, position);
        }
    }
}
