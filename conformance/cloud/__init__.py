"""Checks of Tempo Cloud, REST API v4."""
