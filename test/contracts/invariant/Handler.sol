// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    Leaf,
    OrderStatus,
    OrderTerms,
    Opening,
    OrderView,
    Payment,
    ResumeFrom
} from "../helpers/BaseTest.sol";
import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {WindowTree} from "../helpers/WindowTree.sol";
import {MoneyActions} from "./MoneyActions.sol";

/// @notice Everything anyone can do, with any timing, by a few actors who take several roles at once.
contract Handler is MoneyActions {
    /* ORDERS */

    function placeOrder(uint256 seed, uint256 maxSeconds, uint256 shareBps) public observed {
        if (market.orderCount() >= maxOrders) return;
        OrderTerms memory terms = defaultTerms();
        terms.offerId = machines.machineOf(_machineIds[seed % 3]).offerId;
        terms.maxSeconds = uint32(bound(maxSeconds, 60, 900));
        terms.unauditedShareBps = uint16(bound(shareBps, 0, 10_000));
        terms.vouched = seed % 5 != 0;
        if (shareBps % 9 == 0) terms = _rental(terms);
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

    function _beat(uint256 orderId) internal {
        OrderView memory order = market.orderOf(orderId);
        vm.prank(order.seller);
        try machines.heartbeat(order.machineId) {}
        catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function _rental(OrderTerms memory like) internal view returns (OrderTerms memory terms) {
        terms = rentalTerms();
        (terms.offerId, terms.maxSeconds) = (like.offerId, like.maxSeconds);
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
            from.segments = from.window == 3 ? 1 : 3;
            Leaf[] memory leaves = _leavesOf(from.window, from.segments);
            from.root = WindowTree.rootOf(WindowTree.hashesOf(leaves));
            from.lastStateRoot = leaves[from.segments - 1].stateRootAfter;
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

    /// @notice Or its machine says that it is up.
    function renewOrder(uint256 seed, uint256 extraSeconds) public observed {
        uint256 orderId = _pick(seed, OrderStatus.Training);
        if (extraSeconds % 3 == 0) return _beat(orderId);
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
        if (segments % 3 == 0) _amendWindow(orderId, segments >> 8);
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

    /// @notice Too early or, where verdicts passed it, mostly when it can no longer be challenged.
    function settleOrder(uint256 seed) public observed {
        uint256 orderId = _pick(seed, OrderStatus.Auditing);
        if ((seed >> 32) % 4 != 0) awaitPay(orderId);
        _settle(orderId);
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
        (, uint256[] memory shares) = proofs.sharesOf(orderId);
        Opening[] memory openings = new Opening[](flaw % 8 == 0 ? panel.length - 1 : panel.length);
        for (uint256 i; i < openings.length; ++i) {
            uint256 word = shares[i] * ((verdicts >> (8 * i)) % 6 == 0 ? 2 : 1);
            bytes32 commitment = commitmentTo(orderId, panel[i], word);
            address by = flaw % 8 == 1 ? panel[0] : panel[i];
            openings[i] = Opening(word, SALT, "bafyreport", signedCommitment(orderId, by, commitment));
        }
        bool disputed = disputes.openOf(orderId) != 0;
        vm.recordLogs();
        try proofs.submitVerdicts(orderId, openings) {
            ++submissions;
            notePassed(orderId);
            if (disputed) _fail("a disputed order passed", "");
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
        _closeDisputes();
        for (uint256 id = 1; id <= count; ++id) {
            _checkSchedule(id);
        }
        // Twice: the first call may draw a larger panel.
        for (uint256 round; round < 2; ++round) {
            skip(8 days);
            for (uint256 id = 1; id <= count; ++id) {
                if (market.statusOf(id) != OrderStatus.Auditing) continue;
                if (round == 0 && proofs.isAgreed(id)) _passAgreed(id);
                else _settle(id);
            }
        }
        for (uint256 id = 1; id <= count; ++id) {
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
        skip(runtime.longestAuditSeconds());
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

    function system() external view returns (address, address, address, address, address, address, address) {
        return (
            address(token),
            address(balances),
            address(machines),
            address(staking),
            address(market),
            address(proofs),
            address(disputes)
        );
    }
}
