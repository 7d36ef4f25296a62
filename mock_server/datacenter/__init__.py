"""Face: Tempo's REST resources inside Jira Data Center, ``/jira/rest/tempo-*``."""
