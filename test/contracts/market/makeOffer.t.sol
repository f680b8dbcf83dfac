// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IMachines, IMarket, MachineStatus} from "../helpers/BaseTest.sol";

contract MakeOfferTest is BaseTest {
    function test_opensAnOffer() public {
        uint256 machine = addMachineAs(seller);
        vm.expectEmit(address(market));
        emit IMarket.OfferMade(2, machine, seller, 5 ether, 10, 20, uint64(time() + 50));
        vm.prank(seller);
        uint256 id = market.makeOffer(machine, 5 ether, 10, 20, uint64(time() + 50));

        IMarket.OfferView memory offer = market.offerOf(id);
        assertEq(offer.seller, seller, "seller");
        assertEq(offer.machineId, machine, "machine");
        assertEq(offer.pricePerHourWei, 5 ether, "price");
        assertEq(offer.minSeconds, 10, "min");
        assertEq(offer.maxSeconds, 20, "max");
        assertTrue(offer.open, "open");
        assertEq(uint256(machines.machineOf(machine).status), uint256(MachineStatus.ForRent), "machine");
    }

    function test_closesWithTheClock() public {
        vm.warp(market.offerOf(offerId).expiresAt - 1);
        assertTrue(market.offerOf(offerId).open, "one second before");
        skip(1);
        assertFalse(market.offerOf(offerId).open, "expired");
        assertEq(uint256(machines.machineOf(machineId).status), uint256(MachineStatus.Idle), "machine");
    }

    function test_replacesTheFormerOffer() public {
        vm.expectEmit(address(market));
        emit IMarket.OfferCancelled(offerId);
        uint256 id = offerAs(seller, machineId);

        assertFalse(market.offerOf(offerId).open, "former");
        assertTrue(market.offerOf(id).open, "new");
    }

    function test_unknownOfferIsNotOpen() public view {
        assertFalse(market.offerOf(99).open, "open");
        assertEq(market.offerOf(99).seller, address(0), "seller");
    }

    function test_revertsIf_machineIsUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesUnknown.selector, 99));
        vm.prank(seller);
        market.makeOffer(99, 1, 1, 1, uint64(time() + 1));
    }

    function test_revertsIf_callerIsNotTheOwner() public {
        vm.expectRevert(abi.encodeWithSelector(IMachines.MachinesNotOwner.selector, machineId, stranger));
        vm.prank(stranger);
        market.makeOffer(machineId, 1, 1, 1, uint64(time() + 1));
    }

    function test_revertsIf_termsAreBad() public {
        vm.startPrank(seller);
        vm.expectRevert(badTerms("pricePerHourWei"));
        market.makeOffer(machineId, 0, 1, 1, uint64(time() + 1));
        vm.expectRevert(badTerms("pricePerHourWei"));
        market.makeOffer(machineId, uint256(type(uint96).max) + 1, 1, 1, uint64(time() + 1));
        vm.expectRevert(badTerms("minSeconds"));
        market.makeOffer(machineId, 1, 0, 1, uint64(time() + 1));
        vm.expectRevert(badTerms("minSeconds"));
        market.makeOffer(machineId, 1, 2, 1, uint64(time() + 1));
        vm.expectRevert(badTerms("expiresAt"));
        market.makeOffer(machineId, 1, 1, 1, uint64(time()));
    }

    function testFuzz_storesWhatWasOffered(uint96 price, uint32 min, uint32 max, uint64 expiresAt) public {
        price = uint96(bound(price, 1, type(uint96).max));
        min = uint32(bound(min, 1, type(uint32).max));
        max = uint32(bound(max, min, type(uint32).max));
        expiresAt = uint64(bound(expiresAt, time() + 1, type(uint64).max));
        vm.prank(seller);
        IMarket.OfferView memory offer =
            market.offerOf(market.makeOffer(machineId, price, min, max, expiresAt));

        assertEq(offer.pricePerHourWei, price, "price");
        assertEq(offer.minSeconds, min, "min");
        assertEq(offer.maxSeconds, max, "max");
        assertEq(offer.expiresAt, expiresAt, "expiresAt");
        assertTrue(offer.open, "open");
    }
}
