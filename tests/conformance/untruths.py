"""What liars say: pieces of which the tables of lies are made."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from lying import Lie, Server, asking, path_of, saying, status, whole

from conformance.calls import Answer, Call

LISTS = r"4/worklogs(/(user|issue|project|team|account)/[^/]+|/search)?"
ONE_WORKLOG = r"4/worklogs/\d+"
REFUSED = (400, 401, 403, 404)
NO_ROWS = '{"results": [], "metadata": {"count": 0, "offset": 0, "limit": 50}}'


def drop(name: str) -> Any:
    return lambda item: item.pop(name, None) and None


def put(name: str, value: Any) -> Any:
    return lambda item: item.update({name: value})


def rows(change: Any) -> Any:
    """Another list of results."""

    def of(content: Any) -> None:
        if isinstance(content, dict) and "results" in content:
            content["results"] = change(content["results"])

    return of


def put_in(outer: str, name: str, value: Any) -> Any:
    return lambda item: item[outer].update({name: value}) if isinstance(item.get(outer), dict) else None


def leaks(call: Call, server: Server) -> Answer:
    """Shows everybody the worklogs that were made."""
    answer = server.send(call)
    path, made = path_of(call), server.memory.setdefault("made", [])
    if call.method == "POST" and path == "4/worklogs" and answer.ok:
        made.append(answer.json())
    elif re.fullmatch(LISTS, path) and answer.ok:
        content = answer.json()
        there = [row["tempoWorklogId"] for row in content["results"]]
        content["results"] += [row for row in made if row["tempoWorklogId"] not in there]
        return saying(answer, content)
    elif re.fullmatch(ONE_WORKLOG, path) and call.method == "GET" and answer.status == 404 and made:
        return saying(replace(answer, status=200), made[0])
    return answer


def knows_no_roles(call: Call, server: Server) -> Answer:
    """Shows everybody their own worklogs alone."""
    answer = server.send(call)
    content = answer.json_or_none()
    if re.fullmatch(LISTS, path_of(call)) and isinstance(content, dict) and "results" in content:
        content["results"] = [row for row in content["results"] if row["author"]["accountId"] == call.credentials.user]
        return saying(answer, content)
    return answer


def merges(call: Call, server: Server) -> Answer:
    """Keeps what a PUT leaves out."""
    body = json.loads(call.body) if call.body and call.body.startswith("{") and call.body != "{" else None
    if call.method == "PUT" and isinstance(body, dict):
        kept = {key: value for key, value in server.memory.get(path_of(call), {}).items() if key != "issueId"}
        return server.send(replace(call, body=json.dumps({**kept, **body})))
    answer = server.send(call)
    made = answer.json_or_none() if call.method == "POST" and answer.ok else None
    if isinstance(made, dict):
        for name in ("tempoWorklogId", "key", "id"):
            server.memory[f"{path_of(call)}/{made.get(name)}"] = body
    return answer


def takes_no_put(call: Call, server: Server) -> Answer:
    """Answers a PUT with what is there."""
    if call.method == "PUT" and server.send(replace(call, method="GET", body=None)).ok:
        return replace(server.send(replace(call, method="GET", body=None)), call=call)
    return server.send(call)


def counts_puts(call: Call, server: Server) -> Answer:
    """Adds something with every PUT."""
    answer = server.send(call)
    if call.method == "PUT" and answer.ok:
        server.memory["puts"] = server.memory.get("puts", 0) + 1
        return saying(answer, {**answer.json(), "name": f"put {server.memory['puts']} times"})
    return answer


def keeps_deleted(call: Call, server: Server) -> Answer:
    """Says that something was deleted and keeps it."""
    if call.method == "DELETE":
        return replace(server.send(replace(call, method="GET")), status=204, text="", call=call)
    return server.send(call)


def refuses_and_does(call: Call, server: Server) -> Answer:
    """Refuses a change after making another."""
    answer = server.send(call)
    if call.method == "PUT" and answer.status == 400:
        key = json.loads(call.body or "{}").get("key")
        server.send(replace(call, body=json.dumps({"key": key, "name": "changed all the same"})))
    return answer


def takes_anybody(call: Call, server: Server) -> Answer:
    """Does for anybody what the administrator may."""
    answer = server.send(call)
    if answer.status == 401:
        return replace(server.send(replace(call, credentials=server.admin)), call=call)
    return answer


def obeys_unknown_parameters(call: Call, server: Server) -> Answer:
    """Filters by parameters that do not exist."""
    answer = server.send(call)
    return saying(answer, {**answer.json(), "results": []}) if "nobody-and-nothing" in call.url else answer


def redirects(call: Call, server: Server) -> Answer:
    """Sends anybody without a token to a login page."""
    answer = server.send(call)
    return replace(answer, status=302, headers={"location": "/login"}) if answer.status == 401 else answer


def relative_links(content: Any) -> None:
    for name in ("next", "previous"):
        if name in content:
            content[name] = re.sub(r"https?://[^/]+", "", content[name])


def previous_astray(content: Any) -> None:
    if "previous" in content:
        content["previous"] = re.sub(r"offset=\d+", "offset=1", content["previous"])


def forgetful_links(content: Any) -> None:
    if "next" in content:
        content["next"] = re.sub(r"(?<=[?&])(?!offset|limit)[^&]*&", "", content["next"])


def one_value_each(path: str, query: list[tuple[str, str]], body: Any) -> Any:
    return path, list(dict(query).items()), body


def day_before(text: str) -> str:
    import datetime

    try:
        return (datetime.date.fromisoformat(text) - datetime.timedelta(1)).isoformat()
    except ValueError:
        return text


def smaller_pages(path: str, query: list[tuple[str, str]], body: Any) -> Any:
    return path, query if "limit" in dict(query) else [*query, ("limit", "25")], body


def only_for(label: str, lie: Lie) -> Lie:
    """Lies to one persona."""
    return lambda call, server: lie(call, server) if call.credentials.label == label else server.send(call)


def a(noun: str, *names: str) -> tuple[str, ...]:
    return tuple(f"cloud_{noun}.{name}" for name in names)


def j(noun: str, *names: str) -> tuple[str, ...]:
    return tuple(f"jira_cloud_{noun}.{name}" for name in names)


def _other_stamps(call: Call, server: Server) -> Answer:
    answer = server.send(call)
    return replace(answer, text=re.sub(r'("(?:createdAt|updatedAt)":"[^"]*)Z"', r'\1+00:00"', answer.text))


def _next_or_null(content: Any) -> None:
    content.setdefault("next", None)
    content.setdefault("previous", None)


def _told_anew(call: Call, server: Server) -> Answer:
    """Reads what is asked and writes what is answered anew, and changes nothing."""
    return asking(lambda path, query, body: (path, query, body))(
        call, replace(server, send=lambda other: _written(other, server))
    )


def _written(call: Call, server: Server) -> Answer:
    return whole(lambda content: None)(call, server)


ACCEPTED = status((400, 404), 200, methods="POST", text='{"results": []}')
FOUND = status(404, 200, text='{"results": []}')
