// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Pay arithmetic. What is paid rounds down, what is held for it rounds up: a hold always covers its pay.
/// @dev Prices are below 2^96 and times below 2^64 microseconds times 2^32, so no product reaches 2^256.
library PayLib {
    uint256 internal constant SECONDS_PER_HOUR = 3_600;
    uint256 internal constant MICROS_PER_HOUR = 3_600_000_000;
    uint256 internal constant BPS = 10_000;

    function priceDown(uint256 pricePerHourWei, uint256 seconds_) internal pure returns (uint256) {
        return pricePerHourWei * seconds_ / SECONDS_PER_HOUR;
    }

    function priceUp(uint256 pricePerHourWei, uint256 seconds_) internal pure returns (uint256) {
        return ceilDiv(pricePerHourWei * seconds_, SECONDS_PER_HOUR);
    }

    /// @notice Pay by time, capped by proof: the price of the shorter of both, rounded down.
    function earnedDown(uint256 pricePerHourWei, uint256 elapsedSeconds, uint256 provedMicros)
        internal
        pure
        returns (uint256)
    {
        uint256 elapsedMicros = elapsedSeconds * 1_000_000;
        return
            pricePerHourWei * (elapsedMicros < provedMicros ? elapsedMicros : provedMicros) / MICROS_PER_HOUR;
    }

    /// @notice What so much work costs at a price, rounded up.
    function earnedUp(uint256 pricePerHourWei, uint256 micros) internal pure returns (uint256) {
        return ceilDiv(pricePerHourWei * micros, MICROS_PER_HOUR);
    }

    /// @notice What a drawn segment pays its panel together: one and a half replays of it at the order's price. Every third is
    /// replayed twice, and members who share alike may have one replay more than others. At least a floor. Rounded up.
    function segmentFeeWei(uint256 floorWei, uint256 pricePerHourWei, uint256 segmentMicros)
        internal
        pure
        returns (uint256)
    {
        uint256 workWei = ceilDiv(3 * pricePerHourWei * segmentMicros, 2 * MICROS_PER_HOUR);
        return workWei > floorWei ? workWei : floorWei;
    }

    function ceilDiv(uint256 a, uint256 b) internal pure returns (uint256) {
        return (a + b - 1) / b;
    }

    function shareDown(uint256 amountWei, uint256 bps) internal pure returns (uint256) {
        return amountWei * bps / BPS;
    }
}
