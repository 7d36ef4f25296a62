"""Worlds for tests, in the process of the tests: what the pytest plugin gives out. Importing this imports nothing else.

Modules that say ``__tracebackhide__`` are left out of what pytest shows of a failure: the line of the test is meant.
"""
