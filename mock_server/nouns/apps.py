"""Apps in scenarios: which are installed, who is connected, whose last attempt failed, and the runs that tried."""

from collections.abc import Iterator
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mock_server.moments import moment_text
from mock_server.nouns.moments import Moment
from mock_server.nouns.noun import ID, NAME, TEXT, Entries, EntrySchema, Noun, Rows, Seeding, Tables, only
from mock_server.nouns.provider_accounts import account_row, known_failure, known_provider, login_of, place_of, places_of

_OUTCOMES = ("connected", "already", "failed")


class AppEntry(EntrySchema):
    """An installed app, with the name of its key. ``containers`` are those it was limited to; null is no limit."""

    provider = fields.String(required=True, validate=known_provider)
    key = fields.String(load_default=None, validate=NAME)
    installed_by = fields.String(load_default=None)
    installed_at = Moment(load_default=None)
    containers = fields.List(fields.String(), load_default=None)


class AppConnectionEntry(EntrySchema):
    """Somebody's account at a provider, by its login; ``own`` tells that they connected themselves."""

    person = fields.String(required=True)
    provider = fields.String(required=True, validate=known_provider)
    account = fields.String(required=True)
    own = fields.Boolean(load_default=False)
    connected_at = Moment(load_default=None)


class AppFailureEntry(EntrySchema):
    """The last attempt to connect somebody, which failed."""

    person = fields.String(required=True)
    provider = fields.String(required=True, validate=known_provider)
    kind = fields.String(required=True, validate=known_failure)
    text = fields.String(required=True, validate=TEXT)
    account = fields.String(load_default=None)
    failed_at = Moment(load_default=None)


class TriedEntry(EntrySchema):
    """One of the people of a run; without an outcome they are still to be tried."""

    person = fields.String(required=True)
    outcome = fields.String(load_default=None, validate=validate.OneOf(_OUTCOMES))
    failure_kind = fields.String(load_default=None, validate=known_failure)


class ConnectJobEntry(EntrySchema):
    """A run over people, in their order. One that has not ended goes on."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    provider = fields.String(required=True, validate=known_provider)
    created_by = fields.String(load_default=None)
    created_at = Moment(load_default=None)
    ended_at = Moment(load_default=None)
    people = fields.List(fields.Nested(TriedEntry), required=True, validate=validate.Length(min=1))

    @validates_schema
    def have_tried_everybody(self, data: dict[str, Any], **_: Any) -> None:
        """A run ends when nobody is left."""
        if data["ended_at"] is not None and any(one["outcome"] is None for one in data["people"]):
            raise ValidationError("A run that has ended has an outcome for each of its people.")


def _write_apps(seeding: Seeding) -> None:
    for entry in seeding.entries["apps"]:
        provider = entry["provider"]
        key = entry["key"] and seeding.row_of("provider_keys", f"{provider}/{entry['key']}")
        seeding.store.insert_row(
            "apps",
            provider=provider,
            installed_at=entry["installed_at"] or moment_text(seeding.now),
            installed_by=seeding.row_of("people", entry["installed_by"]),
            key_id=key,
            monitors_all=int(entry["containers"] is None),
        )
        for name in dict.fromkeys(entry["containers"] or ()):
            container_id = seeding.row_of("provider_containers", f"{provider}/{name}")
            seeding.store.insert_row("app_containers", provider=provider, container_id=container_id)


def _apps(tables: Tables) -> Rows:
    return [
        {
            "key": tables.name("provider_keys", row["key_id"]),
            "installed_by": tables.name("people", row["installed_by"]),
            "containers": None
            if row["monitors_all"]
            else [
                tables.name("provider_containers", one["container_id"])
                for one in tables.of("app_containers", "provider", row["provider"])
            ],
            **only(row, "provider", "installed_at"),
        }
        for row in tables["apps"]
    ]


def _problems_of_apps(entries: Entries) -> Iterator[tuple[int, str]]:
    keys = {(one["provider"], key["name"]) for one in entries["providers"] for key in one["keys"]}
    containers = {(one["provider"], container["name"]) for one in entries["providers"] for container in one["containers"]}
    for index, entry in enumerate(entries["apps"], 1):
        if entry["key"] is not None and (entry["provider"], entry["key"]) not in keys:
            yield index, f"key: {entry['key']} does not exist among the providers"
        for name in entry["containers"] or ():
            if (entry["provider"], name) not in containers:
                yield index, f"containers: {name} does not exist among the providers"


def _write_connections(seeding: Seeding) -> None:
    entries = seeding.entries["app_connections"]
    if not entries:
        return
    from mock_server.domain.gathering import gather

    for entry in entries:
        seeding.store.insert_row(
            "app_connections",
            person_id=seeding.row_of("people", entry["person"]),
            provider=entry["provider"],
            account_id=account_row(seeding, entry["provider"], entry["account"]),
            is_own=int(entry["own"]),
            connected_at=entry["connected_at"] or moment_text(seeding.now),
        )
    # What was gathered follows from the rest, so that no file holds it.
    for provider in sorted({entry["provider"] for entry in entries}):
        gather(seeding.store, provider)


def _connections(tables: Tables) -> Rows:
    return [
        {
            "person": tables.name("people", row["person_id"]),
            "account": login_of(tables, row["account_id"]),
            "own": bool(row["is_own"]),
            **only(row, "provider", "connected_at"),
        }
        for row in tables["app_connections"]
    ]


def _problems_of_connections(entries: Entries) -> Iterator[tuple[int, str]]:
    places = places_of(entries) if entries["app_connections"] else set()
    installed = {one["provider"] for one in entries["apps"]}
    seen: set[tuple[str, str]] = set()
    taken: set[str] = set()
    for index, entry in enumerate(entries["app_connections"], 1):
        place = place_of(entry["provider"], entry["account"])
        if place not in places:
            yield index, f"account: {entry['account']} does not exist among the provider accounts"
        if place in taken:
            yield index, f"account: {entry['account']} is connected to somebody already"
        if not entry["own"] and entry["provider"] not in installed:
            yield index, f"{entry['provider']} is not installed in apps, so that nobody is connected but on their own"
        if (entry["person"], entry["provider"]) in seen:
            yield index, f"{entry['person']} is connected to {entry['provider']} already"
        taken.add(place)
        seen.add((entry["person"], entry["provider"]))


def _write_failures(seeding: Seeding) -> None:
    for entry in seeding.entries["app_failures"]:
        seeding.store.insert_row(
            "app_failures",
            person_id=seeding.row_of("people", entry["person"]),
            account_id=account_row(seeding, entry["provider"], entry["account"]),
            failed_at=entry["failed_at"] or moment_text(seeding.now),
            **only(entry, "provider", "kind", "text"),
        )


def _failures(tables: Tables) -> Rows:
    return [
        {
            "person": tables.name("people", row["person_id"]),
            "account": login_of(tables, row["account_id"]),
            **only(row, "provider", "kind", "text", "failed_at"),
        }
        for row in tables["app_failures"]
    ]


def _problems_of_failures(entries: Entries) -> Iterator[tuple[int, str]]:
    places = places_of(entries) if entries["app_failures"] else set()
    taken = {(one["person"], one["provider"]): "is connected" for one in entries["app_connections"]}
    for index, entry in enumerate(entries["app_failures"], 1):
        who = (entry["person"], entry["provider"])
        if who in taken:
            yield index, f"{entry['person']} {taken[who]} at {entry['provider']} already"
        if entry["account"] is not None and place_of(entry["provider"], entry["account"]) not in places:
            yield index, f"account: {entry['account']} does not exist among the provider accounts"
        taken[who] = "failed"


def _write_jobs(seeding: Seeding) -> None:
    for entry in seeding.entries["connect_jobs"]:
        job_id = seeding.store.insert_row(
            "connect_jobs",
            created_by=seeding.row_of("people", entry["created_by"]),
            created_at=entry["created_at"] or moment_text(seeding.now),
            total=len(entry["people"]),
            **only(entry, "id", "provider", "ended_at"),
        )
        rows = [
            (job_id, position, seeding.row_of("people", one["person"]), one["outcome"], one["failure_kind"])
            for position, one in enumerate(entry["people"], 1)
        ]
        columns = ("job_id", "position", "person_id", "outcome", "failure_kind")
        seeding.store.insert_rows("connect_job_people", columns, rows)


def _jobs(tables: Tables) -> Rows:
    return [
        {
            "created_by": tables.name("people", row["created_by"]),
            "people": [
                {"person": tables.name("people", one["person_id"]), **only(one, "outcome", "failure_kind")}
                for one in tables.of("connect_job_people", "job_id", row["id"])
            ],
            **only(row, "id", "provider", "created_at", "ended_at"),
        }
        for row in tables["connect_jobs"]
    ]


_OF_A_PERSON = (("person", "people"),)
APPS = Noun(
    "apps",
    AppEntry,
    _write_apps,
    _apps,
    unique=("provider",),
    references=(("installed_by", "people"),),
    problems=_problems_of_apps,
)
APP_CONNECTIONS = Noun(
    "app_connections",
    AppConnectionEntry,
    _write_connections,
    _connections,
    references=_OF_A_PERSON,
    problems=_problems_of_connections,
)
APP_FAILURES = Noun(
    "app_failures", AppFailureEntry, _write_failures, _failures, references=_OF_A_PERSON, problems=_problems_of_failures
)
CONNECT_JOBS = Noun(
    "connect_jobs",
    ConnectJobEntry,
    _write_jobs,
    _jobs,
    sets=(("", "people[].person"),),
    references=(("created_by", "people"), ("people[].person", "people")),
)
