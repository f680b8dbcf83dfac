// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DisputesTest} from "./disputes/DisputesTest.sol";
import {BaseTest, Ballot, Leaf, LeafProof, Opening, OrderTerms, SignedOffer} from "./helpers/BaseTest.sol";
import {ScoreTest} from "./helpers/ScoreTest.sol";
import {Test} from "./helpers/Test.sol";
import {IDrilling} from "../../contracts/src/interfaces/IDrilling.sol";
import {IHashrate} from "../../contracts/src/interfaces/IHashrate.sol";
import {Bn254} from "../../contracts/src/libraries/Bn254.sol";
import {Narrowing, ReplayClaim} from "../../contracts/src/interfaces/Types.sol";
import {Findings} from "../../contracts/src/libraries/Findings.sol";

/// @notice Compares what was measured with what snapshots/ says.
abstract contract Prices is Test {
    function price(string memory group, string memory name) internal returns (uint256 gas) {
        gas = vm.snapshotGasLastCall(group, name);
        compare(group, name, gas);
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

/// @notice What one order's transactions cost, and how large the pallets are. Committed to snapshots/, so that a
/// change shows its price. Each call is a transaction of its own, parties have done this once before.
/// @dev Compared here and not by forge's own check, whose exit code npm's wrapper of forge does not pass on.
/// To accept new numbers: FOUNDRY_PROFILE=snapshot node_modules/.bin/forge test --match-contract GasTest
/// forge-config: default.isolate = true
contract GasTest is BaseTest, Prices {
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
            (bytes32 beacon,) = windows.beaconOf(orderId, index);
            vm.prank(seller);
            windows.commitWindow(
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
        address[] memory panel = panelOf(orderId);
        vm.prank(stranger);
        proofs.submitVerdicts(orderId, openings);
        price("submitVerdicts");
        skip(30);
        uint256 drawn = drawnCount(orderId);
        vm.prank(stranger);
        proofs.settlePassed(orderId, panel, drawn);
        price("settlePassed");
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
        size("Windows", address(windows).code.length);
        size("Disputes", address(disputes).code.length);
        size("PlainFraud", vm.computeCreateAddress(address(disputes), 1).code.length);
        size("Offences", vm.computeCreateAddress(address(proofs), 1).code.length);
        size("Annex", vm.computeCreateAddress(address(market), 2).code.length);
        size("Consents", address(consents).code.length);
        size("Hashrate", address(hashrate).code.length);
        size("Drilling", address(drilling).code.length);
        size("Rewards", address(rewards).code.length);
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
        price("order", name);
    }

    function size(string memory name, uint256 bytes_) internal {
        vm.snapshotValue("bytes", name, bytes_);
        assertLt(bytes_, 24_576, "EIP-170");
        compare("bytes", name, bytes_);
    }
}

/// @notice What a score costs: a benchmark, a credit, a drill of six, a claim.
/// forge-config: default.isolate = true
contract ScoreGasTest is ScoreTest, Prices {
    function test_gas_benchmarkAndCredit() public {
        measure(machineId, seller, 1_000);
        openRound();
        skip(AFTER_SECONDS);
        IHashrate.BenchmarkReport memory report = reportOf(1_000);
        vm.prank(seller);
        hashrate.submitBenchmark(machineId, report);
        price("submitBenchmark");
        mine(3);
        address[] memory panel = hashrate.benchmarkPanelOf(machineId);
        for (uint256 i; i < 2; ++i) {
            vm.prank(panel[i]);
            hashrate.judgeBenchmark(machineId, true);
            price(i == 0 ? "judgeBenchmarkFirst" : "judgeBenchmarkLast");
        }
        for (uint256 i; i < 2; ++i) {
            vm.prank(seller);
            offerId = market.makeOffer(machineId, PRICE_PER_HOUR, 60, 3_600, uint64(time() + 1 days));
            uint256 orderId = completedAfter(100);
            auditAll(orderId, 1);
            settle(orderId);
            hashrate.creditOrder(orderId);
            price(i == 0 ? "creditOrderFirst" : "creditOrderNext");
        }
    }

    function test_gas_drill() public {
        crew(6);
        drillHonestly();
        skip(1 days);
        uint256 taskId = drilling.openTask();
        price("openTask");
        mine(3);
        drilling.drawMembers(taskId);
        price("drawMembers");
        IDrilling.Member[] memory members = drilling.taskOf(taskId).members;
        for (uint256 i; i < 6; ++i) {
            commitAs(members[i], taskId, "right");
            if (i == 1) price("commitResult");
        }
        for (uint256 i; i < 6; ++i) {
            revealAs(members[i], taskId, "right");
            if (i == 1) price("revealResult");
        }
        drilling.closeTask(taskId);
        price("closeTask");
    }

    function test_gas_claim() public {
        Bn254.G1 memory possession = possessionOf(0, machineId, seller);
        Bn254.G2 memory key = publicOf(0);
        vm.prank(seller);
        rewards.registerKey(machineId, key, possession);
        price("registerKey");
        fillTreasury(1_000 ether);
        skip(2 days);
        credit(machineId, 1_000_000e9);
        credit(machineId + 1, 63_000_000e9);
        vm.warp((time() / 1 days + 1) * 1 days);
        rewards.openEpoch();
        price("openEpoch");
        mine(3);
        Bn254.G1 memory signature = winningOf(0, machineId);
        rewards.claim(machineId, signature);
        price("claimFirst");
    }

    function price(string memory name) internal {
        price("score", name);
    }
}

/// @notice What a whole dispute costs: four transactions, a conviction and the order's settlement included.
/// forge-config: default.isolate = true
contract DisputesGasTest is DisputesTest, Prices {
    uint256 internal constant MAX_GAS = 1_500_000;
    uint256 internal total;

    function test_gas_32Steps() public {
        assertLe(disputeOver(32, "32"), MAX_GAS, "a dispute over 32 steps");
    }

    function test_gas_256Steps() public {
        assertLe(disputeOver(256, "256"), MAX_GAS, "a dispute over 256 steps");
    }

    /// @notice What not every dispute is: a refuted one, one over a whole segment, a chain broken in plain sight.
    function test_gas_besides() public {
        (uint256 orderId,) = after_(32);
        coverBond(challenger, orderId);
        vm.prank(challenger);
        uint256 disputeId = disputes.challenge(orderId, 3);
        price("dispute", "challenge");
        drawJuryOf(disputeId);
        resolveAll(disputeId, Findings.VALID);
        price("dispute", "resolveRefuted");
        uint256 other = placeAndStart();
        Leaf[] memory leaves = windowLeaves(other, defaultTerms(), 0);
        leaves[1].stateRootBefore = bytes32("x");
        commitLeaves(other, leaves);
        vm.prank(seller);
        market.orderFailed(other, 10_002);
        LeafProof memory a = claimIn(leaves, 0, leaves[2].stateRootAfter);
        LeafProof memory b = claimIn(leaves, 1, leaves[2].stateRootAfter);
        vm.prank(challenger);
        disputes.proveBrokenChain(other, a, b);
        price("dispute", "proveBrokenChain");
    }

    /// @notice Ten segments of 32 steps: the bits of each are hashed as the verifier does.
    function test_gas_proveNoReplay() public {
        OrderTerms memory terms = defaultTerms();
        terms.stepsPerSegment = 32;
        terms.steps = 320;
        uint256 orderId = orderOfLeaves(terms);
        uint256[] memory words = new uint256[](3);
        (words[0], words[1], words[2]) = (uniform(orderId, 1), uniform(orderId, 1), uniform(orderId, 1));
        address[] memory panel = panelOf(orderId);
        Opening[] memory openings = openingsOf(orderId, words);
        ReplayClaim memory claim = lazyClaim(orderId, panel, openings[0], 0);
        proofs.submitVerdicts(orderId, openings);
        vm.prank(challenger);
        proofs.proveNoReplay(orderId, claim);
        price("dispute", "proveNoReplay8x32");
    }

    function disputeOver(uint256 steps, string memory name) internal returns (uint256) {
        (uint256 orderId, LeafProof memory claim) = after_(steps);
        bytes32[] memory theirs = trueRoots(claim.leaf);
        Narrowing memory narrowing = narrowingOf(claimedRoots(claim.leaf), theirs);
        coverBond(challenger, orderId);
        vm.prank(challenger);
        uint256 disputeId = disputes.challengeSteps(orderId, claim, theirs);
        step("challengeSteps", name);
        vm.prank(seller);
        disputes.answer(disputeId, narrowing);
        step("answer", name);
        mine(3);
        vm.prank(stranger);
        disputes.drawJury(disputeId);
        step("drawJury", name);
        Ballot[] memory ballots = ballotsOf(disputeId, 5, truth(7 * steps / 2 + 1));
        vm.prank(stranger);
        disputes.resolve(disputeId, ballots);
        step("resolve", name);
        assertEq(market.orderOf(orderId).slashedWei, market.orderOf(orderId).stakeWei, "convicted");
        vm.snapshotValue("dispute", string.concat("all", name), total);
        compare("dispute", string.concat("all", name), total);
        return total;
    }

    /// @dev A window of 20 segments, cheated in the middle of the fourth. Parties have been through a dispute before.
    function after_(uint256 steps) internal returns (uint256 orderId, LeafProof memory claim) {
        convict(completedAfter(100), 0);
        OrderTerms memory terms = defaultTerms();
        terms.stepsPerSegment = uint32(steps);
        terms.segmentsPerWindow = 20;
        terms.steps = uint64(20 * steps);
        cheatsFrom = 7 * steps / 2 + 1;
        orderId = orderOfLeaves(terms);
        claim = claimOf(orderId, 3);
    }

    function step(string memory name, string memory steps) internal {
        total += price("dispute", string.concat(name, steps));
    }
}
