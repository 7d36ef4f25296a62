"""Whatever is done to worklogs, and wherever: the audit feed and the lists tell the same story."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import World

BOB = "5b10a2844c20165700ede223"
CLOUD, OTHER = 10202, 10203
JIRA = "/jira/rest/api/2/issue"
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["log", "bulk", "jira", "change", "change in jira", "remove", "remove in jira"]), st.integers(0, 9)
    ),
    min_size=1,
    max_size=14,
)


class Story:
    """A world in which bob works, with what a client that follows its feed knows."""

    def __init__(self, newest_first: bool) -> None:
        self.world = World(settings={"audit.order": "newest" if newest_first else "oldest"})
        self.before = set(self.listed())

    def listed(self) -> dict[int, dict[str, Any]]:
        """Bob's worklogs by id."""
        answer = self.world.cloud("GET", "bob", f"worklogs/user/{BOB}?limit=5000")
        return {row["tempoWorklogId"]: row for row in answer.json["results"]}

    def feed(self, limit: int, **asked: Any) -> list[dict[str, Any]]:
        """Every event of worklogs."""
        body = {"from": "2013-11-01T00:00:00Z", "entityType": ["worklog"], **asked}
        found: list[dict[str, Any]] = []
        query = f"?limit={limit}"
        while query:
            page = self.world.cloud("POST", "fred", f"papertrail/search{query}", body).json
            found += page["results"]
            token = page["metadata"].get("nextPageToken")
            query = f"?limit={limit}&nextPageToken={token}" if token else ""
        return found

    def do(self, step: str, number: int) -> None:
        """One step; those that need a worklog do nothing without one of the test's own."""
        entry = {"authorAccountId": BOB, "startDate": "2013-11-14", "timeSpentSeconds": 60 * (number + 1)}
        own = sorted(set(self.listed()) - self.before)
        if step == "log":
            assert self.world.cloud("POST", "bob", "worklogs", {**entry, "issueId": CLOUD}).status == 200
        elif step == "bulk":
            assert self.world.cloud("POST", "bob", f"worklogs/issue/{OTHER}/bulk", [entry] * (number % 3 + 1)).status == 200
        elif step == "jira":
            assert self.world.post("bob", f"{JIRA}/{CLOUD}/worklog", {"timeSpentSeconds": 60}).status == 201
        elif own:
            row = self.listed()[own[number % len(own)]]
            sent = {"tempoWorklogIds": [row["tempoWorklogId"]]}
            ids = self.world.cloud("POST", "bob", "worklogs/tempo-to-jira", sent).json["results"]
            place = f"{JIRA}/{row['issue']['id']}/worklog/{ids[0]['jiraWorklogId']}"
            if step == "change":
                assert self.world.cloud("PUT", "bob", f"worklogs/{row['tempoWorklogId']}", entry).status == 200
            elif step == "change in jira":
                assert self.world.put("bob", place, {"timeSpentSeconds": 60 * (number + 2)}).status == 200
            elif step == "remove":
                assert self.world.cloud("DELETE", "bob", f"worklogs/{row['tempoWorklogId']}").status == 204
            else:
                assert self.world.delete("bob", place).status == 204


@settings(deadline=None)
@given(steps=STEPS, limit=st.integers(1, 5), newest_first=st.booleans())
def test_what_was_made_is_what_is_listed_and_what_is_told_as_deleted(
    steps: list[tuple[str, int]], limit: int, newest_first: bool
) -> None:
    story = Story(newest_first)
    try:
        for step, number in steps:
            story.do(step, number)
        listed = {number: row for number, row in story.listed().items() if number not in story.before}
        told = story.feed(limit)
        assert told == story.feed(1000), "pages hold the whole"
        in_time = told[::-1] if newest_first else told
        state: dict[int, dict[str, str | None]] = {}
        for event in in_time:
            number = int(event["entityId"])
            changes = {change["field"]: change for change in event["changes"]}
            if event["action"] == "Deleted":
                gone = state.pop(number)
                assert {name: change["previous"] for name, change in changes.items()} == gone
                continue
            known = state.setdefault(number, {})
            for name, change in changes.items():
                assert known.get(name) == change["previous"]
                known[name] = change["new"]
        assert set(state) == set(listed)
        for number, row in listed.items():
            assert state[number]["timeSpentSeconds"] == str(row["timeSpentSeconds"])
            assert state[number]["issueId"] == str(row["issue"]["id"])
        made = {event["entityId"] for event in told}
        deleted = {event["entityId"] for event in story.feed(limit, action=["Deleted"])}
        assert made == {str(number) for number in listed} | deleted
        older = story.world.tempo("GET", "fred", "/papertrail/1/events/deleted/types/worklog?updatedFrom=2013-11-01T00:00:00Z")
        assert {row["tempoWorklogId"] for row in older.json["results"]} == deleted
    finally:
        story.world.close()
