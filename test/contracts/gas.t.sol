// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, Opening, OrderTerms, SignedOffer} from "./helpers/BaseTest.sol";

/// @notice What one order's transactions cost, and how large the pallets are. Committed to snapshots/, so that a
/// change shows its price. Each call is a transaction of its own, parties have done this once before.
/// @dev Compared here and not by forge's own check, whose exit code npm's wrapper of forge does not pass on.
/// To accept new numbers: FOUNDRY_PROFILE=snapshot node_modules/.bin/forge test --match-contract GasTest
/// forge-config: default.isolate = true
contract GasTest is BaseTest {
    string internal constant EVIDENCE = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";

    function test_gas_oneOrder() public {
        uint256 first = completedAfter(100);
        auditAll(first, 1);
        settle(first);
        mine(10);

        uint256 orderId = place();
        price("placeOrder");
        vm.prank(seller);
        market.startOrder(orderId);
        price("startOrder");
        mine(3);
        for (uint32 index; index < WINDOWS; ++index) {
            (bytes32 beacon,) = proofs.beaconOf(orderId, index);
            vm.prank(seller);
            proofs.commitWindow(
                orderId, index, bytes32("root"), index == 3 ? 1 : 3, bytes32("state"), beacon, EVIDENCE
            );
            if (index == 0) price("commitWindowFirst");
            if (index == 1) price("commitWindowNext");
            mine(3);
        }
        skip(100);
        vm.prank(seller);
        market.orderCompleted(orderId, EVIDENCE);
        price("orderCompleted");
        mine(3);
        uint256 word = uniform(orderId, 1);
        uint256[] memory words = new uint256[](3);
        (words[0], words[1], words[2]) = (word, word, word);
        Opening[] memory openings = openingsOf(orderId, words);
        vm.prank(stranger);
        proofs.submitVerdicts(orderId, openings);
        price("submitVerdicts");
        uint256 freeWei = balances.freeOf(seller);
        vm.prank(seller);
        balances.withdraw(freeWei);
        price("withdraw");
    }

    /// @notice What not every order needs.
    function test_gas_besides() public {
        uint256 first = completedAfter(100);
        auditThree(first);
        settle(first);
        price("settleOrder");
        mine(10);
        uint256 orderId = placeAndStart();
        vm.prank(buyer);
        market.renewOrder(orderId, 100, byCaller());
        price("renewOrder");
        vm.prank(buyer);
        market.cancelOrder(orderId);
        skip(10);
        settle(orderId);
        OrderTerms memory terms = defaultTerms();
        vm.prank(buyer);
        market.placeResumedOrder(terms, EVIDENCE, byCaller(), resumeFrom(first, 3));
        price("placeResumedOrder");
        bondAs(vm.addr(SIGNER_KEY), BOND);
        SignedOffer memory offer = signedOffer(addMachineAs(vm.addr(SIGNER_KEY)));
        bytes memory signature = offerSignature(offer);
        terms.offerId = 0;
        vm.prank(buyer);
        market.placeSignedOrder(offer, signature, terms, EVIDENCE, byCaller(), nowhere());
        price("placeSignedOrder");
        vm.prank(seller);
        machines.heartbeat(machineId);
        price("heartbeatFirst");
    }

    function test_gas_sizes() public {
        size("Balances", address(balances).code.length);
        size("Machines", address(machines).code.length);
        size("Staking", address(staking).code.length);
        size("Market", address(market).code.length);
        size("Proofs", address(proofs).code.length);
        size("Consents", address(consents).code.length);
        size("Runtime", address(runtime).code.length);
    }

    function auditThree(uint256 orderId) internal {
        address[] memory panel = panelOf(orderId);
        uint256 word = uniform(orderId, 1);
        for (uint256 i; i < 3; ++i) {
            commitVerdictsAs(panel[i], orderId, word);
            if (i == 0) price("commitVerdictsFirst");
            if (i == 1) price("commitVerdictsNext");
        }
        for (uint256 i; i < 3; ++i) {
            revealAs(panel[i], orderId, word);
            if (i == 0) price("revealVerdicts");
        }
    }

    function price(string memory name) internal {
        compare("order", name, vm.snapshotGasLastCall("order", name));
    }

    function size(string memory name, uint256 bytes_) internal {
        vm.snapshotValue("bytes", name, bytes_);
        assertLt(bytes_, 24_576, "EIP-170");
        compare("bytes", name, bytes_);
    }

    function compare(string memory group, string memory name, uint256 value) internal view {
        if (keccak256(bytes(vm.envOr("FOUNDRY_PROFILE", string("default")))) == keccak256("snapshot")) {
            return;
        }
        string memory json = vm.readFile(string.concat("test/contracts/snapshots/", group, ".json"));
        uint256 committed = vm.parseJsonUint(json, string.concat(".", name));
        assertEq(value, committed, string.concat(name, " is not what snapshots/", group, ".json says"));
    }
}
