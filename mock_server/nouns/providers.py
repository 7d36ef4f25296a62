"""Providers in scenarios: how they are set up, and what is in them. A world keeps the digests of keys only."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mock_server.domain.logins import hash_token
from mock_server.moments import days_after, moment_text, parse_any_moment, parse_moment
from mock_server.nouns.moments import End, Moment
from mock_server.nouns.noun import ID, NAME, Entries, EntrySchema, Noun, Row, Rows, Seeding, Tables, only
from mock_server.nouns.provider_accounts import account_row, known_failure, known_provider, login_of, place_of, places_of

_DAYS = validate.Range(-3660, 3660)


class ProviderKeyEntry(EntrySchema):
    """A key of a provider. ``account`` is the login that it was made as; without ``expires_at`` it lasts ``days``."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    name = fields.String(required=True, validate=NAME)
    key = fields.String(load_default=None, validate=validate.Length(min=8))
    digest = fields.String(load_default=None, validate=validate.Regexp(r"^[0-9a-f]{64}$"))
    account = fields.String(load_default=None)
    days = fields.Integer(load_default=365, strict=True, validate=validate.Range(1, 3650))
    created_at = Moment(load_default=None)
    expires_at = End(load_default=None)
    revoked_at = Moment(load_default=None)

    @validates_schema
    def need_one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        """A key is there in clear or as a digest."""
        if (data["key"] is None) == (data["digest"] is None):
            raise ValidationError("Give the key, or its digest, and not both.")


class ContainerEntry(EntrySchema):
    """A repository, project or calendar; ``owner`` is a login, and null the organisation."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    name = fields.String(required=True, validate=NAME)
    owner = fields.String(load_default=None)


class ProviderFaultEntry(EntrySchema):
    """What connecting fails as: for a person or for each, so many times or always."""

    kind = fields.String(required=True, validate=known_failure)
    person = fields.String(load_default=None)
    times = fields.Integer(load_default=None, strict=True, validate=ID)


class ProviderEntry(EntrySchema):
    """How a provider is set up; ``met`` are the prerequisites of its app that are met."""

    provider = fields.String(required=True, validate=known_provider)
    met = fields.List(fields.String(), load_default=list)
    keys = fields.List(fields.Nested(ProviderKeyEntry), load_default=list)
    containers = fields.List(fields.Nested(ContainerEntry), load_default=list)
    faults = fields.List(fields.Nested(ProviderFaultEntry), load_default=list)


class ProviderItemEntry(EntrySchema):
    """An event, a commit or a merge request: at ``starts_at``, or so many ``days`` from the world's own at ``time`` in UTC."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    provider = fields.String(required=True, validate=known_provider)
    account = fields.String(required=True)
    container = fields.String(required=True)
    kind = fields.String(required=True, validate=NAME)
    title = fields.String(required=True, validate=NAME)
    starts_at = Moment(load_default=None)
    days = fields.Integer(load_default=None, strict=True, validate=_DAYS)
    time = fields.Time(load_default=time(9))
    ends_at = End(load_default=None)
    minutes = fields.Integer(load_default=None, strict=True, validate=validate.Range(0, 527_040))
    private = fields.Boolean(load_default=False)
    free = fields.Boolean(load_default=False)

    @validates_schema
    def need_one_beginning(self, data: dict[str, Any], **_: Any) -> None:
        """It begins at a moment or on a day, and ends once at most, not before it begins."""
        if (data["starts_at"] is None) == (data["days"] is None):
            raise ValidationError("Give starts_at, or days, and not both.")
        if data["ends_at"] is not None and (data["minutes"] is not None or data["ends_at"] < (data["starts_at"] or "")):
            raise ValidationError("Give ends_at, not before starts_at, or minutes, and not both.")


def _write_providers(seeding: Seeding) -> None:
    for entry in seeding.entries["providers"]:
        _write_provider(seeding, entry, entry["provider"])


def _write_provider(seeding: Seeding, entry: Row, provider: str) -> None:
    from mock_server.domain.providers.discovery import named

    store = seeding.store
    for prerequisite in dict.fromkeys(entry["met"]):
        store.insert_row("provider_states", provider=provider, prerequisite=prerequisite, is_met=1)
    for key in entry["keys"]:
        begins = key["created_at"] or moment_text(seeding.now)
        row_id = store.insert_row(
            "provider_keys",
            provider=provider,
            account_id=account_row(seeding, provider, key["account"]),
            digest=key["digest"] or hash_token(key["key"]),
            created_at=begins,
            expires_at=key["expires_at"] or moment_text(days_after(parse_moment(begins), key["days"])),
            **only(key, "id", "name", "revoked_at"),
        )
        seeding.made("provider_keys", f"{provider}/{key['name']}", row_id)
    for container in entry["containers"]:
        row_id = store.insert_row(
            "provider_containers",
            provider=provider,
            kind=named(provider).container,
            owner_account_id=account_row(seeding, provider, container["owner"]),
            **only(container, "id", "name"),
        )
        seeding.made("provider_containers", f"{provider}/{container['name']}", row_id)
    for fault in entry["faults"]:
        person_id = seeding.row_of("people", fault["person"])
        store.insert_row("provider_faults", provider=provider, person_id=person_id, **only(fault, "kind", "times"))


def _providers(tables: Tables) -> Rows:
    parts = ("provider_states", "provider_keys", "provider_containers", "provider_faults")
    present = sorted({row["provider"] for part in parts for row in tables[part]})
    return [
        {
            "provider": one,
            "met": [row["prerequisite"] for row in tables.of("provider_states", "provider", one) if row["is_met"]],
            "keys": [
                {
                    "account": login_of(tables, row["account_id"]),
                    **only(row, "id", "name", "digest", "created_at", "expires_at", "revoked_at"),
                }
                for row in tables.of("provider_keys", "provider", one)
            ],
            "containers": [
                {"owner": login_of(tables, row["owner_account_id"]), **only(row, "id", "name")}
                for row in tables.of("provider_containers", "provider", one)
            ],
            "faults": [
                {"person": tables.name("people", row["person_id"]), **only(row, "kind", "times")}
                for row in tables.of("provider_faults", "provider", one)
            ],
        }
        for one in present
    ]


def _problems_of_providers(entries: Entries) -> Iterator[tuple[int, str]]:
    from mock_server.domain.providers.discovery import named

    places = places_of(entries)
    for index, entry in enumerate(entries["providers"], 1):
        service = named(entry["provider"])
        known = {one.key for one in service.prerequisites}
        for unknown in sorted(set(entry["met"]) - known):
            yield index, f"met: {unknown} is none of {', '.join(sorted(known))}"
        for what, field in (("keys", "account"), ("containers", "owner")):
            for one in entry[what]:
                if one[field] is not None and place_of(entry["provider"], one[field]) not in places:
                    yield index, f"{what}.{field}: {one[field]} does not exist among the provider accounts"


def _write_items(seeding: Seeding) -> None:
    for entry in seeding.entries["provider_items"]:
        provider = entry["provider"]
        begins = entry["starts_at"] or moment_text(_day(seeding, entry))
        ends = entry["ends_at"]
        if entry["minutes"] is not None:
            # A world may begin on the last day that clocks are set to: its items are on the one after that.
            begin = parse_any_moment(begins)
            ends = moment_text(begin + min(timedelta(minutes=entry["minutes"]), datetime.max.replace(tzinfo=UTC) - begin))
        seeding.store.insert_row(
            "provider_items",
            account_id=account_row(seeding, provider, entry["account"]),
            container_id=seeding.row_of("provider_containers", f"{provider}/{entry['container']}"),
            starts_at=begins,
            ends_at=ends,
            is_private=int(entry["private"]),
            is_free=int(entry["free"]),
            **only(entry, "id", "provider", "kind", "title"),
        )


def _day(seeding: Seeding, entry: Row) -> datetime:
    day = seeding.before(-entry["days"]) if entry["days"] < 0 else days_after(seeding.now, entry["days"])
    return day.replace(hour=entry["time"].hour, minute=entry["time"].minute, second=entry["time"].second, microsecond=0)


def _items(tables: Tables) -> Rows:
    return [
        {
            "account": login_of(tables, row["account_id"]),
            "container": tables.name("provider_containers", row["container_id"]),
            "private": bool(row["is_private"]),
            "free": bool(row["is_free"]),
            **only(row, "id", "provider", "kind", "title", "starts_at", "ends_at"),
        }
        for row in tables["provider_items"]
    ]


def _problems_of_items(entries: Entries) -> Iterator[tuple[int, str]]:
    from mock_server.domain.providers.discovery import named

    places = places_of(entries)
    containers = {(one["provider"], container["name"]) for one in entries["providers"] for container in one["containers"]}
    for index, entry in enumerate(entries["provider_items"], 1):
        kinds = named(entry["provider"]).kinds
        if entry["kind"] not in kinds:
            yield index, f"kind: {entry['kind']} is none of {', '.join(kinds)}"
        if place_of(entry["provider"], entry["account"]) not in places:
            yield index, f"account: {entry['account']} does not exist among the provider accounts"
        if (entry["provider"], entry["container"]) not in containers:
            yield index, f"container: {entry['container']} does not exist among the providers"


PROVIDERS = Noun(
    "providers",
    ProviderEntry,
    _write_providers,
    _providers,
    unique=("provider",),
    sets=(("", "keys[].name"), ("", "containers[].name"), ("", "met[]")),
    references=(("faults[].person", "people"),),
    problems=_problems_of_providers,
)
PROVIDER_ITEMS = Noun("provider_items", ProviderItemEntry, _write_items, _items, problems=_problems_of_items)
