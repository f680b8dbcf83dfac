// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    Ballot,
    DisputeStage,
    DisputeView,
    IStaking,
    Leaf,
    LeafProof,
    Narrowing,
    OrderStatus,
    SealedBallot
} from "../helpers/BaseTest.sol";
import {SignedWindow, WindowSubject} from "../../../contracts/src/interfaces/Types.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {WindowTree} from "../helpers/WindowTree.sol";
import {World} from "./World.sol";

/// @notice Everything anyone can do to dispute an order: right and wrong, in time and late, to the end or not.
abstract contract DisputeActions is World {
    uint256 internal constant MAX_DISPUTES = 16;

    /// @notice By any actor, its bond put up first where it is short: of a whole segment, or of its steps.
    function challenge(uint256 seed, uint256 segment, uint256 how) public observed {
        _challenge(seed, segment, how);
    }

    /// @notice By the seller, or now and then by somebody else.
    function answer(uint256 seed, uint256 how) public observed {
        _answer(_pickDispute(seed, DisputeStage.Answering), how);
    }

    function drawJury(uint256 seed, uint256 blocks) public observed {
        mine(blocks % 6);
        _drawJury(_pickDispute(seed, DisputeStage.Drawing));
    }

    /// @notice Some or all of a jury, of one mind or of several, some ballots not theirs.
    function vote(uint256 seed, uint256 minds, uint256 flaw) public observed {
        _vote(_pickDispute(seed, DisputeStage.Voting), minds, flaw);
    }

    /// @notice Nobody hands in anything: gives up a jury whose time is over, returns bonds of orders settled otherwise.
    function nudge(uint256 seed, uint256 wait) public observed {
        if (wait % 2 == 0) skip(bound(wait, 1, 120));
        _resolve(_pickDispute(seed, DisputeStage.Voting), new Ballot[](0), false);
    }

    /// @notice A whole dispute.
    function dispute(uint256 seed, uint256 minds, uint256 how) public observed {
        uint256 count = disputes.disputeCount();
        _challenge(seed, seed >> 64, how);
        if (disputes.disputeCount() == count) return;
        uint256 disputeId = count + 1;
        if (how % 2 == 0) _answer(disputeId, how >> 8);
        else skip(60);
        for (uint256 i; i < 2; ++i) {
            mine(3);
            _drawJury(disputeId);
        }
        _vote(disputeId, minds, how >> 16);
    }

    /// @notice Two leaves of an honest chain, any two: never a conviction.
    function accuse(uint256 seed, uint256 a, uint256 b) public observed {
        uint256 orderId = _pick(seed, OrderStatus.Auditing);
        uint256 committed = windows.committedSegments(orderId);
        if (committed == 0) return;
        LeafProof memory first = _claim(committed, a % committed);
        LeafProof memory second = _claim(committed, b % committed);
        if (seed % 4 == 0) second.leaf.stateRootBefore = bytes32("x");
        try disputes.proveBrokenChain(orderId, first, second) {
            _fail("an honest chain was broken", "");
        } catch (bytes memory reason) {
            _refuse(reason);
        }
        _frame(orderId, first, seed);
    }

    /// @dev Another story of a window beside the committed one, in anybody's words but the seller's.
    function _frame(uint256 orderId, LeafProof memory claim, uint256 seed) internal {
        uint32 window = claim.leaf.segment / 3;
        (bytes32 beacon,) = windows.beaconOf(orderId, window);
        bytes memory forged = signedBallot(stranger, 1, 0, bytes32(seed));
        SignedWindow memory a = SignedWindow(bytes32("x"), claim.segments, claim.lastStateRoot, forged);
        SignedWindow memory b = SignedWindow(claim.root, claim.segments, claim.lastStateRoot, "");
        WindowSubject memory subject = WindowSubject(window, 0, beacon, claim.leaf.stateRootBefore);
        try disputes.proveEquivocation(orderId, subject, a, seed % 2 == 0 ? b : a, b) {
            _fail("an honest seller was framed", "");
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    /* READING */

    /// @notice Those that no call has closed.
    function openDisputes() external view returns (uint256[] memory ids) {
        ids = new uint256[](disputes.disputeCount());
        uint256 count;
        for (uint256 id = 1; id <= ids.length; ++id) {
            if (!isClosed[id]) ids[count++] = id;
        }
        assembly ("memory-safe") {
            mstore(ids, count)
        }
    }

    /* INTERNAL */

    function _drawJury(uint256 disputeId) internal virtual {
        try disputes.drawJury(disputeId) {}
        catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    /// @dev A dispute that waits for its jury's lot, and whose time is over.
    function _endDrawing(uint256 disputeId) internal virtual {
        disputes.drawJury(disputeId);
    }

    /// @dev With calls that anyone may make.
    function _closeDisputes() internal {
        uint256 count = disputes.disputeCount();
        for (uint256 id = 1; id <= count; ++id) {
            for (uint256 i; i < 8 && !isClosed[id]; ++i) {
                DisputeView memory v = disputes.disputeOf(id);
                if (v.deadlineAt > time()) vm.warp(v.deadlineAt);
                mine(3);
                if (v.stage == DisputeStage.Answering) disputes.drawJury(id);
                else if (v.stage == DisputeStage.Drawing) _endDrawing(id);
                else _resolve(id, new Ballot[](0), true);
            }
            if (!isClosed[id]) _fail("a dispute does not close", "");
        }
    }

    function _challenge(uint256 seed, uint256 segment, uint256 how) internal {
        if (disputes.disputeCount() >= MAX_DISPUTES) return;
        uint256 orderId = _pick(seed, OrderStatus.Auditing);
        address actor = actors[(seed >> 16) % actors.length];
        uint256 committed = windows.committedSegments(orderId);
        segment %= committed + 1;
        if (how % 8 != 0) _putUp(actor, disputes.bondWeiOf(orderId));
        bytes memory call = abi.encodeCall(disputes.challenge, (orderId, uint32(segment)));
        if ((how >> 4) % 2 == 0 && segment < committed) {
            LeafProof memory claim = _claim(committed, segment);
            call = abi.encodeCall(disputes.challengeSteps, (orderId, claim, _theirRoots(segment, how)));
        }
        vm.prank(actor);
        (bool ok, bytes memory reason) = address(disputes).call(call);
        if (!ok) return _refuse(reason);
        ++challenges;
        _everDisputed[orderId] = true;
    }

    function _answer(uint256 disputeId, uint256 how) internal {
        DisputeView memory v = disputes.disputeOf(disputeId);
        Narrowing memory narrowing;
        if (how % 2 == 0 && v.step != 0) {
            bytes32[] memory roots = new bytes32[](4);
            for (uint256 i; i < 4; ++i) {
                roots[i] = _state(4 * uint256(v.segment) + i + 1);
            }
            narrowing = narrowingOf(roots, _postedRoots(v));
        }
        address seller_ = market.orderOf(v.orderId).seller;
        vm.prank(how % 16 == 1 ? stranger : seller_);
        try disputes.answer(disputeId, narrowing) {
            if (narrowing.step != 0) ++narrowings;
            if (how % 16 == 1) _fail("a stranger answered", "");
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function _vote(uint256 disputeId, uint256 minds, uint256 flaw) internal {
        DisputeView memory v = disputes.disputeOf(disputeId);
        Ballot[] memory ballots = new Ballot[](v.jury.length);
        uint256 count;
        bytes32[4] memory words = [
            v.sellerRoot,
            Findings.UNUSABLE,
            Findings.UNAVAILABLE,
            v.challengerRoot == 0 ? bytes32("x") : v.challengerRoot
        ];
        for (uint256 i; i < v.jury.length; ++i) {
            bool silent = (minds >> (16 + 8 * i)) % 8 == 0;
            if (silent) continue;
            // Mostly of one mind; now and then each comes to another state.
            bytes32 found =
                words[minds % 4 + (minds % 3 == 0 ? (minds >> (64 + 8 * i)) % (4 - minds % 4) : 0)];
            if (minds % 7 == 1) found = keccak256(abi.encode("alone", i));
            ballots[count++] = _ballot(disputeId, v.jury[i], found, flaw >> i, flaw % 8 == 0);
        }
        assembly ("memory-safe") {
            mstore(ballots, count)
        }
        // Without some of them, or now and then: sealed on chain, and opened later.
        if (count != v.jury.length || flaw % 5 == 0) _sealAll(disputeId, v.round, ballots);
        bool settled = uint256(market.statusOf(v.orderId)) >= uint256(OrderStatus.Completed);
        bool ok = _resolve(disputeId, ballots, false);
        if (ok && !settled && flaw % 8 == 0 && count != 0) _fail("a forged ballot counted", "");
    }

    function _ballot(uint256 disputeId, address juror, bytes32 found, uint256 seed, bool forged)
        internal
        view
        returns (Ballot memory ballot)
    {
        ballot = ballotOf(juror, disputeId, found, (seed >> 8) % 2 == 0);
        if (!forged) return ballot;
        uint8 round = disputes.disputeOf(disputeId).round;
        bytes32 commitment = ballotCommitment(ballot, disputeId, round);
        ballot.signature = signedBallot(stranger, disputeId, round, commitment);
    }

    function _sealAll(uint256 disputeId, uint8 round, Ballot[] memory ballots) internal {
        SealedBallot[] memory all = new SealedBallot[](ballots.length);
        for (uint256 i; i < all.length; ++i) {
            all[i] = SealedBallot(
                ballots[i].juror, ballotCommitment(ballots[i], disputeId, round), ballots[i].signature
            );
        }
        try disputes.sealBallots(disputeId, all) {
            ++sealings;
            vm.warp(disputes.disputeOf(disputeId).sealDeadline);
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    /// @dev must: no reason to refuse it.
    function _resolve(uint256 disputeId, Ballot[] memory ballots, bool must) internal returns (bool ok) {
        DisputeView memory before = disputes.disputeOf(disputeId);
        bool wasOpen = before.challenger != address(0) && !isClosed[disputeId];
        bool settled = uint256(market.statusOf(before.orderId)) >= uint256(OrderStatus.Completed);
        uint256 burnedWei = balances.burnedWei();
        try disputes.resolve(disputeId, ballots) {
            ok = true;
        } catch (bytes memory reason) {
            bool due = wasOpen && (settled || before.stage == DisputeStage.Voting) && ballots.length == 0;
            if (must || due) _fail("resolve refused", reason);
            _refuse(reason);
            return false;
        }
        if (!wasOpen) _fail("a closed dispute was resolved again", "");
        DisputeView memory v = disputes.disputeOf(disputeId);
        if (v.round != before.round) ++secondRounds;
        if (v.stage != DisputeStage.Closed) return true;
        isClosed[disputeId] = true;
        OrderStatus status = market.statusOf(before.orderId);
        if (settled) ++returns_;
        else if (status == OrderStatus.Auditing) ++refutations;
        else if (status == OrderStatus.Failed) ++convictions;
        if (settled && balances.burnedWei() != burnedWei) _fail("a returned bond was burned", "");
    }

    function _putUp(address actor, uint256 bondWei) internal {
        IStaking.BondView memory bond = staking.bondOf(actor);
        if (bond.activeWei - bond.reservedWei >= bondWei) return;
        vm.startPrank(actor);
        _try(address(balances), abi.encodeCall(balances.deposit, (bondWei)));
        _try(address(staking), abi.encodeCall(staking.bond, (bondWei)));
        vm.stopPrank();
    }

    /// @dev As _commitWindow committed it: windows of three, the last one shorter.
    function _claim(uint256 committed, uint256 segment) internal pure returns (LeafProof memory) {
        uint256 window = segment / 3;
        uint256 count = committed - 3 * window < 3 ? committed - 3 * window : 3;
        Leaf[] memory leaves = _leavesOf(window, count);
        bytes32[] memory hashes = WindowTree.hashesOf(leaves);
        return LeafProof({
            leaf: leaves[segment % 3],
            root: WindowTree.rootOf(hashes),
            segments: uint32(count),
            lastStateRoot: leaves[count - 1].stateRootAfter,
            path: WindowTree.pathOf(hashes, segment % 3)
        });
    }

    /// @dev Honest up to a step that `how` picks, and its number is in what they end with.
    function _theirRoots(uint256 segment, uint256 how) internal pure returns (bytes32[] memory) {
        return _rootsFrom(segment, (how >> 8) % 4);
    }

    function _rootsFrom(uint256 segment, uint256 first) internal pure returns (bytes32[] memory roots) {
        roots = new bytes32[](4);
        for (uint256 i; i < 4; ++i) {
            roots[i] = i < first ? _state(4 * segment + i + 1) : keccak256(abi.encode("other", first, i));
        }
    }

    function _postedRoots(DisputeView memory v) internal pure returns (bytes32[] memory roots) {
        for (uint256 first; first < 4; ++first) {
            roots = _rootsFrom(v.segment, first);
            if (roots[3] == v.challengerRoot) return roots;
        }
    }

    /// @dev A dispute at that stage if there is one, else any that is open, else any.
    function _pickDispute(uint256 seed, DisputeStage stage) internal view returns (uint256 disputeId) {
        uint256 count = disputes.disputeCount();
        if (count == 0) return 1;
        uint256 open;
        for (uint256 i; i < count; ++i) {
            disputeId = 1 + (seed % count + i) % count;
            if (isClosed[disputeId]) continue;
            open = disputeId;
            if (disputes.disputeOf(disputeId).stage == stage) return disputeId;
        }
        if (open != 0) return open;
    }
}
