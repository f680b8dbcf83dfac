// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DisputeView, HoldReason, OrderStatus, OrderView} from "../helpers/BaseTest.sol";
import {Balances} from "../../../contracts/src/pallets/Balances.sol";
import {Disputes} from "../../../contracts/src/pallets/Disputes.sol";
import {Machines} from "../../../contracts/src/pallets/Machines.sol";
import {IMarket} from "../../../contracts/src/interfaces/IMarket.sol";
import {Proofs} from "../../../contracts/src/pallets/Proofs.sol";
import {Staking} from "../../../contracts/src/pallets/Staking.sol";
import {IConsents} from "../../../contracts/src/interfaces/IConsents.sol";
import {IStaking} from "../../../contracts/src/interfaces/IStaking.sol";
import {DevToken} from "../../../contracts/src/tokens/DevToken.sol";
import {Test} from "../helpers/Test.sol";
import {Handler} from "./Handler.sol";

/// @notice The numbered rules of README.md, after any sequence of the handler's actions.
/// @dev One campaign checks all rules: each message starts with its rule's number.
abstract contract InvariantRules is Test {
    bytes32 internal constant CLASS = keccak256("canonical");

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Handler internal handler;
    DevToken internal token;
    Balances internal balances;
    Machines internal machines;
    Staking internal staking;
    IMarket internal market;
    Proofs internal proofs;
    Disputes internal disputes;
    IConsents internal consents;

    function newHandler() internal virtual returns (Handler) {
        return new Handler();
    }

    function setUp() public virtual {
        handler = newHandler();
        handler.setUp();
        (address t, address b, address m, address s, address k, address p, address d) = handler.system();
        token = DevToken(t);
        balances = Balances(b);
        machines = Machines(m);
        staking = Staking(s);
        market = IMarket(k);
        proofs = Proofs(p);
        disputes = Disputes(d);
        consents = market.consents();
    }

    /* WHAT FORGE CALLS */

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), actions());
    }

    function invariant_rulesHold() public view virtual {
        noRuleWasBrokenOnTheWay();
        tokensAddUp();
        accountsAddUp();
        // Each order is read once for all rules: reading is most of a campaign's time.
        OrderView[] memory orders = allOrders();
        DisputeView[] memory open = openDisputes();
        holdsHaveALiveReason(orders);
        stakeHasALiveReason(orders, open);
        machinesRunOneOrder(orders);
        seatsAreTheSeated();
        settledOrdersMovedTheirHolds(orders);
        signedOffersAreFilledByTheirOrders(orders);
        recordsWeighWhatWasBurned();
        openDisputesAreCounted(orders, open);
    }

    /// @dev Rules 11 and 12: after every run everything can be closed by anyone, and everybody leaves with all.
    function afterInvariant() public {
        assertEq(handler.closeAll(), 0, "11: every order closes");
        invariant_rulesHold();
        for (uint256 i; i < handler.actorCount(); ++i) {
            address actor = handler.actors(i);
            assertEq(balances.heldOf(actor, HoldReason.Escrow), 0, "11: no escrow is left");
        }
        assertEq(handler.openDisputes().length, 0, "11: every dispute closes");
        handler.leaveAll();
        assertEq(balances.totalWei(), 0, "12: all is withdrawn");
        assertEq(token.balanceOf(address(balances)), balances.burnedWei(), "12: what is left is burned");
    }

    /* RULES */

    /// @dev 1, 2, 8, 14 and 15: watched by the handler while it acts.
    function noRuleWasBrokenOnTheWay() internal view {
        string memory violation = handler.violation();
        assertTrue(bytes(violation).length == 0, string.concat("1, 2, 8, 14, 15: ", violation));
    }

    function tokensAddUp() internal view {
        uint256 sum = balances.totalWei() + balances.burnedWei();
        assertEq(sum, token.balanceOf(address(balances)), "3: free + held + burned == tokens");
    }

    function accountsAddUp() internal view {
        uint256 free;
        uint256 held;
        for (uint256 i; i < handler.actorCount(); ++i) {
            address actor = handler.actors(i);
            free += balances.freeOf(actor);
            held += balances.heldOf(actor, HoldReason.Escrow) + balances.heldOf(actor, HoldReason.Stake);
        }
        assertEq(free + held, balances.totalWei(), "3: free and held by account");
    }

    function holdsHaveALiveReason(OrderView[] memory orders) internal view {
        for (uint256 i; i < handler.actorCount(); ++i) {
            address actor = handler.actors(i);
            uint256 escrow;
            uint256 fee;
            for (uint256 j; j < orders.length; ++j) {
                if (orders[j].payer != actor || orders[j].settledAt != 0) continue;
                escrow += orders[j].escrowWei;
                fee += orders[j].auditFeeWei;
            }
            uint256 held = balances.heldOf(actor, HoldReason.Escrow);
            assertEq(held, escrow + fee, "4: escrow and fee of open orders");
        }
    }

    function stakeHasALiveReason(OrderView[] memory orders, DisputeView[] memory open) internal view {
        for (uint256 i; i < handler.actorCount(); ++i) {
            address actor = handler.actors(i);
            uint256 reserved = staking.seatStakeOf(CLASS, actor);
            for (uint256 j; j < orders.length; ++j) {
                if (orders[j].seller == actor && orders[j].settledAt == 0) reserved += orders[j].stakeWei;
            }
            for (uint256 j; j < open.length; ++j) {
                if (open[j].challenger == actor) reserved += open[j].bondWei;
            }
            IStaking.BondView memory bond = staking.bondOf(actor);
            assertEq(bond.reservedWei, reserved, "5: reserved for open orders, seats and open disputes");
            assertLe(bond.reservedWei, bond.activeWei, "5: reserved within active");
            assertEq(
                balances.heldOf(actor, HoldReason.Stake),
                bond.activeWei + bond.unbondingWei,
                "5: stake is held"
            );
        }
    }

    function machinesRunOneOrder(OrderView[] memory orders) internal view {
        uint256[5] memory running;
        for (uint256 j; j < orders.length; ++j) {
            OrderView memory order = orders[j];
            if (order.status != OrderStatus.Preparing && order.status != OrderStatus.Training) continue;
            assertEq(running[order.machineId], 0, "6: one order a machine");
            running[order.machineId] = j + 1;
        }
        for (uint256 id = 1; id < 5; ++id) {
            assertEq(machines.machineOf(id).currentOrderId, running[id], "6: machine knows its order");
        }
    }

    /// @dev That no drawn auditor takes its stake, the handler watches.
    function seatsAreTheSeated() internal view {
        uint256 seats;
        for (uint256 i; i < handler.actorCount(); ++i) {
            if (staking.hasSeat(CLASS, handler.actors(i))) ++seats;
        }
        assertEq(staking.seatsOf(CLASS), seats, "7: seats are the seated");
    }

    function settledOrdersMovedTheirHolds(OrderView[] memory orders) internal pure {
        for (uint256 j; j < orders.length; ++j) {
            OrderView memory order = orders[j];
            if (order.settledAt == 0) {
                assertEq(
                    order.paidWei + order.refundedWei + order.slashedWei, 0, "8: nothing before settlement"
                );
                continue;
            }
            assertLe(order.paidWei, order.escrowWei, "8: paid within escrow");
            assertLe(order.escrowWei, order.paidWei + order.refundedWei, "8: the whole escrow moved");
            assertLe(order.paidWei + order.refundedWei, order.escrowWei + order.auditFeeWei, "8: and no more");
            assertLe(order.slashedWei, order.stakeWei, "8: slashed within stake");
        }
    }

    /// @dev An order that ended before it started has given its seconds back.
    function signedOffersAreFilledByTheirOrders(OrderView[] memory orders) internal view {
        bytes32[] memory hashes = new bytes32[](orders.length);
        for (uint256 j; j < orders.length; ++j) {
            if (orders[j].terms.offerId == 0) hashes[j] = consents.offerHashOf(j + 1);
        }
        for (uint256 i; i < handler.offerCount(); ++i) {
            bytes32 offerHash = handler.offerHashes(i);
            uint256 taken;
            for (uint256 j; j < orders.length; ++j) {
                if (hashes[j] != offerHash) continue;
                OrderView memory order = orders[j];
                if (order.startedAt != 0 || order.settledAt == 0) taken += order.terms.maxSeconds;
            }
            uint256 filled = consents.filledSecondsOf(offerHash);
            assertEq(filled, taken, "9: filled by its orders");
            assertLe(filled, handler.offerSeconds(i), "9: and never more than offered");
        }
    }

    function recordsWeighWhatWasBurned() internal view {
        uint256 weight;
        for (uint256 i; i < handler.actorCount(); ++i) {
            weight += machines.sellerReputationOf(handler.actors(i)).feeBurnedWei;
        }
        assertLe(weight, balances.burnedWei(), "10: no weight without a burned fee");
    }

    /// @dev That none is settled while they are open, other than by one of them, the handler watches.
    function openDisputesAreCounted(OrderView[] memory orders, DisputeView[] memory open) internal view {
        uint256[] memory counts = new uint256[](orders.length);
        for (uint256 i; i < open.length; ++i) {
            ++counts[open[i].orderId - 1];
        }
        for (uint256 j; j < orders.length; ++j) {
            assertEq(disputes.openOf(j + 1), counts[j], "13: open disputes");
            bool disputed = counts[j] != 0 && orders[j].settledAt == 0;
            assertTrue(disputed == (orders[j].status == OrderStatus.Disputed), "13: status");
        }
    }

    /* HELPERS */

    function openDisputes() internal view returns (DisputeView[] memory open) {
        uint256[] memory ids = handler.openDisputes();
        open = new DisputeView[](ids.length);
        for (uint256 i; i < ids.length; ++i) {
            open[i] = disputes.disputeOf(ids[i]);
        }
    }

    function allOrders() internal view returns (OrderView[] memory orders) {
        orders = new OrderView[](market.orderCount());
        for (uint256 j; j < orders.length; ++j) {
            orders[j] = market.orderOf(j + 1);
        }
    }

    function actions() internal view virtual returns (bytes4[] memory selectors) {
        selectors = new bytes4[](37);
        selectors[0] = handler.placeOrder.selector;
        selectors[1] = handler.startOrder.selector;
        selectors[2] = handler.commitWindow.selector;
        selectors[3] = handler.completeOrder.selector;
        selectors[4] = handler.failOrder.selector;
        selectors[5] = handler.cancelOrder.selector;
        selectors[6] = handler.expireOrder.selector;
        selectors[7] = handler.settleOrder.selector;
        selectors[8] = handler.pin.selector;
        selectors[9] = handler.commitVerdict.selector;
        selectors[10] = handler.reveal.selector;
        selectors[11] = handler.audit.selector;
        selectors[12] = handler.work.selector;
        selectors[13] = handler.moveMoney.selector;
        selectors[14] = handler.moveSeat.selector;
        selectors[15] = handler.moveOffer.selector;
        selectors[16] = handler.pass.selector;
        selectors[17] = handler.work.selector;
        selectors[18] = handler.placeSigned.selector;
        selectors[19] = handler.renewOrder.selector;
        selectors[20] = handler.moveSigned.selector;
        selectors[21] = handler.govern.selector;
        selectors[22] = handler.work.selector;
        selectors[23] = handler.submit.selector;
        selectors[24] = handler.audit.selector;
        selectors[25] = handler.challenge.selector;
        selectors[26] = handler.answer.selector;
        selectors[27] = handler.drawJury.selector;
        selectors[28] = handler.vote.selector;
        selectors[29] = handler.nudge.selector;
        selectors[30] = handler.dispute.selector;
        selectors[31] = handler.accuse.selector;
        selectors[32] = handler.work.selector;
        selectors[33] = handler.dispute.selector;
        selectors[34] = handler.workPair.selector;
        selectors[35] = handler.openWindows.selector;
        selectors[36] = handler.passAgreed.selector;
    }
}
