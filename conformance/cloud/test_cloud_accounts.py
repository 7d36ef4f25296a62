"""Accounts, their links to projects, categories and customers; work attributes; the global configuration."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import expect
from conformance.client import Caller
from conformance.cloud import beans
from conformance.cloud.bench import ACCOUNT, ACCOUNT_LINK, ATTRIBUTE, CATEGORY, CUSTOMER, UNKNOWN, Bench, account_of
from conformance.cloud.pages import everything, ids, results
from conformance.shapes import ListOf

Row = dict[str, Any]


def _link(bench: Bench, account: Row, project: int, **values: Any) -> Row:
    return bench.made(ACCOUNT_LINK, {"accountKey": account["key"], "scopeId": project, "scopeType": "PROJECT", **values})


@pytest.mark.requirement("cloud_accounts.list.shape")
def test_listed_accounts_have_published_shape(admin: Caller, bench: Bench) -> None:
    bench.account()
    answer = admin.get(ACCOUNT.path, [("limit", 1000)])
    expect.shape(answer, results(answer), ListOf(beans.ACCOUNT), "results")


@pytest.mark.requirement("cloud_accounts.list.not-archived")
def test_list_holds_open_and_closed_accounts_alone(admin: Caller, bench: Bench) -> None:
    made = {status: bench.account(status=status)["id"] for status in ("OPEN", "CLOSED", "ARCHIVED")}
    found = {row["id"] for row in everything(admin, ACCOUNT.path)}
    answer = admin.get(ACCOUNT.path)
    listed = [status for status, number in made.items() if number in found]
    expect.equal(answer, "the statuses that are listed", listed, ["OPEN", "CLOSED"])


@pytest.mark.requirement("cloud_accounts.search.statuses")
@pytest.mark.parametrize("status", ["OPEN", "CLOSED", "ARCHIVED"])
def test_search_by_status_finds_it_alone(admin: Caller, bench: Bench, status: str) -> None:
    made = {name: bench.account(status=name) for name in ("OPEN", "CLOSED", "ARCHIVED")}
    body = {"keys": [row["key"] for row in made.values()], "statuses": [status]}
    answer = admin.post("4/accounts/search", body)
    expect.equal(answer, "the accounts", ids(answer), [made[status]["id"]])


@pytest.mark.requirement("cloud_accounts.search.ids-and-keys")
@pytest.mark.parametrize("by", ["ids", "keys"])
def test_accounts_are_found_by_id_and_by_key(admin: Caller, bench: Bench, by: str) -> None:
    made = [bench.account() for _ in range(3)]
    body = {by: [row["id" if by == "ids" else "key"] for row in made[:2]]}
    answer = admin.post("4/accounts/search", body)
    expect.same_set(answer, "the accounts", ids(answer), [row["id"] for row in made[:2]])


@pytest.mark.requirement("cloud_accounts.key.unique")
def test_key_of_an_account_is_taken_once(bench: Bench, admin: Caller) -> None:
    made = bench.account()
    body = {"key": made["key"], "name": bench.name(), "status": "OPEN", "leadAccountId": account_of(admin)}
    answer = admin.post(ACCOUNT.path, body)
    expect.status(answer, 400)


@pytest.mark.requirement("cloud_accounts.create.refused")
@pytest.mark.parametrize(
    "change",
    [{"key": "with blank"}, {"key": ""}, {"status": "HALF"}, {"monthlyBudget": -1}, {"leadAccountId": ""}],
    ids=["blank in the key", "empty key", "unknown status", "negative budget", "no lead"],
)
def test_impossible_account_is_refused(bench: Bench, admin: Caller, change: Row) -> None:
    body = {"key": bench.key(), "name": bench.name(), "status": "OPEN", "leadAccountId": account_of(admin), **change}
    expect.status(bench.make(ACCOUNT, body), 400)


@pytest.mark.requirement("cloud_accounts.contact.kinds")
@pytest.mark.parametrize("kind", ["USER", "EXTERNAL"])
def test_contact_is_a_user_or_somebody_outside(admin: Caller, bench: Bench, kind: str) -> None:
    sent, told = {
        "USER": ({"contactAccountId": account_of(admin)}, {"type": "USER", "accountId": admin.user}),
        "EXTERNAL": ({"externalContactName": "Ada"}, {"type": "EXTERNAL", "displayName": "Ada"}),
    }[kind]
    made = bench.account(**sent)
    answer = admin.get(f"{ACCOUNT.path}/{made['id']}")
    contact = expect.json_object(answer).get("contact") or {}
    expect.equal(answer, "contact", {name: contact.get(name) for name in told}, told)


@pytest.mark.requirement("cloud_accounts.parts.told")
def test_category_and_customer_of_an_account_are_told(admin: Caller, bench: Bench) -> None:
    category, customer = bench.category(), bench.customer()
    made = bench.account(categoryKey=category["key"], customerKey=customer["key"])
    answer = admin.get(f"{ACCOUNT.path}/{made['id']}")
    row = expect.json_object(answer)
    expect.equal(answer, "category", row.get("category"), category)
    expect.equal(answer, "customer", row.get("customer"), customer)


@pytest.mark.requirement("cloud_account_links.create.listed")
def test_new_link_is_listed_by_account_and_by_project(admin: Caller, bench: Bench, project: int) -> None:
    account = bench.account()
    made = _link(bench, account, project)
    answer = admin.get(f"{ACCOUNT.place(account['key'])}/links")
    expect.equal(answer, "the links of the account", ids(answer), [made["id"]])
    listed = admin.get(f"4/account-links/project/{project}")
    expect.that(listed, made["id"] in ids(listed), f"link {made['id']} of the project", f"links {ids(listed)}")


@pytest.mark.requirement("cloud_account_links.create.shape")
def test_link_has_published_shape(admin: Caller, bench: Bench, project: int) -> None:
    made = _link(bench, bench.account(), project)
    answer = admin.get(ACCOUNT_LINK.place(made["id"]))
    expect.shape(answer, expect.json_object(answer), beans.ACCOUNT_LINK)
    expect.equal(answer, "scope.id", expect.json_object(answer)["scope"].get("id"), project)


@pytest.mark.requirement("cloud_account_links.create.refused")
@pytest.mark.parametrize("change", [{"accountKey": "CONFORMANCE-NONE"}, {"scopeId": UNKNOWN}, {"scopeType": "BOARD"}], ids=str)
def test_impossible_link_is_refused(bench: Bench, project: int, change: Row) -> None:
    body = {"accountKey": bench.account()["key"], "scopeId": project, "scopeType": "PROJECT", **change}
    expect.status(bench.make(ACCOUNT_LINK, body), 400, 404)


@pytest.mark.requirement("cloud_account_links.delete.gone")
def test_deleted_link_is_gone_and_its_account_stays(admin: Caller, bench: Bench, project: int) -> None:
    account = bench.account()
    made = _link(bench, account, project)
    expect.status(admin.delete(ACCOUNT_LINK.place(made["id"])), 204)
    expect.status(admin.get(ACCOUNT_LINK.place(made["id"])), 404)
    expect.status(admin.get(f"{ACCOUNT.path}/{account['id']}"), 200)


@pytest.mark.requirement("cloud_account_links.default.unknown-404")
def test_unknown_link_is_not_made_default(admin: Caller) -> None:
    expect.status(admin.patch(f"{ACCOUNT_LINK.place(UNKNOWN)}/make-default"), 404)


@pytest.mark.requirement("cloud_account_categories.list.shape")
def test_listed_categories_have_published_shape(admin: Caller, bench: Bench) -> None:
    bench.category()
    answer = admin.get(CATEGORY.path)
    expect.shape(answer, results(answer), ListOf(beans.CATEGORY), "results")


@pytest.mark.requirement("cloud_account_categories.list.by-id")
def test_category_is_found_by_id(admin: Caller, bench: Bench) -> None:
    made = bench.category()
    answer = admin.get(CATEGORY.path, [("id", made["id"])])
    expect.equal(answer, "results", results(answer), [made])
    none = admin.get(CATEGORY.path, [("id", UNKNOWN)])
    expect.equal(none, "results for an unknown id", results(none), [])


@pytest.mark.requirement("cloud_account_categories.type.known")
def test_category_of_an_unknown_type_is_refused(bench: Bench) -> None:
    expect.status(bench.make(CATEGORY, {"key": bench.key(), "name": bench.name(), "typeName": "SOMETHING"}), 400)


@pytest.mark.requirement("cloud_account_categories.types.all-four")
def test_four_types_of_categories_are_listed(admin: Caller) -> None:
    answer = admin.get("4/account-category-types")
    names = [row.get("name") for row in results(answer)]
    expect.same_set(answer, "the types", names, ["BILLABLE", "CAPITALIZED", "INTERNAL", "OPERATIONAL"])


@pytest.mark.requirement("cloud_customers.list.shape")
def test_listed_customers_have_published_shape(admin: Caller, bench: Bench) -> None:
    bench.customer()
    answer = admin.get(CUSTOMER.path, [("limit", 1000)])
    expect.shape(answer, results(answer), ListOf(beans.CUSTOMER), "results")


@pytest.mark.requirement("cloud_customers.search.ids-and-keys")
@pytest.mark.parametrize("by", ["ids", "keys"])
def test_customers_are_found_by_id_and_by_key(admin: Caller, bench: Bench, by: str) -> None:
    made = [bench.customer() for _ in range(3)]
    answer = admin.post("4/customers/search", {by: [row["id" if by == "ids" else "key"] for row in made[:2]]})
    expect.same_set(answer, "the customers", ids(answer), [row["id"] for row in made[:2]])


@pytest.mark.requirement("cloud_customers.accounts.its-own")
def test_accounts_of_a_customer_are_its_own(admin: Caller, bench: Bench) -> None:
    customer = bench.customer()
    made = bench.account(customerKey=customer["key"])
    bench.account()
    answer = admin.get(f"{CUSTOMER.path}/{customer['id']}/accounts")
    expect.equal(answer, "the accounts", ids(answer), [made["id"]])


@pytest.mark.requirement("cloud_work_attributes.list.shape")
def test_listed_work_attributes_have_published_shape(admin: Caller, bench: Bench) -> None:
    bench.attribute()
    answer = admin.get(ATTRIBUTE.path, [("limit", 1000)])
    expect.shape(answer, results(answer), ListOf(beans.WORK_ATTRIBUTE), "results")


@pytest.mark.requirement("cloud_work_attributes.create.optional")
def test_new_work_attribute_need_not_be_filled_in(admin: Caller, bench: Bench) -> None:
    made = bench.attribute()
    answer = admin.get(ATTRIBUTE.place(made["key"]))
    expect.equal(answer, "required", expect.json_object(answer).get("required"), False)


@pytest.mark.requirement("cloud_work_attributes.list.values")
def test_static_list_tells_ids_and_their_names(admin: Caller, bench: Bench) -> None:
    made = bench.attribute(type="STATIC_LIST", values=["Green", "Blue"])
    answer = admin.get(ATTRIBUTE.place(made["key"]))
    row = expect.json_object(answer)
    names: dict[str, Any] = row.get("names") or {}
    told = [names.get(value) for value in row.get("values") or []]
    expect.equal(answer, "the names of the values", told, ["Green", "Blue"])


@pytest.mark.requirement("cloud_work_attributes.create.refused")
@pytest.mark.parametrize("change", [{"type": "SOMETHING"}, {"key": ""}, {"name": "x" * 256}], ids=["type", "key", "long name"])
def test_impossible_work_attribute_is_refused(bench: Bench, change: Row) -> None:
    body = {"key": f"_{bench.key()}_", "name": bench.name(), "type": "INPUT_FIELD", **change}
    expect.status(bench.make(ATTRIBUTE, body), 400)


@pytest.mark.requirement("cloud_globalconfiguration.read.shape")
def test_global_configuration_has_published_shape(admin: Caller) -> None:
    answer = admin.get("4/globalconfiguration")
    expect.shape(answer, expect.json_object(answer), beans.GLOBAL_CONFIGURATION)


@pytest.mark.requirement("cloud_globalconfiguration.read.week-days")
def test_weeks_begin_on_one_of_seven_days(admin: Caller) -> None:
    answer = admin.get("4/globalconfiguration")
    row = expect.json_object(answer)
    days = [row.get("approvalWeekStart")]
    expect.that(answer, all(day in range(1, 8) for day in days), "approvalWeekStart from 1 to 7", f"{days}")
