// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    AuditOutcome,
    BaseTest,
    HoldReason,
    IMarket,
    IProofs,
    OrderStatus,
    OrderTerms,
    Opening,
    OrderView,
    Parameters,
    Payment,
    ResumeFrom,
    SignedOffer
} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";

/// @notice Everything anyone can do, with any timing, by a few actors who take several roles at once.
/// @dev No action reverts: refused calls are caught. What must never happen is written to violation.
contract Handler is BaseTest {
    bytes4 internal constant PANIC = 0x4e487b71;

    /// @notice First rule broken; empty: none.
    string public violation;
    /// @notice How often each status was entered.
    mapping(OrderStatus status => uint256) public entered;
    /// @notice How often each reason was the last word.
    mapping(uint16 reason => uint256) public ends;
    uint256 public evictions;
    uint256 public submissions;
    uint256 public refused;
    uint256 public renewals;
    uint256 public fills;
    uint256 public resumes;
    uint256 public changes;
    uint256 public pauses;
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

    function setUp() public override {
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

    /* ORDERS */

    function placeOrder(uint256 seed, uint256 maxSeconds, uint256 shareBps) public observed {
        if (market.orderCount() >= maxOrders) return;
        OrderTerms memory terms = defaultTerms();
        terms.offerId = machines.machineOf(_machineIds[seed % 3]).offerId;
        terms.maxSeconds = uint32(bound(maxSeconds, 60, 900));
        terms.unauditedShareBps = uint16(bound(shareBps, 0, 10_000));
        bool byOther = (seed >> 8) % 3 == 0;
        address caller = byOther ? buyer : actors[(seed >> 16) % actors.length];
        Payment memory payment = byOther ? _signed(terms, seed) : byCaller();
        vm.prank(caller);
        try market.placeOrder(terms, "", payment) returns (uint256) {
            mine(1);
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    /// @notice Under a signed offer, now and then from where a passed order ended a window.
    function placeSigned(uint256 seed, uint256 maxSeconds, uint256 resumeSeed) public observed {
        if (market.orderCount() >= maxOrders) return;
        uint256 which = seed % 4 == 0 ? seed >> 2 : _signedOffers.length - 1;
        which %= _signedOffers.length;
        OrderTerms memory terms = signedTerms();
        terms.maxSeconds = uint32(bound(maxSeconds, 30, 900));
        ResumeFrom memory from;
        if (resumeSeed % 2 == 0) {
            from.orderId = _pick(resumeSeed, OrderStatus.Completed);
            from.window = uint32((resumeSeed >> 8) % 5);
            (from.root, from.lastStateRoot) = (keccak256("root"), keccak256("state"));
            from.segments = from.window == 3 ? 1 : 3;
        }
        vm.prank(actors[(seed >> 16) % actors.length]);
        try market.placeSignedOrder(_signedOffers[which], _signatures[which], terms, "", byCaller(), from) {
            ++fills;
            if (from.orderId != 0) ++resumes;
            mine(1);
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function renewOrder(uint256 seed, uint256 extraSeconds) public observed {
        uint256 orderId = _pick(seed, OrderStatus.Training);
        vm.prank(market.orderOf(orderId).buyer);
        try market.renewOrder(orderId, uint32(bound(extraSeconds, 0, 400)), byCaller()) {
            ++renewals;
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function startOrder(uint256 seed) public observed {
        uint256 orderId = _pick(seed, OrderStatus.Preparing);
        vm.prank(market.orderOf(orderId).seller);
        try market.startOrder(orderId) {
            mine(3);
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function commitWindow(uint256 seed, uint256 segments) public observed {
        uint256 orderId = _pick(seed, seed % 4 == 0 ? OrderStatus.Auditing : OrderStatus.Training);
        _commitWindow(orderId, uint32(bound(segments, 1, 3)));
    }

    function completeOrder(uint256 seed) public observed {
        uint256 orderId = _pick(seed, OrderStatus.Training);
        vm.prank(market.orderOf(orderId).seller);
        try market.orderCompleted(orderId, "") {}
        catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function failOrder(uint256 seed, uint256 reasonSeed) public observed {
        uint256 orderId = _pick(seed, seed % 2 == 0 ? OrderStatus.Preparing : OrderStatus.Training);
        uint16[4] memory reasons = [uint16(2), 3, 4, CloseReasons.SELLER_GAVE_UP];
        vm.prank(market.orderOf(orderId).seller);
        try market.orderFailed(orderId, reasons[reasonSeed % 4]) {}
        catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function cancelOrder(uint256 seed) public observed {
        uint256 orderId = _pick(seed, seed % 2 == 0 ? OrderStatus.Preparing : OrderStatus.Training);
        vm.prank(market.orderOf(orderId).buyer);
        try market.cancelOrder(orderId) {}
        catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function expireOrder(uint256 seed) public observed {
        uint256 orderId = _pick(seed, seed % 2 == 0 ? OrderStatus.Preparing : OrderStatus.Training);
        try market.expireOrder(orderId) {}
        catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function settleOrder(uint256 seed) public observed {
        _settle(_pick(seed, OrderStatus.Auditing));
    }

    /* AUDITS */

    function pin(uint256 seed) public observed {
        _pin(_pick(seed, OrderStatus.Auditing));
    }

    function commitVerdict(uint256 seed, uint256 member, uint256 verdict) public observed {
        uint256 orderId = _pick(seed, OrderStatus.Auditing);
        address[] memory panel = panelOf(orderId);
        if (panel.length == 0) return;
        _commitVerdict(orderId, panel[member % panel.length], verdict);
    }

    function reveal(uint256 seed, uint256 member) public observed {
        uint256 orderId = _pick(seed, OrderStatus.Auditing);
        address[] memory panel = panelOf(orderId);
        if (panel.length == 0) return;
        _reveal(orderId, panel[member % panel.length]);
    }

    /// @notice A whole audit, verdict by verdict, some members silent at either step.
    function audit(uint256 seed, uint256 verdicts, uint256 silent) public observed {
        uint256 orderId = _pick(seed, OrderStatus.Auditing);
        _pin(orderId);
        mine(3);
        if (seed % 3 == 0) _pin(orderId);
        address[] memory panel = panelOf(orderId);
        for (uint256 i; i < panel.length; ++i) {
            if ((silent >> i) % 8 == 0) continue;
            _commitVerdict(orderId, panel[i], verdicts % 5 == 0 ? verdicts >> (8 * i) : verdicts);
        }
        if (silent % 4 == 0) skip(60);
        for (uint256 i; i < panel.length; ++i) {
            if ((silent >> (8 + i)) % 8 == 0) continue;
            _reveal(orderId, panel[i]);
        }
    }

    /// @notice Verdicts of a whole panel in one call, some of them another's signature, or one too few.
    function submit(uint256 seed, uint256 verdicts, uint256 flaw) public observed {
        uint256 orderId = _pick(seed, OrderStatus.Auditing);
        _pin(orderId);
        mine(3);
        address[] memory panel = panelOf(orderId);
        if (panel.length == 0) return;
        Opening[] memory openings = new Opening[](flaw % 8 == 0 ? panel.length - 1 : panel.length);
        for (uint256 i; i < openings.length; ++i) {
            uint256 word = uniform(orderId, 1 + (verdicts >> (8 * i)) % 3);
            bytes32 commitment = commitmentOf(orderId, panel[i], word);
            address by = flaw % 8 == 1 ? panel[0] : panel[i];
            openings[i] = Opening(word, SALT, "bafyreport", signedCommitment(orderId, by, commitment));
        }
        try proofs.submitVerdicts(orderId, openings) {
            ++submissions;
            if (flaw % 8 == 0 || flaw % 8 == 1 && panel.length > 1) _fail("a flawed panel settled", "");
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    /// @notice Places and starts an order, commits upTo % 5 windows, and completes it if that is all four.
    function work(uint256 seed, uint256 upTo) public {
        placeOrder(seed, seed >> 32, seed >> 64);
        startOrder(seed);
        uint256 orderId = _pick(seed, OrderStatus.Training);
        for (uint256 i; i < upTo % 5; ++i) {
            _commitWindow(orderId, 3);
            _observe();
        }
        if (upTo % 5 == 4) completeOrder(seed);
    }

    /* MONEY, STAKE, SEATS, OFFERS */

    function moveMoney(uint256 seed, uint256 amountWei, uint256 what) public observed {
        address actor = actors[seed % actors.length];
        amountWei = bound(amountWei, 0, 20 ether);
        vm.startPrank(actor);
        if (what % 5 == 0) _try(address(balances), abi.encodeCall(balances.deposit, (amountWei)));
        else if (what % 5 == 1) _try(address(balances), abi.encodeCall(balances.withdraw, (amountWei)));
        else if (what % 5 == 2) _try(address(staking), abi.encodeCall(staking.bond, (amountWei)));
        else if (what % 5 == 3) _try(address(staking), abi.encodeCall(staking.unbond, (amountWei)));
        else _try(address(staking), abi.encodeCall(staking.withdrawUnbonded, ()));
        vm.stopPrank();
    }

    function moveSeat(uint256 seed, uint256 take) public observed {
        address actor = actors[seed % actors.length];
        if (take % 3 == 2) {
            _freeSeatStake(actor);
            return;
        }
        vm.prank(actor);
        if (take % 3 == 0) _try(address(staking), abi.encodeCall(staking.takeSeat, (CLASS)));
        else _try(address(staking), abi.encodeCall(staking.leaveSeat, (CLASS)));
    }

    /// @dev Never while a stored panel that still can be heard has the actor.
    function _freeSeatStake(address actor) internal {
        bool bound_;
        for (uint256 id = 1; id <= market.orderCount(); ++id) {
            if (market.statusOf(id) != OrderStatus.Auditing) continue;
            (AuditOutcome outcome,,,,) = proofs.auditOf(id);
            if (outcome == AuditOutcome.Pending && _isStoredMember(id, actor)) bound_ = true;
        }
        vm.prank(actor);
        try staking.freeSeatStake(CLASS) {
            if (bound_) _fail("a drawn auditor took its stake", "");
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    /// @dev Stored: a panel that does not change when its members leave.
    function _isStoredMember(uint256 orderId, address actor) internal returns (bool) {
        if (staking.hasSeat(CLASS, actor)) return false;
        address[] memory panel = panelOf(orderId);
        for (uint256 i; i < panel.length; ++i) {
            if (panel[i] == actor) return true;
        }
        return false;
    }

    function moveOffer(uint256 seed) public observed {
        uint256 machine = _machineIds[seed % 3];
        address owner = machines.machineOf(machine).owner;
        uint256 price = bound(seed >> 8, 1 ether, 50 ether);
        uint64 until = uint64(time() + 1 days);
        vm.prank(owner);
        _try(address(market), abi.encodeCall(market.makeOffer, (machine, price, 60, 900, until)));
    }

    /// @notice Signs another offer, or voids one, or all.
    function moveSigned(uint256 seed) public observed {
        address signer = vm.addr(SIGNER_KEY);
        SignedOffer memory offer = _signedOffers[(seed >> 4) % _signedOffers.length];
        vm.startPrank(signer);
        if (seed % 4 == 0) consents.cancelSignedOffer(offer);
        if (seed % 8 == 1) consents.cancelSignedOffers();
        vm.stopPrank();
        if (_signedOffers.length < 12) _signOffer(uint32(bound(seed >> 8, 60, 2_000)));
    }

    /// @notice Changes the parameters as if they had been proposed two days ago, or pauses new orders.
    function govern(uint256 seed, uint256 a, uint256 b) public observed {
        if (seed % 3 == 0) {
            uint256 now_ = time();
            vm.warp(now_ - 2 days);
            runtime.proposeParameters(_randomly(a, b));
            vm.warp(now_);
            runtime.applyProposal();
            ++changes;
        } else if (seed % 3 == 1) {
            try runtime.pauseOrders(uint32(bound(a, 0, 200))) {
                ++pauses;
            } catch (bytes memory reason) {
                _refuse(reason);
            }
        }
    }

    function pass(uint256 seconds_, uint256 blocks) public observed {
        skip(bound(seconds_, 1, seconds_ % 10 == 0 ? 1_500 : 90));
        mine(bound(blocks, 1, blocks % 10 == 0 ? 600 : 6));
    }

    /* CLOSING */

    /// @notice Ends and settles every order with calls that anyone may make. Returns how many are left open.
    function closeAll() external returns (uint256 open) {
        _closing = true;
        skip(8 days);
        uint256 count = market.orderCount();
        for (uint256 id = 1; id <= count; ++id) {
            OrderStatus status = market.statusOf(id);
            if (status == OrderStatus.Preparing || status == OrderStatus.Training) market.expireOrder(id);
        }
        _observe();
        skip(8 days);
        for (uint256 id = 1; id <= count; ++id) {
            if (market.statusOf(id) == OrderStatus.Auditing) _settle(id);
            if (uint256(market.statusOf(id)) < uint256(OrderStatus.Completed)) ++open;
        }
        _observe();
    }

    /// @notice Everybody leaves with everything.
    function leaveAll() external {
        for (uint256 i; i < actors.length; ++i) {
            if (!staking.hasSeat(CLASS, actors[i])) continue;
            vm.prank(actors[i]);
            staking.leaveSeat(CLASS);
        }
        skip(1_000);
        for (uint256 i; i < actors.length; ++i) {
            vm.startPrank(actors[i]);
            if (staking.seatStakeOf(CLASS, actors[i]) != 0) staking.freeSeatStake(CLASS);
            staking.unbond(staking.bondOf(actors[i]).activeWei);
            vm.stopPrank();
        }
        skip(1_000);
        for (uint256 i; i < actors.length; ++i) {
            vm.startPrank(actors[i]);
            if (staking.bondOf(actors[i]).unbondingWei != 0) staking.withdrawUnbonded();
            balances.withdraw(balances.freeOf(actors[i]));
            vm.stopPrank();
        }
    }

    /* READING */

    function offerCount() external view returns (uint256) {
        return offerHashes.length;
    }

    function offerSeconds(uint256 index) external view returns (uint32) {
        return _signedOffers[index].maxSeconds;
    }

    function actorCount() external view returns (uint256) {
        return actors.length;
    }

    function system() external view returns (address, address, address, address, address, address) {
        return (
            address(token),
            address(balances),
            address(machines),
            address(staking),
            address(market),
            address(proofs)
        );
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
        p.unbondingSeconds = uint32(bound(a >> 32, 0, 1_000));
        p.protocolFeeBps = uint16(bound(b, 0, 2_000));
        p.minSeats = uint16(bound(b >> 8, 1, 2));
        p.panelSize = uint16(bound(b >> 16, 1, 5));
        p.auditFeePerSegmentWei = uint128(bound(b >> 24, 0, 10 * FEE_PER_SEGMENT));
        p.seatStakeWei = uint128(bound(b >> 88, 1, 2 * SEAT_STAKE));
        p.panelCostWei = uint128(bound(b >> 152, 0, 1 ether));
    }

    function _pin(uint256 orderId) internal {
        try proofs.pinDraw(orderId) {}
        catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function _commitWindow(uint256 orderId, uint32 segments) internal {
        uint32 index = proofs.windowCount(orderId);
        if (market.statusOf(orderId) == OrderStatus.Training) segments = index == 3 ? 1 : 3;
        vm.prank(market.orderOf(orderId).seller);
        try proofs.commitWindow(orderId, index, keccak256("root"), segments, keccak256("state"), 0, "") {
            mine(3);
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    /// @dev Words that decide something: mostly pass, all fail, all unavailable, or one segment off.
    function _commitVerdict(uint256 orderId, address auditor, uint256 verdict) internal {
        uint256 word = uniform(orderId, verdict % 7 == 5 ? 2 : verdict % 7 == 6 ? 3 : 1);
        if (verdict % 7 == 4) word += 1;
        vm.prank(auditor);
        try proofs.commitVerdicts(orderId, commitmentOf(orderId, auditor, word)) {
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
        (AuditOutcome outcome,,,,) = proofs.auditOf(orderId);
        bool must = outcome != AuditOutcome.Pending && market.statusOf(orderId) == OrderStatus.Auditing;
        uint256 stakeWei = _seatStakeWei();
        try market.settleOrder(orderId) {
            if (_seatStakeWei() < stakeWei) ++evictions;
        } catch (bytes memory reason) {
            if (must) _fail("settleOrder refused a decided order", reason);
            else _refuse(reason);
        }
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
                if (!_isArrow(last, now_) && !_cancelledAtOnce(id, last, now_)) {
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

    /// @dev Where no last window is allowed there is nothing to wait for.
    function _cancelledAtOnce(uint256 id, OrderStatus from, OrderStatus to) internal view returns (bool) {
        if (from != OrderStatus.Training || to != OrderStatus.Cancelled) return false;
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
