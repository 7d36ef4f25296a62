"""Faults of a site: what is armed breaks the answers that its rule matches, for tests of how a client bears it."""
