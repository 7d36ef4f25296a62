"""JQL: what the grammar reads, how mistakes are worded, and that nothing breaks it."""

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.domain.jql import Clause, Empty, Function, Group, Order, Value, clauses, parse

ERROR = "Error in the JQL Query: "
EXAMPLES = 300


def one(field: str, operator: str, *operands: Any) -> Clause:
    return Clause(field, operator, operands, operator in ("in", "not in"))


A, B, C = one("a", "=", Value("1")), one("b", "=", Value("2")), one("c", "=", Value("3"))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a=1", A),
        ("a = 1 AND b = 2 OR c = 3", Group(False, (Group(True, (A, B)), C))),
        ("a = 1 && (b = 2 || c = 3)", Group(True, (A, Group(False, (B, C))))),
        ("((a = 1))", A),
        ("a=1 and (b=2 and c=3)", Group(True, (A, B, C))),
        ("not a = 1", A._replace(operator="!=")),
        ("NOT NOT a = 1", A),
        ("!(a = 1 or b = 2)", Group(True, (A._replace(operator="!="), B._replace(operator="!=")))),
        ("not (a = 1 and not b = 2)", Group(False, (A._replace(operator="!="), B))),
        ("a in (1, x, 'y z')", one("a", "in", Value("1"), Value("x"), Value("y z"))),
        ("a NOT IN (1)", one("a", "not in", Value("1"))),
        ('a in membersOf("x y")', one("a", "in", Function("membersOf", ("x y",)))),
        ("a in f(1, 2)", one("a", "in", Function("f", ("1", "2")))),
        ("a = now()", one("a", "=", Function("now", ()))),
        ("a is EMPTY", one("a", "is", Empty())),
        ("a IS NOT null", one("a", "is not", Empty())),
        ("a >= -7d", one("a", ">=", Value("-7d"))),
        ("a < 2013-11-15", one("a", "<", Value("2013-11-15"))),
        ('"Epic Link" = CLOUD-1', one("Epic Link", "=", Value("CLOUD-1"))),
        ("cf[10032] = 5", one("cf[10032]", "=", Value("5"))),
        ("a ~ 'x\\'y\\\\ \\u0041\\n'", one("a", "~", Value("x'y\\ A\n"))),
        ("a !~ b", one("a", "!~", Value("b"))),
        ("a = \"and\"", one("a", "=", Value("and"))),
        ("a = ÄÖÜ", one("a", "=", Value("ÄÖÜ"))),
        ("", None),
        ("  \n\t ", None),
        ("order by a", None),
    ],
)  # fmt: skip
def test_text_is_read(text: str, where: Any) -> None:
    assert parse(text).where == where


def test_order_is_read() -> None:
    query = parse("a = 1 ORDER BY key DESC, 'created', Updated asc")
    assert query.order == (Order("key", False), Order("created", None), Order("Updated", True))
    assert [clause.field for clause in clauses(parse("a=1 and (b=2 or not c=3)").where)] == ["a", "b", "c"]


PROJECT = "does not exist for the field 'project'."


@pytest.mark.parametrize(
    ("jql", "texts"),
    [
        ("project = ", [f"{ERROR}Expecting either a value, list or function before the end of the query."]),
        ("project CLOUD", [f"{ERROR}Expecting operator but got 'CLOUD'. (line 1, character 9)"]),
        ("project in CLOUD", [f"{ERROR}Expecting '(' but got 'CLOUD'. (line 1, character 12)"]),
        ("project in (CLOUD", [f"{ERROR}Expecting ')' before the end of the query."]),
        ("(project = CLOUD", [f"{ERROR}Expecting ')' before the end of the query."]),
        ("project = CLOUD)", [f"{ERROR}Expecting either 'OR' or 'AND' but got ')'. (line 1, character 16)"]),
        ("project = CLOUD SAFE", [f"{ERROR}Expecting either 'OR' or 'AND' but got 'SAFE'. (line 1, character 17)"]),
        ("project = CLOUD and\n type ^ Bug", [
            f"{ERROR}The character '^' is a reserved JQL character. You must enclose it in a string or use the escape "
            "'\\u005e' instead. (line 2, character 7)"]),
        ("project = for", [
            f"{ERROR}'for' is a reserved JQL word. You must surround it in quotation marks to use it in a query. "
            "(line 1, character 11)"]),
        ("assignee = bob@example.org", [
            f"{ERROR}The character '@' is a reserved JQL character. You must enclose it in a string or use the escape "
            "'\\u0040' instead. (line 1, character 15)"]),
        ("project = 'CLOUD", [f"{ERROR}The quoted string 'CLOUD' has not been completed. (line 1, character 11)"]),
        ("project = '\\x'", [f"{ERROR}'\\x' is an illegal JQL escape sequence. (line 1, character 12)"]),
        ("project = '\\ud800'", [f"{ERROR}'\\u' is an illegal JQL escape sequence. (line 1, character 12)"]),
        ("project = CLOUD order by", [f"{ERROR}Expecting a field name before the end of the query."]),
        ("= 5", [f"{ERROR}Expecting a field name but got '='. (line 1, character 1)"]),
        ("project was CLOUD", ["The operator 'was' is not served by this stand-in of Jira."]),
        ("(" * 60 + "project = CLOUD" + ")" * 60, ["The JQL query is nested more than 50 deep."]),
        (" or ".join(["project = CLOUD"] * 201), ["The JQL query has more than 200 clauses."]),
        (f"key in ({','.join(['CLOUD-1'] * 2001)})", ["The JQL query has more than 2000 values."]),
        ("bogus = 1", ["Field 'bogus' does not exist or you do not have permission to view it."]),
        ("bogus = 1 and bogus = 2 or cf[1] = 3", [
            "Field 'bogus' does not exist or you do not have permission to view it.",
            "Field 'cf[1]' does not exist or you do not have permission to view it."]),
        ("labels = urgent", ["Searching by the field 'labels' is not served by this stand-in of Jira; it knows assignee, "
                           "issuetype, key, project, status, statusCategory, updated, worklogAuthor, worklogDate."]),
        ("project = HRX", [f"The value 'HRX' {PROJECT}"]),
        ("project = SAFE", [f"The value 'SAFE' {PROJECT}"]),
        ("project in (HRX, CLOUD, 99) and issuetype = Feast", [
            f"The value 'HRX' {PROJECT}", f"The value '99' {PROJECT}",
            "The value 'Feast' does not exist for the field 'issuetype'."]),
        ("key = CLOUD-99", ["An issue with key 'CLOUD-99' does not exist for field 'key'."]),
        ("key in (SAFE-1, CLOUD-1)", ["An issue with key 'SAFE-1' does not exist for field 'key'."]),
        ("issuekey = '0.0'", ["The issue key '0.0' for field 'issuekey' is invalid."]),
        ("id = 99", ["A value with ID '99' does not exist for the field 'id'."]),
        ("assignee = bob", ["The value 'bob' does not exist for the field 'assignee'."]),
        ('assignee = "bob@example.org"', ["The value 'bob@example.org' does not exist for the field 'assignee'."]),
        ("assignee = bogus()", ["Unable to find JQL function 'bogus()'."]),
        ("project = currentUser()", ["Unable to find JQL function 'currentUser()'."]),
        ("assignee = currentUser(1)", ["Function 'currentUser' expected '0' arguments but received '1'."]),
        ("assignee in membersOf()", ["Function 'membersOf' expected '1' arguments but received '0'."]),
        ('assignee in membersOf("nosuch")', [
            "Function 'membersOf' can not generate a list of usernames for group 'nosuch'; the group does not exist."]),
        ("updated > now(1)", ["Function 'now' expected '0' arguments but received '1'."]),
        ("updated > startOfDay(1, 2)", ["Function 'startOfDay' expected '0-1' arguments but received '2'."]),
        ("updated > bogus()", ["Unable to find JQL function 'bogus()'."]),
        ("project ~ CLOUD", ["The operator '~' is not supported by the 'project' field."]),
        ("project > CLOUD", ["The operator '>' is not supported by the 'project' field."]),
        ("updated in (2013-11-15)", ["The operator 'in' is not supported by the 'updated' field."]),
        ("worklogDate >= EMPTY", ["The operator '>=' is not supported by the 'worklogDate' field."]),
        ("project is CLOUD", ["The operator 'is' is not supported by the 'project' field."]),
        ("project = CLOUD order by bogus, key, worse", [
            "Not able to sort using field 'bogus'.", "Not able to sort using field 'worse'."]),
        ("project = CLOUD order by key,key,key,key,key,key,key,key", ["A query is sorted by 7 fields at most."]),
    ],
)  # fmt: skip
def test_mistake_is_worded(jira_cloud: Any, jql: str, texts: list[str]) -> None:
    answer = jira_cloud.get("bob", f"search/jql?jql={quote(jql)}")
    assert (answer.status, answer.json) == (400, {"errorMessages": texts, "errors": {}})


@pytest.mark.parametrize(
    "date",
    ["x", "2013-13-01", "2013-02-30", "'2013-11-15 25:00'", "-7", "-99999999d", "999999w", "0001-01-01", "9999-12-31",
     "''", "startOfDay(x)", 'startOfYear("9999")', 'endOfMonth("-999999M")', 'startOfDay("999999w")', "'1d 5'", "²d"],
)  # fmt: skip
def test_wrong_date_is_refused(jira_cloud: Any, date: str) -> None:
    for field in ("updated", "worklogDate"):
        answer = jira_cloud.get("bob", f"search/jql?jql={quote(f'{field} >= {date}')}")
        assert (answer.status, answer.fields) == (400, {})
        assert f"for field '{field}' is invalid" in answer.json["errorMessages"][0]


WORDS = st.sampled_from(
    ["project", "key", "id", "assignee", "worklogAuthor", "worklogDate", "updated", "issuetype", "bogus", "status", "=", "!=",
     "in", "not in", "is", "is not", ">=", "<", "~", "(", ")", ",", "and", "or", "not", "EMPTY", "order by", "asc", "CLOUD",
     "HR-1", "10202", "Task", "currentUser()", 'membersOf("hr")', "startOfWeek(-1)", "now()", "-7d", "2013-11-15", '"', "'",
     "\\", "\\u0041", "5b10a2844c20165700ede223", "cf[1]", "\n", "\x00", "é", "was", "standardIssueTypes()"]
)  # fmt: skip
QUERIES = st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=30)
CLAUSES = st.sampled_from(
    ["project = CLOUD", "project != HR", "key in (CLOUD-3, HR-1)", "assignee is EMPTY", "assignee not in (EMPTY)",
     "worklogAuthor = currentUser()", "worklogAuthor is EMPTY", "worklogDate >= -30d", "worklogDate != 2013-11-15",
     "updated <= now()", "updated != 2013-11-15", "type in standardIssueTypes()", "type = Epic"]
)  # fmt: skip
SOUND = st.recursive(
    CLAUSES,
    lambda inner: (
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' and '.join(parts)})")
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' or '.join(parts)})")
        | inner.map(lambda part: f"not ({part})")
    ),
    max_leaves=8,
)
QUIET = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@QUIET
@given(jql=QUERIES, who=st.sampled_from(["fred", "bob", None]))
def test_junk_is_answered_or_refused_and_never_a_500(jira_cloud: Any, jql: str, who: str | None) -> None:
    for answer in (
        jira_cloud.get(who, f"search/jql?jql={quote(jql)}&fields=*all"),
        jira_cloud.post(who, "search/jql", {"jql": jql}),
    ):
        assert answer.status in (200, 400), answer.text
        if answer.status == 400:
            assert answer.fields == {}


@QUIET
@given(first=SOUND, second=SOUND)
def test_and_or_and_brackets_mean_what_they_do(jira_cloud: Any, first: str, second: str) -> None:
    jira_cloud.world.site.settings.update({"jql.worklogJoin": "any"})

    def found(jql: str) -> set[str]:
        answer = jira_cloud.get("fred", f"search/jql?jql={quote(jql)}&maxResults=5000")
        assert answer.status == 200, answer.text
        return {issue["id"] for issue in answer.json["issues"]}

    one_set, other = found(first), found(second)
    assert found(f"({first}) and ({second})") == one_set & other
    assert found(f"{first} or {second}") == one_set | other
    assert not one_set & found(f"not ({first})")
    assert found(f"not (not ({first}))") == one_set
