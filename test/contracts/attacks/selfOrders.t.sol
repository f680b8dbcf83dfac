// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ScoreTest} from "../helpers/ScoreTest.sol";

/// @notice Fault of two peers: a seller orders from itself and farms credits for free.
/// @dev It may. Alone on the network, with a full treasury, on the fastest machine and for all epochs to come, its credits
/// earn less than two thirds of the fee it burned.
contract SelfOrdersTest is ScoreTest {
    function selfOrder(uint96 pricePerHourWei) internal returns (uint256 feeWei) {
        vm.prank(seller);
        offerId = market.makeOffer(machineId, pricePerHourWei, 60, 3_600, uint64(time() + 1 days));
        uint256 burnedBefore = balances.burnedWei();
        uint256 orderId = completedAfter(100);
        auditAll(orderId, 1);
        settle(orderId);
        hashrate.creditOrder(orderId);
        return balances.burnedWei() - burnedBefore;
    }

    /// @dev On average: mean wins times the pay of one.
    function earnings(uint256 epochs) internal returns (uint256 wei_) {
        for (uint256 i; i < epochs; ++i) {
            nextEpoch();
            wei_ += rewards.meanWinsOf(machineId) * rewards.epochOf(hashrate.epoch()).winWei / 1e18;
        }
    }

    function test_earnLessThanTheyBurn() public {
        bondAs(seller, 1_000 ether);
        fillTreasury(1_000_000 ether);
        measure(machineId, seller, 1_000_000_000);
        uint256 feeWei = selfOrder(uint96(PRICE_PER_HOUR));
        assertEq(hashrate.creditsOf(machineId).tecpNut, feeWei * 1e9 / 0.01 ether, "all that the fee buys");
        uint256 earned = earnings(140);
        assertLe(earned, feeWei * 66 / 100, "less than two thirds");
        assertGe(earned, feeWei * 55 / 100, "though all there is");
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_earnLessThanTheyBurn(uint96 price, uint32 wait) public {
        price = uint96(bound(price, 1e12, 1_000 ether));
        bondAs(seller, 10_000 ether);
        fund(buyer, 10_000 ether);
        fillTreasury(1_000_000 ether);
        measure(machineId, seller, 1_000_000_000);
        skip(wait % 1 days);
        uint256 feeWei = selfOrder(price);
        assertLe(earnings(70), feeWei * 66 / 100 + 1e6, "less than two thirds");
    }
}
