"""Accounts at providers in scenarios, and what other nouns name them by."""

from collections.abc import Iterator

from marshmallow import ValidationError, fields, validate

from mock_server.errors import NotFound
from mock_server.nouns.noun import ID, NAME, Entries, EntrySchema, Noun, Rows, Seeding, Tables, only

ACCOUNTS = "provider_accounts"


def known_provider(value: str) -> None:
    """Raises ``ValidationError`` for what is no provider."""
    # Imported here, as everywhere in this module: most scenarios have no providers, and start-up time is a feature.
    from mock_server.domain.providers.discovery import named

    try:
        named(value)
    except NotFound as error:
        raise ValidationError(error.message) from None


def known_failure(value: str) -> None:
    """Raises ``ValidationError`` for what is no kind of failure."""
    from mock_server.domain.providers.provider import FailureKind

    if value not in tuple(FailureKind):
        raise ValidationError(f"Must be one of: {', '.join(FailureKind)}.")


def place_of(provider: str, login: str) -> str:
    """What an account is named by among the entries."""
    from mock_server.domain.matching import folded

    return f"{provider}/{folded(login)}"


def account_row(seeding: Seeding, provider: str, login: str | None) -> int | None:
    """The id of the row of an account, or None for None."""
    return seeding.row_of(ACCOUNTS, None if login is None else place_of(provider, login))


def login_of(tables: Tables, account_id: int | None) -> str | None:
    """The login of an account, or None for none."""
    return None if account_id is None else str(tables.of(ACCOUNTS, "id", account_id)[0]["login"])


def places_of(entries: Entries) -> set[str]:
    """What every account is named by."""
    return {place_of(one["provider"], one["login"]) for one in entries[ACCOUNTS]}


class ProviderAccountEntry(EntrySchema):
    """What somebody is at a provider. Whose it is stands nowhere: that is found when they are connected."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    provider = fields.String(required=True, validate=known_provider)
    login = fields.String(required=True, validate=NAME)
    display_name = fields.String(required=True, validate=NAME)
    email = fields.String(required=True, validate=validate.Length(max=254))
    email_hidden = fields.Boolean(load_default=False)
    accessible = fields.Boolean(load_default=True)


def _write_accounts(seeding: Seeding) -> None:
    for entry in seeding.entries[ACCOUNTS]:
        from mock_server.domain.matching import folded

        row_id = seeding.store.insert_row(
            ACCOUNTS,
            **only(entry, "id", "provider", "login", "display_name", "email"),
            is_email_hidden=int(entry["email_hidden"]),
            is_accessible=int(entry["accessible"]),
            login_folded=folded(entry["login"]),
            name_folded=folded(entry["display_name"]),
            email_folded=folded(entry["email"]),
        )
        seeding.made(ACCOUNTS, place_of(entry["provider"], entry["login"]), row_id)


def _accounts(tables: Tables) -> Rows:
    return [
        {
            "email_hidden": bool(row["is_email_hidden"]),
            "accessible": bool(row["is_accessible"]),
            **only(row, "id", "provider", "login", "display_name", "email"),
        }
        for row in tables[ACCOUNTS]
    ]


def _problems_of_accounts(entries: Entries) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for index, entry in enumerate(entries[ACCOUNTS], 1):
        place = place_of(entry["provider"], entry["login"])
        if place in seen:
            yield index, f"login: {entry['provider']} has an account {entry['login']} already"
        seen.add(place)


PROVIDER_ACCOUNTS = Noun(ACCOUNTS, ProviderAccountEntry, _write_accounts, _accounts, problems=_problems_of_accounts)
