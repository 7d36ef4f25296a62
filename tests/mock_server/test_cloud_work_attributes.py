"""Work attributes of Tempo Cloud and their values on worklogs (vendor's OpenAPI of v4)."""

from typing import Any

import pytest

BASE = "http://localhost/4"
BOB = "5b10a2844c20165700ede223"
LIST = {"key": "_Kind_", "name": "Kind of work", "type": "STATIC_LIST", "values": ["Travel", "Meeting"]}


def create(world: Any, **values: Any) -> dict[str, Any]:
    body = {"key": "_Task_", "name": "Task", "type": "INPUT_FIELD", **values}
    made = world.cloud("POST", "fred", "work-attributes", body)
    assert made.status == 200, made.text
    return made.json


def log(world: Any, *values: tuple[str, str | None], status: int = 200) -> Any:
    attributes = [{"key": key, "value": value} for key, value in values]
    body = {"authorAccountId": BOB, "issueId": 10202, "startDate": "2013-11-14", "timeSpentSeconds": 60}
    made = world.cloud("POST", "bob", "worklogs", {**body, "attributes": attributes})
    assert made.status == status, made.text
    return made.json


def refused(answer: Any, status: int = 400) -> list[str]:
    assert answer.status == status, answer.text
    return [error["message"] for error in answer.json["errors"]]


# The attributes.


@pytest.mark.parametrize("of_type", ["ACCOUNT", "CHECKBOX", "INPUT_FIELD", "INPUT_NUMERIC"])
@pytest.mark.parametrize("required", [None, True, False])
def test_an_attribute_has_exactly_the_published_members(world: Any, of_type: str, required: bool | None) -> None:
    made = create(world, type=of_type, **({} if required is None else {"required": required}))
    expected = {"self": f"{BASE}/work-attributes/_Task_", "key": "_Task_", "name": "Task", "type": of_type}
    assert made == {**expected, "required": bool(required)}
    assert world.cloud("GET", "bob", "work-attributes/_Task_").json == made


def test_a_static_list_has_ids_and_their_labels(world: Any) -> None:
    made = create(world, **LIST)
    assert set(made) == {"self", "key", "name", "type", "required", "values", "names"}
    assert [made["names"][value] for value in made["values"]] == ["Travel", "Meeting"]
    assert len(set(made["values"])) == 2
    assert not set(made["values"]) & {"Travel", "Meeting"}


def test_list_is_paged(world: Any) -> None:
    before = world.cloud("GET", "bob", "work-attributes").json["results"]
    made = [create(world, key=f"_A{n}_") for n in range(3)]
    whole = world.cloud("GET", "bob", "work-attributes").json
    assert set(whole) == {"self", "metadata", "results"}
    assert whole["results"] == before + made
    page = world.cloud("GET", "bob", f"work-attributes?limit=2&offset={len(before)}").json
    assert (page["results"], page["metadata"]["count"], "next" in page["metadata"]) == (made[:2], 2, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": ""}, {"key": None}, {"name": ""}, {"name": None}, {"name": "x" * 256}, {"type": "DYNAMIC_DROPDOWN"},
        {"type": "text"}, {"type": None}, {"required": "perhaps"}, {"type": "STATIC_LIST"},
        {"type": "STATIC_LIST", "values": []}, {"type": "STATIC_LIST", "values": ["a", "a"]},
        {"type": "STATIC_LIST", "values": ["a", ""]}, {"type": "STATIC_LIST", "values": ["a", " "]},
        {"values": "x"}, {"values": [3]},
    ],
)  # fmt: skip
def test_wrong_bodies(world: Any, wrong: dict[str, Any]) -> None:
    body = {"key": "_New_", "name": "New", "type": "INPUT_FIELD"}
    assert refused(world.cloud("POST", "fred", "work-attributes", {**body, **wrong}))
    assert refused(world.cloud("GET", "fred", "work-attributes/_New_"), 404)
    if "key" not in wrong:
        made = create(world)
        assert refused(world.cloud("PUT", "fred", "work-attributes/_Task_", {**body, **wrong}))
        assert world.cloud("GET", "fred", "work-attributes/_Task_").json == made


@pytest.mark.parametrize("field", ["key", "name", "type"])
def test_required_fields(world: Any, field: str) -> None:
    body = {name: value for name, value in LIST.items() if name != field}
    assert any(field in message for message in refused(world.cloud("POST", "fred", "work-attributes", body)))


def test_keys_are_unique(world: Any) -> None:
    create(world)
    assert "_Task_" in refused(world.cloud("POST", "fred", "work-attributes", {**LIST, "key": "_Task_"}))[0]


def test_put_replaces_and_a_label_that_stays_keeps_its_id(world: Any) -> None:
    made = create(world, **LIST, required=True)
    travel = made["values"][0]
    body = {"name": "Kind", "type": "STATIC_LIST", "values": ["Desk", "Travel"]}
    put = world.cloud("PUT", "fred", "work-attributes/_Kind_", body)
    assert put.status == 200
    assert (put.json["name"], put.json["required"], put.json["key"]) == ("Kind", False, "_Kind_")
    assert [put.json["names"][value] for value in put.json["values"]] == ["Desk", "Travel"]
    assert put.json["names"][travel] == "Travel"
    assert world.cloud("GET", "bob", "work-attributes/_Kind_").json == put.json


def test_delete_takes_the_values_along(world: Any) -> None:
    create(world)
    number = log(world, ("_Task_", "a"))["tempoWorklogId"]
    assert world.cloud("DELETE", "fred", "work-attributes/_Task_").status == 204
    assert world.cloud("GET", "bob", f"worklogs/{number}").json["attributes"]["values"] == []
    for method in ("GET", "DELETE"):
        refused(world.cloud(method, "fred", "work-attributes/_Task_"), 404)
    refused(world.cloud("PUT", "fred", "work-attributes/_Task_", {"name": "x", "type": "CHECKBOX"}), 404)


def test_only_tempo_administrators_write(world: Any) -> None:
    create(world)
    for method, path, body in (
        ("POST", "work-attributes", LIST),
        ("PUT", "work-attributes/_Task_", {"name": "x", "type": "CHECKBOX"}),
        ("DELETE", "work-attributes/_Task_", None),
    ):
        for who in ("bob", "erica"):
            assert world.cloud(method, who, path, body).status == 403
    assert world.cloud("GET", "bob", "work-attributes/_Task_").json["name"] == "Task"


# What a value may be.


@pytest.mark.parametrize(
    ("of_type", "good", "bad"),
    [
        ("INPUT_FIELD", ["a", "3", "<b>&\u2603"], []),
        ("INPUT_NUMERIC", ["3", "-3", "2.5", "0"], ["x", "", "-", "--5", "1.2.3", "1e", "\u0663"]),
        ("CHECKBOX", ["true", "false"], ["yes", "True", "1"]),
        ("ACCOUNT", ["CLOUD-DEV", "INTERNAL"], ["1", "NONE", "cloud-dev", "SAFE-2012", "PILOT"]),
    ],
)
def test_values_by_type(world: Any, of_type: str, good: list[str], bad: list[str]) -> None:
    create(world, type=of_type)
    for value in good:
        assert log(world, ("_Task_", value))["attributes"]["values"] == [{"key": "_Task_", "value": value}]
    for value in bad:
        log(world, ("_Task_", value), status=400)


def test_a_static_list_takes_ids_and_not_labels(world: Any) -> None:
    made = create(world, **LIST)
    assert log(world, ("_Kind_", made["values"][1]))["attributes"]["values"][0]["value"] == made["values"][1]
    log(world, ("_Kind_", "Meeting"), status=400)


def test_no_value_is_left_out_and_never_null(world: Any) -> None:
    create(world)
    assert log(world, ("_Task_", None))["attributes"]["values"] == [{"key": "_Task_"}]


# The values of worklogs.


def test_values_of_one_worklog(world: Any) -> None:
    for key in ("_A_", "_B_", "_C_"):
        create(world, key=key)
    number = log(world, ("_B_", "2"), ("_A_", "1"))["tempoWorklogId"]
    path = f"worklogs/{number}/work-attribute-values"
    assert world.cloud("GET", "bob", path).json == {
        "self": f"{BASE}/{path}",
        "metadata": {"count": 2},
        "results": [{"key": "_A_", "value": "1"}, {"key": "_B_", "value": "2"}],
    }
    assert world.cloud("GET", "bob", f"{path}/_B_").json == {"key": "_B_", "value": "2"}
    for missing in (
        f"{path}/_C_",
        f"{path}/_None_",
        "worklogs/99/work-attribute-values",
        "worklogs/99/work-attribute-values/_A_",
    ):
        refused(world.cloud("GET", "bob", missing), 404)
    for hidden in (path, f"{path}/_A_"):
        refused(world.cloud("GET", "greta", hidden), 404)


ADD = "worklogs/work-attribute-values"


def test_values_are_added_to_several_worklogs(world: Any) -> None:
    create(world, key="_A_")
    create(world, key="_B_")
    first, second = log(world, ("_A_", "1"))["tempoWorklogId"], log(world)["tempoWorklogId"]
    body = [
        {"tempoWorklogId": first, "attributeValues": [{"key": "_B_", "value": "2"}]},
        {"tempoWorklogId": second, "attributeValues": [{"key": "_A_", "value": "3"}, {"key": "_B_", "value": "4"}]},
    ]
    answer = world.cloud("POST", "bob", ADD, body)
    assert (answer.status, answer.body) == (204, b"")
    found = world.cloud("POST", "bob", f"{ADD}/search", {"tempoWorklogIds": [second, 99, first]})
    assert found.status == 200
    assert found.json == [
        {"tempoWorklogId": second, "workAttributeValues": [{"key": "_A_", "value": "3"}, {"key": "_B_", "value": "4"}]},
        {"tempoWorklogId": first, "workAttributeValues": [{"key": "_A_", "value": "1"}, {"key": "_B_", "value": "2"}]},
    ]


def test_adding_is_all_or_nothing(world: Any) -> None:
    create(world, key="_A_")
    number = log(world)["tempoWorklogId"]
    good = {"tempoWorklogId": number, "attributeValues": [{"key": "_A_", "value": "1"}]}
    for wrong, status in (
        (good, 400),
        ({**good, "tempoWorklogId": 99}, 404),
        ({**good, "attributeValues": [{"key": "_None_", "value": "1"}]}, 400),
        ({**good, "attributeValues": []}, 400),
        ({**good, "attributeValues": None}, 400),
        ({"attributeValues": good["attributeValues"]}, 400),
        ({"tempoWorklogId": number}, 400),
    ):
        refused(world.cloud("POST", "bob", ADD, [good, wrong]), status)
    for body in ([], {}, good, None):
        refused(world.cloud("POST", "bob", ADD, body))
    assert world.cloud("GET", "bob", f"worklogs/{number}/work-attribute-values").json["results"] == []


def test_a_value_that_is_there_is_not_replaced(world: Any) -> None:
    create(world, key="_A_")
    number = log(world, ("_A_", "1"))["tempoWorklogId"]
    body = [{"tempoWorklogId": number, "attributeValues": [{"key": "_A_", "value": "2"}]}]
    assert "_A_" in refused(world.cloud("POST", "bob", ADD, body))[0]
    assert world.cloud("GET", "bob", f"worklogs/{number}/work-attribute-values/_A_").json["value"] == "1"


def test_adding_to_what_one_may_not_see_or_not_change(world: Any) -> None:
    create(world, key="_A_")
    number = log(world)["tempoWorklogId"]
    body = [{"tempoWorklogId": number, "attributeValues": [{"key": "_A_", "value": "2"}]}]
    refused(world.cloud("POST", "greta", ADD, body), 404)
    role = {"name": "View", "accessType": "GLOBAL", "permissionKeys": ["permissions.worklog.view"],
            "permittedAccountIds": ["5b10a2844c20165700ede225"]}  # fmt: skip
    assert world.cloud("POST", "fred", "permission-roles", role).status == 200
    assert world.cloud("POST", "greta", ADD, body).status == 403


def test_search_takes_one_to_five_hundred_ids(world: Any) -> None:
    path, message = f"{ADD}/search", "Please provide at least 1 and at most 500 worklog ids"
    number = log(world)["tempoWorklogId"]
    for body in ({}, {"tempoWorklogIds": []}, {"tempoWorklogIds": None}, {"tempoWorklogIds": list(range(1, 502))}):
        assert refused(world.cloud("POST", "bob", path, body)) == [message]
    refused(world.cloud("POST", "bob", path, {"tempoWorklogIds": ["x"]}))
    found = world.cloud("POST", "bob", path, {"tempoWorklogIds": list(range(number, number + 500))})
    assert found.json == [{"tempoWorklogId": number, "workAttributeValues": []}]
    assert world.cloud("POST", "greta", path, {"tempoWorklogIds": [number]}).json == []
