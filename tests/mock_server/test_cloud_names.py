"""Names and truth values in bodies of Tempo Cloud: what they may be, everywhere the same."""

from typing import Any

import pytest

LONGEST = 255
CHRISTMAS = {"type": "FIXED", "date": "2013-12-25", "durationSeconds": 28800}
PLACES = {
    "workload-schemes": {},
    "holiday-schemes": {},
    "holiday-schemes/1/holidays": CHRISTMAS,
    "programs": {},
    "generic-resources": {},
}
BOB = "5b10a2844c20165700ede223"
PLAN = {"assigneeId": BOB, "assigneeType": "USER", "planItemId": "10240", "planItemType": "ISSUE", "startDate": "2013-11-21",
        "endDate": "2013-11-26", "plannedSecondsPerDay": 3600}  # fmt: skip
NAMES = ("empty", "blank", "blanks", "long", "NUL inside", "NUL", "null", "number", "list")


@pytest.mark.parametrize("name", ["", " ", "\t\n\u2003", "x" * (LONGEST + 1), "x\0y", "\0", None, 7, []], ids=NAMES)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_name_is_refused_and_changes_nothing(world: Any, place: str, name: Any) -> None:
    path, first = place, None
    if place != "holiday-schemes/1/holidays":
        made = world.cloud("POST", "fred", place, {"name": "Before", **PLACES[place]})
        assert made.status == 200, made.text
        first = made.json["id"]
    before = len(world.audit())
    assert world.cloud("POST", "fred", path, {**PLACES[place], "name": name}).status == 400
    if first is not None:
        assert world.cloud("PUT", "fred", f"{path}/{first}", {**PLACES[place], "name": name}).status == 400
        assert world.cloud("GET", "fred", f"{path}/{first}").json["name"] == "Before"
    assert len(world.audit()) == before


@pytest.mark.parametrize("name", ["x", "x" * LONGEST, "é\u2603"], ids=["x", "longest", "others"])
@pytest.mark.parametrize("place", PLACES)
def test_every_other_name_is_kept_as_it_is(world: Any, place: str, name: str) -> None:
    made = world.cloud("POST", "fred", place, {**PLACES[place], "name": name})
    assert (made.status, made.json.get("name")) == (200, name)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [(True, True), (False, False), ("true", True), ("False", False), (None, False)],
    ids=repr,
)
def test_what_is_true_and_what_is_false(world: Any, sent: Any, kept: bool) -> None:
    made = world.cloud("POST", "bob", "plans", {**PLAN, "includeNonWorkingDays": sent})
    assert (made.status, made.json["includeNonWorkingDays"]) == (200, kept)


@pytest.mark.parametrize("sent", ["yes", "on", "1", "", 0, 1, 1.0, [], {}], ids=repr)
def test_what_is_neither_is_refused(world: Any, sent: Any) -> None:
    made = world.cloud("POST", "bob", "plans", {**PLAN, "includeNonWorkingDays": sent})
    assert (made.status, made.json) == (400, {"errors": [{"message": "includeNonWorkingDays: must be true or false."}]})
    found = world.cloud("POST", "bob", "plan-approvals/plans-for-review", {"includePastPlans": sent})
    assert found.status == 400
