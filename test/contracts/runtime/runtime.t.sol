// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Runtime} from "../../../contracts/src/Runtime.sol";
import {BaseTest, IRuntime, Pallets, Parameters} from "../helpers/BaseTest.sol";

contract RuntimeTest is BaseTest {
    function test_namesThePallets() public view {
        assertEq(runtime.balances(), address(balances), "balances");
        assertEq(runtime.machines(), address(machines), "machines");
        assertEq(runtime.staking(), address(staking), "staking");
        assertEq(runtime.market(), address(market), "market");
        assertEq(runtime.proofs(), address(proofs), "proofs");
        assertEq(runtime.windows(), address(windows), "windows");
        assertEq(runtime.disputes(), address(disputes), "disputes");
    }

    function test_keepsTheParameters() public view {
        assertEq(
            keccak256(abi.encode(runtime.parameters())), keccak256(abi.encode(parameters())), "parameters"
        );
    }

    function test_isComposed_onceEveryPalletIsThere() public {
        assertTrue(runtime.isComposed(), "composed");
        Pallets memory pallets = runtime.pallets();
        pallets.proofs = stranger;
        assertFalse(new Runtime(parameters(), pallets).isComposed(), "nothing is there");
    }

    /// @dev A pallet of another Runtime obeys that one.
    function test_isComposed_notWithPalletsThatBelongElsewhere() public {
        assertFalse(new Runtime(parameters(), runtime.pallets()).isComposed(), "they name the other");
    }

    function test_revertsIf_aParameterIsOutOfBounds() public {
        expectBad(changed(0, 0), "confirmSeconds");
        expectBad(changed(0, 7 days + 1), "confirmSeconds");
        expectBad(changed(1, 7 days + 1), "lastWindowSeconds");
        expectBad(changed(2, 1), "commitSeconds");
        expectBad(changed(2, 7 days + 1), "commitSeconds");
        expectBad(changed(3, 0), "revealSeconds");
        expectBad(changed(4, 0), "challengeSeconds");
        expectBad(changed(4, 7 days + 1), "challengeSeconds");
        expectBad(changed(5, 90 days + 1), "unbondingSeconds");
        expectBad(changed(6, 0), "beaconDelayBlocks");
        expectBad(changed(6, 129), "beaconDelayBlocks");
        expectBad(changed(7, 2_001), "protocolFeeBps");
        expectBad(changed(8, 0), "minSeats");
        expectBad(changed(8, 1_001), "minSeats");
        expectBad(changed(9, 0), "panelSize");
        expectBad(changed(9, 9), "panelSize");
        expectBad(changed(10, uint256(type(uint96).max) + 1), "auditFeePerSegmentWei");
        expectBad(changed(11, 0), "seatStakeWei");
        expectBad(changed(11, uint256(type(uint96).max) + 1), "seatStakeWei");
        expectBad(changed(12, uint256(type(uint96).max) + 1), "panelCostWei");
    }

    function test_acceptsTheBounds() public {
        uint256[13] memory highest = [
            uint256(7 days),
            7 days,
            7 days,
            7 days,
            7 days,
            90 days,
            128,
            2_000,
            1_000,
            8,
            type(uint96).max,
            type(uint96).max,
            type(uint96).max
        ];
        uint256[13] memory lowest = [uint256(1), 0, 2, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0];
        for (uint256 i; i < 13; ++i) {
            new Runtime(changed(i, highest[i]), nowhereYet());
            new Runtime(changed(i, lowest[i]), nowhereYet());
        }
    }

    /// @dev The parameters as thirteen words, one of them replaced.
    function changed(uint256 field, uint256 value) internal pure returns (Parameters memory) {
        bytes memory words = abi.encode(parameters());
        assembly ("memory-safe") {
            mstore(add(add(words, 0x20), mul(field, 0x20)), value)
        }
        return abi.decode(words, (Parameters));
    }

    function expectBad(Parameters memory p, string memory field) internal {
        vm.expectRevert(bad(field));
        new Runtime(p, nowhereYet());
    }

    function bad(string memory field) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IRuntime.RuntimeBadParameter.selector, field);
    }

    function nowhereYet() internal pure returns (Pallets memory) {}
}
