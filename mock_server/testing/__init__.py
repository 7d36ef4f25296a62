"""Worlds for tests, in the process of the tests: what the pytest plugin gives out. Importing this imports nothing else."""
