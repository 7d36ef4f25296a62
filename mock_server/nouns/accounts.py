"""Accounts in scenarios: accounts, their categories, customers and links to projects."""

from collections.abc import Iterator
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mock_server.nouns.noun import ID, TEXT, Entries, EntrySchema, Noun, Row, Rows, Seeding, Tables, only


class AccountCategoryEntry(EntrySchema):
    """A category of accounts, of a type or of none."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    key = fields.String(required=True, validate=TEXT)
    name = fields.String(required=True, validate=TEXT)
    type = fields.String(load_default=None, validate=validate.OneOf(["BILLABLE", "CAPITALIZED", "INTERNAL", "OPERATIONAL"]))


class CustomerEntry(EntrySchema):
    """A customer."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    key = fields.String(required=True, validate=TEXT)
    name = fields.String(required=True, validate=TEXT)


class AccountEntry(EntrySchema):
    """An account; people by name, category and customer by key. ``monthly_budget`` is a whole number of hours."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    key = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z0-9_.-]+\Z"))
    name = fields.String(required=True, validate=TEXT)
    status = fields.String(load_default="OPEN", validate=validate.OneOf(["OPEN", "CLOSED", "ARCHIVED"]))
    lead = fields.String(load_default=None)
    contact = fields.String(load_default=None)
    external_contact = fields.String(load_default=None, validate=TEXT)
    category = fields.String(load_default=None)
    customer = fields.String(load_default=None)
    is_global = fields.Boolean(load_default=False)
    monthly_budget = fields.Integer(load_default=None, strict=True, validate=validate.Range(0, 2**31 - 1))

    @validates_schema
    def refuse_two_contacts(self, data: dict[str, Any], **_: Any) -> None:
        """A contact is one of the people or somebody outside."""
        if data["contact"] is not None and data["external_contact"] is not None:
            raise ValidationError("Give contact or external_contact, and not both.")


class AccountLinkEntry(EntrySchema):
    """What links an account to a project, both by key; one link of a project may be the default."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    account = fields.String(required=True)
    project = fields.String(required=True)
    default = fields.Boolean(load_default=False)


def _write_categories(seeding: Seeding) -> None:
    for entry in seeding.entries["account_categories"]:
        seeding.made("account_categories", entry["key"], seeding.store.insert_row("account_categories", **entry))


def _write_customers(seeding: Seeding) -> None:
    for entry in seeding.entries["customers"]:
        seeding.made("customers", entry["key"], seeding.store.insert_row("customers", **entry))


def _write_accounts(seeding: Seeding) -> None:
    for entry in seeding.entries["accounts"]:
        account_id = seeding.store.insert_row(
            "accounts",
            **only(entry, "id", "key", "name", "status", "external_contact", "monthly_budget"),
            lead_id=seeding.row_of("people", entry["lead"]),
            contact_id=seeding.row_of("people", entry["contact"]),
            category_id=seeding.row_of("account_categories", entry["category"]),
            customer_id=seeding.row_of("customers", entry["customer"]),
            is_global=int(entry["is_global"]),
        )
        seeding.made("accounts", entry["key"], account_id)


def _write_links(seeding: Seeding) -> None:
    for entry in seeding.entries["account_links"]:
        seeding.store.insert_row(
            "account_links",
            id=entry["id"],
            account_id=seeding.row_of("accounts", entry["account"]),
            project_id=seeding.row_of("projects", entry["project"]),
            is_default=int(entry["default"]),
        )


def _accounts(tables: Tables) -> Rows:
    return [_account(tables, row) for row in tables["accounts"]]


def _account(tables: Tables, row: Row) -> Row:
    return {
        **only(row, "id", "key", "name", "status", "external_contact", "monthly_budget"),
        "lead": tables.name("people", row["lead_id"]),
        "contact": tables.name("people", row["contact_id"]),
        "category": tables.key("account_categories", row["category_id"]),
        "customer": tables.key("customers", row["customer_id"]),
        "is_global": bool(row["is_global"]),
    }


def _links(tables: Tables) -> Rows:
    return [
        {
            "id": row["id"],
            "account": tables.key("accounts", row["account_id"]),
            "project": tables.key("projects", row["project_id"]),
            "default": bool(row["is_default"]),
        }
        for row in tables["account_links"]
    ]


def _problems_of_links(entries: Entries) -> Iterator[tuple[int, str]]:
    with_default: set[str] = set()
    for index, link in enumerate(entries["account_links"], 1):
        if link["default"] and link["project"] in with_default:
            yield index, f"default: the project {link['project']} has a default already"
        with_default |= {link["project"]} if link["default"] else set()


ACCOUNT_CATEGORIES = Noun(
    "account_categories",
    AccountCategoryEntry,
    _write_categories,
    lambda tables: tables["account_categories"],
    unique=("key", "id"),
    by_case=True,
)
CUSTOMERS = Noun(
    "customers", CustomerEntry, _write_customers, lambda tables: tables["customers"], unique=("key", "id"), by_case=True
)
ACCOUNTS = Noun(
    "accounts",
    AccountEntry,
    _write_accounts,
    _accounts,
    unique=("key", "id"),
    references=(("lead", "people"), ("contact", "people"), ("category", "account_categories"), ("customer", "customers")),
    by_case=True,
)
ACCOUNT_LINKS = Noun(
    "account_links",
    AccountLinkEntry,
    _write_links,
    _links,
    unique=("id",),
    references=(("account", "accounts"), ("project", "projects")),
    problems=_problems_of_links,
)
