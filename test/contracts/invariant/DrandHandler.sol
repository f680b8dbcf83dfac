// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Ballot, OrderStatus} from "../helpers/BaseTest.sol";
import {LocalDrand} from "../helpers/LocalDrand.sol";
import {IDisputes} from "../../../contracts/src/interfaces/IDisputes.sol";
import {Handler} from "./Handler.sol";

/// @notice The same actions where rounds of drand draw, with real signatures; one round in four nobody shows in time.
contract DrandHandler is Handler, LocalDrand {
    uint256 internal constant PATIENCE = 60;

    uint256 public drawRounds;
    uint256 public juryRounds;
    /// @notice Disputes that ended because their jury's round never came.
    uint256 public undrawn;

    function setUp() public override {
        beaconAddress = deployDrand();
        super.setUp();
    }

    /* ACTIONS */

    /// @notice Somebody shows the round that an order's draw waits for, soon or late; or one that nobody waits for.
    function showRound(uint256 seed, uint256 other) public observed {
        if (market.orderCount() != 0) _showDraw(_pick(seed, OrderStatus.Auditing));
        if (other % 8 == 0) show(drand.roundAt(time()));
    }

    /// @notice Somebody shows a round with another's signature, or before a node could have made it.
    function forgeRound(uint256 seed) public observed {
        uint64 round = drand.roundAt(time()) + uint64(seed % 3);
        if (drand.valueOf(round) != 0) return;
        try drand.showRound(round, signatureOn(round + 1)) {
            _fail("15: another round's signature was taken", "");
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    /* RULES */

    /// @notice Whether any order's draw is there without its round, or is another round's.
    function drawsWithoutTheirRound() external view returns (bool) {
        uint256 count = market.orderCount();
        for (uint256 id = 1; id <= count; ++id) {
            (,, address[] memory panel) = proofs.drawOf(id);
            (bytes32 value, uint64 round) = proofs.drawBeaconOf(id);
            // Twelve bytes of it are kept; zero: it is stored, or not fixed yet.
            if (round != 0 && bytes12(value) != bytes12(drand.valueOf(round))) return true;
            if (panel.length != 0 && value == 0) return true;
        }
        return false;
    }

    /* INTERNAL */

    /// @dev A block takes four seconds.
    function mine(uint256 blocks) internal override {
        super.mine(blocks);
        skip(4 * blocks);
    }

    function _pin(uint256 orderId) internal override {
        super._pin(orderId);
        if (_isShown(orderId)) _showDraw(orderId);
    }

    function _showDraw(uint256 orderId) internal {
        (bytes32 value, uint64 round) = proofs.drawBeaconOf(orderId);
        if (round == 0 || value != 0 || !_await(round)) return;
        show(round);
        ++drawRounds;
    }

    function _drawJury(uint256 disputeId) internal override {
        try disputes.drawJury(disputeId) {}
        catch (bytes memory reason) {
            _refuse(reason);
            if (bytes4(reason) != IDisputes.DisputesJuryNotReady.selector || !_isShown(disputeId)) return;
            uint64 round;
            assembly ("memory-safe") {
                round := mload(add(reason, 68))
            }
            if (!_await(round)) return;
            show(round);
            ++juryRounds;
            try disputes.drawJury(disputeId) {}
            catch (bytes memory late) {
                _refuse(late);
            }
        }
    }

    /// @dev Nobody shows anything any more: where its round is known all the same it is drawn, else resolve ends it.
    function _endDrawing(uint256 disputeId) internal override {
        try disputes.drawJury(disputeId) {}
        catch {
            ++undrawn;
            _resolve(disputeId, new Ballot[](0), true);
        }
    }

    function _await(uint64 round) internal returns (bool) {
        uint256 published = publishedAt(round);
        if (published > time() + PATIENCE) return false;
        if (published > time()) vm.warp(published);
        return true;
    }

    function _isShown(uint256 id) internal view returns (bool) {
        return uint256(keccak256(abi.encode("shown", id, time()))) % 4 != 0;
    }
}
