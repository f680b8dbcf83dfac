// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    BaseTest,
    IPallet,
    IWindows,
    OrderStatus,
    OrderTerms,
    ResumeFrom,
    SignedOffer
} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";

/// @notice Orders that start at a checkpoint which an audit has passed.
contract PlaceResumedOrderTest is BaseTest {
    function test_namesTheLastStateOfTheWindow() public {
        uint256 first = settledWith(1);
        bytes32 root = bytes32("state");
        vm.expectEmit(address(windows));
        emit IWindows.OrderResumed(first + 1, first, 2, root);
        uint256 orderId = resumeAt(first, 2);

        assertStatus(orderId, OrderStatus.Preparing, "status");
        (uint256 fromOrderId, uint32 window, bytes32 stateRoot) = windows.resumeOf(orderId);
        assertEq(fromOrderId, first, "order");
        assertEq(window, 2, "window");
        assertEq(stateRoot, root, "root");
    }

    function test_othersStartAtTheBeginning() public {
        uint256 orderId = place();
        (uint256 fromOrderId, uint32 window, bytes32 stateRoot) = windows.resumeOf(orderId);
        assertEq(fromOrderId + window, 0, "nowhere");
        assertEq(stateRoot, 0, "no root");
    }

    /// @dev The main use: a seller gave up, what it proved was paid, another goes on from there.
    function test_goesOnAfterASellerGaveUp() public {
        uint256 first = placeAndStart();
        commitWindows(first, 2);
        vm.prank(seller);
        market.orderFailed(first, CloseReasons.SELLER_GAVE_UP);
        mine(3);
        auditAll(first, 1);
        settle(first);
        assertStatus(resumeAt(first, 1), OrderStatus.Preparing, "status");
        vm.prank(buyer);
        market.cancelOrder(first + 1);
        expectRefused(first, 2);
    }

    function test_worksUnderASignedOffer() public {
        uint256 first = settledWith(1);
        address signer = vm.addr(SIGNER_KEY);
        bondAs(signer, BOND);
        SignedOffer memory offer = signedOffer(addMachineAs(signer));
        bytes memory signature = offerSignature(offer);
        OrderTerms memory terms = signedTerms();
        vm.prank(buyer);
        uint256 orderId =
            market.placeSignedOrder(offer, signature, terms, "", byCaller(), resumeFrom(first, 0));
        (uint256 fromOrderId,,) = windows.resumeOf(orderId);
        assertEq(fromOrderId, first, "order");

        vm.prank(buyer);
        market.cancelOrder(orderId);
        vm.expectRevert(notProved(first, 4));
        vm.prank(buyer);
        market.placeSignedOrder(offer, signature, terms, "", byCaller(), resumeFrom(first, 4));
    }

    /* UNPROVED */

    function test_revertsIf_theAuditDidNotPass() public {
        for (uint256 verdict = 2; verdict < 4; ++verdict) {
            expectRefused(settledWith(verdict), 0);
        }
    }

    function test_revertsIf_auditorsWereSilent() public {
        uint256 first = completedAfter(100);
        skip(120);
        settle(first);
        assertStatus(first, OrderStatus.Unaudited, "paid in part, proved nothing");
        expectRefused(first, 0);
    }

    function test_revertsIf_notSettledYet() public {
        uint256 first = completedAfter(100);
        expectRefused(first, 0);
        auditAll(first, 1);
        expectRefused(first, 0);
        settle(first);
        resumeAt(first, 0);
    }

    function test_revertsIf_thereIsNoSuchWindowOrOrder() public {
        uint256 first = settledWith(1);
        expectRefused(first, 4);
        expectRefused(99, 0);
        expectRefused(0, 0);
        // Itself: it does not exist before it is placed, and proves nothing then.
        expectRefused(first + 1, 0);
    }

    /// @dev Only what the seller committed, to the letter.
    function test_revertsIf_theWindowWasCommittedOtherwise() public {
        uint256 first = settledWith(1);
        ResumeFrom[3] memory forged = [resumeFrom(first, 1), resumeFrom(first, 1), resumeFrom(first, 1)];
        forged[0].root = bytes32("forged");
        forged[1].lastStateRoot = bytes32("forged");
        forged[2].segments = 2;
        OrderTerms memory terms = defaultTerms();
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(notProved(first, 1));
            vm.prank(buyer);
            market.placeResumedOrder(terms, "bafyjob", byCaller(), forged[i]);
        }
    }

    function test_resume_isMarketsOnly() public {
        uint256 first = settledWith(1);
        vm.expectRevert(abi.encodeWithSelector(IPallet.PalletUnauthorized.selector, address(this)));
        windows.resume(7, resumeFrom(first, 0));
    }

    /* HELPERS */

    function settledWith(uint256 verdict) internal returns (uint256 orderId) {
        orderId = completedAfter(100);
        judge(orderId, verdict);
    }

    function resumeAt(uint256 first, uint32 window) internal returns (uint256) {
        OrderTerms memory terms = defaultTerms();
        vm.prank(buyer);
        return market.placeResumedOrder(terms, "bafyjob", byCaller(), resumeFrom(first, window));
    }

    function expectRefused(uint256 first, uint32 window) internal {
        OrderTerms memory terms = defaultTerms();
        vm.expectRevert(notProved(first, window));
        vm.prank(buyer);
        market.placeResumedOrder(terms, "bafyjob", byCaller(), resumeFrom(first, window));
    }

    function notProved(uint256 first, uint32 window) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IWindows.WindowsNotProved.selector, first, window);
    }
}
