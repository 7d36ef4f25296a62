"""Decisions and invariants. Takes store, actor and now as arguments; called by faces, calls none."""
