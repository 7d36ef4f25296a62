"""How a failed check is told: what was required and by whom, the call, what was expected, what came, what it may be."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from conformance.calls import Answer, Unmet, redact_text
from conformance.catalogue import Requirement


def failure_text(failure: Unmet, cited: Sequence[Requirement], answers: Sequence[Answer], preparing: bool) -> str:
    """The report of one failed check. `answers`: the check's calls so far; `preparing`: it failed before it began."""
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
    return f"{answer.status}  {answer.call.method} {answer.call.url}  as {answer.call.credentials.label}"


def _part(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *(f"    {line}".rstrip() for line in lines)])
