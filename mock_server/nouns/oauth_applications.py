"""OAuth applications in scenarios. A world keeps the hash of a secret only, and writes out nothing else."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mock_server.access import GRANTABLE_SCOPES
from mock_server.domain.logins import hash_token
from mock_server.domain.oauth_applications import CLIENT_TYPES, MOST_URIS, wrong_with_redirect_uri
from mock_server.moments import moment_text
from mock_server.nouns.moments import Moment
from mock_server.nouns.noun import NAME, EntrySchema, Noun, Rows, Seeding, Tables, only


def _redirect_uri(value: str) -> None:
    wrong = wrong_with_redirect_uri(value)
    if wrong:
        raise ValidationError(f"{value[:100]} {wrong}.")


class OAuthApplicationEntry(EntrySchema):
    """An OAuth application of Tempo Cloud; without scopes it may do all there is. ``person`` is who made it, if anybody did."""

    name = fields.String(required=True, validate=NAME)
    person = fields.String(load_default=None)
    client_id = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9._-]{8,100}$"))
    client_secret = fields.String(load_default=None, validate=validate.Length(min=8))
    secret_hash = fields.String(load_default=None, validate=validate.Regexp(r"^[0-9a-f]{64}$"))
    client_type = fields.String(load_default="confidential", validate=validate.OneOf(CLIENT_TYPES))
    redirect_uris = fields.List(
        fields.String(validate=_redirect_uri), required=True, validate=validate.Length(min=1, max=MOST_URIS)
    )
    scopes = fields.List(
        fields.String(validate=validate.OneOf(sorted(GRANTABLE_SCOPES))), load_default=None, validate=validate.Length(min=1)
    )
    created_at = Moment(load_default=None)

    @validates_schema
    def need_one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        """A secret is there in clear or as a hash."""
        if (data["client_secret"] is None) == (data["secret_hash"] is None):
            raise ValidationError("Give the client_secret, or its secret_hash, and not both.")


def _write(seeding: Seeding) -> None:
    for entry in seeding.entries["oauth_applications"]:
        scopes = sorted(GRANTABLE_SCOPES if entry["scopes"] is None else set(entry["scopes"]))
        seeding.store.insert_row(
            "oauth_applications",
            person_id=seeding.row_of("people", entry["person"]),
            redirect_uris=" ".join(dict.fromkeys(entry["redirect_uris"])),
            scopes=" ".join(scopes),
            secret_hash=entry["secret_hash"] or hash_token(entry["client_secret"]),
            created_at=entry["created_at"] or moment_text(seeding.now),
            **only(entry, "name", "client_id", "client_type"),
        )


def _entries(tables: Tables) -> Rows:
    return [
        {
            "person": tables.name("people", row["person_id"]),
            "redirect_uris": row["redirect_uris"].split(),
            "scopes": row["scopes"].split(),
            **only(row, "name", "client_id", "client_type", "secret_hash", "created_at"),
        }
        for row in tables["oauth_applications"]
    ]


OAUTH_APPLICATIONS = Noun(
    "oauth_applications",
    OAuthApplicationEntry,
    _write,
    _entries,
    unique=("client_id",),
    references=(("person", "people"),),
    by_case=True,
)
