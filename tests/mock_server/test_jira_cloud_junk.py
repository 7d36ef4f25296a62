"""Random requests to every route of Jira Cloud: refused or answered, never a 500."""

from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.groups import jira_cloud_endpoints

EXAMPLES = 300
SERVED = sorted({(served.method, served.path) for served in jira_cloud_endpoints()})
TEXT = st.text(max_size=12)
NUMBERS = st.sampled_from([0, 1, -1, 10010, 10202, 2**31, 2**63, 10**30]).map(str)
KNOWN = st.sampled_from(
    ["CLOUD", "CLOUD-3", "HR-1", "SAFE-1", "BROWSE_PROJECTS", "ADMINISTER", "5b10a2844c20165700ede223", "groups", "*all",
     "-key", "project = CLOUD", "order by key", "summary,worklog", "key", "bob"]
)  # fmt: skip
VALUES = KNOWN | NUMBERS | TEXT
NAMES = st.sampled_from(sorted({name for served in jira_cloud_endpoints() for name in served.parameters})) | TEXT
MEMBERS = st.sampled_from(
    ["jql", "fields", "maxResults", "nextPageToken", "expand", "accountId", "globalPermissions", "projectPermissions",
     "permissions", "projects", "issues", "reconcileIssues"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | KNOWN | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS | TEXT, inner, max_size=4),
    max_leaves=8,
)


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, dict[str, Any]]:
    """Method, path with query, and the rest of a call."""
    method, path = draw(st.sampled_from(SERVED))
    path = path.replace("<id_or_key>", quote(draw(VALUES), safe="") or "x")
    base = draw(st.sampled_from(["/rest/api/3", "/rest/api/2", "/jira/rest/api/3", "/ex/jira/x/rest/api/3"]))
    query = urlencode(draw(st.lists(st.tuples(NAMES, VALUES), max_size=4)), errors="surrogatepass")
    more: dict[str, Any] = {}
    if method == "POST":
        more = {"json": draw(st.dictionaries(MEMBERS, JSON, max_size=4) | JSON)}
    return method, f"{base}{path}?{query}", more


@settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(asked=requests(), who=st.sampled_from(["fred", "bob", None]))
def test_junk_is_refused_or_answered_and_never_a_500(jira_cloud: Any, asked: tuple[str, str, dict[str, Any]], who: Any) -> None:
    method, path, more = asked
    answer = jira_cloud.call(method, who, path, **more)
    assert answer.status in (200, 204, 400, 401, 403, 404, 405, 410), (asked, answer.text)
    if answer.status in (400, 403, 410):
        assert answer.fields is not None
