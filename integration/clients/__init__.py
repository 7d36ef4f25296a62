"""The only HTTP of the syncs."""
