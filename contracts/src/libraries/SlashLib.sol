// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {PayLib} from "./PayLib.sol";

/// @notice What each offence costs, and who receives it. The graver and the less accidental, the more.
///
/// | offence | from | costs | to | why |
/// |---|---|---|---|---|
/// | late start, or giving up before it | seller's stake | five minutes' price | payer | what the buyer pays for changing its mind in time: neither side has a free option |
/// | failed while running | pay | what is not proved | payer, by refund | hardware fails: lost work and the record are the price, and a slash would make sellers hide faults |
/// | silent auditor | its seat | all of it | burned | silence may be bought by either party, so neither receives anything |
/// | passed without a replay | its seat | all of it | a tenth to whoever shows it; the rest burned | the fee for work that was not done, and nine tenths lost where a friend shows it |
/// | unavailable | seller's stake | all of it | as for fraud | who cannot show the work might have none: as dear as fraud, else fraud would hide there |
/// | fault: one segment wrong, all of ten more hold | seller's stake; pay from its window on | the audit fee, and a fifth of the rest, twice as much for each fault before that 30 days have not wiped out | payer: the fee; challenger and jurors: half of the share; burned: the rest | hardware errs: dear enough to be worth a challenge, not ruin; who errs again and again is no honest seller |
/// | mismatch, or jurors who differ, where it may be the image's fault | pay from its window on; nothing | no stake | challenger and jurors: the audit fee | a hostile image must not convict an honest seller |
/// | fraud | seller's stake, pay | all of it | payer: audit fees; challenger and jurors: half of the rest; burned: the rest | at least the order's price, so cheating never pays once caught |
/// | refuted challenge | challenger's bond | all of it | jurors: half; seller: a quarter; burned: a quarter | whoever holds up an order pays for it, also a seller that challenges itself |
///
/// Nobody profits from accusing himself: of what a convicted seller loses beyond the fees, at least half is burned,
/// also if buyer, seller, challenger and the whole jury are one person. Nobody profits from a payer's money: whoever is
/// convicted, the payer gets escrow and fee back whole, and rewards come out of the stake alone.
library SlashLib {
    uint256 internal constant LATE_START_SECONDS = 300; // at the order's price
    uint256 internal constant FAULT_BPS = 2_000; // of what the fees leave of the stake, for a first fault
    uint256 internal constant FAULT_MEMORY_SECONDS = 30 days; // after which one fault is forgotten
    uint256 internal constant MAX_EARLIER_FAULTS = 3; // from then on all of it
    uint256 internal constant FRAUD_BPS = 10_000;
    uint256 internal constant REFUTED_TO_SELLER_BPS = 2_500; // the last quarter is burned
    uint256 internal constant REFUTED_TO_JURORS_BPS = 5_000;
    uint256 internal constant BOND_BPS = 5_000; // of the stake
    uint256 internal constant FINDERS_BPS = 1_000;
    uint256 internal constant CHALLENGERS_BPS = 5_000; // of what is left after the payer; the other half is burned

    /// @notice Of a seat's stake, for whoever shows that its auditor has not replayed.
    function finderWei(uint256 stakeWei) internal pure returns (uint256) {
        return PayLib.shareDown(stakeWei, FINDERS_BPS);
    }

    /// @notice At most the escrow: a short order has a short wait.
    function lateStartWei(uint256 pricePerHourWei, uint256 escrowWei) internal pure returns (uint256) {
        uint256 priceWei = PayLib.priceDown(pricePerHourWei, LATE_START_SECONDS);
        return priceWei < escrowWei ? priceWei : escrowWei;
    }

    /// @notice Rounded down, so at least half is burned. feesWei is covered: the stake is at least price and fee.
    function challengersWei(uint256 slashedWei, uint256 feesWei) internal pure returns (uint256) {
        return PayLib.shareDown(slashedWei - feesWei, CHALLENGERS_BPS);
    }

    /// @notice The fees, so that the payer is whole, and a share of the rest: a fifth, two, four, all of it.
    /// @param earlier faults of this seller that are not forgotten, at most MAX_EARLIER_FAULTS
    function faultWei(uint256 stakeWei, uint256 feesWei, uint256 earlier) internal pure returns (uint256) {
        uint256 bps = FAULT_BPS << earlier;
        return feesWei + PayLib.shareDown(stakeWei - feesWei, bps < FRAUD_BPS ? bps : FRAUD_BPS);
    }

    /// @notice How many of a seller's faults still count: one less for each 30 days since the last.
    function rememberedFaults(uint256 faults, uint256 sinceLastSeconds) internal pure returns (uint256) {
        uint256 forgotten = sinceLastSeconds / FAULT_MEMORY_SECONDS;
        return faults > forgotten ? faults - forgotten : 0;
    }

    /// @notice What a challenge reserves: in proportion to what it can cost, so that a cartel's odds do not grow with orders.
    function bondWei(uint256 stakeWei, uint256 panelCostWei) internal pure returns (uint256) {
        uint256 shareWei = PayLib.shareDown(stakeWei, BOND_BPS);
        return shareWei > 2 * panelCostWei ? shareWei : 2 * panelCostWei;
    }

    /// @notice Of a refuted challenge's bond.
    function refutedToSellerWei(uint256 bondWei) internal pure returns (uint256) {
        return PayLib.shareDown(bondWei, REFUTED_TO_SELLER_BPS);
    }

    /// @notice Of a refuted challenge's bond, together.
    function refutedToJurorsWei(uint256 bondWei) internal pure returns (uint256) {
        return PayLib.shareDown(bondWei, REFUTED_TO_JURORS_BPS);
    }
}
