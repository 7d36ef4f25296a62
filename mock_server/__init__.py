"""Unofficial, stateful, offline stand-in for Tempo and the little of Jira beside it.

Importing this package imports nothing else: start-up time is a feature, and the command decides what it needs.
"""

__version__ = "0.1.0"
