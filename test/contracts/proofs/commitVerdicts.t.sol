// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IProofs} from "../helpers/BaseTest.sol";

contract CommitVerdictsTest is BaseTest {
    function test_storesThePanelAndTheCommitment() public {
        uint256 orderId = completedAfter(100);
        address[] memory panel = panelOf(orderId);
        vm.expectEmit(address(proofs));
        emit IProofs.PanelDrawn(orderId, panel);
        vm.expectEmit(address(proofs));
        emit IProofs.VerdictsCommitted(orderId, panel[1], bytes32("x"));
        vm.prank(panel[1]);
        proofs.commitVerdicts(orderId, bytes32("x"));

        (, uint32 committed, uint32 revealed, uint64 deadlineAt,) = proofs.auditOf(orderId);
        assertEq(committed, 1, "committed");
        assertEq(revealed, 0, "revealed");
        assertEq(deadlineAt, time() + 60, "deadline");
    }

    function test_inTimeUntilTheLastSecond() public {
        uint256 orderId = completedAfter(100);
        skip(59);
        address[] memory panel = panelOf(orderId);
        vm.prank(panel[0]);
        proofs.commitVerdicts(orderId, bytes32("x"));
    }

    function test_revertsIf_late() public {
        uint256 orderId = completedAfter(100);
        address[] memory panel = panelOf(orderId);
        skip(60);
        expectRefused(panel[0], orderId, abi.encodeWithSelector(IProofs.ProofsWrongPhase.selector, orderId));
    }

    function test_revertsIf_notDrawn() public {
        uint256 orderId = completedAfter(100);
        bytes memory reason = abi.encodeWithSelector(IProofs.ProofsNotDrawn.selector, orderId, stranger);
        expectRefused(stranger, orderId, reason);
        proofs.pinDraw(orderId);
        expectRefused(stranger, orderId, reason);
    }

    function test_revertsIf_twice() public {
        uint256 orderId = completedAfter(100);
        address[] memory panel = panelOf(orderId);
        vm.prank(panel[0]);
        proofs.commitVerdicts(orderId, bytes32("x"));
        expectRefused(
            panel[0],
            orderId,
            abi.encodeWithSelector(IProofs.ProofsAlreadyCommitted.selector, orderId, panel[0])
        );
    }

    function test_revertsIf_empty() public {
        uint256 orderId = completedAfter(100);
        address[] memory panel = panelOf(orderId);
        vm.expectRevert(abi.encodeWithSelector(IProofs.ProofsBadReveal.selector, orderId, panel[0]));
        vm.prank(panel[0]);
        proofs.commitVerdicts(orderId, 0);
    }

    function test_revertsIf_notAuditing() public {
        bytes memory none = abi.encodeWithSelector(IProofs.ProofsNotAuditing.selector, 99);
        expectRefused(auditors[0], 99, none);
        uint256 orderId = placeAndStart();
        bytes memory reason = abi.encodeWithSelector(IProofs.ProofsNotAuditing.selector, orderId);
        commitWindows(orderId, WINDOWS);
        expectRefused(auditors[0], orderId, reason);
        complete(orderId);
        auditAll(orderId, 1);
        settle(orderId);
        expectRefused(auditors[0], orderId, reason);
    }

    function test_revertsIf_theDrawsBeaconIsUnknown() public {
        uint256 orderId = placeAndStart();
        commitWindows(orderId, 3);
        vm.prank(seller);
        windows.commitWindow(orderId, 3, 0, 1, 0, 0, "");
        vm.prank(seller);
        market.orderCompleted(orderId, "bafyresult");
        expectRefused(
            auditors[0],
            orderId,
            abi.encodeWithSelector(IProofs.ProofsDrawNotReady.selector, orderId, uint64(height() + 2))
        );
    }

    function expectRefused(address auditor, uint256 orderId, bytes memory reason) internal {
        vm.expectRevert(reason);
        vm.prank(auditor);
        proofs.commitVerdicts(orderId, bytes32("x"));
    }
}
