// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IWindows, OrderTerms, ProofMode} from "../helpers/BaseTest.sol";

/// @notice A pair of orders: `seller` has the first, `rival` the second one.
abstract contract RefereedTest is BaseTest {
    uint8 internal constant MODES = uint8(2 ** uint256(ProofMode.Bitwise) + 2 ** uint256(ProofMode.Refereed));

    address internal rival = makeAddr("rival");
    uint256 internal rivalMachine;
    uint256 internal rivalOffer;
    uint256 internal first;
    uint256 internal second;
    bool internal unvouched;
    /// @dev From this window on the order's seller comes to other states; zero: never.
    mapping(uint256 orderId => uint32) internal strayFrom;

    function setUp() public virtual override {
        super.setUp();
        bondAs(rival, BOND);
        rivalMachine = addMachineAs(rival);
        rivalOffer = offerAs(rival, rivalMachine);
        setModesAs(seller, machineId, MODES);
        setModesAs(rival, rivalMachine, MODES);
    }

    /* STEPS */

    function pairTerms() internal view returns (OrderTerms memory terms) {
        terms = defaultTerms();
        terms.mode = ProofMode.Refereed;
        if (unvouched) terms.vouched = false;
    }

    function placePair() internal {
        vm.prank(buyer);
        (first, second) = market.placeRefereed(pairTerms(), rivalOffer, "bafyjob", byCaller());
        mine(1);
    }

    function startPair() internal {
        placePair();
        start(first);
        startRival();
    }

    function startRival() internal {
        vm.prank(rival);
        market.startOrder(second);
        mine(3);
    }

    function sellerOf(uint256 orderId) internal view returns (address) {
        return orderId == first ? seller : rival;
    }

    function rootOf(uint256 orderId, uint32 index) internal pure returns (bytes32) {
        return keccak256(abi.encode("root", orderId, index));
    }

    function stateOf(uint256 orderId, uint32 index) internal view returns (bytes32) {
        uint32 from = strayFrom[orderId];
        return keccak256(abi.encode("state", from != 0 && index >= from ? orderId : 0, index));
    }

    /// @dev Of the job, unless it is a short last one.
    function segmentsOf(uint32 index) internal pure returns (uint32) {
        return index == WINDOWS - 1 ? 1 : 3;
    }

    /// @dev Written out, not taken from the contract.
    function digestOf(uint256 orderId, uint32 index, uint32 segments) internal view returns (bytes24) {
        return
            bytes24(keccak256(abi.encode(orderId, rootOf(orderId, index), segments, stateOf(orderId, index))));
    }

    function seal(uint256 orderId, uint32 index, uint32 segments) internal {
        bytes24 digest = digestOf(orderId, index, segments);
        vm.prank(sellerOf(orderId));
        windows.sealWindow(orderId, index, digest, segments, 0);
    }

    function sealNext(uint256 orderId) internal {
        uint32 index = windows.windowCount(orderId);
        seal(orderId, index, segmentsOf(index));
        mine(3);
    }

    function sealWindows(uint256 orderId, uint256 count) internal {
        for (uint256 i; i < count; ++i) {
            sealNext(orderId);
        }
    }

    function open(uint256 orderId, uint32 index, uint32 segments) internal {
        bytes32 state = stateOf(orderId, index);
        vm.prank(sellerOf(orderId));
        windows.openWindow(orderId, index, rootOf(orderId, index), segments, state, "bafyleaves");
    }

    function openNext(uint256 orderId) internal {
        (uint32 index,) = windows.openedOf(orderId);
        open(orderId, index, segmentsOf(index));
    }

    /// @notice As many as may be open.
    function openAll(uint256 orderId) internal {
        openAll(orderId, windows.openableOf(orderId));
    }

    function openAll(uint256 orderId, uint256 count) internal {
        (uint32 index,) = windows.openedOf(orderId);
        for (; index < count; ++index) {
            openNext(orderId);
        }
    }

    function completeAs(uint256 orderId) internal {
        vm.prank(sellerOf(orderId));
        market.orderCompleted(orderId, "bafyresult");
        mine(3);
    }

    /// @notice Both trained to the end after 100 seconds, and opened all.
    function completedPair() internal {
        startPair();
        trainPair();
    }

    function trainPair() internal {
        for (uint256 i; i < WINDOWS; ++i) {
            sealNext(first);
            sealNext(second);
        }
        skip(100);
        completeAs(first);
        completeAs(second);
        openAll(first);
        openAll(second);
    }

    /// @notice Both trained to the end, and opened nothing.
    function completedButSealed() internal {
        startPair();
        for (uint256 i; i < WINDOWS; ++i) {
            sealNext(second);
            sealNext(first);
        }
        completeAs(second);
        completeAs(first);
    }

    /// @notice The sellers' time to open is over.
    function awaitAudit(uint256 orderId) internal {
        vm.warp(market.factsOf(orderId).opensAt);
    }

    function agreedPair() internal {
        completedPair();
        awaitAudit(first);
    }

    /// @notice Both ended, and differ from window 2 on.
    function differentPair() internal {
        startPair();
        strayFrom[second] = 2;
        trainPair();
        awaitAudit(first);
    }

    /// @notice Every member of the panel commits a pass, and reveals it.
    function passByPanel(uint256 orderId) internal {
        address[] memory panel = panelOf(orderId);
        uint256[] memory words = new uint256[](panel.length);
        for (uint256 i; i < panel.length; ++i) {
            words[i] = uniform(orderId, 1);
        }
        auditWith(orderId, words);
    }

    function passAndSettle(uint256 orderId) internal {
        proofs.passAgreed(orderId);
        awaitPay(orderId);
        proofs.settlePassed(orderId, new address[](0), 0);
    }

    /* REFUSALS */

    function withIndex(bytes4 selector, uint256 orderId, uint32 index) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, orderId, index);
    }

    function ofOrder(bytes4 selector, uint256 orderId) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, orderId);
    }

    function expectSealed(uint256 orderId, uint32 index) internal {
        bytes32 state = stateOf(orderId, index);
        vm.expectRevert(withIndex(IWindows.WindowsStillSealed.selector, orderId, index));
        vm.prank(sellerOf(orderId));
        windows.openWindow(orderId, index, rootOf(orderId, index), segmentsOf(index), state, "");
    }
}
