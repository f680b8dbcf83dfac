// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IHashrate} from "../interfaces/IHashrate.sol";
import {IRuntime} from "../interfaces/IRuntime.sol";
import {AuditOutcome, OrderView, ScoreParameters} from "../interfaces/Types.sol";
import {PayLib} from "../libraries/PayLib.sol";
import {Benchmarks} from "./hashrate/Benchmarks.sol";
import {Credits} from "./hashrate/Credits.sol";
import {Pallet} from "./Pallet.sol";

/// @title Hashrate
/// @dev ROLES: a machine's owner asks for and submits benchmarks; drawn canonical auditors judge them. Anyone opens
/// rounds, excuses machines at work, and credits settled orders. Drilling credits its tasks. Nobody sets a number.
/// ASSUMPTIONS: Market's facts of a settled order never change. A third of a benchmark's panel at most lies. Block hashes
/// are not ground (a block's producer can bias one draw).
/// LIVENESS: no call of another pallet depends on this one. A round that nobody opens in time needs no luck after twice its
/// time; a draw that nobody stored moves on. Without canonical auditors there are no device scores.
/// CLOCKS: half open. A score lapses three windows into the next round, or after a week, whatever comes first.
/// MONEY: none. Training credit is at most what the order's burned fee buys at creditPriceWei a ut; Rewards pays at most that
/// price for a ut of effective score and day, of which training weighs 0.6: whoever orders from himself gets back less
/// than 0.66 of the fee that he burned (docs/hashrate.md 4).
contract Hashrate is Benchmarks, Credits {
    uint256 internal constant OPERATIONS_PER_NUT = 432;
    uint256 internal constant NUT_PER_UT = 1e9;

    /// @inheritdoc IHashrate
    uint256 public immutable creditPriceWei;
    /// @inheritdoc IHashrate
    mapping(uint256 orderId => bool) public isCredited;

    constructor(IRuntime runtime_, ScoreParameters memory p) Pallet(runtime_) Benchmarks(p) {
        require(p.epochSeconds >= 10 && p.epochSeconds <= 2 days, HashrateBadParameter("epochSeconds"));
        require(p.creditPriceWei != 0, HashrateBadParameter("creditPriceWei"));
        EPOCH_SECONDS = p.epochSeconds;
        creditPriceWei = p.creditPriceWei;
    }

    /// @inheritdoc IHashrate
    function creditOrder(uint256 orderId) external {
        // Check: settled, its audit passed, not yet credited. Two accounts of one person agree for nothing.
        require(!isCredited[orderId], HashrateCredited(orderId));
        OrderView memory order = MARKET.orderOf(orderId);
        (AuditOutcome outcome,,,,) = PROOFS.auditOf(orderId);
        uint256 segments = WINDOWS.committedSegments(orderId);
        bool proved = order.settledAt != 0 && segments != 0 && outcome == AuditOutcome.Pass
            && !PROOFS.passedByAgreement(orderId);
        require(proved, HashrateNotProved(orderId));
        uint256 mflops = freshMflops(order.machineId);
        require(mflops != 0, HashrateNoFreshScore(order.machineId));

        // Effect: the lesser of work and price.
        isCredited[orderId] = true;
        uint256 workNut = _provedMicros(order, segments) * mflops / OPERATIONS_PER_NUT;
        uint256 paidForNut = _feeWei(orderId, order) * NUT_PER_UT / creditPriceWei;
        uint256 nut = workNut < paidForNut ? workNut : paidForNut;
        _credit(order.machineId, 0, nut);
        emit OrderCredited(orderId, order.machineId, nut, workNut, paidForNut);
    }

    /// @inheritdoc IHashrate
    function creditDrill(uint256 machineId, uint256 nut) external {
        _onlyDrilling();
        _credit(machineId, nut, 0);
        emit DrillCredited(machineId, nut);
    }

    /* INTERNAL */

    /// @dev Time that was spent, as far as steps were proved: a claimed step time cannot lengthen it.
    function _provedMicros(OrderView memory order, uint256 segments) internal pure returns (uint256) {
        uint256 steps = segments * order.terms.stepsPerSegment;
        if (steps > order.terms.steps) steps = order.terms.steps;
        uint256 micros = steps * order.terms.stepMicros;
        uint256 elapsed = uint256(order.endedAt - order.startedAt) * 1_000_000;
        return micros < elapsed ? micros : elapsed;
    }

    /// @dev What Market burned of its pay.
    function _feeWei(uint256 orderId, OrderView memory order) internal view returns (uint256) {
        (, uint32 version) = MARKET.agreedOf(orderId);
        return PayLib.shareDown(order.paidWei, RUNTIME.parametersAt(version).protocolFeeBps);
    }
}
