// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IHashrate} from "../../interfaces/IHashrate.sol";
import {DecayLib} from "../../libraries/DecayLib.sol";
import {Pallet} from "../Pallet.sol";

/// @notice Credits since joining, and their decayed sums: of each machine, and of all together.
/// @dev A daily average with a half-life of one week is the decayed sum times ln 2 / 7. Decay is linear, so the sum over
/// machines decays as one number does. Each credit rounds its sums down by less than 1 nano-ut (DecayLib).
abstract contract Credits is IHashrate, Pallet {
    uint256 internal constant DECP_FIFTHS = 2; // 0.4
    uint256 internal constant TECP_FIFTHS = 3; // 0.6
    uint256 internal constant LN2_WAD = 693_147_180_559_945_309;

    struct Account {
        uint128 decpNut;
        uint128 tecpNut;
        // slot
        uint112 recentDecpNut; // decayed to creditedAt
        uint112 recentTecpNut;
        uint32 creditedAt;
        // slot
        uint128 frozen; // weighted and decayed to the start of frozenEpoch, before that epoch's credits
        uint64 frozenEpoch;
    }

    uint256 internal immutable EPOCH_SECONDS;

    mapping(uint256 machineId => Account) internal _accounts;
    Account internal _total;

    /// @inheritdoc IHashrate
    function creditsOf(uint256 machineId) external view returns (CreditsView memory) {
        return _viewOf(_accounts[machineId]);
    }

    /// @inheritdoc IHashrate
    function totalCredits() external view returns (CreditsView memory) {
        return _viewOf(_total);
    }

    /// @inheritdoc IHashrate
    function epoch() public view returns (uint256) {
        return block.timestamp / EPOCH_SECONDS;
    }

    /// @inheritdoc IHashrate
    function weightsAtEpoch(uint256 machineId) external view returns (uint256 weight, uint256 totalWeight) {
        return (_weightOf(_accounts[machineId]), _weightOf(_total));
    }

    /* INTERNAL */

    function _credit(uint256 machineId, uint256 decpNut, uint256 tecpNut) internal {
        _add(_accounts[machineId], decpNut, tecpNut);
        _add(_total, decpNut, tecpNut);
    }

    /// @dev No sum can reach its type's limit: 2^112 nano-ut are 10^23 days of an exaflops machine.
    function _add(Account storage a, uint256 decpNut, uint256 tecpNut) internal {
        uint256 current = epoch();
        if (a.frozenEpoch != current) {
            // forge-lint: disable-next-line(unsafe-typecast) a weight is at most three times a uint112
            a.frozen = uint128(_weightOf(a));
            a.frozenEpoch = uint64(current);
        }
        uint256 elapsed = block.timestamp - a.creditedAt;
        // forge-lint: disable-start(unsafe-typecast) see above
        a.decpNut += uint128(decpNut);
        a.tecpNut += uint128(tecpNut);
        a.recentDecpNut = uint112(DecayLib.decayed(a.recentDecpNut, elapsed) + decpNut);
        a.recentTecpNut = uint112(DecayLib.decayed(a.recentTecpNut, elapsed) + tecpNut);
        a.creditedAt = uint32(block.timestamp);
        // forge-lint: disable-end(unsafe-typecast)
    }

    /// @dev As it stood when the current epoch began, whatever came since.
    function _weightOf(Account storage a) internal view returns (uint256) {
        uint256 current = epoch();
        if (a.frozenEpoch == current) return a.frozen;
        uint256 weighted = DECP_FIFTHS * a.recentDecpNut + TECP_FIFTHS * a.recentTecpNut;
        return DecayLib.decayed(weighted, current * EPOCH_SECONDS - a.creditedAt);
    }

    function _viewOf(Account storage a) internal view returns (CreditsView memory v) {
        uint256 elapsed = block.timestamp - a.creditedAt;
        v.decpNut = a.decpNut;
        v.tecpNut = a.tecpNut;
        v.totalNut = (DECP_FIFTHS * v.decpNut + TECP_FIFTHS * v.tecpNut) / 5;
        v.effectiveDecpNutPerDay = _perDay(DecayLib.decayed(a.recentDecpNut, elapsed));
        v.effectiveTecpNutPerDay = _perDay(DecayLib.decayed(a.recentTecpNut, elapsed));
        v.effectiveNutPerDay =
            (DECP_FIFTHS * v.effectiveDecpNutPerDay + TECP_FIFTHS * v.effectiveTecpNutPerDay) / 5;
        v.creditedAt = a.creditedAt;
    }

    function _perDay(uint256 decayedNut) internal pure returns (uint256) {
        return decayedNut * LN2_WAD / 7e18;
    }
}
