"""Pieces of HTML that the home page is made of. What is given as text is escaped here; what is given as HTML is not."""

import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any


def copied(text: str, what: str) -> str:
    """A text in type-writer letters, with a button that copies it; ``what`` says to a screen reader what is copied."""
    return (
        f'<span class="copied"><code>{escape(text)}</code> '
        f'<button type="button" class="copy" data-copy="{escape(text)}" aria-label="Copy {escape(what)}">Copy</button></span>'
    )


def button(
    id_: str,
    text: str,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
    *,
    label: str = "",
    ask: str = "",
    then: str = "",
    is_disabled: bool = False,
) -> str:
    """A button that sends a request to a path below the control routes.

    ``label`` is for screen readers where the text alone says too little; ``ask`` is a question to be answered first; ``then``
    is ``leave`` where the present site is gone afterwards.
    """
    given = {
        "id": id_,
        "data-method": method,
        "data-path": path,
        "data-body": "" if body is None else json.dumps(body),
        "aria-label": label,
        "data-ask": ask,
        "data-then": then,
    }
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in given.items() if value)
    return f'<button type="button"{attributes}{" disabled" if is_disabled else ""}>{escape(text)}</button>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """A table of cells in HTML, the first of each row its header. An empty head is for a column of buttons.

    The roles are said again because a narrow window shows rows as blocks, and some browsers then forget that this is a table.
    """
    head = "".join(
        f'<th scope="col" role="columnheader">{escape(h) or "<span class=unseen>Actions</span>"}</th>' for h in heads
    )
    lines = [
        f'<table role="table"><caption class="unseen">{escape(caption)}</caption>',
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>',
        '<tbody role="rowgroup">',
    ]
    for first, *others in rows:
        cells = "".join(
            f'<td role="cell" data-head="{escape(name)}">{cell}</td>' for name, cell in zip(heads[1:], others, strict=True)
        )
        lines.append(f'<tr role="row"><th scope="row" role="rowheader">{first}</th>{cells}</tr>')
    return "\n".join([*lines, "</tbody></table>"])
