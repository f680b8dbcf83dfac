// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Runtime} from "../../../contracts/src/Runtime.sol";
import {
    AuditOutcome,
    Ballot,
    DisputeStage,
    DisputeView,
    HoldReason,
    Leaf,
    LeafProof,
    MachineStatus,
    Narrowing,
    OrderStatus,
    OrderTerms,
    Opening,
    OrderView,
    Pallets,
    Parameters,
    Payment,
    ProofFacts,
    ProofMode,
    ResumeFrom,
    Role,
    ScoreParameters,
    SealedBallot,
    SignedOffer
} from "../../../contracts/src/interfaces/Types.sol";
import {IBalances} from "../../../contracts/src/interfaces/IBalances.sol";
import {IConsents} from "../../../contracts/src/interfaces/IConsents.sol";
import {IDisputes} from "../../../contracts/src/interfaces/IDisputes.sol";
import {IHashrate} from "../../../contracts/src/interfaces/IHashrate.sol";
import {IMachines} from "../../../contracts/src/interfaces/IMachines.sol";
import {IMarket} from "../../../contracts/src/interfaces/IMarket.sol";
import {IPallet} from "../../../contracts/src/interfaces/IPallet.sol";
import {IProofs} from "../../../contracts/src/interfaces/IProofs.sol";
import {IRuntime} from "../../../contracts/src/interfaces/IRuntime.sol";
import {IStaking} from "../../../contracts/src/interfaces/IStaking.sol";
import {IWindows} from "../../../contracts/src/interfaces/IWindows.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {Findings} from "../../../contracts/src/libraries/Findings.sol";
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
import {Test, Vm} from "./Test.sol";
import {WindowTree} from "./WindowTree.sol";

/// @notice One composed market with named actors, and an order's steps as one-line helpers.
/// @dev Numbers chosen so that sums can be checked by hand: 36 ether an hour is 0.01 ether a second; the default
/// order is 600 s, 40 steps in 10 segments in 4 windows (3, 3, 3, 1), 6 random draws.
abstract contract BaseTest is Test {
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

    /* SETTING UP */

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

    /* AN ORDER'S STEPS */

    function place() internal returns (uint256 orderId) {
        return placeWith(defaultTerms());
    }

    function placeWith(OrderTerms memory terms) internal returns (uint256 orderId) {
        vm.prank(buyer);
        orderId = market.placeOrder(terms, "bafyjob", byCaller());
        mine(1);
    }

    /// @notice Placed by the buyer, paid by the payer's signature.
    function placePaidByOther() internal returns (uint256 orderId) {
        OrderTerms memory terms = defaultTerms();
        Payment memory payment = signedPayment(PAYER_KEY, buyer, terms, 7);
        vm.prank(buyer);
        orderId = market.placeOrder(terms, "bafyjob", payment);
        mine(1);
    }

    function signedPayment(uint256 key, address forBuyer, OrderTerms memory terms, uint256 nonce)
        internal
        view
        returns (Payment memory payment)
    {
        payment.payer = vm.addr(key);
        payment.maxTotalWei = ESCROW + AUDIT_FEE;
        payment.nonce = nonce;
        payment.deadline = time() + 100;
        bytes32 digest =
            payDigest(address(market), block.chainid, forBuyer, terms.jobHash, machineId, payment);
        payment.paySignature = signatureOf(key, digest);
    }

    /// @dev Written out from the EIP, not taken from the contract.
    function payDigest(
        address verifier,
        uint256 chain,
        address forBuyer,
        bytes32 jobHash,
        uint256 machine,
        Payment memory payment
    ) internal pure returns (bytes32) {
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "PayOrder(address buyer,bytes32 jobHash,uint256 machine,uint256 maxTotalWei,uint256 nonce,uint256 deadline)"
                ),
                forBuyer,
                jobHash,
                machine,
                payment.maxTotalWei,
                payment.nonce,
                payment.deadline
            )
        );
        return typedDigest(verifier, chain, message);
    }

    function typedDigest(address verifier, uint256 chain, bytes32 message) internal pure returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Trainyard"),
                keccak256("1"),
                chain,
                verifier
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, message));
    }

    function signatureOf(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /* SIGNED OFFERS */

    /// @notice By SIGNER_KEY: three orders of the default length.
    function signedOffer(uint256 machine) internal view returns (SignedOffer memory) {
        return SignedOffer({
            seller: vm.addr(SIGNER_KEY),
            machineId: uint64(machine),
            pricePerHourWei: uint96(PRICE_PER_HOUR),
            minSeconds: 60,
            maxSeconds: 1_800,
            expiresAt: uint64(time() + 1 days),
            nonce: 0,
            salt: 1
        });
    }

    function signedTerms() internal view returns (OrderTerms memory terms) {
        terms = defaultTerms();
        terms.offerId = 0;
    }

    function nowhere() internal pure returns (ResumeFrom memory) {}

    /// @notice A window as commitNext commits it.
    function resumeFrom(uint256 orderId, uint32 window) internal pure returns (ResumeFrom memory) {
        return ResumeFrom({
            orderId: orderId,
            window: window,
            root: keccak256(abi.encode("root", window)),
            segments: window == 3 ? 1 : 3,
            lastStateRoot: bytes32("state")
        });
    }

    /// @dev Written out from the EIP, not taken from the contract.
    function offerDigest(SignedOffer memory offer, address verifier, uint256 chain)
        internal
        pure
        returns (bytes32)
    {
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "SignedOffer(address seller,uint64 machineId,uint96 pricePerHourWei,uint32 minSeconds,uint32 maxSeconds,uint64 expiresAt,uint256 nonce,uint256 salt)"
                ),
                offer.seller,
                offer.machineId,
                offer.pricePerHourWei,
                offer.minSeconds,
                offer.maxSeconds,
                offer.expiresAt,
                offer.nonce,
                offer.salt
            )
        );
        return typedDigest(verifier, chain, message);
    }

    function offerSignature(SignedOffer memory offer) internal view returns (bytes memory) {
        return signatureOf(SIGNER_KEY, offerDigest(offer, address(market), block.chainid));
    }

    function placeSigned(SignedOffer memory offer) internal returns (uint256 orderId) {
        bytes memory signature = offerSignature(offer);
        OrderTerms memory terms = signedTerms();
        vm.prank(buyer);
        orderId = market.placeSignedOrder(offer, signature, terms, "bafyjob", byCaller(), nowhere());
        mine(1);
    }

    function permitSignature(uint256 key, uint256 valueWei, uint256 deadline)
        internal
        view
        returns (bytes memory)
    {
        address owner = vm.addr(key);
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                owner,
                address(balances),
                valueWei,
                token.nonces(owner),
                deadline
            )
        );
        return signatureOf(key, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), message)));
    }

    function start(uint256 orderId) internal {
        vm.prank(seller);
        market.startOrder(orderId);
        mine(3);
    }

    function placeAndStart() internal returns (uint256 orderId) {
        orderId = place();
        start(orderId);
    }

    function commitNext(uint256 orderId) internal {
        uint32 index = windows.windowCount(orderId);
        commitNextOf(orderId, index == 3 ? 1 : 3);
    }

    function commitNextOf(uint256 orderId, uint32 segments) internal {
        uint32 index = windows.windowCount(orderId);
        vm.prank(seller);
        windows.commitWindow(
            orderId, index, keccak256(abi.encode("root", index)), segments, bytes32("state"), 0, "bafyleaves"
        );
        mine(3);
    }

    function commitWindows(uint256 orderId, uint256 count) internal {
        for (uint256 i; i < count; ++i) {
            commitNext(orderId);
        }
    }

    function complete(uint256 orderId) internal {
        vm.prank(seller);
        market.orderCompleted(orderId, "bafyresult");
        mine(3);
    }

    /// @notice Placed, started, all windows committed, ended by the seller after `elapsed` seconds.
    function completedAfter(uint256 elapsed) internal returns (uint256 orderId) {
        orderId = placeAndStart();
        commitWindows(orderId, WINDOWS);
        skip(elapsed);
        complete(orderId);
    }

    /* AN AUDIT'S STEPS */

    function drawnCount(uint256 orderId) internal view returns (uint256) {
        (, uint32[] memory segments,) = proofs.drawOf(orderId);
        return segments.length;
    }

    function panelOf(uint256 orderId) internal view returns (address[] memory panel) {
        (,, panel) = proofs.drawOf(orderId);
    }

    /// @notice Fixes the draw's block where only the clock opened the audit, and waits for it.
    function openDraw(uint256 orderId) internal {
        proofs.pinDraw(orderId);
        mine(3);
    }

    function awaitDraw(uint256 orderId) internal {
        (bool ready,,) = proofs.drawOf(orderId);
        if (!ready) openDraw(orderId);
    }

    /// @notice The member's part of a word about all drawn segments; of a stranger all of it.
    function ownPart(uint256 orderId, address auditor, uint256 word) internal view returns (uint256) {
        address[] memory panel = panelOf(orderId);
        (, uint256[] memory shares) = proofs.sharesOf(orderId);
        for (uint256 i; i < panel.length; ++i) {
            if (panel[i] == auditor) return word & 3 * shares[i];
        }
        return word;
    }

    /// @notice The same verdict (1 pass, 2 fail, 3 unavailable) on all drawn segments.
    function uniform(uint256 orderId, uint256 verdict) internal view returns (uint256 word) {
        uint256 count = drawnCount(orderId);
        for (uint256 i; i < count; ++i) {
            word |= verdict << (2 * i);
        }
    }

    /// @notice Of the member's part of the word.
    function commitmentOf(uint256 orderId, address auditor, uint256 word) internal view returns (bytes32) {
        return commitmentTo(orderId, auditor, ownPart(orderId, auditor, word));
    }

    function commitmentTo(uint256 orderId, address auditor, uint256 verdicts)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(orderId, auditor, verdicts, keccak256(bytes("bafyreport")), SALT));
    }

    function commitVerdictsAs(address auditor, uint256 orderId, uint256 word) internal {
        bytes32 commitment = commitmentOf(orderId, auditor, word);
        vm.prank(auditor);
        proofs.commitVerdicts(orderId, commitment);
    }

    function revealAs(address auditor, uint256 orderId, uint256 word) internal {
        uint256 verdicts = ownPart(orderId, auditor, word);
        vm.prank(auditor);
        proofs.revealVerdicts(orderId, verdicts, SALT, "bafyreport");
    }

    /// @notice All panel members commit and reveal; member i says its part of words[i].
    function auditWith(uint256 orderId, uint256[] memory words) internal {
        awaitDraw(orderId);
        address[] memory panel = panelOf(orderId);
        for (uint256 i; i < panel.length; ++i) {
            commitVerdictsAs(panel[i], orderId, words[i]);
        }
        for (uint256 i; i < panel.length; ++i) {
            revealAs(panel[i], orderId, words[i]);
        }
    }

    /// @notice Member i's part of words[i], opened and signed.
    function openingsOf(uint256 orderId, uint256[] memory words)
        internal
        view
        returns (Opening[] memory list)
    {
        address[] memory panel = panelOf(orderId);
        list = new Opening[](panel.length);
        for (uint256 i; i < panel.length; ++i) {
            list[i] = openingOf(orderId, panel[i], ownPart(orderId, panel[i], words[i]));
        }
    }

    /// @notice Exactly these verdicts.
    function openingOf(uint256 orderId, address auditor, uint256 verdicts)
        internal
        view
        returns (Opening memory)
    {
        bytes32 commitment = commitmentTo(orderId, auditor, verdicts);
        return Opening(verdicts, SALT, "bafyreport", signedCommitment(orderId, auditor, commitment));
    }

    /// @dev For the panel that sits.
    function signedCommitment(uint256 orderId, address auditor, bytes32 commitment)
        internal
        view
        returns (bytes memory)
    {
        return signedCommitment(orderId, proofs.roundOf(orderId), auditor, commitment);
    }

    function signedCommitment(uint256 orderId, uint8 round, address auditor, bytes32 commitment)
        internal
        view
        returns (bytes memory)
    {
        return signedCommitment(orderId, round, drawnAs(orderId), auditor, commitment);
    }

    /// @notice What is drawn now, in a word.
    function drawnAs(uint256 orderId) internal view returns (bytes32 draw) {
        (draw,) = proofs.sharesOf(orderId);
    }

    /// @dev Written out from the EIP, not taken from the contract.
    function signedCommitment(uint256 orderId, uint8 round, bytes32 draw, address auditor, bytes32 commitment)
        internal
        view
        returns (bytes memory)
    {
        bytes32 typeHash = keccak256("Verdicts(uint256 orderId,uint8 round,bytes32 draw,bytes32 commitment)");
        bytes32 message = keccak256(abi.encode(typeHash, orderId, round, draw, commitment));
        return signatureOf(
            keys[auditor] == 0 ? 1 : keys[auditor], typedDigest(address(proofs), block.chainid, message)
        );
    }

    /// @notice Every member gives the same verdict on every segment.
    function auditAll(uint256 orderId, uint256 verdict) internal {
        awaitDraw(orderId);
        uint256[] memory words = new uint256[](3);
        for (uint256 i; i < 3; ++i) {
            words[i] = uniform(orderId, verdict);
        }
        auditWith(orderId, words);
    }

    /// @notice A whole panel's verdicts in one call, by anyone.
    function submit(uint256 orderId, Opening[] memory openings) internal {
        vm.recordLogs();
        proofs.submitVerdicts(orderId, openings);
        notePassed(orderId);
    }

    /// @notice Whom the recorded AuditPassed names.
    function notePassed(uint256 orderId) internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] != IProofs.AuditPassed.selector) continue;
            (passedBy[orderId],,) = abi.decode(logs[i].data, (address[], uint256, uint64));
        }
    }

    /// @notice Passed by a whole panel's signatures: nobody revealed on chain.
    function isSubmitted(uint256 orderId) internal view returns (bool) {
        (AuditOutcome outcome,, uint32 revealed,,) = proofs.auditOf(orderId);
        return outcome == AuditOutcome.Pass && revealed == 0;
    }

    /// @notice What was passed waits until it can no longer be challenged.
    function awaitPay(uint256 orderId) internal {
        (AuditOutcome outcome,,, uint64 deadlineAt,) = proofs.auditOf(orderId);
        if (outcome == AuditOutcome.Pass && deadlineAt > time()) vm.warp(deadlineAt);
    }

    /// @notice Where the first panel left it undecided, the larger one is left to keep silent.
    function settle(uint256 orderId) internal {
        awaitPay(orderId);
        if (isUndecided(orderId)) silentRedraw(orderId);
        bool submitted = isSubmitted(orderId);
        uint256 drawn = drawnCount(orderId);
        vm.prank(stranger);
        if (submitted) proofs.settlePassed(orderId, passedBy[orderId], drawn);
        else market.settleOrder(orderId);
    }

    function isUndecided(uint256 orderId) internal view returns (bool) {
        (AuditOutcome outcome,,,,) = proofs.auditOf(orderId);
        return outcome == AuditOutcome.Undecided;
    }

    /// @notice Nobody of the first panel speaks, so that a larger one is drawn, here of all seats.
    function largerPanelOf(uint256 orderId) internal returns (address[] memory) {
        skip(60);
        market.settleOrder(orderId);
        mine(3);
        return panelOf(orderId);
    }

    /// @notice The first panel left it undecided, and nobody of the larger one speaks.
    function silentRedraw(uint256 orderId) internal {
        market.settleOrder(orderId);
        (,,, uint64 deadlineAt,) = proofs.auditOf(orderId);
        vm.warp(deadlineAt);
    }

    /* A DISPUTE'S STEPS */

    /// @notice By anyone: the bond is put up first where it is short.
    function challengeAs(address account, uint256 orderId, uint32 segment)
        internal
        returns (uint256 disputeId)
    {
        coverBond(account, orderId);
        vm.prank(account);
        return disputes.challenge(orderId, segment);
    }

    function coverBond(address account, uint256 orderId) internal {
        IStaking.BondView memory bond = staking.bondOf(account);
        uint256 bondWei = disputes.bondWeiOf(orderId);
        if (bond.activeWei - bond.reservedWei < bondWei) bondAs(account, bondWei);
    }

    /// @notice The seller says that all is served.
    function answerAsSeller(uint256 disputeId) internal {
        address by = market.orderOf(disputes.disputeOf(disputeId).orderId).seller;
        vm.prank(by);
        Narrowing memory none;
        disputes.answer(disputeId, none);
    }

    /// @notice Draws the jury without time's passing: the seller answers if it still has to.
    function drawJuryOf(uint256 disputeId) internal returns (address[] memory jury) {
        if (disputes.disputeOf(disputeId).stage == DisputeStage.Answering) answerAsSeller(disputeId);
        mine(3);
        disputes.drawJury(disputeId);
        return disputes.disputeOf(disputeId).jury;
    }

    /// @notice Challenged by `account`, answered, its jury drawn.
    function votingOn(address account, uint256 orderId, uint32 segment) internal returns (uint256 disputeId) {
        disputeId = challengeAs(account, orderId, segment);
        drawJuryOf(disputeId);
    }

    /// @notice The first difference, with its place in the challenger's list.
    function narrowingOf(bytes32[] memory roots, bytes32[] memory theirs)
        internal
        pure
        returns (Narrowing memory n)
    {
        uint256 first;
        while (first + 1 < roots.length && roots[first] == theirs[first]) ++first;
        n.step = uint32(first + 1);
        n.preRoot = first == 0 ? bytes32(0) : theirs[first - 1];
        (n.sellerRoot, n.challengerRoot) = (roots[first], theirs[first]);
        if (first != 0) n.prePath = WindowTree.pathOf(theirs, first - 1);
        n.path = WindowTree.pathOf(theirs, first);
    }

    /// @notice A juror's own transaction: seals its vote, which openVotes opens.
    function voteAs(address juror, uint256 disputeId, bytes32 found) internal {
        voteAs(juror, disputeId, found, false);
    }

    function voteAs(address juror, uint256 disputeId, bytes32 found, bool othersHold) internal {
        Ballot memory ballot = ballotOf(juror, disputeId, found, othersHold);
        SealedBallot[] memory one = new SealedBallot[](1);
        one[0] = SealedBallot(juror, ballotCommitment(ballot, disputeId), "");
        vm.prank(juror);
        disputes.sealBallots(disputeId, one);
        sealedVotes[disputeId].push(ballot);
    }

    /// @notice The whole jury seals the same.
    function sealAll(uint256 disputeId, bytes32 found) internal {
        address[] memory jury = disputes.disputeOf(disputeId).jury;
        for (uint256 i; i < jury.length; ++i) {
            voteAs(jury[i], disputeId, found);
        }
    }

    /// @notice One by one, once that is allowed, until it is decided.
    function openVotes(uint256 disputeId) internal {
        uint64 sealDeadline = disputes.disputeOf(disputeId).sealDeadline;
        if (time() < sealDeadline) vm.warp(sealDeadline);
        Ballot[] storage votes = sealedVotes[disputeId];
        // Once the time is over only what comes with the call counts.
        if (time() >= disputes.disputeOf(disputeId).deadlineAt) {
            disputes.resolve(disputeId, votes);
            delete sealedVotes[disputeId];
            return;
        }
        Ballot[] memory one = new Ballot[](1);
        for (uint256 i; i < votes.length && disputes.disputeOf(disputeId).stage == DisputeStage.Voting; ++i) {
            one[0] = votes[i];
            disputes.resolve(disputeId, one);
        }
        delete sealedVotes[disputeId];
    }

    /// @notice Signed, of the current round.
    function ballotOf(address juror, uint256 disputeId, bytes32 found, bool othersHold)
        internal
        view
        returns (Ballot memory ballot)
    {
        ballot = Ballot(juror, found, othersHold, bytes32("work"), SALT, "");
        uint8 round = disputes.disputeOf(disputeId).round;
        ballot.signature = signedBallot(juror, disputeId, round, ballotCommitment(ballot, disputeId, round));
    }

    /// @notice Signed by the first `count` of the jury.
    function ballotsOf(uint256 disputeId, uint256 count, bytes32 found)
        internal
        view
        returns (Ballot[] memory)
    {
        return ballotsOf(disputeId, count, found, false);
    }

    function ballotsOf(uint256 disputeId, uint256 count, bytes32 found, bool othersHold)
        internal
        view
        returns (Ballot[] memory ballots)
    {
        DisputeView memory v = disputes.disputeOf(disputeId);
        ballots = new Ballot[](count);
        for (uint256 i; i < count; ++i) {
            ballots[i] = ballotOf(v.jury[i], disputeId, found, othersHold);
        }
    }

    function ballotCommitment(Ballot memory ballot, uint256 disputeId) internal view returns (bytes32) {
        return ballotCommitment(ballot, disputeId, disputes.disputeOf(disputeId).round);
    }

    function ballotCommitment(Ballot memory b, uint256 disputeId, uint8 round)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(disputeId, round, b.juror, b.found, b.othersHold, b.work, b.salt));
    }

    /// @dev Written out from the EIP, not taken from the contract.
    function signedBallot(address juror, uint256 disputeId, uint8 round, bytes32 commitment)
        internal
        view
        returns (bytes memory)
    {
        bytes32 message = keccak256(
            abi.encode(
                keccak256("Ballot(uint256 disputeId,uint8 round,bytes32 commitment)"),
                disputeId,
                round,
                commitment
            )
        );
        return signatureOf(
            keys[juror] == 0 ? 1 : keys[juror], typedDigest(address(disputes), block.chainid, message)
        );
    }

    /// @notice The whole jury finds the same.
    function resolveAll(uint256 disputeId, bytes32 found) internal {
        resolveAll(disputeId, found, false);
    }

    function resolveAll(uint256 disputeId, bytes32 found, bool othersHold) internal {
        uint256 count = disputes.disputeOf(disputeId).jury.length;
        Ballot[] memory ballots = ballotsOf(disputeId, count, found, othersHold);
        vm.prank(stranger);
        disputes.resolve(disputeId, ballots);
    }

    /// @notice The challenger is right about the segment: the order is settled as fraud.
    function convict(uint256 orderId, uint32 segment) internal {
        convictBy(orderId, segment, Findings.UNUSABLE);
    }

    function convictBy(uint256 orderId, uint32 segment, bytes32 found) internal {
        resolveAll(votingOn(challenger, orderId, segment), found);
    }

    /// @notice Settled by verdicts (1 pass) or by a dispute (2 fraud, 3 unavailable).
    function judge(uint256 orderId, uint256 verdict) internal {
        if (verdict == 2) return convict(orderId, 0);
        if (verdict == 3) return convictBy(orderId, 0, Findings.UNAVAILABLE);
        auditAll(orderId, verdict);
        settle(orderId);
    }

    /// @notice Free, held and bonded, and in its pocket.
    function wealthOf(address account) internal view returns (uint256) {
        return token.balanceOf(account) + balances.freeOf(account)
            + balances.heldOf(account, HoldReason.Escrow) + balances.heldOf(account, HoldReason.Stake);
    }

    /* ASSERTIONS */

    function assertStatus(uint256 orderId, OrderStatus expected, string memory message) internal view {
        assertEq(uint256(market.statusOf(orderId)), uint256(expected), message);
    }

    function assertFree(address account, uint256 expectedWei, string memory message) internal view {
        assertEq(balances.freeOf(account), expectedWei, message);
    }

    function assertHeld(address account, HoldReason reason, uint256 expectedWei, string memory message)
        internal
        view
    {
        assertEq(balances.heldOf(account, reason), expectedWei, message);
    }

    /// @notice No escrow and no fee is held, the seller has nothing reserved: the order left nothing behind.
    function assertNothingLeft() internal view {
        assertHeld(buyer, HoldReason.Escrow, 0, "buyer's escrow left");
        assertHeld(payer, HoldReason.Escrow, 0, "payer's escrow left");
        assertEq(staking.bondOf(seller).reservedWei, 0, "seller's stake left");
        assertSolvent();
    }

    function assertSolvent() internal view {
        assertEq(
            balances.totalWei() + balances.burnedWei(),
            token.balanceOf(address(balances)),
            "free + held + burned != tokens"
        );
    }

    function unexpected(uint256 orderId, OrderStatus current, uint256 allowed)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(IMarket.MarketUnexpectedStatus.selector, orderId, current, allowed);
    }

    function badTerms(string memory field) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IMarket.MarketBadTerms.selector, field);
    }

    function tooEarly(uint256 orderId, uint256 notBefore) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IMarket.MarketTooEarly.selector, orderId, notBefore);
    }

    function tooLate(uint256 orderId, uint256 deadline) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IMarket.MarketTooLate.selector, orderId, deadline);
    }
}
