"""Syncs of a Tempo site: time planned off becomes out-of-office rules. Safe on a real site: idempotent, and no short answer deletes."""
