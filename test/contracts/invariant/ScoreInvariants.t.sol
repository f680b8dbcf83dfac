// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "../helpers/Test.sol";
import {ScoreWorld} from "./ScoreWorld.sol";

/// @notice The new pallets' rules after every action; README.md has them in words.
/// forge-config: default.invariant.runs = 24
/// forge-config: default.invariant.depth = 60
/// forge-config: deep.invariant.runs = 128
contract ScoreInvariantsTest is Test {
    ScoreWorld internal world;

    function setUp() public {
        world = new ScoreWorld();
        world.setUp();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(world);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](10);
        selectors[0] = ScoreWorld.wait.selector;
        selectors[1] = ScoreWorld.waitShort.selector;
        selectors[2] = ScoreWorld.measure.selector;
        selectors[3] = ScoreWorld.enrolOne.selector;
        selectors[4] = ScoreWorld.leaveOne.selector;
        selectors[5] = ScoreWorld.begin.selector;
        selectors[6] = ScoreWorld.play.selector;
        selectors[7] = ScoreWorld.claim.selector;
        selectors[8] = ScoreWorld.fill.selector;
        selectors[9] = ScoreWorld.changeSpecs.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(world), selectors);
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function invariant_scores() public view {
        string memory broken = world.broken();
        assertTrue(bytes(broken).length == 0, broken);
    }

    /// @dev The same actions by a plain walk: fails unless everything that the rules are about happened.
    function test_worldReachesEverything() public {
        for (uint256 i; i < 240; ++i) {
            uint256 r = uint256(keccak256(abi.encode("walk", i)));
            uint8 who = uint8(r >> 8);
            if (i % 12 == 0) world.wait(uint32(r >> 16), uint8(r >> 64));
            if (i % 3 == 0) world.measure(who, uint16(r >> 16), r % 5 != 0);
            if (i % 17 == 5) world.changeSpecs(who, i % 2 == 0);
            world.enrolOne(who);
            if (i % 20 == 7) world.leaveOne(uint8(r >> 128));
            world.begin(i % 9 == 0);
            world.play(uint8(r >> 32), i % 2 == 0 ? 0 : uint16(r >> 40));
            if (i % 4 == 0) world.claim(who);
            string memory broken = world.broken();
            assertTrue(bytes(broken).length == 0, broken);
        }
        assertGt(world.agreed(), 0, "agreed");
        assertGt(world.disagreed(), 0, "disagreed");
        assertGt(world.punished(), 0, "punished");
        assertGt(world.claims(), 0, "claims");
        assertGt(world.refused(), 0, "refused");
        assertGt(world.rounds(), 0, "rounds");
        assertGt(world.changed(), 0, "changed");
        everybodyLeaves();
    }

    /// @dev S6: whatever happened, calls that anyone may make close every task, and all tickets come free.
    function everybodyLeaves() internal {
        for (uint256 round; round < 4; ++round) {
            world.wait(1 days, 20);
            for (uint256 taskId = 1; taskId <= world.lastTask(); ++taskId) {
                world.close(taskId);
            }
        }
        for (uint256 i; i < world.machineCount(); ++i) {
            world.leaveOne(uint8(i));
            assertEq(world.ticketsOf(i), 0, "left");
        }
    }
}
