// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrderView} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
import {SignedWindow, WindowSubject} from "../../../contracts/src/interfaces/Types.sol";
import {DisputesTest} from "./DisputesTest.sol";

/// @notice An order whose seller's key is known, and what it may sign of a window.
abstract contract EquivocationTest is DisputesTest {
    uint256 internal constant SELLER_KEY = 0x5E11;
    bytes32 internal constant BEACON = keccak256("beacon");
    uint256 internal orderId;

    function setUp() public virtual override {
        seller = vm.addr(SELLER_KEY);
        super.setUp();
        orderId = orderOfLeaves();
    }

    function prove(uint32 window, bytes32 beacon, SignedWindow memory a, SignedWindow memory b) internal {
        WindowSubject memory subject = about(window, beacon);
        SignedWindow memory previous = before(window);
        vm.prank(stranger);
        disputes.proveEquivocation(orderId, subject, a, b, previous);
    }

    function expectNone(uint32 window, bytes32 beacon, SignedWindow memory a, SignedWindow memory b)
        internal
    {
        expectNoneAbout(about(window, beacon), a, b);
    }

    function expectNoneAbout(WindowSubject memory subject, SignedWindow memory a, SignedWindow memory b)
        internal
    {
        SignedWindow memory previous = before(subject.window);
        vm.expectRevert(
            abi.encodeWithSignature("DisputesNoEquivocation(uint256,uint32)", orderId, subject.window)
        );
        disputes.proveEquivocation(orderId, subject, a, b, previous);
    }

    /// @notice As first committed, after what the window before it ends in.
    function about(uint32 window, bytes32 beacon) internal view returns (WindowSubject memory) {
        return WindowSubject(window, 0, beacon, before(window).lastStateRoot);
    }

    function before(uint32 window) internal view returns (SignedWindow memory) {
        return window == 0 ? none() : committedOf(window - 1);
    }

    function none() internal pure returns (SignedWindow memory) {}

    function assertConvicted(uint32 segment) internal view {
        OrderView memory order = market.orderOf(orderId);
        assertEq(order.closeReason, CloseReasons.FRAUD_PROVED, "reason");
        assertEq(order.slashedWei, STAKE, "slashed");
        (,,,, uint32 failed) = proofs.auditOf(orderId);
        assertEq(failed, segment, "the window's first segment");
    }

    function committedOf(uint256 window) internal view returns (SignedWindow memory said) {
        said.root = claimOf(orderId, 3 * window).root;
        said.segments = 3;
        said.lastStateRoot = claimOf(orderId, 3 * window).lastStateRoot;
    }

    function signed(uint32 window, bytes32 beacon, uint32 segments, bytes32 root, bytes32 last)
        internal
        view
        returns (SignedWindow memory)
    {
        bytes memory signature = sign(SELLER_KEY, orderId, about(window, beacon), segments, root, last);
        return SignedWindow(root, segments, last, signature);
    }

    /// @dev Written out from the EIP, not taken from the contract.
    function sign(
        uint256 key,
        uint256 order,
        WindowSubject memory subject,
        uint32 segments,
        bytes32 root,
        bytes32 last
    ) internal view returns (bytes memory) {
        bytes32 typehash = keccak256(
            "WindowEvidence(uint256 orderId,uint32 window,uint32 amendment,bytes32 beacon,bytes32 stateBefore,uint32 segments,bytes32 root,bytes32 lastStateRoot)"
        );
        bytes32 message = keccak256(
            abi.encode(
                typehash,
                order,
                subject.window,
                subject.amendment,
                subject.beacon,
                subject.stateBefore,
                segments,
                root,
                last
            )
        );
        return signatureOf(key, typedDigest(address(windows), block.chainid, message));
    }
}

/// @notice Two signed stories of one window.
contract ProveEquivocationTest is EquivocationTest {
    function test_convicts_andPaysNobody() public {
        prove(1, BEACON, signed(1, BEACON, 3, "a", "x"), signed(1, BEACON, 3, "b", "x"));
        assertConvicted(3);
        OrderView memory order = market.orderOf(orderId);
        assertEq(order.refundedWei, ESCROW + AUDIT_FEE, "the payer is whole");
        assertFree(stranger, 0, "whoever showed it");
        assertEq(balances.burnedWei(), STAKE, "burned");
    }

    function test_convicts_whereOnlyTheLastStateDiffers() public {
        prove(2, BEACON, signed(2, BEACON, 3, "a", "x"), signed(2, BEACON, 3, "a", "y"));
        assertConvicted(6);
    }

    /// @dev Also where it committed neither of both, and whatever is disputed meanwhile.
    function test_convicts_whileDisputed() public {
        uint256 disputeId = votingOn(challenger, orderId, 5);
        prove(0, BEACON, signed(0, BEACON, 3, "a", "x"), signed(0, BEACON, 3, "b", "x"));
        assertConvicted(0);
        resolveAll(disputeId, Findings.VALID);
        assertEq(staking.bondOf(challenger).activeWei, CHALLENGE_BOND, "bond");
        assertNothingLeft();
    }

    function test_convicts_whatItSignedBesideWhatItCommitted() public {
        (bytes32 beacon,) = windows.beaconOf(orderId, 1);
        prove(1, beacon, signed(1, beacon, 3, "a", "x"), committedOf(1));
        assertConvicted(3);
    }

    /* NOBODY HONEST */

    function test_revertsIf_aReorganisationExplainsIt() public {
        expectNone(1, BEACON, signed(1, BEACON, 3, "a", "x"), signed(1, keccak256("other"), 3, "b", "x"));
        expectNone(1, BEACON, signed(1, BEACON, 3, "a", "x"), committedOf(1));
    }

    function test_revertsIf_aCancelExplainsIt() public {
        expectNone(1, BEACON, signed(1, BEACON, 3, "a", "x"), signed(1, BEACON, 2, "b", "y"));
    }

    function test_revertsIf_bothSayTheSame() public {
        expectNone(1, BEACON, signed(1, BEACON, 3, "a", "x"), signed(1, BEACON, 3, "a", "x"));
        (bytes32 beacon,) = windows.beaconOf(orderId, 1);
        SignedWindow memory own = committedOf(1);
        own.signature = signed(1, beacon, own.segments, own.root, own.lastStateRoot).signature;
        expectNone(1, beacon, own, committedOf(1));
    }

    function test_revertsIf_anotherSigned_orAnotherOrderOrWindow() public {
        SignedWindow memory a = signed(1, BEACON, 3, "a", "x");
        SignedWindow memory b = SignedWindow("b", 3, "x", sign(1, orderId, about(1, BEACON), 3, "b", "x"));
        expectNone(1, BEACON, a, b);
        b.signature = sign(SELLER_KEY, orderId + 1, about(1, BEACON), 3, "b", "x");
        expectNone(1, BEACON, a, b);
        expectNone(1, BEACON, a, signed(2, BEACON, 3, "b", "x"));
        b.signature = "";
        expectNone(1, BEACON, a, b);
        (a.signature, b.signature) = ("", a.signature);
        expectNone(1, BEACON, a, b);
    }

    /// @dev After 256 blocks nobody can tell under which beacon a window was committed.
    function test_revertsIf_theBeaconCanNoLongerBeRead() public {
        (bytes32 beacon,) = windows.beaconOf(orderId, 1);
        SignedWindow memory a = signed(1, beacon, 3, "a", "x");
        vm.roll(height() + 300);
        expectNone(1, beacon, a, committedOf(1));
        expectNone(1, 0, signed(1, 0, 3, "a", "x"), committedOf(1));
    }

    function test_revertsIf_itIsNotInAudit() public {
        prove(1, BEACON, signed(1, BEACON, 3, "a", "x"), signed(1, BEACON, 3, "b", "x"));
        SignedWindow memory a = signed(1, BEACON, 3, "a", "x");
        SignedWindow memory b = signed(1, BEACON, 3, "b", "x");
        WindowSubject memory subject = about(1, BEACON);
        vm.expectRevert(notAuditing(orderId));
        disputes.proveEquivocation(orderId, subject, a, b, none());
    }

    /// @dev With drand a window's seed may stay while a reorganisation changes that of the window before it.
    function test_revertsIf_anotherStateBeforeExplainsIt() public {
        SignedWindow memory a = signed(1, BEACON, 3, "a", "x");
        WindowSubject memory other = about(1, BEACON);
        other.stateBefore = bytes32("another");
        SignedWindow memory b = SignedWindow("b", 3, "x", sign(SELLER_KEY, orderId, other, 3, "b", "x"));
        expectNone(1, BEACON, a, b);
        (bytes32 beacon,) = windows.beaconOf(orderId, 1);
        other.beacon = beacon;
        a = SignedWindow("a", 3, "x", sign(SELLER_KEY, orderId, other, 3, "a", "x"));
        expectNoneAbout(other, a, committedOf(1));
    }

    function test_revertsIf_anAmendmentExplainsIt() public {
        (bytes32 beacon,) = windows.beaconOf(orderId, 1);
        WindowSubject memory amended = about(1, beacon);
        amended.amendment = 1;
        SignedWindow memory b = SignedWindow("b", 3, "x", sign(SELLER_KEY, orderId, amended, 3, "b", "x"));
        expectNone(1, beacon, signed(1, beacon, 3, "a", "x"), b);
        expectNoneAbout(amended, b, committedOf(1));
    }

    /// @dev An amended window is told of once, too.
    function test_convicts_whatItSignedBesideWhatItAmended() public {
        orderId = place();
        start(orderId);
        commitLeaves(orderId, windowLeaves(orderId, defaultTerms(), 0));
        commitNext(orderId);
        (bytes32 beacon,) = windows.beaconOf(orderId, 1);
        vm.prank(seller);
        windows.amendWindow(orderId, 1, 2, "mended", "state", beacon, "bafyleaves");
        vm.prank(buyer);
        market.cancelOrder(orderId);
        SignedWindow memory committed = SignedWindow("mended", 3, "state", "");
        WindowSubject memory subject = about(1, beacon);
        for (subject.amendment = 0; subject.amendment < 2; ++subject.amendment) {
            bytes memory signature = sign(SELLER_KEY, orderId, subject, 3, "a", "x");
            expectNoneAbout(subject, SignedWindow("a", 3, "x", signature), committed);
        }
        SignedWindow memory a = SignedWindow("a", 3, "x", sign(SELLER_KEY, orderId, subject, 3, "a", "x"));
        disputes.proveEquivocation(orderId, subject, a, committed, committedOf(0));
        assertConvicted(3);
    }
}
