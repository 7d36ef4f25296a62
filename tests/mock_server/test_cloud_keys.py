"""Keys that stand in paths: every key that may be given leads back to what has it (assumption keys.inPaths)."""

from typing import Any
from urllib.parse import quote

import pytest

BODIES = {
    "work-attributes": {"name": "N", "type": "INPUT_FIELD"},
    "account-categories": {"name": "N"},
    "customers": {"name": "N"},
}
ODD = ["a b", "a?b", "a#b", "a%2Fb", "a&b=c", "ü\N{SNOWMAN}", "...", "a..b", "+", "a\\b", '"', "search", ";x"]
UNREACHABLE = ["/", "a/b", "/a", "a/", ".", "..", "a\n/b"]


@pytest.mark.parametrize("noun", BODIES)
@pytest.mark.parametrize("key", UNREACHABLE, ids=repr)
def test_keys_that_no_path_leads_to_are_refused(world: Any, noun: str, key: str) -> None:
    answer = world.cloud("POST", "fred", noun, {**BODIES[noun], "key": key})
    assert answer.status == 400
    assert "key" in answer.json["errors"][0]["message"]
    if noun != "work-attributes":
        assert world.cloud("POST", "fred", noun, {**BODIES[noun], "key": "K"}).status == 200
        assert world.cloud("PUT", "fred", f"{noun}/K", {**BODIES[noun], "key": key}).status == 400
        assert world.cloud("PUT", "fred", f"{noun}/K", {**BODIES[noun], "key": "K"}).status == 200


@pytest.mark.parametrize("noun", BODIES)
@pytest.mark.parametrize("key", ODD, ids=repr)
def test_self_and_key_lead_back(world: Any, noun: str, key: str) -> None:
    made = world.cloud("POST", "fred", noun, {**BODIES[noun], "key": key})
    assert (made.status, made.json["key"]) == (200, key)
    found = world.cloud("GET", "fred", made.json["self"].partition("/4/")[2])
    assert (found.status, found.json) == (200, made.json)
    path = f"{noun}/{quote(key, safe='')}"
    assert world.cloud("PUT", "fred", path, {**BODIES[noun], "key": key, "name": "M"}).json["name"] == "M"
    assert world.cloud("DELETE", "fred", path).status == 204
