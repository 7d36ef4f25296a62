"""Published demo tokens in scenarios. A world keeps hashes only, and writes out nothing else."""

from typing import Any

from marshmallow import fields, validate, validates_schema

from mock_server.access import GRANTABLE_SCOPES
from mock_server.domain.logins import hash_token
from mock_server.moments import days_after, moment_text
from mock_server.nouns.moments import End, Moment
from mock_server.nouns.noun import NAME, EntrySchema, Noun, Row, Rows, Seeding, Tables, need_one_token, only

_HASH = validate.Regexp(r"^[0-9a-f]{64}$")
_TOKEN = validate.Length(min=8)


class PersonalAccessTokenEntry(EntrySchema):
    """A published demo token of Jira Data Center; the world keeps its hash only, and writes out nothing else."""

    person = fields.String(required=True)
    name = fields.String(required=True, validate=NAME)
    token = fields.String(load_default=None, validate=_TOKEN)
    token_hash = fields.String(load_default=None, validate=_HASH)
    created_at = Moment(load_default=None)
    expires_at = End(load_default=None)

    @validates_schema
    def need_one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        """A token is there in clear or as a hash."""
        need_one_token(data)


class ApiTokenEntry(EntrySchema):
    """A published demo token of Tempo Cloud, as old as ``age`` days. Without scopes it has Full access."""

    person = fields.String(required=True)
    name = fields.String(required=True, validate=NAME)
    scopes = fields.List(fields.String(validate=validate.OneOf(sorted(GRANTABLE_SCOPES))), load_default=None)
    days = fields.Integer(load_default=30, strict=True, validate=validate.Range(1, 5000))
    age = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0))
    token = fields.String(load_default=None, validate=_TOKEN)
    token_hash = fields.String(load_default=None, validate=_HASH)
    created_at = Moment(load_default=None)
    expires_at = End(load_default=None)

    @validates_schema
    def need_one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        """A token is there in clear or as a hash."""
        need_one_token(data)


class JiraApiTokenEntry(EntrySchema):
    """A published demo API token of Jira Cloud; the world keeps its hash only, and writes out nothing else."""

    person = fields.String(required=True)
    name = fields.String(required=True, validate=NAME)
    token = fields.String(load_default=None, validate=_TOKEN)
    token_hash = fields.String(load_default=None, validate=_HASH)

    @validates_schema
    def need_one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        """A token is there in clear or as a hash."""
        need_one_token(data)


def _write_personal_access_tokens(seeding: Seeding) -> None:
    for entry in seeding.entries["personal_access_tokens"]:
        seeding.store.insert_row(
            "personal_access_tokens",
            **_token(seeding, entry),
            created_at=entry["created_at"] or moment_text(seeding.now),
            expires_at=entry["expires_at"],
        )


def _write_api_tokens(seeding: Seeding) -> None:
    for entry in seeding.entries["api_tokens"]:
        begins = seeding.before(entry["age"])
        scopes = sorted(GRANTABLE_SCOPES if entry["scopes"] is None else entry["scopes"])
        seeding.store.insert_row(
            "api_tokens",
            **_token(seeding, entry),
            access="full" if entry["scopes"] is None else "custom",
            scopes=" ".join(scopes),
            days=entry["days"],
            created_at=entry["created_at"] or moment_text(begins),
            expires_at=entry["expires_at"] or moment_text(days_after(begins, entry["days"])),
        )


def _write_jira_api_tokens(seeding: Seeding) -> None:
    for entry in seeding.entries["jira_api_tokens"]:
        seeding.store.insert_row("jira_api_tokens", **_token(seeding, entry))


def _token(seeding: Seeding, entry: Row) -> Row:
    return {
        "person_id": seeding.row_of("people", entry["person"]),
        "name": entry["name"],
        "token_hash": entry["token_hash"] or hash_token(entry["token"]),
    }


def _personal_access_tokens(tables: Tables) -> Rows:
    return [
        {"person": tables.name("people", row["person_id"]), **only(row, "name", "token_hash", "created_at", "expires_at")}
        for row in tables["personal_access_tokens"]
    ]


def _api_tokens(tables: Tables) -> Rows:
    return [
        {
            "person": tables.name("people", row["person_id"]),
            "scopes": None if row["access"] == "full" else row["scopes"].split(),
            **only(row, "name", "days", "token_hash", "created_at", "expires_at"),
        }
        for row in tables["api_tokens"]
    ]


def _jira_api_tokens(tables: Tables) -> Rows:
    return [
        {"person": tables.name("people", row["person_id"]), **only(row, "name", "token_hash")}
        for row in tables["jira_api_tokens"]
    ]


_OF_A_PERSON = (("person", "people"),)
PERSONAL_ACCESS_TOKENS = Noun(
    "personal_access_tokens",
    PersonalAccessTokenEntry,
    _write_personal_access_tokens,
    _personal_access_tokens,
    unique_inside=("token",),
    references=_OF_A_PERSON,
)
API_TOKENS = Noun(
    "api_tokens", ApiTokenEntry, _write_api_tokens, _api_tokens, unique_inside=("token",), references=_OF_A_PERSON
)
JIRA_API_TOKENS = Noun(
    "jira_api_tokens",
    JiraApiTokenEntry,
    _write_jira_api_tokens,
    _jira_api_tokens,
    unique_inside=("token",),
    references=_OF_A_PERSON,
)
