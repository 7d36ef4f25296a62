"""Benchmarks a person runs by ``make bench``; never part of the tests."""
