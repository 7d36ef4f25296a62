"""Face: Jira Cloud's own REST API, ``/rest/api/{2,3}`` and ``/jira/rest/api/3``, as far as Tempo clients call it."""
