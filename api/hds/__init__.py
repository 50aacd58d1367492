"""The HDS itself: its name, and what it chooses about the subjects of the other rooms."""
