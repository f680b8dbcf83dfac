// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {PayLib} from "../../../contracts/src/libraries/PayLib.sol";
import {Test} from "../helpers/Test.sol";

contract PayLibTest is Test {
    function test_knownAnswers() public pure {
        assertEq(PayLib.priceDown(3_600, 1), 1, "a second of 3600 an hour");
        assertEq(PayLib.priceDown(3_599, 1), 0, "down");
        assertEq(PayLib.priceUp(3_601, 1), 2, "up");
        assertEq(PayLib.earnedDown(3_600, 10, 2_500_000), 2, "two and a half proved");
        assertEq(PayLib.earnedDown(3_600, 2, 9_000_000), 2, "two elapsed");
        assertEq(PayLib.shareDown(9_999, 5_000), 4_999, "half, down");
        assertEq(PayLib.ceilDiv(10, 3), 4, "up");
        assertEq(PayLib.ceilDiv(9, 3), 3, "exact");
    }

    /// @dev What is held always covers what is earned within it.
    function testFuzz_earnedIsCovered(uint96 price, uint32 maxSeconds, uint32 elapsed, uint96 provedMicros)
        public
        pure
    {
        uint256 paid = elapsed < maxSeconds ? elapsed : maxSeconds;
        uint256 earned = PayLib.earnedDown(price, paid, provedMicros);
        assertLe(earned, PayLib.priceUp(price, maxSeconds), "held");
        assertLe(earned, PayLib.priceDown(price, paid), "by time");
        assertLe(earned * 3_600_000_000, uint256(price) * provedMicros, "by proof");
    }

    function testFuzz_upIsDownOrOneMore(uint96 price, uint32 time_) public pure {
        uint256 down = PayLib.priceDown(price, time_);
        uint256 up = PayLib.priceUp(price, time_);
        assertEq(up - down, uint256(price) * time_ % 3_600 == 0 ? 0 : 1, "difference");
    }

    /// @dev 36 an hour, a segment of 100 seconds: a token each.
    function test_segmentFee_isWhatItsReplaysAreWorth() public pure {
        assertEq(PayLib.segmentFeeWei(0.05 ether, 36 ether, 100e6), 1.5 ether, "work");
        assertEq(PayLib.segmentFeeWei(2 ether, 36 ether, 100e6), 2 ether, "floor");
        assertEq(PayLib.segmentFeeWei(0, 1, 1), 1, "rounded up");
    }

    function testFuzz_segmentFee_coversAReplayAndAHalf(uint96 price, uint40 micros) public pure {
        uint256 replaysWei = 3 * PayLib.earnedDown(price, type(uint64).max, micros);
        assertGe(2 * PayLib.segmentFeeWei(0, price, micros), replaysWei, "no loss");
    }
}
