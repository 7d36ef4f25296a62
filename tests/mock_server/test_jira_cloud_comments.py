"""Comments on issues of Jira Cloud, and whose an issue is: who may, what is refused and how, and where a change is seen."""

from typing import Any

import pytest

BOB, ERICA = "5b10a2844c20165700ede223", "5b10a2844c20165700ede222"
KEY, ISSUE = "CLOUD-3", 10202
HIDDEN = {"errorMessages": ["Issue does not exist or you do not have permission to see it."], "errors": {}}
NOT_VALID = {"errorMessages": [], "errors": {"comment": "Comment body is not valid!"}}
PATH = f"issue/{KEY}/comment"


def document(*lines: str) -> dict[str, Any]:
    return {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": line}] if line else []} for line in lines],
    }


def account(jira_cloud: Any, name: str) -> str:
    found: str = jira_cloud.world.site.store.value("SELECT account_id FROM people WHERE name = ?", (name,))
    return found


def forbid(jira_cloud: Any, permission: str) -> None:
    store = jira_cloud.world.site.store
    with store.transaction():
        store.run("DELETE FROM project_permissions WHERE permission = ?", (permission,))


def comment(jira_cloud: Any, who: str, body: Any, path: str = PATH) -> Any:
    return jira_cloud.call("POST", who, path, {"body": body})


def test_a_comment_is_made_and_read_in_both_versions(jira_cloud: Any) -> None:
    made = comment(jira_cloud, "bob", document("Away until Monday.", "", "Ask Erica."))
    assert made.status == 201, made.text
    bean = made.json
    assert set(bean) == {"self", "id", "author", "body", "updateAuthor", "created", "updated", "jsdPublic"}
    assert bean["body"] == document("Away until Monday.", "", "Ask Erica.")
    assert bean["author"]["accountId"] == account(jira_cloud, "bob")
    assert bean["author"] == bean["updateAuthor"]
    assert bean["jsdPublic"] is True
    assert bean["self"].endswith(f"/rest/api/3/issue/{ISSUE}/comment/{bean['id']}")
    assert jira_cloud.get("erica", f"{PATH}/{bean['id']}").json["body"] == bean["body"]
    plain = jira_cloud.get("erica", f"/rest/api/2/{PATH}/{bean['id']}").json
    assert plain["body"] == "Away until Monday.\n\nAsk Erica."
    assert plain["self"].endswith(f"/rest/api/2/issue/{ISSUE}/comment/{bean['id']}")
    inside = jira_cloud.get("erica", f"issue/{KEY}?fields=comment").json["fields"]["comment"]
    assert (inside["total"], [entry["id"] for entry in inside["comments"]]) == (1, [bean["id"]])
    assert inside["comments"][0]["author"]["accountId"] == account(jira_cloud, "bob")


def test_version_2_takes_text(jira_cloud: Any) -> None:
    made = comment(jira_cloud, "bob", "one\r\ntwo", f"/rest/api/2/{PATH}")
    assert (made.status, made.json["body"]) == (201, "one\ntwo")
    assert jira_cloud.get("bob", f"{PATH}/{made.json['id']}").json["body"] == document("one", "two")


@pytest.mark.parametrize(
    ("base", "body"),
    [
        ("/rest/api/3/", "text"),
        ("/rest/api/3/", None),
        ("/rest/api/3/", {}),
        ("/rest/api/3/", {**document("x"), "version": 2}),
        ("/rest/api/3/", {**document("x"), "version": True}),
        ("/rest/api/3/", {"type": "doc", "version": 1}),
        ("/rest/api/3/", {"type": "doc", "version": 1, "content": {}}),
        ("/rest/api/3/", {"type": "doc", "version": 1, "content": ["x"]}),
        ("/rest/api/3/", {"type": "doc", "version": 1, "content": [{"type": "text", "text": 3}]}),
        ("/rest/api/3/", {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": 3}]}),
        ("/rest/api/2/", document("x")),
        ("/rest/api/2/", 3),
        ("/rest/api/2/", None),
    ],
)
def test_a_body_of_the_other_version_or_none_is_refused(jira_cloud: Any, base: str, body: Any) -> None:
    before = jira_cloud.world.audit()
    answer = comment(jira_cloud, "bob", body, f"{base}{PATH}")
    assert (answer.status, answer.json) == (400, NOT_VALID)
    assert jira_cloud.world.audit() == before


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 32_768])
def test_an_empty_and_a_too_long_comment_are_refused(jira_cloud: Any, body: str) -> None:
    answer = comment(jira_cloud, "bob", body, f"/rest/api/2/{PATH}")
    assert answer.status == 400
    assert set(answer.fields) == {"comment"}


def test_a_document_that_is_deep_beyond_measure_is_refused(jira_cloud: Any) -> None:
    node: dict[str, Any] = {"type": "paragraph"}
    for _ in range(200):
        node = {"type": "blockquote", "content": [node]}
    answer = comment(jira_cloud, "bob", {"type": "doc", "version": 1, "content": [node]})
    assert (answer.status, answer.json) == (400, NOT_VALID)


def test_odd_nodes_and_texts_are_kept_as_they_are(jira_cloud: Any) -> None:
    mention, text = {"type": "mention", "attrs": []}, {"type": "text", "text": " ü"}
    odd = {"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [mention, text, {"type": "hardBreak"}]},
        {"type": "bulletList", "content": [{"type": "listItem", "content": document("a", "b")["content"]}]},
    ]}  # fmt: skip
    made = comment(jira_cloud, "bob", odd)
    assert (made.status, made.json["body"]) == (201, odd)
    assert jira_cloud.get("bob", f"/rest/api/2/{PATH}").json["comments"][0]["body"] == " \u00fc\n\na\nb"


def test_without_add_comments_it_is_400_with_what_else_is_wrong(jira_cloud: Any) -> None:
    forbid(jira_cloud, "ADD_COMMENTS")
    name = jira_cloud.get("bob", "myself").json["displayName"]
    text = f"{name}, you do not have the permission to comment on this issue."
    answer = comment(jira_cloud, "bob", document("x"))
    assert (answer.status, answer.json) == (400, {"errorMessages": [text], "errors": {}})
    both = comment(jira_cloud, "bob", "x")
    assert (both.status, both.json) == (400, {"errorMessages": [text], "errors": NOT_VALID["errors"]})
    assert jira_cloud.get("bob", PATH).json["total"] == 0


@pytest.mark.parametrize("member", [{"visibility": {"type": "role", "value": "Developers"}}, {"properties": [{"key": "x"}]}])
def test_what_would_hide_a_comment_is_refused(jira_cloud: Any, member: dict[str, Any]) -> None:
    answer = jira_cloud.call("POST", "bob", PATH, {"body": document("x"), **member})
    assert (answer.status, set(answer.fields)) == (400, set(member))


def test_comments_are_paged_in_either_order(jira_cloud: Any) -> None:
    ids = []
    for number in range(5):
        jira_cloud.world.set_clock(f"2013-11-15T10:0{number}")
        ids.append(comment(jira_cloud, "bob", document(str(number))).json["id"])

    def page(query: str) -> tuple[Any, ...]:
        found = jira_cloud.get("bob", f"{PATH}?{query}").json
        return found["startAt"], found["maxResults"], found["total"], [entry["id"] for entry in found["comments"]]

    assert page("") == (0, 100, 5, ids)
    assert page("startAt=3&maxResults=2") == (3, 2, 5, ids[3:])
    assert page("startAt=9") == (9, 100, 5, [])
    assert page("orderBy=-created&maxResults=1") == (0, 1, 5, ids[-1:])
    assert page("orderBy=created&maxResults=1") == (0, 1, 5, ids[:1])
    for query in ("orderBy=body", "startAt=-1", "maxResults=x"):
        assert jira_cloud.get("bob", f"{PATH}?{query}").status == 400


@pytest.mark.parametrize("number", ["1", "x", "99999999999999999999", "-1"])
def test_an_unknown_comment_is_404(jira_cloud: Any, number: str) -> None:
    other = comment(jira_cloud, "bob", document("x"), "issue/CLOUD-1/comment").json["id"]
    for name in (number, other):
        answer = jira_cloud.get("bob", f"{PATH}/{name}")
        assert answer.status == 404
        assert set(answer.json) == {"errorMessages", "errors"}


@pytest.mark.parametrize("who", [None, "bob"])
@pytest.mark.parametrize("path", ["issue/SAFE-1/comment", "issue/NOPE-1/comment"])
def test_an_issue_out_of_sight_is_404(jira_cloud: Any, who: str | None, path: str) -> None:
    for method, body in (("GET", None), ("POST", {"body": document("x")})):
        answer = jira_cloud.call(method, who, path, *([body] if body else []))
        assert (answer.status, answer.json) == (404, HIDDEN)


def test_a_comment_makes_the_issue_changed_and_stands_in_the_audit_trail(jira_cloud: Any) -> None:
    jira_cloud.world.set_clock("2013-11-20T10:00")
    known = len(jira_cloud.world.audit())
    comment(jira_cloud, "bob", document("x"))
    events = jira_cloud.world.audit()[known:]
    assert {(event["noun"], event["verb"]) for event in events} == {("comments", "insert"), ("issues", "update")}
    assert {event["call"] for event in events} == {"add_cloud_comment"}
    assert jira_cloud.get("bob", f"issue/{KEY}").json["fields"]["updated"].startswith("2013-11-20T")


def test_comments_go_with_their_issue(jira_cloud: Any) -> None:
    comment(jira_cloud, "bob", document("x"))
    store = jira_cloud.world.site.store
    with store.transaction():
        store.run("DELETE FROM issues WHERE id = ?", (ISSUE,))
        assert store.value("SELECT count(*) FROM comments") == 0


@pytest.mark.parametrize("base", ["/rest/api/2", "/rest/api/3", "/jira/rest/api/3"])
def test_an_issue_is_given_to_somebody_and_to_nobody(jira_cloud: Any, base: str) -> None:
    erica = account(jira_cloud, "erica")
    answer = jira_cloud.call("PUT", "bob", f"{base}/issue/{KEY}/assignee", {"accountId": erica})
    assert (answer.status, answer.body) == (204, b"")
    assert jira_cloud.get("bob", f"issue/{KEY}").json["fields"]["assignee"]["accountId"] == erica
    found = jira_cloud.get("bob", f'search/jql?jql=assignee = "{erica}" AND statusCategory != Done').json["issues"]
    assert str(ISSUE) in [issue["id"] for issue in found]
    for nobody in (None, "-1"):
        assert jira_cloud.call("PUT", "bob", f"{base}/issue/{KEY}/assignee", {"accountId": nobody}).status == 204
        assert jira_cloud.get("bob", f"issue/{KEY}").json["fields"]["assignee"] is None


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ({"accountId": 3}, 400), ({"name": "erica"}, 400), ([], 400), ({"accountId": "nobody-at-all"}, 400)],
)
def test_a_wrong_assignee_is_400(jira_cloud: Any, body: Any, status: int) -> None:
    before = jira_cloud.world.audit()
    assert jira_cloud.call("PUT", "bob", f"issue/{KEY}/assignee", body).status == status
    assert jira_cloud.world.audit() == before


def test_only_who_can_be_assigned_issues_there_gets_one(jira_cloud: Any) -> None:
    forbid(jira_cloud, "ASSIGNABLE_USER")
    erica = account(jira_cloud, "erica")
    answer = jira_cloud.call("PUT", "bob", f"issue/{KEY}/assignee", {"accountId": erica})
    assert (answer.status, answer.fields) == (400, {"assignee": f"User '{erica}' cannot be assigned issues."})


def test_only_assign_issues_assigns(jira_cloud: Any) -> None:
    forbid(jira_cloud, "ASSIGN_ISSUES")
    answer = jira_cloud.call("PUT", "bob", f"issue/{KEY}/assignee", {"accountId": None})
    assert answer.status == 403
    for path in ("issue/SAFE-1/assignee", "issue/NOPE-1/assignee"):
        answer = jira_cloud.call("PUT", "bob", path, {"accountId": None})
        assert (answer.status, answer.json) == (404, HIDDEN)


@pytest.mark.parametrize(
    ("where", "keys"),
    [
        ("statusCategory = Done", ["CLOUD-2"]),
        ("statusCategory = done AND status = Done", ["CLOUD-2"]),
        ("status in ('In Progress', done)", ["CLOUD-1", "CLOUD-2", "CLOUD-3", "CLOUD-4"]),
        ("statusCategory != 3 AND statusCategory != new", ["CLOUD-1", "CLOUD-3", "CLOUD-4"]),
        ("status = 'To Do' AND assignee is EMPTY", ["CLOUD-6", "CLOUD-10"]),
    ],
)
def test_issues_are_found_by_their_state(jira_cloud: Any, where: str, keys: list[str]) -> None:
    found = jira_cloud.get("bob", f"search/jql?jql=project = CLOUD AND {where} ORDER BY key&fields=key").json["issues"]
    assert [issue["key"] for issue in found] == keys


@pytest.mark.parametrize("where", ["status = Nowhere", "statusCategory = 7", "status > Done", "statusCategory = now()"])
def test_an_unknown_state_is_an_error_of_the_query(jira_cloud: Any, where: str) -> None:
    assert jira_cloud.get("bob", f"search/jql?jql={where}").status == 400
