// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BaseTest, IProofs} from "../helpers/BaseTest.sol";

contract RevealVerdictsTest is BaseTest {
    uint256 internal orderId;
    address[] internal panel;
    uint256 internal word;
    uint256[3] internal parts; // each member's share, passed

    function setUp() public override {
        super.setUp();
        orderId = completedAfter(100);
        panel = panelOf(orderId);
        word = uniform(orderId, 1);
        for (uint256 i; i < 3; ++i) {
            parts[i] = ownPart(orderId, panel[i], word);
        }
    }

    function test_storesTheVerdicts() public {
        commitAll();
        vm.expectEmit(address(proofs));
        emit IProofs.VerdictsRevealed(orderId, panel[0], parts[0], "bafyreport");
        revealAs(panel[0], orderId, word);
        (, uint32 committed, uint32 revealed, uint64 deadlineAt,) = proofs.auditOf(orderId);
        assertEq(committed, 3, "committed");
        assertEq(revealed, 1, "revealed");
        assertEq(deadlineAt, time() + 120, "deadline");
    }

    function test_opensOnceCommitsAreOver() public {
        commitVerdictsAs(panel[0], orderId, word);
        expectRefused(panel[0], parts[0], SALT, "bafyreport", wrongPhase());
        skip(59);
        expectRefused(panel[0], parts[0], SALT, "bafyreport", wrongPhase());
        skip(1);
        revealAs(panel[0], orderId, word);
    }

    function test_revertsIf_late() public {
        commitAll();
        skip(120);
        expectRefused(panel[0], parts[0], SALT, "bafyreport", wrongPhase());
    }

    function test_inTimeUntilTheLastSecond() public {
        commitAll();
        skip(119);
        revealAs(panel[0], orderId, word);
    }

    /// @dev The commitment binds order, auditor, verdicts, report and salt.
    function test_revertsIf_notWhatWasCommitted() public {
        commitAll();
        expectRefused(panel[0], parts[0] + 1, SALT, "bafyreport", badReveal(panel[0]));
        expectRefused(panel[0], parts[0], bytes32("other"), "bafyreport", badReveal(panel[0]));
        expectRefused(panel[0], parts[0], SALT, "bafyother", badReveal(panel[0]));
    }

    /// @dev A copied commitment cannot be revealed by who copied it.
    function test_revertsIf_commitmentIsSomebodyElses() public {
        bytes32 copied = commitmentOf(orderId, panel[0], word);
        vm.prank(panel[0]);
        proofs.commitVerdicts(orderId, copied);
        vm.prank(panel[1]);
        proofs.commitVerdicts(orderId, copied);
        commitVerdictsAs(panel[2], orderId, word);
        revealAs(panel[0], orderId, word);
        expectRefused(panel[1], parts[1], SALT, "bafyreport", badReveal(panel[1]));
    }

    /// @dev Nor a reveal of the same auditor in another order.
    function test_revertsIf_commitmentIsForAnotherOrder() public {
        bytes32 other = commitmentOf(orderId + 1, panel[0], word);
        vm.prank(panel[0]);
        proofs.commitVerdicts(orderId, other);
        skip(60);
        expectRefused(panel[0], parts[0], SALT, "bafyreport", badReveal(panel[0]));
    }

    function test_revertsIf_twice() public {
        commitAll();
        revealAs(panel[0], orderId, word);
        expectRefused(panel[0], parts[0], SALT, "bafyreport", badReveal(panel[0]));
    }

    function test_revertsIf_notCommitted() public {
        commitVerdictsAs(panel[0], orderId, word);
        skip(60);
        expectRefused(panel[1], parts[1], SALT, "bafyreport", badReveal(panel[1]));
    }

    function test_revertsIf_notDrawn() public {
        commitAll();
        expectRefused(
            stranger,
            word,
            SALT,
            "bafyreport",
            abi.encodeWithSelector(IProofs.ProofsNotDrawn.selector, orderId, stranger)
        );
    }

    /// @dev Every segment of the share has a verdict, and nothing else has. Least of all nothing.
    function test_revertsIf_notAboutExactlyItsShare() public {
        uint256 count = drawnCount(orderId);
        uint256[5] memory bad = [parts[0] - 1, parts[1], word, 0, parts[0] | 1 << (2 * count)];
        for (uint256 i; i < 5; ++i) {
            uint256 snapshot = vm.snapshotState();
            vm.prank(panel[0]);
            proofs.commitVerdicts(orderId, commitmentTo(orderId, panel[0], bad[i]));
            skip(60);
            expectRefused(panel[0], bad[i], SALT, "bafyreport", badReveal(panel[0]));
            vm.revertToState(snapshot);
        }
    }

    function test_revertsIf_settled() public {
        commitAll();
        skip(120);
        settle(orderId);
        expectRefused(
            panel[0],
            parts[0],
            SALT,
            "bafyreport",
            abi.encodeWithSelector(IProofs.ProofsNotAuditing.selector, orderId)
        );
    }

    function testFuzz_onlyTheCommittedWordReveals(uint256 verdicts, bytes32 salt, uint256 other) public {
        vm.assume(other != parts[0] || salt != SALT);
        commitAll();
        verdicts = other;
        expectRefused(panel[0], verdicts, salt, "bafyreport", badReveal(panel[0]));
    }

    /// @dev Whoever shows that its auditor lied has to send the report again: it must not be too long for that.
    function test_revertsIf_theReportIsLong() public {
        string memory report = string(new bytes(129));
        uint256 verdicts = ownPart(orderId, panel[0], word);
        vm.prank(panel[0]);
        proofs.commitVerdicts(
            orderId, keccak256(abi.encode(orderId, panel[0], verdicts, keccak256(bytes(report)), SALT))
        );
        skip(60);
        expectRefused(panel[0], verdicts, SALT, report, badReveal(panel[0]));
    }

    function commitAll() internal {
        for (uint256 i; i < 3; ++i) {
            commitVerdictsAs(panel[i], orderId, word);
        }
    }

    function wrongPhase() internal view returns (bytes memory) {
        return abi.encodeWithSelector(IProofs.ProofsWrongPhase.selector, orderId);
    }

    function badReveal(address auditor) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IProofs.ProofsBadReveal.selector, orderId, auditor);
    }

    function expectRefused(
        address auditor,
        uint256 verdicts,
        bytes32 salt,
        string memory report,
        bytes memory reason
    ) internal {
        vm.expectRevert(reason);
        vm.prank(auditor);
        proofs.revealVerdicts(orderId, verdicts, salt, report);
    }
}
