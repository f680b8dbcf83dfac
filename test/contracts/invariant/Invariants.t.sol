// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {InvariantRules} from "./InvariantRules.sol";

/// @notice Where the hashes of blocks draw.
contract InvariantsTest is InvariantRules {
    uint256 internal constant PAIR_ACTIONS = 3; // the last ones

    /// @notice Random walks of the same handler reach every end, so that the rules above are put to the test.
    function test_handlerReachesEveryEnd() public {
        bytes4[] memory selectors = actions();
        uint256[] memory ends = new uint256[](type(uint16).max);
        uint256 evictions;
        uint256 redraws;
        uint256[16] memory done;
        uint16[15] memory reasons = allReasons();
        for (uint256 walk; walk < 28; ++walk) {
            uint256 snapshot = vm.snapshotState();
            for (uint256 i; i < 96; ++i) {
                uint256 dice = uint256(keccak256(abi.encode("walk", walk, i)));
                // Pairs take two places each: in the last walks, and there often.
                uint256 which = dice % (selectors.length - PAIR_ACTIONS);
                if (walk >= 24 && dice >> 200 & 3 == 0) which = selectors.length - 1 - dice % PAIR_ACTIONS;
                bytes memory call =
                    abi.encodeWithSelector(selectors[which], dice >> 16, dice >> 32, dice >> 48);
                (bool ok,) = address(handler).call(call);
                assertTrue(ok, "an action reverted");
            }
            handler.closeAll();
            noRuleWasBrokenOnTheWay();
            for (uint256 i; i < reasons.length; ++i) {
                ends[reasons[i]] += handler.ends(reasons[i]);
            }
            evictions += handler.evictions();
            redraws += handler.redraws();
            done[0] += handler.renewals();
            done[1] += handler.fills();
            done[2] += handler.resumes();
            done[3] += handler.changes();
            done[4] += handler.pauses();
            done[5] += handler.submissions();
            done[6] += handler.challenges();
            done[7] += handler.narrowings();
            done[8] += handler.refutations();
            done[9] += handler.convictions();
            done[10] += handler.secondRounds();
            done[11] += handler.returns_();
            done[12] += handler.sealings();
            done[13] += handler.pairs();
            done[14] += handler.openings();
            done[15] += handler.agreements();
            vm.revertToState(snapshot);
        }
        for (uint256 i; i < reasons.length; ++i) {
            assertTrue(ends[reasons[i]] > 0, string.concat("never ended by ", vm.toString(reasons[i])));
        }
        assertTrue(evictions > 0, "nobody was ever evicted");
        assertTrue(redraws > 0, "no larger panel was ever drawn");
        for (uint256 i; i < done.length; ++i) {
            assertTrue(
                done[i] > 0,
                string.concat(
                    "never renewed, filled, resumed, changed, paused, submitted, ",
                    "challenged, narrowed, refuted, convicted, undecided, returned, sealed, paired, opened or agreed: ",
                    vm.toString(i)
                )
            );
        }
    }

    function allReasons() internal pure returns (uint16[15] memory) {
        return [
            CloseReasons.BUYER_CANCELLED,
            CloseReasons.JOB_NOT_DETERMINISTIC,
            CloseReasons.JOB_STALLED,
            CloseReasons.JOB_INVALID,
            CloseReasons.WORK_COMPLETED,
            CloseReasons.SELLER_DID_NOT_START,
            CloseReasons.SELLER_GAVE_UP,
            CloseReasons.SELLER_OVERRAN,
            CloseReasons.JURY_DIFFERED,
            CloseReasons.MISMATCH,
            CloseReasons.FAULT_PROVED,
            CloseReasons.FRAUD_PROVED,
            CloseReasons.CHECKPOINTS_UNAVAILABLE,
            CloseReasons.AUDITORS_SILENT,
            CloseReasons.MACHINE_SILENT
        ];
    }
}
