// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Halving once a week, continuously: value * 2^-(seconds / 604,800).
/// @dev Whole weeks shift; the rest multiplies one constant 2^-(2^i / 604,800), rounded down to 128 bits, for each of its
/// bits. At most 20 constants and 20 products, each at most 2^-128 too small and each factor above one half: the factor is
/// below the exact one by less than 2^-121 of it, and never above. The result rounds down, so it is short of the exact one
/// by less than value * 2^-121 + 1.
library DecayLib {
    uint256 internal constant HALF_LIFE_SECONDS = 7 days;

    /// @param value below 2^128
    function decayed(uint256 value, uint256 seconds_) internal pure returns (uint256) {
        uint256 weeks_ = seconds_ / HALF_LIFE_SECONDS;
        if (weeks_ >= 128) return 0;
        return value * _factor(seconds_ % HALF_LIFE_SECONDS) >> (128 + weeks_);
    }

    /// @dev 2^-(rest / 604,800) in 128 bits; rest is below a week.
    function _factor(uint256 rest) private pure returns (uint256 factor) {
        factor = 1 << 128;
        if (rest & 0x1 != 0) factor = factor * 0xffffecc5a413f4130eddd8859e03e445 >> 128;
        if (rest & 0x2 != 0) factor = factor * 0xffffd98b49999f18ef77ee540236ed9b >> 128;
        if (rest & 0x4 != 0) factor = factor * 0xffffb31698fa198e127201b14d4db0f0 >> 128;
        if (rest & 0x8 != 0) factor = factor * 0xffff662d490f9d1457eae363d31f7af9 >> 128;
        if (rest & 0x10 != 0) factor = factor * 0xfffecc5aee8cc644ab306eb1582705b2 >> 128;
        if (rest & 0x20 != 0) factor = factor * 0xfffd98b74eceded3329117cfa6f8b9ff >> 128;
        if (rest & 0x40 != 0) factor = factor * 0xfffb3174646c15a498cf152b6772f146 >> 128;
        if (rest & 0x80 != 0) factor = factor * 0xfff662ffe3da026ce2d170749910c729 >> 128;
        if (rest & 0x100 != 0) factor = factor * 0xffecc65c31ff220c3619b515dc14827a >> 128;
        if (rest & 0x200 != 0) factor = factor * 0xffd98e29ff4932c5bc19fbeb98e77764 >> 128;
        if (rest & 0x400 != 0) factor = factor * 0xffb32219fcb93b56f84d30036f654840 >> 128;
        if (rest & 0x800 != 0) factor = factor * 0xff665b487a5b5904c7b6e56306d9e1eb >> 128;
        if (rest & 0x1000 != 0) factor = factor * 0xfecd12c7421017a474d42cd7673995e3 >> 128;
        if (rest & 0x2000 != 0) factor = factor * 0xfd9b958a7b985d123e9c541a7cf89159 >> 128;
        if (rest & 0x4000 != 0) factor = factor * 0xfb3ce4222557513f9c202835dd32fb92 >> 128;
        if (rest & 0x8000 != 0) factor = factor * 0xf69075d6b08791524b557c2fef53039e >> 128;
        if (rest & 0x10000 != 0) factor = factor * 0xed79f3fd630915352c93e8e5ab2f8bf5 >> 128;
        if (rest & 0x20000 != 0) factor = factor * 0xdc4b07dbb77174aaa554e57ff08981ea >> 128;
        if (rest & 0x40000 != 0) factor = factor * 0xbd910b7f3e463d9b3c1922480e615c8f >> 128;
        if (rest & 0x80000 != 0) factor = factor * 0x8c5f7d27e89c7121e2b9c163f592a4d0 >> 128;
    }
}
