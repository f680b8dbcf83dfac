// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {
    BaseTest,
    HoldReason,
    IMarket,
    IStaking,
    OrderStatus,
    OrderTerms,
    OrderView,
    Payment
} from "../helpers/BaseTest.sol";

/// @dev The default order is 600 s of an offer of at most 3,600 s; 100 s more are one ether.
contract RenewOrderTest is BaseTest {
    function test_addsTimeEscrowAndStakeAtTheOrdersPrice() public {
        uint256 orderId = placeAndStart();
        vm.expectEmit(address(market));
        emit IMarket.OrderRenewed(orderId, 700, 1 ether, 1 ether);
        renew(orderId, 100);

        OrderView memory order = market.orderOf(orderId);
        assertEq(order.terms.maxSeconds, 700, "time");
        assertEq(order.escrowWei, ESCROW + 1 ether, "escrow");
        assertEq(order.auditFeeWei, AUDIT_FEE, "fee");
        assertEq(order.stakeWei, STAKE + 1 ether, "stake");
        assertHeld(buyer, HoldReason.Escrow, ESCROW + AUDIT_FEE + 1 ether, "held");

        assertEq(staking.bondOf(seller).reservedWei, STAKE + 1 ether, "reserved");
        assertSolvent();
    }

    /// @dev A dearer offer, or none, changes nothing for an order that runs.
    function test_keepsPriceAndLimitOfTheOrder() public {
        uint256 orderId = placeAndStart();
        vm.startPrank(seller);
        market.makeOffer(machineId, 1_000 ether, 1, 1, uint64(time() + 1));
        vm.stopPrank();
        renew(orderId, 3_000);
        assertEq(market.orderOf(orderId).escrowWei, 36 ether, "one hour");
    }

    function test_extendsThePaidTime() public {
        uint256 orderId = placeAndStart();
        skip(599);
        renew(orderId, 100);
        skip(1);
        vm.expectRevert(tooEarly(orderId, time() + 100));
        market.expireOrder(orderId);
        commitWindows(orderId, WINDOWS);
        skip(99);
        complete(orderId);
        auditAll(orderId, 1);
        settle(orderId);
        assertStatus(orderId, OrderStatus.Completed, "status");
        assertEq(market.orderOf(orderId).paidWei, 0.4 ether, "proved steps only");
        assertNothingLeft();
    }

    function test_movesAllThatWasAddedOnceItSettles() public {
        uint256 orderId = placeAndStart();
        renew(orderId, 100);
        commitWindows(orderId, 1);
        failAsFraud(orderId);
        assertEq(market.orderOf(orderId).slashedWei, STAKE + 1 ether, "the whole, larger stake");
        assertFree(buyer, ESCROW + 1 ether + AUDIT_FEE, "buyer is whole");
        assertNothingLeft();
    }

    function test_stakeGrowsOnlyAboveTwoPanelCosts() public {
        vm.prank(seller);
        offerId = market.makeOffer(machineId, 0.36 ether, 60, 3_600, uint64(time() + 1));
        uint256 orderId = placeAndStart();
        assertEq(market.orderOf(orderId).stakeWei, 0.2 ether, "twice 0.1");
        renew(orderId, 600);
        assertEq(market.orderOf(orderId).stakeWei, 0.2 ether, "0.12 + 0.08 are covered");
        renew(orderId, 100);
        assertEq(market.orderOf(orderId).stakeWei, 0.21 ether, "and now the total");
    }

    /* PAID BY ANOTHER */

    function test_takesFromThePayerBySignature() public {
        uint256 orderId = placePaidByOther();
        start(orderId);
        vm.prank(buyer);
        market.renewOrder(orderId, 100, signedRenewal(orderId, 100));
        assertHeld(payer, HoldReason.Escrow, ESCROW + AUDIT_FEE + 1 ether, "payer");
        assertEq(token.balanceOf(buyer), 1_000 ether, "buyer");
        assertTrue(consents.payNonceUsed(payer, 8), "nonce");
    }

    function test_revertsIf_anythingSignedDiffers() public {
        uint256 orderId = placePaidByOther();
        start(orderId);
        Payment memory payment = signedRenewal(orderId, 100);
        bytes memory bad = abi.encodeWithSelector(IMarket.MarketBadPayerSignature.selector, payer);
        expectRefused(orderId, 99, payment, bad);
        payment.maxTotalWei += 1;
        expectRefused(orderId, 100, payment, bad);
        payment.maxTotalWei -= 1;
        payment.nonce += 1;
        expectRefused(orderId, 100, payment, bad);
        payment.nonce -= 1;
        payment.deadline += 1;
        expectRefused(orderId, 100, payment, bad);
        payment.deadline -= 1;
        vm.chainId(4_242);
        expectRefused(orderId, 100, payment, bad);
        vm.chainId(31_337);
        vm.prank(buyer);
        market.renewOrder(orderId, 100, payment);
        expectRefused(
            orderId, 100, payment, abi.encodeWithSelector(IMarket.MarketPayNonceUsed.selector, payer, 8)
        );
    }

    /// @dev A signature that pays for placing does not pay for renewing.
    function test_revertsIf_signedForPlacing() public {
        uint256 orderId = placePaidByOther();
        start(orderId);
        expectRefused(
            orderId,
            1,
            signedPayment(PAYER_KEY, buyer, defaultTerms(), 9),
            abi.encodeWithSelector(IMarket.MarketBadPayerSignature.selector, payer)
        );
    }

    function test_revertsIf_anotherPays() public {
        uint256 orderId = placePaidByOther();
        start(orderId);
        expectRefused(orderId, 1, byCaller(), badTerms("payer"));
    }

    /* FAILURES */

    function test_revertsIf_beyondTheOffersMaximum() public {
        uint256 orderId = placeAndStart();
        expectRefused(orderId, 3_001, byCaller(), badTerms("extraSeconds"));
        expectRefused(orderId, type(uint32).max, byCaller(), badTerms("extraSeconds"));
        expectRefused(orderId, 0, byCaller(), badTerms("extraSeconds"));
        renew(orderId, 3_000);
        expectRefused(orderId, 1, byCaller(), badTerms("extraSeconds"));
    }

    function test_revertsIf_dearerThanAgreed() public {
        uint256 orderId = placeAndStart();
        Payment memory payment;
        payment.maxTotalWei = 1 ether - 1;
        expectRefused(
            orderId,
            100,
            payment,
            abi.encodeWithSelector(IMarket.MarketPayTooHigh.selector, 1 ether, 1 ether - 1)
        );
    }

    function test_revertsIf_sellersBondIsTooSmall() public {
        uint256 orderId = placeAndStart();
        vm.prank(seller);
        staking.unbond(BOND - STAKE - 1 ether + 1);
        expectRefused(
            orderId,
            100,
            byCaller(),
            abi.encodeWithSelector(IStaking.StakingInsufficientActive.selector, seller, 1 ether - 1, 1 ether)
        );
    }

    function test_revertsIf_notTrainingOrTooLate() public {
        uint256 allowed = 1 << uint256(OrderStatus.Training);
        uint256 orderId = place();
        expectRefused(orderId, 1, byCaller(), unexpected(orderId, OrderStatus.Preparing, allowed));
        start(orderId);
        skip(600);
        expectRefused(orderId, 1, byCaller(), tooLate(orderId, time()));
        market.expireOrder(orderId);
        expectRefused(orderId, 1, byCaller(), unexpected(orderId, OrderStatus.Expired, allowed));
    }

    function test_revertsIf_callerIsNotTheBuyer() public {
        uint256 orderId = placeAndStart();
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketNotBuyer.selector, orderId, stranger));
        vm.prank(stranger);
        market.renewOrder(orderId, 1, byCaller());
        vm.expectRevert(abi.encodeWithSelector(IMarket.MarketNotBuyer.selector, 99, buyer));
        vm.prank(buyer);
        market.renewOrder(99, 1, byCaller());
    }

    /* FUZZ */

    /// @dev Many small steps cost exactly what one large step costs.
    function testFuzz_stepsCostAsMuchAsOneStride(uint96 price, uint32 first, uint32 second) public {
        price = uint96(bound(price, 1, type(uint96).max));
        first = uint32(bound(first, 1, 1_000));
        second = uint32(bound(second, 1, 1_000));
        vm.prank(seller);
        offerId = market.makeOffer(machineId, price, 60, 3_600, uint64(time() + 1));
        OrderTerms memory longer = defaultTerms();
        longer.maxSeconds += first + second;
        (uint256 escrowWei, uint256 feeWei, uint256 stakeWei) = market.quote(longer);
        fund(buyer, escrowWei + feeWei);
        bondAs(seller, stakeWei);
        uint256 orderId = placeAndStart();
        renew(orderId, first);
        renew(orderId, second);

        OrderView memory order = market.orderOf(orderId);
        assertEq(order.escrowWei, escrowWei, "escrow");
        assertEq(order.stakeWei, stakeWei, "stake");
        assertHeld(buyer, HoldReason.Escrow, escrowWei + feeWei, "held");
        assertEq(staking.bondOf(seller).reservedWei, stakeWei, "reserved");
    }

    /* HELPERS */

    function failAsFraud(uint256 orderId) internal {
        vm.prank(seller);
        market.orderFailed(orderId, CloseReasons.JOB_INVALID);
        convict(orderId, 0);
    }

    function renew(uint256 orderId, uint32 extraSeconds) internal {
        vm.prank(buyer);
        market.renewOrder(orderId, extraSeconds, byCaller());
    }

    function expectRefused(uint256 orderId, uint32 extraSeconds, Payment memory payment, bytes memory reason)
        internal
    {
        vm.expectRevert(reason);
        vm.prank(buyer);
        market.renewOrder(orderId, extraSeconds, payment);
    }

    function signedRenewal(uint256 orderId, uint32 extraSeconds)
        internal
        view
        returns (Payment memory payment)
    {
        payment.payer = payer;
        payment.maxTotalWei = 1 ether;
        payment.nonce = 8;
        payment.deadline = time() + 100;
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "PayRenewal(address buyer,uint256 orderId,uint32 extraSeconds,uint256 maxTotalWei,uint256 nonce,uint256 deadline)"
                ),
                buyer,
                orderId,
                extraSeconds,
                payment.maxTotalWei,
                payment.nonce,
                payment.deadline
            )
        );
        payment.paySignature = signatureOf(PAYER_KEY, typedDigest(address(market), block.chainid, message));
    }
}
