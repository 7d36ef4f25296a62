"""Random requests to every route of Tempo Cloud: refused or answered, never a 500, and what was there can be read on."""

from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import Schema, fields

from mock_server.endpoint import Api, Endpoint
from mock_server.groups import cloud_groups

EXAMPLES = 500
SERVED: list[tuple[str, Endpoint]] = sorted(
    ((group.prefix, served) for group in cloud_groups() if group.api is Api.TEMPO_CLOUD for served in group.endpoints),
    key=lambda pair: (pair[0], pair[1].path, pair[1].method),
)
BOB = "5b10a2844c20165700ede223"
TEXT = st.text(max_size=12)
NUMBERS = st.integers(1, 9) | st.sampled_from([0, -1, 10010, 10202, 10240, 2**31 - 1, 2**31, 2**63, 10**30])
DAYS = st.sampled_from(
    ["2013-11-15", "2013-11-22", "0001-01-01", "9999-12-31", "2013-02-31", "15/Nov/13", "2013-11-15T10:00:00Z", ""]
)
KNOWN = st.sampled_from(
    [BOB, "5b10a2844c20165700ede21f", "nobody", "10240", "10010", "1", "USER", "GENERIC", "ISSUE", "PROJECT", "DAILY", "TEAM",
     "GLOBAL", "WEEKLY", "MONTHLY", "NEVER", "TOTAL_SECONDS", "SECONDS_PER_DAY", "FIXED", "FLOATING", "MONDAY", "REQUESTED",
     "APPROVED", "OPEN", "CLOUD-DEV", "09:00", "permissions.plan.view", "BILLABLE", "INPUT_FIELD"]
)  # fmt: skip
SCALARS = st.none() | st.booleans() | NUMBERS | st.floats(allow_nan=False, allow_infinity=False) | DAYS | KNOWN | TEXT
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6)


def values_of(field: fields.Field[Any]) -> st.SearchStrategy[Any]:
    """What may stand in a member of a body: mostly of the right kind."""
    if isinstance(field, fields.List):
        return st.lists(values_of(field.inner), max_size=7) | JSON
    if isinstance(field, fields.Nested):
        return bodies(field.schema) | JSON
    if isinstance(field, fields.Boolean):
        return st.booleans() | SCALARS
    if isinstance(field, fields.Integer):
        return NUMBERS | SCALARS
    return KNOWN | DAYS | TEXT | JSON


def bodies(schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
    """Bodies with some of the members that are read, and some that are not."""
    known = {field.data_key or name: values_of(field) for name, field in schema.load_fields.items()}
    return st.builds(
        lambda some, more: {**more, **some}, st.fixed_dictionaries({}, optional=known), st.dictionaries(TEXT, JSON)
    )


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, dict[str, Any]]:
    """Method, path with query, and the rest of a call."""
    prefix, served = draw(st.sampled_from(SERVED))
    path = prefix
    for part in served.path.split("<"):
        variable, closing, rest = part.partition(">")
        filled = draw(NUMBERS if variable.startswith("id:") else KNOWN | DAYS | NUMBERS.map(str) | TEXT) if closing else part
        path += (quote(str(filled), safe="") or "x") + rest if closing else part
    names = [field.data_key or name for name, field in served.query_schema.load_fields.items()] if served.query_schema else []
    name = st.sampled_from(names) | TEXT if names else TEXT
    query = urlencode(draw(st.lists(st.tuples(name, NUMBERS | DAYS | KNOWN | TEXT), max_size=5)), errors="surrogatepass")
    more: dict[str, Any] = {}
    if served.body_schema is not None:
        one = bodies(served.body_schema)
        more["json"] = draw((st.lists(one, max_size=3) if served.body_many else one) | JSON)
    return served.method, f"{path}?{query}", more


@settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(calls=st.lists(st.tuples(requests(), st.sampled_from(["fred", "fred", "bob", None])), min_size=1, max_size=3))
def test_junk_is_refused_or_answered_and_never_a_500(world: Any, calls: list[Any]) -> None:
    for (method, path, more), who in calls:
        headers = {"Authorization": f"Bearer demo-token-of-{who}-not-a-secret"} if who else {}
        answer = world.call(method, None, path, headers=headers, **more)
        assert answer.status in (200, 204, 400, 401, 403, 404, 405), (method, path, more, answer.text)
        if answer.status in (400, 404, 405):
            assert all(error["message"] for error in answer.json["errors"]), (method, path, more)
    for path in ("teams", "plans?from=0001-01-01&to=9999-12-31&plannedTimeBreakdown=PERIOD", "holiday-schemes", "programs"):
        assert world.cloud("GET", "fred", path).status == 200, calls
    assert world.cloud("GET", "fred", "user-schedule?from=2013-11-01&to=2013-11-30").status == 200, calls
