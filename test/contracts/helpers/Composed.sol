// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Runtime} from "../../../contracts/src/Runtime.sol";
import {
    Ballot,
    OrderTerms,
    Pallets,
    Parameters,
    Payment,
    ProofMode,
    ScoreParameters
} from "../../../contracts/src/interfaces/Types.sol";
import {IConsents} from "../../../contracts/src/interfaces/IConsents.sol";
import {IMarket} from "../../../contracts/src/interfaces/IMarket.sol";
import {Balances} from "../../../contracts/src/pallets/Balances.sol";
import {Disputes} from "../../../contracts/src/pallets/Disputes.sol";
import {Drilling} from "../../../contracts/src/pallets/Drilling.sol";
import {Hashrate} from "../../../contracts/src/pallets/Hashrate.sol";
import {Machines} from "../../../contracts/src/pallets/Machines.sol";
import {Market} from "../../../contracts/src/pallets/Market.sol";
import {Proofs} from "../../../contracts/src/pallets/Proofs.sol";
import {Rewards} from "../../../contracts/src/pallets/Rewards.sol";
import {Staking} from "../../../contracts/src/pallets/Staking.sol";
import {Windows} from "../../../contracts/src/pallets/Windows.sol";
import {DevToken} from "../../../contracts/src/tokens/DevToken.sol";
import {Test} from "./Test.sol";

/// @notice One composed market with named actors.
/// @dev Numbers chosen so that sums can be checked by hand: 36 ether an hour is 0.01 ether a second; the default
/// order is 600 s, 40 steps in 10 segments in 4 windows (3, 3, 3, 1), 6 random draws.
abstract contract Composed is Test {
    uint256 internal constant PAYER_KEY = 0xA11CE;
    uint256 internal constant BUYER_KEY = 0xB0B;
    uint256 internal constant SIGNER_KEY = 0x5E11E2;
    bytes32 internal constant CLASS = keccak256("canonical");
    uint256 internal constant PRICE_PER_HOUR = 36 ether;
    uint256 internal constant ESCROW = 6 ether;
    uint256 internal constant SECOND_PRICE = PRICE_PER_HOUR / 3_600;
    uint256 internal constant PANEL_SIZE = 3;
    uint256 internal constant FEE_FLOOR = 0.01 ether;
    uint256 internal constant FEE_PER_SEGMENT = 3 * 4 * SECOND_PRICE / 2; // one and a half replays of four steps of a second
    uint256 internal constant AUDIT_FEE = 8 * FEE_PER_SEGMENT; // 6 + 2 segments
    uint256 internal constant STAKE = ESCROW + AUDIT_FEE;
    uint256 internal constant FIVE_MINUTES_PRICE = 3 ether;
    uint256 internal constant SEAT_STAKE = 5 ether;
    uint256 internal constant BOND = 100 ether;
    uint256 internal constant CHALLENGE_BOND = STAKE / 2;
    uint32 internal constant WINDOWS = 4;
    bytes32 internal constant SALT = "salt";

    address internal seller = makeAddr("seller");
    address internal buyer = vm.addr(BUYER_KEY);
    address internal payer = vm.addr(PAYER_KEY);
    address internal stranger = makeAddr("stranger");
    address internal challenger = makeAddr("challenger");
    address[] internal auditors;
    mapping(address auditor => uint256) internal keys;
    mapping(uint256 disputeId => Ballot[]) internal sealedVotes;
    mapping(uint256 orderId => address[]) internal passedBy; // by a whole panel's signatures

    DevToken internal token;
    Runtime internal runtime;
    Balances internal balances;
    Machines internal machines;
    Staking internal staking;
    IMarket internal market;
    Proofs internal proofs;
    Disputes internal disputes;
    Hashrate internal hashrate;
    Drilling internal drilling;
    Rewards internal rewards;
    Windows internal windows;
    IConsents internal consents;
    address internal beaconAddress; // zero: hashes of blocks
    uint256 internal machineId;
    uint256 internal offerId;

    function setUp() public virtual {
        vm.warp(1_000_000);
        vm.roll(1_000);
        compose(parameters());

        fund(buyer, 1_000 ether);
        fund(payer, 1_000 ether);
        bondAs(seller, BOND);
        for (uint256 i; i < 4; ++i) {
            seatAuditor(string.concat("auditor", vm.toString(i)));
        }
        machineId = addMachineAs(seller);
        offerId = offerAs(seller, machineId);
    }

    function parameters() internal pure virtual returns (Parameters memory) {
        return Parameters({
            confirmSeconds: 60,
            lastWindowSeconds: 10,
            commitSeconds: 60,
            revealSeconds: 60,
            challengeSeconds: 30,
            unbondingSeconds: 1_000,
            beaconDelayBlocks: 2,
            protocolFeeBps: 200,
            minSeats: 1,
            panelSize: uint16(PANEL_SIZE),
            auditFeePerSegmentWei: uint128(FEE_FLOOR),
            seatStakeWei: uint128(SEAT_STAKE),
            panelCostWei: 0.1 ether
        });
    }

    /// @dev Epochs of a day; one ut costs a hundredth of an ether.
    function scoreParameters() internal pure virtual returns (ScoreParameters memory) {
        return ScoreParameters({
            epochSeconds: 1 days,
            roundSeconds: 1 days,
            roundOdds: 4,
            benchmarkSeconds: 600,
            drillSeconds: 300,
            drillSize: 6,
            ticketMflops: 1_000,
            ticketStakeWei: 1 ether,
            fillInNut: 1e9,
            creditPriceWei: 0.01 ether,
            emissionWei: 64 ether,
            halvingEpochs: 365
        });
    }

    function compose(Parameters memory p) internal {
        composeWith(p, address(token = DevToken(deployed("DevToken", ""))));
    }

    function composeWith(Parameters memory p, address token_) internal {
        uint256 nonce = vm.getNonce(address(this));
        Pallets memory pallets = Pallets({
            balances: vm.computeCreateAddress(address(this), nonce + 1),
            machines: vm.computeCreateAddress(address(this), nonce + 2),
            staking: vm.computeCreateAddress(address(this), nonce + 3),
            market: vm.computeCreateAddress(address(this), nonce + 4),
            proofs: vm.computeCreateAddress(address(this), nonce + 5),
            disputes: vm.computeCreateAddress(address(this), nonce + 6),
            hashrate: vm.computeCreateAddress(address(this), nonce + 7),
            drilling: vm.computeCreateAddress(address(this), nonce + 8),
            rewards: vm.computeCreateAddress(address(this), nonce + 9),
            windows: vm.computeCreateAddress(address(this), nonce + 10),
            beacon: beaconAddress
        });
        runtime = Runtime(deployed("Runtime", abi.encode(p, pallets)));
        balances = Balances(deployed("Balances", abi.encode(runtime, token_)));
        machines = Machines(deployed("Machines", abi.encode(runtime)));
        staking = Staking(deployed("Staking", abi.encode(runtime)));
        // Named, so that forge compiles it also where it compiles only what the chosen tests import.
        market = IMarket(address(Market(deployed("Market", abi.encode(runtime)))));
        proofs = Proofs(deployed("Proofs", abi.encode(runtime)));
        disputes = Disputes(deployed("Disputes", abi.encode(runtime)));
        bytes memory scored = abi.encode(runtime, scoreParameters());
        hashrate = Hashrate(deployed("Hashrate", scored));
        drilling = Drilling(deployed("Drilling", scored));
        rewards = Rewards(deployed("Rewards", scored));
        windows = Windows(deployed("Windows", abi.encode(runtime)));
        consents = market.consents();
        assertTrue(runtime.isComposed(), "composed");
    }

    function makeAddr(string memory name) internal returns (address account) {
        account = address(uint160(uint256(keccak256(bytes(name)))));
        vm.label(account, name);
    }

    /// @dev Tokens and an allowance, nothing deposited.
    function fund(address account, uint256 amountWei) internal {
        token.mint(account, amountWei);
        vm.prank(account);
        token.approve(address(balances), type(uint256).max);
    }

    function bondAs(address account, uint256 amountWei) internal {
        fund(account, amountWei);
        vm.startPrank(account);
        balances.deposit(amountWei);
        staking.bond(amountWei);
        vm.stopPrank();
    }

    function seatAuditor(string memory name) internal returns (address auditor) {
        auditor = vm.addr(keyOf(name));
        vm.label(auditor, name);
        keys[auditor] = keyOf(name);
        auditors.push(auditor);
        bondAs(auditor, SEAT_STAKE);
        vm.prank(auditor);
        staking.takeSeat(CLASS);
    }

    function keyOf(string memory name) internal pure returns (uint256) {
        return uint256(keccak256(bytes(name))) >> 8;
    }

    function addMachineAs(address account) internal returns (uint256 id) {
        vm.prank(account);
        id = machines.addMachine(bytes32("spec"), "bafyspec", CLASS, "http://127.0.0.1:1");
    }

    function offerAs(address account, uint256 machine) internal returns (uint256 id) {
        vm.prank(account);
        id = market.makeOffer(machine, PRICE_PER_HOUR, 60, 3_600, uint64(time() + 1 days));
    }

    function defaultTerms() internal view returns (OrderTerms memory) {
        return OrderTerms({
            offerId: offerId,
            jobHash: keccak256("job"),
            maxSeconds: 600,
            stepMicros: 1_000_000,
            steps: 40,
            stepsPerSegment: 4,
            segmentsPerWindow: 3,
            draws: 6,
            unauditedShareBps: 5_000,
            mode: ProofMode.Bitwise,
            vouched: true
        });
    }

    /// @dev Without proof; its machine must take such orders.
    function rentalTerms() internal view returns (OrderTerms memory terms) {
        terms.offerId = offerId;
        terms.jobHash = keccak256("job");
        terms.maxSeconds = 600;
    }

    function setModesAs(address account, uint256 machine, uint8 modes) internal {
        vm.prank(account);
        machines.setModes(machine, modes);
    }

    function byCaller() internal pure returns (Payment memory payment) {
        payment.maxTotalWei = type(uint256).max;
    }
}
