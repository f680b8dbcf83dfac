// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Draw arithmetic: which segments are audited and by whom follows from beacons alone.
/// @dev Partial Fisher-Yates without the array: draw j swaps position j with position j + r % (n - j), and only
/// the swaps are remembered. Positions below j are never read again, so the newest swap of a position is its value.
library DrawLib {
    bytes32 internal constant DRAW = "trainyard.draw";
    bytes32 internal constant PANEL = "trainyard.panel";

    struct Deck {
        uint256 n;
        uint256 picked;
        uint256[] from; // positions swapped so far
        uint256[] to; // what they hold now
    }

    /// @notice How many random segments window `index` of `windows` gets of `draws` in all and `extra` of its own, at most
    /// its `segments`.
    function quota(uint256 draws, uint256 index, uint256 windows, uint256 segments, uint256 extra)
        internal
        pure
        returns (uint256)
    {
        uint256 share = draws * (index + 1) / windows - draws * index / windows + extra;
        return share < segments ? share : segments;
    }

    /// @notice Random number of the j-th draw of a window.
    function drawRandom(uint256 orderId, uint256 window, uint256 j, bytes32 beacon)
        internal
        pure
        returns (uint256)
    {
        return uint256(keccak256(abi.encode(DRAW, orderId, window, j, beacon)));
    }

    /// @notice Random number of the i-th draw of the panel.
    function panelRandom(uint256 orderId, uint256 i, bytes32 beacon) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(PANEL, orderId, i, beacon)));
    }

    /// @notice A deck of n cards (0 to n - 1) of which at most `picks` will be picked.
    function newDeck(uint256 n, uint256 picks) internal pure returns (Deck memory) {
        return Deck(n, 0, new uint256[](picks), new uint256[](picks));
    }

    /// @notice Picks the next card.
    function pick(Deck memory deck, uint256 random) internal pure returns (uint256 picked) {
        uint256 j = deck.picked;
        uint256 position = j + random % (deck.n - j);
        picked = _at(deck, position);
        deck.to[j] = _at(deck, j);
        deck.from[j] = position;
        deck.picked = j + 1;
    }

    function _at(Deck memory deck, uint256 position) private pure returns (uint256) {
        for (uint256 i = deck.picked; i > 0; --i) {
            if (deck.from[i - 1] == position) return deck.to[i - 1];
        }
        return position;
    }
}
