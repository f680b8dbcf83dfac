// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SlashLib} from "../../../contracts/src/libraries/SlashLib.sol";
import {Test} from "../helpers/Test.sol";

contract SlashLibTest is Test {
    function test_graverOffencesCostMore() public pure {
        assertLt(SlashLib.FAULT_BPS, SlashLib.FRAUD_BPS, "a fault is not a fraud");
        assertEq(SlashLib.faultWei(11, 1, 0), 3, "the fee and a fifth");
        assertEq(SlashLib.faultWei(11, 1, 2), 9, "the fee and four");
        assertEq(SlashLib.faultWei(11, 1, 3), 11, "all of it");
        assertLe(SlashLib.FRAUD_BPS, 10_000, "never more than the stake");
        assertLe(SlashLib.CHALLENGERS_BPS, 5_000, "half is burned, or accusing oneself would pay");
    }

    function testFuzz_lateStartIsFiveMinutesAndAtMostTheEscrow(uint96 price, uint128 escrowWei) public pure {
        uint256 costsWei = SlashLib.lateStartWei(price, escrowWei);
        uint256 fiveMinutesWei = uint256(price) * 300 / 3_600;
        assertEq(costsWei, fiveMinutesWei < escrowWei ? fiveMinutesWei : escrowWei, "costs");
    }

    function testFuzz_atLeastHalfIsBurned(uint128 slashedWei, uint128 feesWei) public pure {
        feesWei = uint128(bound(feesWei, 0, slashedWei));
        uint256 restWei = uint256(slashedWei) - feesWei;
        uint256 rewardWei = SlashLib.challengersWei(slashedWei, feesWei);
        assertGe(restWei - rewardWei, rewardWei, "burned");
        assertLe(restWei - rewardWei, rewardWei + 1, "and no more than it has to be");
    }

    /// @dev Of a refuted challenge at least a quarter is burned, so that nobody challenges himself for nothing.
    function testFuzz_refuted_atLeastAQuarterIsBurned(uint128 bondWei) public pure {
        uint256 paidWei = SlashLib.refutedToSellerWei(bondWei) + SlashLib.refutedToJurorsWei(bondWei);
        assertGe(4 * (uint256(bondWei) - paidWei), bondWei, "burned");
        assertLe(4 * (uint256(bondWei) - paidWei), uint256(bondWei) + 8, "and hardly more");
        assertGe(
            SlashLib.refutedToJurorsWei(bondWei), SlashLib.refutedToSellerWei(bondWei), "jurors work for it"
        );
    }
}
