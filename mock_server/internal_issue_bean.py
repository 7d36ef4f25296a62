"""An internal issue as it is told: by the route ``/_mock/internal-issues`` and by the command, in the same words."""

from typing import Any

from mock_server.storage.internal_issues import InternalIssue


def internal_issue_bean(issue: InternalIssue) -> dict[str, Any]:
    """What an internal issue is, with the ids of the teams it is open to; none means all."""
    return {"id": issue.id, "key": issue.key, "summary": issue.summary, "teams": list(issue.team_ids)}
