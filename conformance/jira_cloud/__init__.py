"""Checks of the part of Jira Cloud that clients of Tempo Cloud need."""
