// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Opening, OrderTerms} from "../helpers/BaseTest.sol";
import {Prices} from "../gas.t.sol";
import {RefereedTest} from "./RefereedTest.sol";

/// @notice What a pair that agrees costs, all of both orders, beside two orders that panels of three audit.
/// forge-config: default.isolate = true
contract RefereedGasTest is RefereedTest, Prices {
    string internal constant EVIDENCE = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";
    uint256 internal total;

    /// @dev Parties have been through an order before.
    function setUp() public override {
        super.setUp();
        agreedPair();
        passAndSettle(first);
        passAndSettle(second);
        mine(10);
    }

    function test_gas_agreed() public {
        OrderTerms memory terms = pairTerms();
        vm.prank(buyer);
        (first, second) = market.placeRefereed(terms, rivalOffer, EVIDENCE, byCaller());
        step("placeRefereed");
        mine(1);
        for (uint256 id = first; id <= second; ++id) {
            vm.prank(id == first ? seller : rival);
            market.startOrder(id);
            step("");
            mine(3);
        }
        for (uint32 index; index < WINDOWS; ++index) {
            sealBoth(index);
            openBoth(index);
        }
        skip(100);
        for (uint256 id = first; id <= second; ++id) {
            vm.prank(id == first ? seller : rival);
            market.orderCompleted(id, EVIDENCE);
            step("");
        }
        awaitAudit(first);
        for (uint256 id = first; id <= second; ++id) {
            proofs.passAgreed(id);
            step(id == first ? "passAgreed" : "");
        }
        skip(30);
        for (uint256 id = first; id <= second; ++id) {
            proofs.settlePassed(id, new address[](0), 0);
            step(id == first ? "settlePassed" : "");
        }
        all("agreedPair");
    }

    function test_gas_audited() public {
        OrderTerms memory terms = defaultTerms();
        (first, second) = (second + 1, second + 2);
        for (uint256 id = first; id <= second; ++id) {
            terms.offerId = id == first ? offerId : rivalOffer;
            vm.prank(buyer);
            market.placeOrder(terms, EVIDENCE, byCaller());
            step("");
            mine(1);
            vm.prank(sellerOf(id));
            market.startOrder(id);
            step("");
            mine(3);
            for (uint32 index; index < WINDOWS; ++index) {
                (bytes32 beacon,) = windows.beaconOf(id, index);
                vm.prank(sellerOf(id));
                windows.commitWindow(id, index, "root", segmentsOf(index), "state", beacon, EVIDENCE);
                step("");
                mine(3);
            }
            skip(100);
            vm.prank(sellerOf(id));
            market.orderCompleted(id, EVIDENCE);
            step("");
            mine(3);
            auditInOne(id);
        }
        all("twoAudited");
    }

    function auditInOne(uint256 orderId) internal {
        uint256[] memory words = new uint256[](3);
        words[0] = words[1] = words[2] = uniform(orderId, 1);
        Opening[] memory openings = openingsOf(orderId, words);
        address[] memory panel = panelOf(orderId);
        proofs.submitVerdicts(orderId, openings);
        step("");
        skip(30);
        uint256 drawn = drawnCount(orderId);
        proofs.settlePassed(orderId, panel, drawn);
        step("");
    }

    function sealBoth(uint32 index) internal {
        for (uint256 id = first; id <= second; ++id) {
            bytes24 digest = digestOf(id, index, segmentsOf(index));
            (bytes32 beacon,) = windows.beaconOf(id, index);
            vm.prank(id == first ? seller : rival);
            windows.sealWindow(id, index, digest, segmentsOf(index), beacon);
            step(id == first && index < 2 ? index == 0 ? "sealWindowFirst" : "sealWindowNext" : "");
        }
        mine(3);
    }

    function openBoth(uint32 index) internal {
        for (uint256 id = first; id <= second; ++id) {
            (bytes32 root, bytes32 state) = (rootOf(id, index), stateOf(id, index));
            vm.prank(id == first ? seller : rival);
            windows.openWindow(id, index, root, segmentsOf(index), state, EVIDENCE);
            step(id == first && index < 2 ? index == 0 ? "openWindowFirst" : "openWindowNext" : "");
        }
    }

    /// @dev Without a name it only counts.
    function step(string memory name) internal {
        bool named = bytes(name).length != 0;
        if (named) total += price("refereed", name);
        else total += vm.lastCallGas().gasTotalUsed;
    }

    function all(string memory name) internal {
        vm.snapshotValue("refereed", name, total);
        compare("refereed", name, total);
    }
}
