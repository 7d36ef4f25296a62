"""Issues and API tokens of Jira Cloud in a scenario: read, refused with a reason, and written out again."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mock_server.errors import Unusable
from mock_server.export import scenario_files
from mock_server.scenario import read

GUIDE = Path(__file__).parents[2] / "fixtures" / "guide"


def changed(folder: Path, noun: str, change: Callable[[Any], object]) -> Path:
    """A copy of the scenario guide with one file changed."""
    copy = folder / "copy"
    shutil.copytree(GUIDE, copy)
    file = copy / f"{noun}.json"
    entries = json.loads(file.read_text(encoding="utf-8"))
    change(entries)
    file.write_text(json.dumps(entries), encoding="utf-8")
    return copy


@pytest.mark.parametrize(
    ("noun", "change", "told"),
    [
        ("issues", lambda e: e[0].update(key="NOPE-1"), "NOPE does not exist among the projects"),
        ("issues", lambda e: e[0].update(key="cloud-1"), "key"),
        ("issues", lambda e: e[0].update(key="CLOUD-0"), "key"),
        ("issues", lambda e: e[1].update(key="CLOUD-1"), "key CLOUD-1 stands in entry 1 already"),
        ("issues", lambda e: e[1].update(id=10200), "id 10200 stands in entry 1 already"),
        ("issues", lambda e: e[0].update(assignee="zoe"), "zoe does not exist among the people"),
        ("issues", lambda e: e[0].update(reporter="zoe"), "zoe does not exist among the people"),
        ("issues", lambda e: e[0].update(created_at="yesterday"), "created_at"),
        ("issues", lambda e: e[0].update(colour="red"), "colour"),
        ("issues", lambda e: e[0].update(comments=[{"id": 1, "author": "zoe", "body": "x"}]), "zoe does not exist among"),
        ("issues", lambda e: e[0].update(comments=[{"id": 1, "author": "bob", "body": {"type": "doc"}}]), "body"),
        ("issues", lambda e: e[0].update(comments=[{"id": 1, "author": "bob"}]), "body"),
        ("issues", lambda e: [i.update(comments=[{"id": 1, "author": "bob", "body": "x"}]) for i in e[:2]], "id 1"),
        ("jira_api_tokens", lambda e: e[0].update(person="zoe"), "zoe does not exist among the people"),
        ("jira_api_tokens", lambda e: e[0].pop("token"), "Give the token, or its hash"),
        ("jira_api_tokens", lambda e: e[1].update(token=e[0]["token"]), "token the same stands in entry 1 already"),
    ],
)
def test_wrong_entry_is_told(tmp_path: Path, noun: str, change: Callable[[Any], object], told: str) -> None:
    with pytest.raises(Unusable, match=told) as raised:
        read(changed(tmp_path, noun, change))
    assert f"{noun}.json" in str(raised.value)


def test_written_out_world_is_the_same_world_again(jira_cloud: Any, make_world: Callable[..., Any], tmp_path: Path) -> None:
    site = jira_cloud.world.site
    with site.store.reading():
        files = scenario_files(site.store, {})
    assert "demo-jira-token" not in "".join(files.values())
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    before = [jira_cloud.get("fred", f"issue/{key}").json for key in ("CLOUD-3", "HR-1", "SAFE-2")]
    jira_cloud.world = make_world(scenario=str(tmp_path), clock="2014-03-01")
    assert [jira_cloud.get("fred", f"issue/{key}").json for key in ("CLOUD-3", "HR-1", "SAFE-2")] == before


def test_hr_issues_are_internal_and_no_others(jira_cloud: Any) -> None:
    rows = jira_cloud.world.site.store.all("SELECT key FROM issues WHERE is_internal ORDER BY id")
    assert [key for (key,) in rows] == ["HR-1", "HR-2", "HR-3", "HR-4"]


def test_world_may_begin_in_the_first_years(make_world: Callable[..., Any], jira_cloud: Any) -> None:
    jira_cloud.world = make_world(clock="0001-03-01")
    assert jira_cloud.get("fred", "issue/HR-1").status == 200
    assert jira_cloud.get("fred", "search/jql?jql=updated<=now()").status in (200, 400)


def test_comments_are_written_out_and_read_again(jira_cloud: Any, make_world: Callable[..., Any], tmp_path: Path) -> None:
    rich = {"type": "doc", "version": 1, "content": [{"type": "rule"}, {"type": "heading", "content": []}]}
    text = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "x"}]}]}
    for body in (rich, text):
        assert jira_cloud.call("POST", "bob", "issue/CLOUD-3/comment", {"body": body}).status == 201
    before = jira_cloud.get("bob", "issue/CLOUD-3/comment").json
    with jira_cloud.world.site.store.reading():
        files = scenario_files(jira_cloud.world.site.store, {})
    assert [held["body"] for held in json.loads(files["issues.json"])[2]["comments"]] == [rich, "x"]
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    jira_cloud.world = make_world(scenario=str(tmp_path), clock="2014-03-01")
    assert jira_cloud.get("bob", "issue/CLOUD-3/comment").json == before
    made = jira_cloud.call("POST", "bob", "issue/CLOUD-1/comment", {"body": text})
    assert int(made.json["id"]) > max(int(entry["id"]) for entry in before["comments"])
