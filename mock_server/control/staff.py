"""Staff, as a Tempo Administrator manages them on the page Manage Staff: ``/_mock/staff``. And one's own apps."""

from typing import Any

from mock_server import provider_journal
from mock_server.access import GlobalPermission, Scope, without_global
from mock_server.control.dialect import site
from mock_server.control.performing import Made, Unmade
from mock_server.control.staff_filters import condition_of
from mock_server.control.staff_schemas import (
    ColleagueSchema,
    ConnectBodySchema,
    ConnectionSchema,
    GatheredSchema,
    JobSchema,
    MappedSchema,
    OwnBodySchema,
    StaffPageSchema,
    StaffQuerySchema,
)
from mock_server.domain import connect_jobs, connections, github_map, github_mapping, provider_defaults, staff
from mock_server.domain.connect_jobs import Progress
from mock_server.domain.connections import Icon, OutcomeKind, Standing
from mock_server.domain.people import by_account_id
from mock_server.domain.providers.discovery import named
from mock_server.domain.staff import Colleague
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid, Refused
from mock_server.storage import app_connections, people, provider_contents

_SOURCE = "help pages on staff; the resource is this fake's own"
_OWN_SOURCE = "help pages on connecting apps; the resource is this fake's own"


@endpoint(
    "GET", "/staff", scope=Scope.TEMPO_ADMINISTRATOR, grade="I", source=_SOURCE, query=StaffQuerySchema,
    returns=StaffPageSchema,
)  # fmt: skip
def list_staff(call: Call, query: dict[str, Any]) -> Any:
    """The people that filters find, with their connections and failures"""
    condition = condition_of(call.store, query)
    found = staff.search(call.store, condition, call.today, query["sort"], query["offset"], query["limit"])
    standings = connections.of_people(call.store, [colleague.person.id for colleague in found])
    return {
        "total": staff.count(call.store, condition, call.today),
        "offset": query["offset"],
        "limit": query["limit"],
        "results": [_colleague(colleague, standings[colleague.person.id]) for colleague in found],
    }


@endpoint(
    "POST", "/staff/connect", scope=Scope.TEMPO_ADMINISTRATOR, grade="I", source=_SOURCE, body=ConnectBodySchema,
    returns=JobSchema, status=202, also_404=True,
)  # fmt: skip
def connect_staff(call: Call, body: dict[str, Any]) -> Any:
    """Connect people with an app: begins a run, which goes on in the background"""
    store = call.store
    named(body["provider"])
    if ("account_ids" in body) == ("filter" in body):
        raise Invalid('Say whom to connect: {"accountIds": [...]} or {"filter": {...}}, one of the two.')
    if "filter" in body:
        wanted = staff.ids(store, condition_of(store, body["filter"]), call.today)
        if not wanted:
            raise Invalid(fields={"filter": "It finds nobody."})
    else:
        wanted = _ids_of(call, body["account_ids"])
    job = connect_jobs.start(store, body["provider"], wanted, call.caller, call.now)
    site().jobs.wake(site())
    return _job(call, connect_jobs.progress(store, job.id))


@endpoint("GET", "/staff/jobs", scope=Scope.TEMPO_ADMINISTRATOR, grade="I", source=_SOURCE, returns=JobSchema, many=True)
def list_connect_jobs(call: Call) -> Any:
    """The latest twenty runs that connect people, the last first"""
    return [_job(call, progress) for progress in connect_jobs.latest(call.store)]


@endpoint("GET", "/staff/jobs/<id:job_id>", scope=Scope.TEMPO_ADMINISTRATOR, grade="I", source=_SOURCE, returns=JobSchema)
def get_connect_job(call: Call, job_id: int) -> Any:
    """How far a run is, and how it ended"""
    return _job(call, connect_jobs.progress(call.store, job_id))


@endpoint(
    "GET", "/staff/github-map", scope=Scope.TEMPO_ADMINISTRATOR, grade="I", source=_SOURCE, parameters=("accountId",),
    media="text/csv",
)  # fmt: skip
def get_github_map(call: Call) -> bytes:
    """The map file for people who failed to connect with GitHub: for all of them, or for those named"""
    chosen = call.query.get("accountId", ())
    if chosen:
        wanted = _ids_of(call, chosen)
    else:
        wanted = [one.person_id for one in app_connections.failures_of_provider(call.store, github_mapping.GITHUB)]
    return github_map.write(github_mapping.lines(call.store, wanted))


@endpoint(
    "POST", "/staff/github-map", scope=Scope.TEMPO_ADMINISTRATOR, grade="I", source=_SOURCE, returns=MappedSchema,
    media="text/csv",
)  # fmt: skip
def upload_github_map(call: Call, data: bytes) -> Any:
    """Connect people with the GitHub accounts that a map file names: all of its rows, or none"""
    mapped = github_mapping.apply(call.store, data, call.caller, call.now)
    calls = [outcome.call for outcome in mapped.outcomes if outcome.call]
    provider_journal.write(site().journal, call.now, call.caller.name, calls)
    return {"mapped": len(mapped.outcomes), **{str(kind): mapped.count(kind) for kind in OutcomeKind}}


@endpoint("GET", "/staff/me", scope=Scope.LOGGED_IN, grade="I", source=_OWN_SOURCE, returns=ColleagueSchema)
def get_own_standing(call: Call) -> Any:
    """Oneself, with one's connections and failures"""
    person_id = call.caller.person_id
    person = people.get(call.store, person_id)
    assert person is not None, "whoever calls is there"
    return _colleague(
        staff.colleague(call.store, person, call.today), connections.of_people(call.store, [person_id])[person_id]
    )


@endpoint(
    "PUT", "/staff/me/apps/<provider>", scope=Scope.LOGGED_IN, grade="I", source=_OWN_SOURCE, body=OwnBodySchema,
    returns=ConnectionSchema, also_201=True,
)  # fmt: skip
def connect_oneself(call: Call, provider: str, body: dict[str, Any]) -> Any:
    """Connect oneself with an account at a provider"""
    store = call.store
    named(provider)
    person = people.get(store, call.caller.person_id)
    assert person is not None, "whoever calls is there"
    login = body["login"] if "login" in body else provider_defaults.own_account(store, provider, person).login
    outcome = connections.connect_own(store, provider, person, login, call.now)
    provider_journal.write(site().journal, call.now, person.name, [outcome.call] if outcome.call else [])
    if outcome.failure_kind is not None:
        return Unmade(outcome.failure_kind, outcome.text)
    icon = connections.own(store, person.id)[provider]
    assert icon is not None, "a connection that was made is there"
    return Made(_connection(icon)) if outcome.kind is OutcomeKind.CONNECTED else _connection(icon)


@endpoint("DELETE", "/staff/me/apps/<provider>", scope=Scope.LOGGED_IN, grade="I", source=_OWN_SOURCE, status=204)
def disconnect_oneself(call: Call, provider: str) -> None:
    """End one's own connection, also one that the organisation made"""
    named(provider)
    if app_connections.get(call.store, call.caller.person_id, provider) is not None:
        connections.disconnect_own(call.store, provider, call.caller.person_id)


@endpoint(
    "GET", "/staff/<account_id>/gathered", scope=Scope.LOGGED_IN, grade="I", source=_OWN_SOURCE, returns=GatheredSchema,
    many=True, also_403=True,
)  # fmt: skip
def list_gathered(call: Call, account_id: str) -> Any:
    """What Tempo has read for somebody: for oneself, and as a Tempo Administrator for everybody"""
    own = people.get(call.store, call.caller.person_id)
    if own is None or own.account_id != account_id:
        lacking = without_global(call.caller, GlobalPermission.TEMPO_ADMINISTRATOR, "Tempo Administrators")
        if lacking:
            raise Refused(lacking)
    items = connections.gathered(call.store, by_account_id(call.store, account_id).id)
    names = {
        container.id: container.name
        for provider in {item.provider for item in items}
        for container in provider_contents.containers(call.store, provider)
    }
    return [{**item._asdict(), "container": names[item.container_id]} for item in items]


def _ids_of(call: Call, account_ids: list[str]) -> list[int]:
    """Row ids of people, in the order of the list. Raises ``Invalid`` naming who is unknown."""
    known = {person.account_id: person.id for person in people.with_accounts(call.store, account_ids)}
    unknown = [account_id for account_id in account_ids if account_id not in known]
    if unknown:
        more = f" and {len(unknown) - 10} more" if len(unknown) > 10 else ""
        told = ", ".join(account_id[:100] for account_id in unknown[:10])
        raise Invalid(fields={"accountIds": f"Nobody has {told}{more}; GET /_mock/staff tells who is there."})
    return [known[account_id] for account_id in account_ids]


def _colleague(colleague: Colleague, standing: Standing) -> dict[str, Any]:
    person = colleague.person
    return {
        "account_id": person.account_id,
        "name": person.name,
        "display_name": person.display_name,
        "email": person.email,
        "active": bool(person.active),
        "location": person.time_zone,
        "teams": list(colleague.teams),
        "workload_scheme": colleague.workload_scheme,
        "holiday_scheme": colleague.holiday_scheme,
        "apps": [_connection(icon) for icon in standing.icons],
        "failures": [{**failure._asdict(), "message": failure.text} for failure in standing.failures],
    }


def _connection(icon: Icon) -> dict[str, Any]:
    by = "self" if icon.is_own else "organisation"
    return {"provider": icon.provider, "account": icon.login, "by": by, "connected_at": icon.connected_at}


def _job(call: Call, progress: Progress) -> dict[str, Any]:
    job = progress.job
    return {
        **job._asdict(),
        **progress._asdict(),
        "ended": progress.is_ended,
        "link": f"{call.base}/staff/jobs/{job.id}",
    }
