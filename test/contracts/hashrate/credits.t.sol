// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IHashrate} from "../../../contracts/src/interfaces/IHashrate.sol";
import {IPallet} from "../../../contracts/src/interfaces/IPallet.sol";
import {ScoreTest} from "../helpers/ScoreTest.sol";

contract CreditsTest is ScoreTest {
    function passedOrder() internal returns (uint256 orderId) {
        vm.prank(seller);
        offerId = market.makeOffer(machineId, PRICE_PER_HOUR, 60, 3_600, uint64(time() + 1 days));
        orderId = completedAfter(100);
        auditAll(orderId, 1);
        settle(orderId);
    }

    function creditsOf(uint256 machine) internal view returns (IHashrate.CreditsView memory) {
        return hashrate.creditsOf(machine);
    }

    /// @dev 40 proved seconds at 1,000 MFLOPS are 4e10 operations, 92,592,592 nano-ut; the fee buys 0.8 ut.
    function test_creditOrder_workIsTheLesser() public {
        measure(machineId, seller, 1_000);
        uint256 orderId = passedOrder();
        vm.prank(stranger);
        hashrate.creditOrder(orderId);
        assertEq(creditsOf(machineId).tecpNut, 92_592_592, "40 s x 1e9 / 432");
        assertEq(creditsOf(machineId).totalNut, uint256(92_592_592) * 3 / 5, "weighs 0.6");
        assertEq(hashrate.totalCredits().tecpNut, 92_592_592, "of all");
    }

    /// @dev The fee of 2 % of 0.4 ether is 0.008 ether: 0.8 ut at a hundredth of an ether.
    function test_creditOrder_feeIsTheLesser() public {
        measure(machineId, seller, 1_000_000);
        hashrate.creditOrder(passedOrder());
        assertEq(creditsOf(machineId).tecpNut, 0.8e9, "what was burned buys no more");
    }

    function test_creditOrder_timeThatWasSpent() public {
        measure(machineId, seller, 1_000);
        vm.prank(seller);
        offerId = market.makeOffer(machineId, PRICE_PER_HOUR, 60, 3_600, uint64(time() + 1 days));
        // Ended in ten seconds: the agreed 40 seconds of step time are not believed.
        uint256 orderId = completedAfter(10);
        auditAll(orderId, 1);
        settle(orderId);
        hashrate.creditOrder(orderId);
        assertEq(creditsOf(machineId).tecpNut, 10 * uint256(1e9) / 432, "ten seconds");
    }

    function test_error_creditOrder() public {
        measure(machineId, seller, 1_000);
        uint256 orderId = passedOrder();
        hashrate.creditOrder(orderId);
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateCredited.selector, orderId));
        hashrate.creditOrder(orderId);
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateNotProved.selector, 99));
        hashrate.creditOrder(99);
        vm.prank(seller);
        offerId = market.makeOffer(machineId, PRICE_PER_HOUR, 60, 3_600, uint64(time() + 1 days));
        uint256 open = completedAfter(100);
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateNotProved.selector, open));
        hashrate.creditOrder(open);
        // Silent auditors: nothing was proved, though a share is paid.
        skip(121);
        settle(open);
        assertGt(market.orderOf(open).paidWei, 0, "paid");
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateNotProved.selector, open));
        hashrate.creditOrder(open);
    }

    function test_error_creditOrder_noScore() public {
        uint256 orderId = passedOrder();
        vm.expectRevert(abi.encodeWithSelector(IHashrate.HashrateNoFreshScore.selector, machineId));
        hashrate.creditOrder(orderId);
        // Later it counts: nothing is lost.
        measure(machineId, seller, 1_000);
        hashrate.creditOrder(orderId);
        assertGt(creditsOf(machineId).tecpNut, 0, "later");
    }

    function test_error_creditDrill_drillingOnly() public {
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(IPallet.PalletUnauthorized.selector, seller));
        hashrate.creditDrill(machineId, 1);
    }

    /// @dev A thousand a day for ten weeks: the daily average is a thousand, short by what is not there yet (2^-10).
    function test_effective_isTheDailyAverage() public {
        for (uint256 day; day < 70; ++day) {
            credit(machineId, 1_000e9);
            skip(1 days);
        }
        // Half a day's middle: a day's credit stands at its beginning.
        uint256 perDay = creditsOf(machineId).effectiveDecpNutPerDay;
        assertGe(perDay, 945e9, "average");
        assertLe(perDay, 955e9, "average");
        assertEq(creditsOf(machineId).effectiveNutPerDay, perDay * 2 / 5, "drilling weighs 0.4");
        skip(7 days);
        uint256 later = creditsOf(machineId).effectiveDecpNutPerDay;
        assertLe(later * 2, perDay + 2, "half after a week");
        assertGe(later * 2 + 2, perDay, "half after a week");
        assertEq(creditsOf(machineId).decpNut, 70_000e9, "the total stays");
    }

    /// @dev The sum of all decays as the parts do: apart by less than a nano-ut for each credit and machine.
    function testFuzz_totalIsTheSum(uint64[8] memory nuts, uint32[8] memory gaps) public {
        uint256 sum;
        for (uint256 i; i < 8; ++i) {
            credit(machineId + i % 3, nuts[i]);
            skip(gaps[i] % 30 days);
        }
        for (uint256 m; m < 3; ++m) {
            sum += creditsOf(machineId + m).effectiveDecpNutPerDay;
        }
        uint256 total = hashrate.totalCredits().effectiveDecpNutPerDay;
        assertLe(sum > total ? sum - total : total - sum, 20, "parts and whole");
    }

    /// @dev What comes in an epoch counts from the next one: nobody can add to a draw whose beacon he knows.
    function test_weights_stayThroughAnEpoch() public {
        credit(machineId, 5e9);
        vm.warp((time() / 1 days + 1) * 1 days);
        (uint256 weight, uint256 total) = hashrate.weightsAtEpoch(machineId);
        assertGt(weight, 0, "the day before");
        assertEq(weight, total, "alone");
        skip(100);
        credit(machineId, 500e9);
        credit(machineId + 1, 500e9);
        (uint256 after_, uint256 totalAfter) = hashrate.weightsAtEpoch(machineId);
        assertEq(after_, weight, "as it began");
        assertEq(totalAfter, total, "as it began");
        (uint256 other,) = hashrate.weightsAtEpoch(machineId + 1);
        assertEq(other, 0, "not yet");
        skip(1 days);
        (other,) = hashrate.weightsAtEpoch(machineId + 1);
        assertGt(other, 0, "now");
    }
}
