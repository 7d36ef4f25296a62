"""Black-box conformance suite for Tempo servers: real ones, this project's fake, anybody else's.

It speaks HTTP only. What a server owes is data (`requirements/*.toml`); what is tried is one function a check
(`datacenter/test_*.py`, `cloud/test_*.py`, `jira_cloud/test_*.py`); `tempo-conformance --help` runs it.
"""
