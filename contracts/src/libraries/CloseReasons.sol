// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Why an order ended, in ranges by who caused it: buyer 1.., seller 10000.., network 20000..
library CloseReasons {
    uint16 internal constant NONE = 0;

    uint16 internal constant BUYER_CANCELLED = 1;
    uint16 internal constant JOB_NOT_DETERMINISTIC = 2;
    uint16 internal constant JOB_STALLED = 3;
    uint16 internal constant JOB_INVALID = 4;
    uint16 internal constant JURY_DIFFERED = 5; // in what a replay gives: the job is not deterministic

    uint16 internal constant SELLER_FIRST = 10000;
    uint16 internal constant WORK_COMPLETED = 10000;
    uint16 internal constant SELLER_DID_NOT_START = 10001;
    uint16 internal constant SELLER_GAVE_UP = 10002;
    uint16 internal constant SELLER_OVERRAN = 10003;
    uint16 internal constant FRAUD_PROVED = 10004;
    uint16 internal constant CHECKPOINTS_UNAVAILABLE = 10005;
    uint16 internal constant FAULT_PROVED = 10006;
    uint16 internal constant MACHINE_SILENT = 10007; // rented without proof, and no heartbeat for too long

    uint16 internal constant NETWORK_FIRST = 20000;
    uint16 internal constant AUDITORS_SILENT = 20000;
    uint16 internal constant MISMATCH = 20001; // in an environment that the seller does not vouch for
    uint16 internal constant MISMATCHES = 20002; // of further segments, too

    /// @notice Not all that was committed holds, whoever is at fault.
    function isFoundWrong(uint16 reason) internal pure returns (bool) {
        return reason == FRAUD_PROVED || reason == CHECKPOINTS_UNAVAILABLE || reason == FAULT_PROVED
            || reason == MISMATCH || reason == MISMATCHES || reason == JURY_DIFFERED;
    }
}
