// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IBalances} from "../helpers/BaseTest.sol";

contract DepositWithPermitTest is BaseTest {
    function setUp() public override {
        super.setUp();
        vm.prank(buyer);
        token.approve(address(balances), 0);
    }

    function test_needsNoAllowanceBefore() public {
        (uint8 v, bytes32 r, bytes32 s) = permit(5 ether);
        vm.prank(buyer);
        balances.depositWithPermit(5 ether, time() + 1, v, r, s);
        assertFree(buyer, 5 ether, "free");
        assertSolvent();
    }

    /// @dev Somebody used the permit first: the allowance it gave is there.
    function test_frontRunIsHarmless() public {
        (uint8 v, bytes32 r, bytes32 s) = permit(5 ether);
        vm.prank(stranger);
        token.permit(buyer, address(balances), 5 ether, time() + 1, v, r, s);
        vm.prank(buyer);
        balances.depositWithPermit(5 ether, time() + 1, v, r, s);
        assertFree(buyer, 5 ether, "free");
    }

    /// @dev Only the caller's own tokens move, whoever signed.
    function test_revertsIf_permitIsSomebodyElses() public {
        (uint8 v, bytes32 r, bytes32 s) = permit(5 ether);
        vm.expectRevert(abi.encodeWithSelector(IBalances.BalancesTransferRefused.selector, stranger, 5 ether));
        vm.prank(stranger);
        balances.depositWithPermit(5 ether, time() + 1, v, r, s);
    }

    function test_revertsIf_permitIsLate() public {
        (uint8 v, bytes32 r, bytes32 s) = permit(5 ether);
        uint256 deadline = time() + 1;
        skip(2);
        vm.expectRevert(abi.encodeWithSelector(IBalances.BalancesTransferRefused.selector, buyer, 5 ether));
        vm.prank(buyer);
        balances.depositWithPermit(5 ether, deadline, v, r, s);
    }

    function permit(uint256 amountWei) internal view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes memory signature = permitSignature(BUYER_KEY, amountWei, time() + 1);
        (r, s) = abi.decode(signature, (bytes32, bytes32));
        v = uint8(signature[64]);
    }
}
