// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {CloseReasons} from "../../../contracts/src/libraries/CloseReasons.sol";
import {DrandHandler} from "./DrandHandler.sol";
import {Handler} from "./Handler.sol";
import {InvariantRules} from "./InvariantRules.sol";

/// @notice The same rules where rounds of drand draw. Few runs: each round that is shown is a pairing.
/// forge-config: default.invariant.runs = 12
/// forge-config: default.invariant.depth = 60
/// forge-config: deep.invariant.runs = 128
/// forge-config: deep.invariant.depth = 150
contract DrandInvariantsTest is InvariantRules {
    uint256 internal constant WALKS = 20;

    function newHandler() internal override returns (Handler) {
        return new DrandHandler();
    }

    function drandHandler() internal view returns (DrandHandler) {
        return DrandHandler(address(handler));
    }

    function actions() internal view override returns (bytes4[] memory selectors) {
        bytes4[] memory others = super.actions();
        selectors = new bytes4[](others.length + 3);
        for (uint256 i; i < others.length; ++i) {
            selectors[i] = others[i];
        }
        selectors[others.length] = drandHandler().showRound.selector;
        selectors[others.length + 1] = drandHandler().showRound.selector;
        selectors[others.length + 2] = drandHandler().forgeRound.selector;
    }

    function invariant_rulesHold() public view override {
        super.invariant_rulesHold();
        assertTrue(!drandHandler().drawsWithoutTheirRound(), "15: a draw without its round");
    }

    /// @notice Random walks meet rounds that are shown and rounds that never are, in audits and in disputes.
    function test_drandHandlerReachesBothEnds() public {
        bytes4[] memory selectors = actions();
        uint256[8] memory done;
        for (uint256 walk; walk < WALKS; ++walk) {
            uint256 snapshot = vm.snapshotState();
            for (uint256 i; i < 96; ++i) {
                uint256 dice = uint256(keccak256(abi.encode("drand", walk, i)));
                bytes memory call = abi.encodeWithSelector(
                    selectors[dice % selectors.length], dice >> 16, dice >> 32, dice >> 48
                );
                (bool ok,) = address(handler).call(call);
                assertTrue(ok, "an action reverted");
            }
            afterInvariant();
            done[0] += drandHandler().drawRounds();
            done[1] += drandHandler().juryRounds();
            done[2] += drandHandler().undrawn();
            done[3] += handler.ends(CloseReasons.WORK_COMPLETED);
            done[4] += handler.ends(CloseReasons.AUDITORS_SILENT);
            done[5] += handler.convictions();
            done[6] += handler.refutations();
            done[7] += handler.submissions();
            vm.revertToState(snapshot);
        }
        for (uint256 i; i < done.length; ++i) {
            assertTrue(done[i] > 0, string.concat("never reached: ", vm.toString(i)));
        }
    }
}
