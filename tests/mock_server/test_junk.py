"""Random requests to everything that is served: refused or answered, never a 500, and the world stays whole."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule

from mock_server.config import Options
from mock_server.faces import jira_face, rest_browser_face, start_face, tempo_face
from mock_server.groups import jira_groups, tempo_groups

EXAMPLES = 500
FACES = (tempo_face(), jira_face(), rest_browser_face(Options()), start_face(Options(), list))
RULES: list[Rule] = sorted(
    (rule for face in FACES for rule in face.url_map.iter_rules()), key=lambda rule: (rule.rule, sorted(rule.methods or ()))
)
TEXT = st.text(max_size=12)
LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30)
IDS = st.integers(1, 12) | st.sampled_from([31, 32, 33, 1000002, 2**31 - 1, 2**31, 10**12, 0, -1])
NAMES = st.sampled_from(
    ["fred", "erica", "bob", "JIRAUSER10100", "olaf", "nobody", "hr", "cloud-dev-user", "Member", "Tester", ""]
)
DAYS = st.sampled_from(["", "2013-11-15", "04/Jan/2013", "29/Feb/00", "2013-02-31", "0001-01-01", "9999-12-31", "15/Nov/13"])
PATH_TEXTS = NAMES | st.sampled_from(["tempo.teams.browse.team", "project", "board", "10010", "CLOUD"]) | TEXT
SCALARS = (
    st.none()
    | st.booleans()
    | IDS
    | st.floats(allow_nan=False)
    | NAMES
    | DAYS
    | TEXT
    | st.sampled_from(["USER", "GROUP", "100"])
)
FIELDS = st.sampled_from(
    ["id", "ids", "name", "key", "type", "summary", "lead", "mission", "isPublic", "teamSearchString", "member", "membership",
     "memberBean", "membershipBean", "role", "dateFrom", "dateTo", "availability", "teamId", "teamMemberId", "onlyActive",
     "users",
     "groups", "username", "password", "scope", "scopeType", "manager", "teamProgram", "now", "frozen", "advance", "default"],
)  # fmt: skip
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS | TEXT, inner, max_size=4), max_leaves=8
)
BODIES = st.dictionaries(FIELDS, JSON, max_size=6) | JSON
QUERY_NAMES = st.sampled_from(
    ["type", "onlyActive", "expand", "from", "to", "username", "key", "groupname", "startAt", "maxResults", "includeInactive",
     "permissions", "projectKey", "projectId", "avatarId", "pid", "size", "after", "limit", "colour"],
)  # fmt: skip
QUERIES = st.lists(st.tuples(QUERY_NAMES | TEXT, IDS | NAMES | DAYS | TEXT), max_size=3)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Authorization", "Cookie", "Content-Type", "Origin", "X-Atlassian-Token", "Host", "Accept", "Range", "Expect"]
    ),
    LATIN.map(str.strip)
    | st.sampled_from(["Bearer x", "Basic eDp5", "application/json", "JSESSIONID=x", "null", "http://[::1"]),
    max_size=2,
)
WHO = st.sampled_from(["fred", "fred", "fred", "erica", "greta", None])


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str | None, str, dict[str, Any]]:
    """Method, caller, path with query, and the rest of a call, in reach of one served route."""
    rule = draw(st.sampled_from(RULES))
    path = ""
    for is_variable, text in rule._trace:
        if not is_variable:
            path += text.lstrip("|")
        else:
            path += quote(str(draw(IDS if rule._converters[text].__class__.__name__ == "IdConverter" else PATH_TEXTS)), safe="")
    query = urlencode(draw(QUERIES), errors="surrogatepass")
    sent: dict[str, Any] = {"headers": draw(HEADERS)}
    if rule.methods and rule.methods & {"POST", "PUT"}:
        if draw(st.integers(0, 5)):
            sent["json"] = draw(BODIES)
        else:
            sent["body"] = draw(st.binary(max_size=40))
    method = draw(st.sampled_from(sorted(rule.methods or {"GET"}))) if draw(st.integers(0, 9)) else "PATCH"
    return method, draw(WHO), f"{path}?{query}" if query else path, sent


def is_worded(body: Any) -> bool:
    """Whether a refusal's JSON is one of the host's bodies or the control routes'."""
    return isinstance(body, dict) and set(body) in ({"errorMessages", "errors"}, {"message", "status-code"}, {"error"})


def hold(world: Any, answers: Iterable[Any]) -> None:
    """No defect, refusals in words, and whatever lists there are can be read."""
    for request, answer in answers:
        assert answer.status < 500, (request, answer.text)
        if answer.status >= 400 and answer.body and answer.headers["Content-Type"].startswith("application/json"):
            assert is_worded(answer.json), (request, answer.text)
    teams = world.get("fred", "2/team")
    assert teams.status == 200
    for path in ("2/role", "2/user/fred/memberships", *(f"2/team/{team['id']}/member" for team in teams.json)):
        assert world.get("fred", path).status == 200, (path, [request for request, _ in answers])


@settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(calls=st.lists(requests(), min_size=1, max_size=4))
def test_junk_is_refused_or_answered_and_never_a_500(world: Any, calls: list[Any]) -> None:
    hold(world, [(call, world.call(call[0], call[1], call[2], **call[3])) for call in calls])


def test_every_served_endpoint_is_in_reach_of_the_junk() -> None:
    reached = {rule.rule for rule in RULES}
    for group in tempo_groups() + jira_groups():
        assert {f"{group.prefix}{endpoint.path}" for endpoint in group.endpoints} <= reached
