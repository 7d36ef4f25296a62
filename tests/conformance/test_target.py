"""The target file: what is read, and how what is wrong is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conformance.target import PERSONAS, TargetError, read_target

ADMIN = '[personas.admin]\nuser = "fred"\npassword = "fred"\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "target.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_guides_target_is_read() -> None:
    target = read_target(Path(__file__).parents[2] / "fixtures" / "guide" / "target.toml")
    assert target.faces == {"datacenter": "/jira", "cloud": "", "jira_cloud": "", "staff": ""}
    assert set(target.personas) == set(PERSONAS)
    assert target.personas["admin"].user == "fred"


@pytest.mark.parametrize(("written", "path"), [("", ""), ("/", ""), ("/jira", "/jira"), ("/a/jira/", "/a/jira")])
def test_face_path_loses_its_last_slash(tmp_path: Path, written: str, path: str) -> None:
    assert read_target(write(tmp_path, f'[faces]\ndatacenter = "{written}"\n')).faces == {"datacenter": path}


def test_empty_file_is_a_target_without_anything(tmp_path: Path) -> None:
    target = read_target(write(tmp_path, ""))
    assert (target.faces, target.personas) == ({}, {})


def test_token_is_enough_to_log_in(tmp_path: Path) -> None:
    persona = read_target(write(tmp_path, '[personas.lead]\nuser = "erica"\npat = "x"\n')).personas["lead"]
    assert (persona.user, persona.password, persona.pat) == ("erica", "", "x")


def test_persona_of_the_cloud_needs_a_token_and_no_login_name(tmp_path: Path) -> None:
    target = read_target(write(tmp_path, '[cloud]\nissue = 10200\n[personas.viewer]\ntoken = "x"\naccount_id = "5b10"\n'))
    found = target.personas["viewer"]
    assert (found.user, found.token, found.account_id, target.issue) == ("", "x", "5b10", 10200)


def test_nobody_is_moved_unless_the_target_says_so(tmp_path: Path) -> None:
    assert read_target(write(tmp_path, "[cloud]\nissue = 10200\n")).move_members is False
    assert read_target(write(tmp_path, "[cloud]\nmove_members = true\n")).move_members is True


def test_secrets_are_not_in_the_representation(tmp_path: Path) -> None:
    text = '[personas.admin]\nuser = "fred"\npassword = "hush-password"\npat = "hush-token"\n'
    text += 'token = "hush-1"\nemail = "fred@example.org"\napi_token = "hush-2"\n'
    assert "hush" not in repr(read_target(write(tmp_path, text)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[faces", "is not valid TOML"),
        ("[colors]\n", "the file has the unknown entry 'colors'; known are faces, personas, cloud"),
        ('faces = "/jira"\n', "[faces] must be a table, it is a text"),
        ('[faces]\nserver = "/jira"\n', "[faces] has the unknown entry 'server'; known are datacenter"),
        ("[faces]\ndatacenter = 5\n", "[faces] datacenter must be a path"),
        ('[faces]\ndatacenter = "jira"\n', "[faces] datacenter must be a path that begins with /"),
        ('[faces]\ndatacenter = "http://localhost/jira"\n', "(the host comes from --tempo-url)"),
        ("[personas]\nadmin = 5\n", "[personas.admin] must be a table, it is a number"),
        (
            '[personas.boss]\nuser = "x"\n',
            "[personas] has the unknown entry 'boss'; known are admin, lead, member, outsider",
        ),
        (ADMIN + 'name = "Fred"\n', "[personas.admin] has the unknown entry 'name'"),
        ("[personas.admin]\nuser = true\n", "[personas.admin] user must be a text in quotes, it is a boolean"),
        ('[personas.admin]\npassword = "x"\n', "[personas.admin] lacks the entry user"),
        ('[personas.admin]\nuser = "fred"\n', "[personas.admin] needs a password or a pat"),
        ('[personas.admin]\naccount_id = "5b10"\n', "for the Cloud a token (Tempo) or an api_token (Jira) to log in with"),
        ('[personas.admin]\napi_token = "x"\n', "[personas.admin] lacks the entry email"),
        (
            '[cloud]\nissue = "CLOUD-1"\n',
            "a whole number without quotes, it is a text",
        ),
        ("[cloud]\nissue = true\n", "a whole number without quotes, it is a boolean"),
        ("[cloud]\nissues = 1\n", "[cloud] has the unknown entry 'issues'; known are issue, move_members"),
        ('[cloud]\nmove_members = "yes"\n', "[cloud] move_members must be true or false, it is a text"),
        ("[cloud]\nmove_members = 1\n", "[cloud] move_members must be true or false, it is a number"),
        ('[personas.admin]\nuser = "a:b"\npassword = "x"\n', "user holds a colon"),
    ],
)
def test_wrong_entry_is_told_with_file_and_entry(tmp_path: Path, text: str, told: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(TargetError, match=re.escape(told)) as raised:
        read_target(path)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value).removeprefix(str(path))


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"cannot read the target file .*nothing\.toml"):
        read_target(tmp_path / "nothing.toml")


def test_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(TargetError, match="is not UTF-8 text"):
        read_target(path)
