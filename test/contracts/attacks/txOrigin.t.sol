// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IBalances, IMarket, OrderTerms, Payment} from "../helpers/BaseTest.sol";

/// @notice A contract that its victim calls, and that then speaks in the victim's name.
contract Trap {
    function spring(IMarket market, IBalances balances, uint256 orderId, OrderTerms calldata terms)
        external
        returns (uint256 succeeded)
    {
        bytes[4] memory calls = [
            abi.encodeCall(market.cancelOrder, (orderId)),
            abi.encodeCall(market.startOrder, (orderId)),
            abi.encodeCall(market.renewOrder, (orderId, 60, payment())),
            abi.encodeCall(market.placeOrder, (terms, "", payment()))
        ];
        for (uint256 i; i < 4; ++i) {
            (bool ok,) = address(market).call(calls[i]);
            if (ok) ++succeeded;
        }
        (bool withdrew,) = address(balances).call(abi.encodeCall(balances.withdraw, (1)));
        if (withdrew) ++succeeded;
    }

    function payment() internal pure returns (Payment memory p) {
        p.maxTotalWei = type(uint256).max;
    }
}

/// @notice Fault of a peer: authorisation by tx.origin, so that any contract a party calls can act for it.
contract TxOriginTest is BaseTest {
    function test_whoeverSentTheTransactionIsNobody() public {
        Trap trap = new Trap();
        uint256 orderId = place();
        vm.startPrank(buyer);
        balances.deposit(100 ether);
        vm.stopPrank();
        uint256 free = balances.freeOf(buyer);
        OrderTerms memory terms = defaultTerms();
        terms.offerId = offerAs(seller, addMachineAs(seller));

        address[2] memory victims = [buyer, seller];
        for (uint256 i; i < 2; ++i) {
            vm.prank(victims[i], victims[i]);
            assertEq(trap.spring(market, balances, orderId, terms), 0, "nothing was possible");
        }
        assertFree(buyer, free, "money");
        assertEq(market.orderCount(), 1, "orders");
    }
}
