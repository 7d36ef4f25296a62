"""Face: the part of Jira's own REST API that Tempo clients call, ``/jira/rest/api/2`` and beside it."""
