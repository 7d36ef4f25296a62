"""Syncs of a Tempo site: time planned off becomes out-of-office rules. Idempotent, and no short answer deletes."""
