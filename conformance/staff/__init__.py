"""Checks of connecting apps to people, by the routes of this project (docs/conformance.md)."""
