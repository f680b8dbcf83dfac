// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMarket, OrderStatus} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: `require(status != A || status != B)`, a guard that lets everything through.
/// @dev Every call in every status, by the party that may make it, in time for it: it succeeds exactly where the
/// table says so.
contract AlwaysTrueGuardTest is BaseTest {
    uint256 internal constant CALLS = 7;

    function test_everyCallInEveryStatus() public {
        // start, complete, fail, cancel, expire, settle, renew
        string[10] memory table = [
            "-------", // None
            "x-xx---", // Preparing
            "--xx--x", // Training; complete needs all windows, expire the end of the paid time
            "-----x-", // Auditing, decided
            "-------", // Disputed: also decided verdicts wait
            "-------", // Completed
            "-------", // Failed
            "-------", // Cancelled
            "-------", // Expired
            "-------" // Unaudited
        ];
        uint256 seen;
        for (uint256 status; status < 10; ++status) {
            uint256 snapshot = vm.snapshotState();
            uint256 orderId = reach(OrderStatus(status));
            assertEq(uint256(market.orderOf(orderId).status), status, "reached");
            for (uint256 i; i < CALLS; ++i) {
                uint256 inner = vm.snapshotState();
                bool ok = callAs(orderId, i);
                bool allowed = bytes(table[status])[i] == "x";
                assertTrue(
                    ok == allowed, string.concat("status ", vm.toString(status), ", call ", vm.toString(i))
                );
                if (ok) ++seen;
                vm.revertToState(inner);
            }
            vm.revertToState(snapshot);
        }
        assertEq(seen, 7, "calls that went through");
    }

    function callAs(uint256 orderId, uint256 which) internal returns (bool ok) {
        bytes[CALLS] memory calls = [
            abi.encodeCall(market.startOrder, (orderId)),
            abi.encodeCall(market.orderCompleted, (orderId, "")),
            abi.encodeCall(market.orderFailed, (orderId, 10_002)),
            abi.encodeCall(market.cancelOrder, (orderId)),
            abi.encodeCall(market.expireOrder, (orderId)),
            abi.encodeCall(market.settleOrder, (orderId)),
            abi.encodeCall(market.renewOrder, (orderId, 60, byCaller()))
        ];
        vm.prank(which < 3 ? seller : which == 3 || which == 6 ? buyer : stranger);
        (ok,) = address(market).call(calls[which]);
    }

    function reach(OrderStatus status) internal returns (uint256 orderId) {
        if (status == OrderStatus.None) return 1;
        if (status == OrderStatus.Preparing) return place();
        if (status == OrderStatus.Training) return placeAndStart();
        if (status == OrderStatus.Cancelled) {
            orderId = place();
            vm.prank(buyer);
            market.cancelOrder(orderId);
            return orderId;
        }
        if (status == OrderStatus.Expired) {
            orderId = placeAndStart();
            skip(600);
            market.expireOrder(orderId);
            return orderId;
        }
        orderId = completedAfter(100);
        if (status == OrderStatus.Failed) {
            convict(orderId, 0);
            return orderId;
        }
        if (status == OrderStatus.Unaudited) skip(120);
        else auditAll(orderId, 1);
        awaitPay(orderId);
        if (status == OrderStatus.Disputed) challengeAs(challenger, orderId, 0);
        else if (status != OrderStatus.Auditing) settle(orderId);
    }
}
