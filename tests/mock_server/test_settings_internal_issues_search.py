"""Internal Issues as a long list: pages, searches, issues to choose from, and what stays when one is taken off."""

import html
import re
from typing import Any

import pytest

from .page_visitor import Document, Visitor

LIST = "/internal-issues"
NEW = f"{LIST}/new"
MARKUP = "<b>&\"'</b><script>alert(1)</script>"


@pytest.fixture
def world(idle_world: Any) -> Any:
    """Without work but what a test logs."""
    return idle_world


@pytest.fixture
def visitor(world: Any) -> Visitor:
    """Fred, who is a Tempo Administrator."""
    found = Visitor(world)
    found.sign_in("fred")
    return found


def insert(world: Any, summaries: list[str], *, is_internal: bool, project: str = "CLOUD") -> list[str]:
    """Issues with keys from 501 on; answers the keys."""
    store = world.site.store
    project_id = store.value("SELECT id FROM projects WHERE key = ?", (project,))
    first = store.value("SELECT count(*) FROM issues") + 501
    keys = [f"{project}-{first + number}" for number in range(len(summaries))]
    for key, summary in zip(keys, summaries, strict=True):
        store.insert_row(
            "issues", key=key, project_id=project_id, summary=summary, issue_type="Task", status="To Do",
            created_at="2013-11-01T00:00:00.000Z", updated_at="2013-11-01T00:00:00.000Z", is_internal=int(is_internal),
        )  # fmt: skip
    return keys


def listed(visitor: Visitor, query: str = "") -> list[str]:
    """Keys in the list, as it shows them."""
    answer = visitor.get(LIST + query)
    assert answer.status_code == 200, answer.text
    return re.findall(r'role="rowheader">([^<]+)<', answer.text)


def offered(visitor: Visitor, search: str) -> list[str]:
    """Keys that a search on the form offers."""
    answer = visitor.get(NEW, query_string={"search": search})
    assert answer.status_code == 200, answer.text
    return Document(answer.text).values("button", "value")


def test_a_long_list_has_pages_that_keep_the_search(world: Any, visitor: Visitor) -> None:
    before = listed(visitor)
    keys = insert(world, [f"Workshop {number}" for number in range(120)], is_internal=True)
    assert listed(visitor) == [*before, *keys][:50]
    pages = [listed(visitor, f"?search=workshop&page={number}") for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [key for page in pages for key in page] == keys
    page = visitor.get(f"{LIST}?search=workshop&page=2").text
    assert "Page 2 of 3, 120 internal issues" in Document(page).text
    assert [html.unescape(href) for href in re.findall(r'href="([^"]*page=[^"]*)"', page)] == [
        f"/settings{LIST}?search=workshop&page={number}" for number in (1, 3)
    ]
    assert listed(visitor, "?search=workshop&page=99") == pages[2]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("sick", ["HR-2"]),
        ("LEAVE sick", ["HR-2"]),
        ("hr-2", ["HR-2"]),
        ("hr-2 time", []),
        ("%", []),
        ("_", []),
        ("'", []),
        ("x" * 6000, []),
        ("sick " * 30, ["HR-2"]),
    ],
)
def test_the_list_is_searched_by_words_of_key_and_summary(visitor: Visitor, search: str, found: list[str]) -> None:
    answer = visitor.get(LIST, query_string={"search": search})
    assert answer.status_code == 200
    assert re.findall(r'role="rowheader">([^<]+)<', answer.text) == found
    assert ("No internal issue has all of these words." in answer.text) == (not found)
    kept = [a["value"] for tag, a in Document(answer.text).elements if a.get("id") == "search"]
    assert kept == [search.strip()]


def test_an_issue_is_found_chosen_and_added(world: Any, visitor: Visitor) -> None:
    (key,) = insert(world, ["Parental leave of somebody"], is_internal=False)
    assert offered(visitor, "parental SOMEBODY") == [key]
    page = visitor.get(f"{NEW}?issue={key}")
    assert [a["value"] for _, a in Document(page.text).elements if a.get("id") == "issue"] == [key]
    assert visitor.post(NEW, {"issue": key, "teams": ["3"]}).status_code == 303
    told = {issue["key"]: issue["teams"] for issue in world.get(None, "/_mock/internal-issues").json}
    assert told[key] == [3]
    assert offered(visitor, "parental") == [], "it is internal already"
    assert key in listed(visitor, "?search=parental")
    assert world.call("DELETE", None, f"/_mock/internal-issues/{key}").status in (200, 204)
    assert (offered(visitor, "parental"), listed(visitor, "?search=parental")) == ([key], [])


def test_the_issue_of_a_key_comes_first_and_twenty_are_offered(world: Any, visitor: Visitor) -> None:
    keys = insert(world, [f"As CLOUD-1 was {number}" for number in range(30)], is_internal=False)
    found = offered(visitor, "cloud-1")
    assert (found[0], len(found)) == ("CLOUD-1", 20)
    assert set(found[1:]) <= {*keys, *(f"CLOUD-{number}" for number in range(10, 20))}
    assert "There are more issues" in visitor.get(f"{NEW}?search=cloud-1").text
    assert "There are more issues" not in visitor.get(f"{NEW}?search={keys[0]}").text


def test_issues_of_hidden_projects_are_not_offered(world: Any, visitor: Visitor) -> None:
    (key,) = insert(world, ["Secret hiring"], is_internal=False)
    assert offered(visitor, "secret") == [key]
    world.site.store.run("DELETE FROM project_permissions WHERE permission = 'BROWSE_PROJECTS'")
    assert [offered(visitor, text) for text in ("secret", key)] == [[], []]
    assert "No issue that you may browse" in visitor.get(f"{NEW}?search=secret").text


def test_markup_in_summaries_and_searches_is_text(world: Any, visitor: Visitor) -> None:
    insert(world, [MARKUP], is_internal=True)
    insert(world, [MARKUP], is_internal=False)
    for path in (LIST, NEW):
        page = visitor.get(path, query_string={"search": MARKUP})
        assert "<script>alert" not in page.text
        assert MARKUP in Document(page.text).text
    page = visitor.get(NEW, query_string={"issue": MARKUP})
    assert [a["value"] for _, a in Document(page.text).elements if a.get("id") == "issue"] == [MARKUP]


@pytest.mark.parametrize(
    ("plans", "worklogs", "said"),
    [
        (0, 0, "There are no plans or worklogs on it."),
        (1, 0, "1 plan and no worklogs on it stay as they are."),
        (3, 5, "3 plans and 5 worklogs on it stay as they are."),
        (0, 1, "No plans and 1 worklog on it stay as they are."),
    ],
)
def test_how_much_stays_is_told_and_stays(world: Any, visitor: Visitor, plans: int, worklogs: int, said: str) -> None:
    bob = world.site.store.value("SELECT account_id FROM people WHERE name = 'bob'")
    entry = {"assigneeId": bob, "assigneeType": "USER", "planItemId": "10241", "planItemType": "ISSUE",
             "startDate": "2013-11-18", "endDate": "2013-11-18", "plannedSecondsPerDay": 3600}  # fmt: skip
    work = {"authorAccountId": bob, "issueId": 10241, "startDate": "2013-11-14", "timeSpentSeconds": 3600}
    for path, body, times in (("plans", entry, plans), ("worklogs", work, worklogs)):
        for _ in range(times):
            answer = world.cloud("POST", "bob", path, body)
            assert answer.status == 200, answer.text
    assert said in Document(visitor.get(f"{LIST}/10241/remove").text).text
    assert visitor.post(f"{LIST}/10241/remove").status_code == 303
    count = world.site.store.value
    assert count("SELECT count(*) FROM plans WHERE issue_id = 10241") == plans
    assert count("SELECT count(*) FROM worklogs WHERE issue_id = 10241") == worklogs
