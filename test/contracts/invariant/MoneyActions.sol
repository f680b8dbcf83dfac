// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AuditOutcome, DisputeStage, DisputeView, OrderStatus, SignedOffer} from "../helpers/BaseTest.sol";
import {PairActions} from "./PairActions.sol";

/// @notice What actors do beside orders: with money, stake, seats and offers, the owner with the parameters, and time.
abstract contract MoneyActions is PairActions {
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

    /// @dev Never while a stored panel that still can be heard has the actor, or a jury that still votes. Of an order that
    /// was disputed only the jury counts: disputes can outlast what a left seat's stake stays for.
    function _freeSeatStake(address actor) internal {
        bool bound_ = _isVotingJuror(actor);
        for (uint256 id = 1; id <= market.orderCount(); ++id) {
            if (market.statusOf(id) != OrderStatus.Auditing || _everDisputed[id]) continue;
            if (proofs.isAgreed(id)) continue; // nobody needs it
            (AuditOutcome outcome,,,,) = proofs.auditOf(id);
            if (outcome == AuditOutcome.Pending && _isStoredMember(id, actor)) bound_ = true;
        }
        vm.prank(actor);
        try staking.freeSeatStake(CLASS) {
            if (bound_) _fail("a drawn auditor or juror took its stake", "");
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function _isVotingJuror(address actor) internal view returns (bool) {
        if (staking.hasSeat(CLASS, actor)) return false;
        for (uint256 id = 1; id <= disputes.disputeCount(); ++id) {
            if (isClosed[id]) continue;
            DisputeView memory v = disputes.disputeOf(id);
            if (v.stage != DisputeStage.Voting || v.deadlineAt <= time()) continue;
            for (uint256 i; i < v.jury.length; ++i) {
                if (v.jury[i] == actor) return true;
            }
        }
        return false;
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
}
