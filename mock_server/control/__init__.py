"""Face: ``/_mock/*``, the fake's own switches. Never part of Tempo; absent with ``--no-control``."""
