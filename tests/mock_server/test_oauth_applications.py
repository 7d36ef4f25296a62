"""OAuth applications: made, listed and deleted by the control routes and the command, and in scenarios."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mock_server.access import GRANTABLE_SCOPES
from mock_server.scenario import find, read

from .commands import Command
from .oauth_flow import BACK, Flow, application, sent_back

MADE = {"person": "fred", "name": "Sync", "redirectUris": [BACK]}
PATH = "/_mock/oauth-applications"


def test_the_secret_is_told_once(world: Any) -> None:
    answer = world.post(None, PATH, {**MADE, "redirectUris": [BACK, "app:/x", BACK]})
    assert answer.status == 201
    told = answer.json
    secret = told.pop("clientSecret")
    assert len(secret) >= 40
    assert told == {
        "id": 1, "name": "Sync", "clientId": told["clientId"], "clientType": "confidential",
        "redirectUris": [BACK, "app:/x"], "scopes": sorted(GRANTABLE_SCOPES), "createdAt": "2013-11-15T00:00:00.000Z",
    }  # fmt: skip
    listed = world.get(None, PATH)
    assert listed.json == [told]
    assert secret not in listed.text
    assert world.delete(None, f"{PATH}/1").status == 204
    assert world.get(None, PATH).json == []
    # An id is not given out twice.
    assert world.post(None, PATH, MADE).json["id"] == 2


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({"person": None}, 400, "Name the person"),
        ({"person": "fredd"}, 404, "Did you mean fred"),
        ({"person": "bob"}, 400, "Tempo Administrators"),
        ({"name": None}, 400, "name"),
        ({"name": " "}, 400, "name"),
        ({"name": "x" * 256}, 400, "255"),
        ({"name": "a\nb"}, 400, "printable"),
        ({"name": 3}, 400, "text"),
        ({"redirectUris": None}, 400, "1 to 50"),
        ({"redirectUris": []}, 400, "1 to 50"),
        ({"redirectUris": [f"https://h/{n}" for n in range(51)]}, 400, "1 to 50"),
        ({"redirectUris": BACK}, 400, "list of texts"),
        ({"redirectUris": [3]}, 400, "list of texts"),
        ({"redirectUris": ["/back"]}, 400, "no address"),
        ({"redirectUris": ["back"]}, 400, "no address"),
        ({"redirectUris": [""]}, 400, "no URI"),
        ({"redirectUris": ["javascript:alert(1)"]}, 400, "no address"),
        ({"redirectUris": ["JavaScript:alert(1)"]}, 400, "no address"),
        ({"redirectUris": ["data:text/html,x"]}, 400, "no address"),
        ({"redirectUris": ["https:///back"]}, 400, "no host"),
        ({"redirectUris": ["https://[::1/back"]}, 400, "no URI"),
        ({"redirectUris": ["https://h/#part"]}, 400, "fragment"),
        ({"redirectUris": ["https://h/#"]}, 400, "fragment"),
        ({"redirectUris": ["https://h/a b"]}, 400, "holds a space"),
        ({"redirectUris": ["https://h/\r\nSet-Cookie:a"]}, 400, "holds a space"),
        ({"redirectUris": ["https://hä/"]}, 400, "no URI"),
        ({"redirectUris": ["https://h/" + "x" * 2000]}, 400, "2,000"),
        ({"clientType": "secretive"}, 400, "confidential or public"),
        ({"clientType": []}, 400, "text"),
        ({"scopes": []}, 400, "at least one scope"),
        ({"scopes": ["no:such"]}, 400, "no:such"),
        ({"scopes": "worklogs:view"}, 400, "list of texts"),
        ({"colour": "red"}, 400, "colour"),
    ],
)
def test_what_cannot_be_made_is_told_in_a_sentence(world: Any, change: dict[str, Any], status: int, word: str) -> None:
    answer = world.post(None, PATH, {**MADE, **change})
    assert (answer.status, word in answer.json["error"]) == (status, True), answer.text
    assert world.get(None, PATH).json == []


@pytest.mark.parametrize(
    "lacking", ["administer", "tempo-administrator", "tempo-team-administrator", "tempo-account-administrator"]
)
def test_each_of_four_permissions_is_needed(world: Any, lacking: str) -> None:
    store = world.site.store
    with store.transaction():
        store.run("DELETE FROM global_permissions WHERE permission = ?", (lacking,))
    assert world.post(None, PATH, MADE).status == 400
    assert world.get(None, PATH).json == []


def test_what_is_not_there_cannot_be_deleted(world: Any) -> None:
    answer = world.delete(None, f"{PATH}/7")
    assert (answer.status, "there is none" in answer.json["error"]) == (404, True)
    world.post(None, PATH, MADE)
    assert "there are 1." in world.delete(None, f"{PATH}/7").json["error"]


def test_the_audit_feed_tells_of_applications(world: Any) -> None:
    world.post(None, PATH, MADE)
    answer = world.cloud("POST", "fred", "papertrail/search", {"entityType": ["oauthapp"], "from": "2013-11-14T00:00:00Z"})
    (event,) = answer.json["results"]
    assert (event["action"], event["entityType"], event["entityId"]) == ("Created", "oauthapp", "1")
    assert "hash" not in answer.text


def test_an_export_holds_the_application_and_no_secret_and_works_again(world: Any, make_world: Callable[..., Any]) -> None:
    flow = application(world, clientType="public", scopes=["teams:view"])
    exported = world.get(None, "/_mock/export").body
    with zipfile.ZipFile(io.BytesIO(exported)) as folder:
        (entry,) = json.loads(folder.read("oauth_applications.json"))
    assert (entry["person"], entry["client_id"], entry["redirect_uris"]) == ("fred", flow.client_id, [BACK])
    assert flow.secret not in repr(entry)
    other = make_world()
    assert other.call("POST", None, "/_mock/import", body=exported, headers={"Content-Type": "application/zip"}).status < 300
    again = flow._replace(world=other)
    assert again.tokens()["scope"] == "teams:view"


GOOD = {"name": "Sync", "client_id": "a-client-of-mine", "client_secret": "its-own-secret", "redirect_uris": [BACK]}


def scenario(folder: Path, *entries: dict[str, Any]) -> str:
    people = json.loads((find("guide") / "people.json").read_text(encoding="utf-8"))
    (folder / "people.json").write_text(json.dumps(people), encoding="utf-8")
    (folder / "oauth_applications.json").write_text(json.dumps(entries), encoding="utf-8")
    return str(folder)


def test_an_application_may_stand_in_a_scenario(make_world: Callable[..., Any], tmp_path: Path) -> None:
    world = make_world(scenario=scenario(tmp_path, GOOD, {**GOOD, "client_id": "another-one", "scopes": ["plans:view"]}))
    flow = Flow(world, 1, "a-client-of-mine", "its-own-secret", BACK, "")
    assert flow.tokens()["scope"] == " ".join(sorted(GRANTABLE_SCOPES))
    assert flow._replace(client_id="another-one").tokens()["scope"] == "plans:view"


@pytest.mark.parametrize(
    ("entries", "word"),
    [
        ([{**GOOD, "client_secret": None}], "secret_hash"),
        ([{**GOOD, "secret_hash": "0" * 64}], "not both"),
        ([{**GOOD, "client_id": "short"}], "client_id"),
        ([{**GOOD, "redirect_uris": ["/x"]}], "no address"),
        ([{**GOOD, "redirect_uris": []}], "redirect_uris"),
        ([{**GOOD, "scopes": []}], "scopes"),
        ([{**GOOD, "person": "zoe"}], "zoe"),
        ([GOOD, GOOD], "a-client-of-mine"),
    ],
)
def test_a_scenario_that_is_wrong_is_refused(tmp_path: Path, entries: list[dict[str, Any]], word: str) -> None:
    from mock_server.errors import Unusable

    with pytest.raises(Unusable, match=word):
        read(find(scenario(tmp_path, *entries)))


@pytest.fixture(scope="module")
def kept(module_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that no server runs on."""
    path = tmp_path_factory.mktemp("kept") / "world.db"
    assert module_server("--quiet", "--db", str(path)).stop() == 0
    return path


@pytest.fixture(params=["server", "file"])
def way(request: pytest.FixtureRequest, module_server: Callable[..., Any]) -> tuple[str, str]:
    """Options that lead to a world."""
    if request.param == "file":
        return "--db", str(request.getfixturevalue("kept"))
    return "--url", module_server("--quiet").url


def test_a_life_of_an_application_by_command(command: Command, way: tuple[str, str]) -> None:
    create = ("oauth-app", "create", *way, "--person", "fred", "--redirect-uri", BACK)
    made = command(*create, "--name", "Mine", "--redirect-uri", "app:/x", "--scope", "worklogs:view")
    assert made.code == 0, made
    client_id, secret = made.out.split()
    assert secret not in made.err
    listed = command("oauth-app", "list", *way)
    assert secret not in listed.out
    (line,) = [line for line in listed.out.splitlines() if client_id in line]
    assert line.split() == [line.split()[0], "Mine", client_id, "confidential", BACK, "app:/x"]
    told = command(*create, "--name", "Other", "--public", "--json").json
    secret = told.pop("clientSecret")
    assert (told["clientType"], told["scopes"]) == ("public", sorted(GRANTABLE_SCOPES))
    assert told in command("oauth-app", "list", *way, "--json").json
    gone = command("oauth-app", "delete", *way, line.split()[0])
    assert (gone.code, gone.out) == (0, "")
    again = command("oauth-app", "delete", *way, line.split()[0])
    assert (again.code, again.err.count("\n")) == (2, 1)
    refused = command("oauth-app", "create", *way, "--person", "bob", "--redirect-uri", BACK, "--name", "Mine")
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)


def test_whoever_answers_strangely_is_no_server_of_ours(command: Command, stranger: Callable[..., Any]) -> None:
    url = stranger(200, b'{"id": 1, "name": "x"}')
    for verb in (("list",), ("create", "--person", "fred", "--name", "x", "--redirect-uri", BACK)):
        said = command("oauth-app", *verb, "--url", url)
        assert (said.code, said.err.count("\n")) == (6, 1)


def test_a_code_outlives_nothing_but_the_server(make_world: Callable[..., Any], tmp_path: Path) -> None:
    world = make_world(database=tmp_path / "world.db")
    flow = application(world)
    pair, code = flow.tokens(), sent_back(flow.decide())["code"]
    world.close()
    again = flow._replace(world=make_world(database=tmp_path / "world.db"))
    assert again.status(pair["access_token"]) == 200
    assert again.redeem(code).status == 200
