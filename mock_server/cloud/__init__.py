"""Face: the REST API v4 of Tempo Cloud, ``/4/*``."""
