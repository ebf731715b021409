"""The account itself: its identity, its opening and its life."""
