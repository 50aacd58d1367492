"""The people of an HDS and what they may do there."""
