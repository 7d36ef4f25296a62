"""Why a run cannot begin: nothing answers, the faces are not where the target file says, somebody cannot log in."""

from __future__ import annotations

from collections.abc import Collection

from conformance.calls import Credentials
from conformance.client import credentials_of, jira_credentials_of, probe, tempo_credentials_of
from conformance.target import Persona, Target

REFUSED = (401, 403)


def unreachable(url: str, target: Target, faces: Collection[str], seconds: float) -> str | None:
    """Why the checks cannot begin, None when they can.

    faces: those to be judged, empty = all. One resource alone may be missing: that is for a check to say.
    """
    judged = [face for face in target.faces if not faces or face in faces]
    if not judged:
        return _nothing_at(url, probe(f"{url}/", seconds))
    for face in judged:
        if problem := _face_problem(url, face, target, seconds):
            return problem
    return None


def _face_problem(url: str, face: str, target: Target, seconds: float) -> str | None:
    place = url + target.faces[face]
    statuses: list[int] = []
    for path in _paths(face):
        found = probe(f"{place}/{path}", seconds)
        if isinstance(found, str):
            return _nothing_at(url, found)
        statuses.append(found)
    if set(statuses) == {404}:
        missing = {
            "datacenter": "neither Jira nor Tempo",
            "cloud": "no Tempo Cloud",
            "jira_cloud": "no Jira Cloud",
            "staff": "nothing of _mock/staff",
        }[face]
        return f"{missing} is below {place}: correct --tempo-url or [faces] {face} in the target file"
    return _locked_out(place, face, target, seconds)


def _paths(face: str) -> tuple[str, ...]:
    return {
        "datacenter": ("rest/api/2/serverInfo", "rest/tempo-teams/2/team"),
        "cloud": ("4/worklogs", "4/globalconfiguration"),
        "jira_cloud": ("rest/api/3/serverInfo", "rest/api/3/myself"),
        "staff": ("_mock/staff", "_mock/apps"),
    }[face]


def _nothing_at(url: str, found: int | str) -> str | None:
    if isinstance(found, str):
        return f"nothing answers at {url} ({found}): start the server first, or correct --tempo-url"
    return None


def _locked_out(place: str, face: str, target: Target, seconds: float) -> str | None:
    """Which persona is refused, None when none is: one sentence now instead of a failure for every check."""
    for persona in target.personas.values():
        path, credentials = _login(face, persona)
        if credentials is None:
            continue
        found = probe(f"{place}/{path}", seconds, credentials)
        # A token that lacks a scope is a good token, and so is that of somebody who is no administrator.
        if found == 401 or (face not in ("cloud", "staff") and found in REFUSED):
            name = persona.user or persona.email or persona.name
            return f"{name} cannot log in at {place}/{path}: correct [personas.{persona.name}] in the target file"
    return None


def _login(face: str, persona: Persona) -> tuple[str, Credentials | None]:
    if face == "datacenter":
        return "rest/api/2/myself", credentials_of(persona) if persona.password else None
    if face == "jira_cloud":
        return "rest/api/3/myself", jira_credentials_of(persona) if persona.api_token else None
    is_meant_to_work = persona.token and persona.name != "expired"
    path = "_mock/apps" if face == "staff" else "4/worklogs?limit=1"
    return path, tempo_credentials_of(persona) if is_meant_to_work else None
