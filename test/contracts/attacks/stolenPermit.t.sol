// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, HoldReason, IBalances, OrderTerms, Payment} from "../helpers/BaseTest.sol";

/// @notice Fault of a peer: a permit is taken out of the mempool and pays for somebody else's order.
contract StolenPermitTest is BaseTest {
    Payment internal stolen;

    function setUp() public override {
        super.setUp();
        vm.prank(buyer);
        token.approve(address(balances), 0);
        stolen.maxTotalWei = ESCROW + AUDIT_FEE;
        stolen.deadline = time() + 100;
        stolen.permitSignature = permitSignature(BUYER_KEY, stolen.maxTotalWei, stolen.deadline);
    }

    function test_doesNotPayForTheThief() public {
        vm.expectRevert(
            abi.encodeWithSelector(IBalances.BalancesTransferRefused.selector, stranger, ESCROW + AUDIT_FEE)
        );
        vm.prank(stranger);
        market.placeOrder(defaultTerms(), "", stolen);
    }

    /// @dev Naming the victim as payer needs the victim's signature for this order; a permit is none.
    function test_doesNotMakeTheVictimAPayer() public {
        Payment memory payment = stolen;
        payment.payer = buyer;
        payment.paySignature = payment.permitSignature;
        OrderTerms memory terms = defaultTerms();
        (bool ok,) = tryAs(stranger, abi.encodeCall(market.placeOrder, (terms, "", payment)));
        assertFalse(ok, "refused");
        assertEq(token.balanceOf(buyer), 1_000 ether, "nothing moved");
    }

    function test_doesNotBecomeTheThiefsDeposit() public {
        bytes memory p = stolen.permitSignature;
        (bytes32 r, bytes32 s) = abi.decode(p, (bytes32, bytes32));
        bytes memory call = abi.encodeCall(
            balances.depositWithPermit, (stolen.maxTotalWei, stolen.deadline, uint8(p[64]), r, s)
        );
        vm.prank(stranger);
        (bool ok,) = address(balances).call(call);
        assertFalse(ok, "refused");
        assertFree(stranger, 0, "nothing");
    }

    /// @dev Used up by anybody beforehand: the allowance is there, and the victim's own order goes through.
    function test_usedFirstDoesNotStopTheOwner() public {
        bytes memory p = stolen.permitSignature;
        (bytes32 r, bytes32 s) = abi.decode(p, (bytes32, bytes32));
        vm.prank(stranger);
        token.permit(buyer, address(balances), stolen.maxTotalWei, stolen.deadline, uint8(p[64]), r, s);
        vm.prank(buyer);
        market.placeOrder(defaultTerms(), "", stolen);
        assertHeld(buyer, HoldReason.Escrow, ESCROW + AUDIT_FEE, "escrow");
    }

    function tryAs(address caller, bytes memory call) internal returns (bool, bytes memory) {
        vm.prank(caller);
        return address(market).call(call);
    }
}
