"""Files that bring procedures, each kind read piece by piece into the same drafts."""
