// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    AuditOutcome,
    BaseTest,
    Leaf,
    OrderStatus,
    OrderTerms,
    OrderView,
    Parameters,
    Payment,
    ProofMode,
    SignedOffer
} from "../helpers/BaseTest.sol";
import {WindowTree} from "../helpers/WindowTree.sol";

/// @notice The actors, what they have, and what is remembered of every order and dispute while they act.
/// @dev No action reverts: refused calls are caught. What must never happen is written to violation.
abstract contract World is BaseTest {
    bytes4 internal constant PANIC = 0x4e487b71;

    /// @notice First rule broken; empty: none.
    string public violation;
    /// @notice How often each status was entered.
    mapping(OrderStatus status => uint256) public entered;
    /// @notice How often each reason was the last word.
    mapping(uint16 reason => uint256) public ends;
    uint256 public evictions;
    uint256 public redraws;
    uint256 public submissions;
    uint256 public refused;
    uint256 public renewals;
    uint256 public fills;
    uint256 public resumes;
    uint256 public changes;
    uint256 public pauses;
    /// @notice Disputes by what became of them.
    uint256 public challenges;
    uint256 public narrowings;
    uint256 public sealings;
    uint256 public refutations;
    uint256 public convictions;
    uint256 public secondRounds;
    uint256 public returns_;
    /// @notice Closed by a call that said so, not only because the order was settled otherwise.
    mapping(uint256 disputeId => bool) public isClosed;
    mapping(uint256 orderId => bool) internal _everDisputed;
    /// @dev Last states of what sellers of pairs opened, and the places of their beacons.
    mapping(uint256 orderId => mapping(uint32 window => bytes32)) internal _shown;
    mapping(uint256 orderId => mapping(uint32 index => uint64)) internal _anchored;
    /// @notice What the one seller who signs has signed so far.
    bytes32[] public offerHashes;
    bool internal _closing;
    SignedOffer[] internal _signedOffers;
    bytes[] internal _signatures;

    /// @notice Every rule is checked for every order after every action: a bound on time, not on behaviour.
    uint256 public maxOrders = 16;
    address[] public actors;
    uint256[] internal _machineIds;
    mapping(uint256 orderId => OrderStatus) internal _lastStatus;
    mapping(uint256 orderId => bytes32) internal _settledHash;
    mapping(uint256 orderId => mapping(address => uint256)) internal _words;

    function setUp() public virtual override {
        super.setUp();
        address second = vm.addr(keyOf("second seller"));
        keys[second] = keyOf("second seller");
        keys[buyer] = BUYER_KEY;
        keys[payer] = PAYER_KEY;
        keys[vm.addr(SIGNER_KEY)] = SIGNER_KEY;
        bondAs(second, BOND);
        _machineIds.push(machineId);
        _machineIds.push(addMachineAs(second));
        _machineIds.push(addMachineAs(second));
        offerAs(second, _machineIds[1]);
        offerAs(second, _machineIds[2]);
        setModesAs(seller, _machineIds[0], 11);
        setModesAs(second, _machineIds[1], 11);

        bondAs(vm.addr(SIGNER_KEY), BOND);
        _machineIds.push(addMachineAs(vm.addr(SIGNER_KEY)));
        _signOffer(1_800);

        actors = [
            vm.addr(SIGNER_KEY),
            seller,
            second,
            buyer,
            payer,
            stranger,
            auditors[0],
            auditors[1],
            auditors[2],
            auditors[3]
        ];
        for (uint256 i; i < actors.length; ++i) {
            fund(actors[i], 200 ether);
        }
        // A seller and a buyer who audit as well.
        vm.prank(second);
        staking.takeSeat(CLASS);
        bondAs(buyer, 2 * SEAT_STAKE);
        vm.prank(buyer);
        staking.takeSeat(CLASS);
    }

    modifier observed() {
        _;
        _observe();
    }

    /* INTERNAL */

    function _signOffer(uint32 maxSeconds) internal {
        SignedOffer memory offer = signedOffer(_machineIds[3]);
        offer.maxSeconds = maxSeconds;
        offer.salt = _signedOffers.length;
        offer.nonce = consents.offerNonceOf(offer.seller);
        offer.expiresAt = uint64(time() + 30 days);
        _signedOffers.push(offer);
        _signatures.push(offerSignature(offer));
        offerHashes.push(offerDigest(offer, address(market), block.chainid));
    }

    /// @dev Times and sizes an order can still be worked under; money anywhere within the caps.
    function _randomly(uint256 a, uint256 b) internal pure returns (Parameters memory p) {
        p = parameters();
        p.confirmSeconds = uint32(bound(a, 20, 200));
        p.lastWindowSeconds = uint32(bound(a >> 8, 0, 20));
        p.commitSeconds = uint32(bound(a >> 16, 20, 200));
        p.revealSeconds = uint32(bound(a >> 24, 20, 200));
        p.challengeSeconds = uint32(bound(a >> 40, 1, 200));
        p.unbondingSeconds = uint32(bound(a >> 32, 0, 1_000));
        p.protocolFeeBps = uint16(bound(b, 0, 2_000));
        p.minSeats = uint16(bound(b >> 8, 1, 2));
        p.panelSize = uint16(bound(b >> 16, 1, 5));
        p.auditFeePerSegmentWei = uint128(bound(b >> 24, 0, 10 * FEE_FLOOR));
        p.seatStakeWei = uint128(bound(b >> 88, 1, 2 * SEAT_STAKE));
        p.panelCostWei = uint128(bound(b >> 152, 0, 1 ether));
    }

    function _pin(uint256 orderId) internal virtual {
        try proofs.pinDraw(orderId) {}
        catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function _commitWindow(uint256 orderId, uint32 segments) internal {
        uint32 index = windows.windowCount(orderId);
        if (market.statusOf(orderId) == OrderStatus.Training) segments = index == 3 ? 1 : 3;
        Leaf[] memory leaves = _leavesOf(index, segments);
        bytes32 root = WindowTree.rootOf(WindowTree.hashesOf(leaves));
        bytes32 last = segments == 0 ? bytes32(0) : leaves[segments - 1].stateRootAfter;
        if (windows.twinOf(orderId) != 0) return _sealWindow(orderId, index, root, segments, last);
        vm.prank(market.orderOf(orderId).seller);
        try windows.commitWindow(orderId, index, root, segments, last, 0, "") {
            mine(3);
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    /// @dev One order in three goes another way from its second window on.
    function _strayed(uint256 orderId, uint32 index, bytes32 last) internal pure returns (bytes32) {
        return orderId % 3 == 0 && index != 0 ? keccak256(abi.encode(orderId, last)) : last;
    }

    /// @dev Now and then what its seller can never open.
    function _sealWindow(uint256 orderId, uint32 index, bytes32 root, uint32 segments, bytes32 last)
        internal
    {
        last = _strayed(orderId, index, last);
        bytes24 digest = bytes24(keccak256(abi.encode(orderId, root, segments, last)));
        if (uint256(keccak256(abi.encode(orderId, index, time()))) % 64 == 0) digest = "anything";
        vm.prank(market.orderOf(orderId).seller);
        try windows.sealWindow(orderId, index, digest, segments, 0) {
            mine(3);
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    /// @dev The newest window, or another one, with what it should have been.
    function _amendWindow(uint256 orderId, uint256 seed) internal {
        uint32 index = windows.windowCount(orderId);
        if (index != 0 && seed % 8 != 0) --index;
        Leaf[] memory leaves = _leavesOf(index, index == 3 ? 1 : 3);
        bytes32 root = WindowTree.rootOf(WindowTree.hashesOf(leaves));
        bytes32 last = leaves[leaves.length - 1].stateRootAfter;
        bool isTraining = market.statusOf(orderId) == OrderStatus.Training;
        vm.prank(market.orderOf(orderId).seller);
        try windows.amendWindow(orderId, index, uint32(seed >> 8) % 5, root, last, 0, "") {
            if (!isTraining) _fail("amended although its draw may be known", "");
            if (windows.twinOf(orderId) != 0) _fail("14: a sealed window was amended", "");
            if (!windows.windowOf(orderId, index).extraDraw) _fail("amended, and not drawn once more", "");
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    /// @dev Every order's windows are one honest chain: nobody ever shows that it is broken.
    function _leavesOf(uint256 window, uint256 count) internal pure returns (Leaf[] memory leaves) {
        leaves = new Leaf[](count);
        for (uint256 i; i < count; ++i) {
            uint256 segment = 3 * window + i;
            leaves[i].segment = uint32(segment);
            (leaves[i].firstStep, leaves[i].lastStep) = (uint64(4 * segment), uint64(4 * segment + 4));
            leaves[i].stateRootBefore = _state(4 * segment);
            leaves[i].stateRootAfter = _state(4 * segment + 4);
        }
    }

    function _state(uint256 step) internal pure returns (bytes32) {
        return keccak256(abi.encode("state", step));
    }

    /// @dev Words that decide something: mostly pass, all fail, all unavailable, or one segment off.
    function _commitVerdict(uint256 orderId, address auditor, uint256 verdict) internal {
        uint256 word = uniform(orderId, verdict % 7 == 5 ? 2 : verdict % 7 == 6 ? 3 : 1);
        if (verdict % 7 == 4) word += 1;
        word = ownPart(orderId, auditor, word);
        bytes32 commitment = commitmentTo(orderId, auditor, word);
        vm.prank(auditor);
        try proofs.commitVerdicts(orderId, commitment) {
            _words[orderId][auditor] = word;
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function _reveal(uint256 orderId, address auditor) internal {
        vm.prank(auditor);
        try proofs.revealVerdicts(orderId, _words[orderId][auditor], SALT, "bafyreport") {}
        catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    /// @dev Once an outcome is known nothing may stand in settlement's way.
    function _settle(uint256 orderId) internal {
        (AuditOutcome outcome,,, uint64 deadlineAt,) = proofs.auditOf(orderId);
        bool early = outcome == AuditOutcome.Pass && time() < deadlineAt;
        bool must =
            outcome != AuditOutcome.Pending && market.statusOf(orderId) == OrderStatus.Auditing && !early;
        uint256 stakeWei = _seatStakeWei();
        bool disputed = disputes.openOf(orderId) != 0;
        (bool ok, bytes memory reason) = _trySettle(orderId);
        if (ok) {
            if (disputed) _fail("a disputed order settled by its verdicts", "");
            if (early) _fail("a pass was paid while it could be challenged", "");
            if (outcome == AuditOutcome.Undecided) _checkRedrawn(orderId);
            if (_seatStakeWei() < stakeWei) ++evictions;
        } else if (must) {
            _fail("a decided order does not settle", reason);
        } else {
            _refuse(reason);
        }
    }

    /// @dev Not settled: it is audited again from the beginning, once.
    function _checkRedrawn(uint256 orderId) internal {
        (AuditOutcome outcome, uint32 committed,, uint64 deadlineAt,) = proofs.auditOf(orderId);
        bool anew = outcome == AuditOutcome.Pending && committed == 0 && deadlineAt > time();
        if (!anew || market.statusOf(orderId) != OrderStatus.Auditing) _fail("1: not audited again", "");
        ++redraws;
    }

    function _trySettle(uint256 orderId) internal returns (bool ok, bytes memory reason) {
        address[] memory agreeing = passedBy[orderId];
        if (!isSubmitted(orderId)) {
            return address(market).call(abi.encodeCall(market.settleOrder, (orderId)));
        }
        // Nobody but they is paid for it, and nobody pays nobody.
        try market.settleOrder(orderId) {
            _fail("a whole panel was not paid", "");
        } catch (bytes memory refusal) {
            _refuse(refusal);
        }
        uint256 drawn = proofs.passedByAgreement(orderId) ? 0 : drawnCount(orderId);
        try proofs.settlePassed(orderId, new address[](agreeing.length + 1), drawn) {
            _fail("a whole panel was not paid", "");
        } catch (bytes memory refusal) {
            _refuse(refusal);
        }
        return address(proofs).call(abi.encodeCall(proofs.settlePassed, (orderId, agreeing, drawn)));
    }

    function _seatStakeWei() internal view returns (uint256 sumWei) {
        for (uint256 i; i < actors.length; ++i) {
            sumWei += staking.seatStakeOf(CLASS, actors[i]);
        }
    }

    function _try(address target, bytes memory call) internal {
        (bool ok, bytes memory reason) = target.call(call);
        if (!ok) _refuse(reason);
    }

    /// @dev Refusals are fine; arithmetic panics are not: every limit has its own error.
    function _refuse(bytes memory reason) internal {
        ++refused;
        if (bytes4(reason) == PANIC) _fail("panic", reason);
    }

    function _fail(string memory rule, bytes memory) internal {
        if (bytes(violation).length == 0) violation = rule;
    }

    /// @dev An order in that status if there is one, else any (whose call will be refused).
    function _pick(uint256 seed, OrderStatus status) internal view returns (uint256 orderId) {
        uint256 count = market.orderCount();
        if (count == 0) return 1;
        for (uint256 i; i < count; ++i) {
            orderId = 1 + (seed % count + i) % count;
            if (market.statusOf(orderId) == status) return orderId;
        }
    }

    function _signed(OrderTerms memory terms, uint256 seed) internal view returns (Payment memory payment) {
        payment.payer = payer;
        payment.maxTotalWei = type(uint256).max;
        payment.nonce = seed % 40;
        payment.deadline = time();
        uint256 machine = _machineIds[seed % 3];
        payment.paySignature = signatureOf(
            PAYER_KEY, payDigest(address(market), block.chainid, buyer, terms.jobHash, machine, payment)
        );
    }

    /// @dev Compares every order with what it was: only along the arrows, and settled ones never change again.
    function _observe() internal {
        uint256 count = market.orderCount();
        for (uint256 id = 1; id <= count; ++id) {
            OrderStatus last = _lastStatus[id];
            OrderStatus now_ = market.statusOf(id);
            if (now_ != last) {
                if (!_isArrow(last, now_) && !_settledAtOnce(id, last, now_)) {
                    _fail("a status moved against the arrows", "");
                }
                _lastStatus[id] = now_;
                ++entered[now_];
            }
            // What a settled order says stays said: looked at when it settles and, once more, at the end.
            if (uint256(now_) < uint256(OrderStatus.Completed)) continue;
            if (_settledHash[id] != 0 && !_closing) continue;
            OrderView memory order = market.orderOf(id);
            bytes32 hash = keccak256(abi.encode(order));
            if (_settledHash[id] == 0) {
                _settledHash[id] = hash;
                ++ends[order.closeReason];
            } else if (_settledHash[id] != hash) {
                _fail("a settled order changed", "");
            }
        }
    }

    /// @dev Without proof, or cancelled where no last window is allowed, there is nothing to wait for.
    function _settledAtOnce(uint256 id, OrderStatus from, OrderStatus to) internal view returns (bool) {
        if (from != OrderStatus.Training) return false;
        if (to == OrderStatus.Completed) return market.orderOf(id).terms.mode == ProofMode.None;
        if (to != OrderStatus.Cancelled) return false;
        if (market.orderOf(id).terms.mode == ProofMode.None) return true;
        (, uint32 version) = market.agreedOf(id);
        return runtime.parametersAt(version).lastWindowSeconds == 0;
    }

    function _isArrow(OrderStatus from, OrderStatus to) internal pure returns (bool) {
        if (from == OrderStatus.None) return to == OrderStatus.Preparing;
        if (from == OrderStatus.Preparing) {
            return to == OrderStatus.Training || to == OrderStatus.Failed || to == OrderStatus.Cancelled
                || to == OrderStatus.Expired;
        }
        if (from == OrderStatus.Training) {
            return to == OrderStatus.Auditing || to == OrderStatus.Failed || to == OrderStatus.Expired;
        }
        if (from == OrderStatus.Auditing) return uint256(to) >= uint256(OrderStatus.Completed);
        return false;
    }
}
