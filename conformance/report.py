"""How a failed check is told: what was required and by whom, the call, what was expected, what came, what it may be."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from conformance.calls import Answer, Unmet, redact_body, redact_text
from conformance.catalogue import Requirement

BODY_SHOWN = 200
"""Characters of a body that are told of each other call."""


def failure_text(
    failure: Unmet,
    cited: Sequence[Requirement],
    answers: Sequence[Answer],
    preparing: bool,
    evidence: tuple[str, Sequence[str]] | None = None,
) -> str:
    """The report of one failed check. `answers`: the check's calls so far; `preparing`: it failed before it began.

    evidence: title and lines of a part of its own.
    """
    lines = [_part("could not be checked" if preparing else "not met", _requirement_lines(cited))]
    call = failure.call
    if call is not None:
        lines.append(_part(f"the call, as {call.credentials.label}", [call.curl_line()]))
    lines.append(_part("expected", [redact_text(failure.expected)]))
    got = redact_text(failure.got).splitlines()
    if failure.answer is not None:
        got += failure.answer.excerpt().splitlines()
    lines.append(_part("got", got))
    earlier = [answer for answer in answers if failure.answer is not answer]
    if earlier:
        lines.append(_part("other calls of this check, oldest first", [_brief(answer) for answer in earlier[-8:]]))
    if evidence is not None and evidence[1]:
        lines.append(_part(evidence[0], [redact_text(line) for line in evidence[1]]))
    hints = [requirement.hint for requirement in cited if requirement.hint]
    if hints:
        lines.append(_part("hint", hints))
    return _hidden("\n".join(lines), [*answers, *([failure.answer] if failure.answer is not None else [])])


def defect_text(traceback: str, cited: Sequence[Requirement], answers: Sequence[Answer]) -> str:
    """The report when a check broke in itself, not on the server's answer. `answers`: the check's calls so far."""
    told = _part(
        "the check itself broke (a defect of the suite, or an answer so odd that it did not foresee it)",
        _requirement_lines(cited),
    )
    return _hidden(f"{told}\n{redact_text(traceback)}", answers)


def _hidden(text: str, answers: Sequence[Answer]) -> str:
    """The text without the secrets with which somebody called for one of the answers."""
    for credentials in dict.fromkeys(answer.call.credentials for answer in answers):
        text = credentials.hide(text)
    return text


def _requirement_lines(cited: Sequence[Requirement]) -> list[str]:
    lines: list[str] = []
    for requirement in cited:
        lines.append(f"{requirement.id}  ({requirement.tier}, grade {requirement.grade})")
        lines += textwrap.wrap(requirement.text, 110)
        lines.append(f"source: {requirement.source}")
    return lines or ["(cites no requirement)"]


def _brief(answer: Answer) -> str:
    call = answer.call
    body = "" if call.body is None else f"  {redact_body(call.body):.{BODY_SHOWN}}"
    return f"{answer.status}  {call.method} {call.url}{body}  as {call.credentials.label}"


def _part(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *(f"    {line}".rstrip() for line in lines)])
