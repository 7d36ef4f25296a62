"""What a rule does, in one sentence for people."""

from mock_server.faults.effects import phrase
from mock_server.faults.members import Rule
from mock_server.redaction import path_without_secrets, without_secrets


def sentence_of(rule: Rule) -> str:
    """Such as ``GET /4/worklogs of viewer: answered 429 Too Many Requests with Retry-After 1; twice after the first 3``."""
    times = "; ".join(_times(rule))
    return f"{_who(rule)}: {', '.join(_what(rule))}{f'; {times}' if times else ''}"


def _who(rule: Rule) -> str:
    path = path_without_secrets(rule.path or "")
    words = [" or ".join(rule.method) or "every request", "" if rule.method or not path else "to", path]
    words += [f"of {rule.persona}"] if rule.persona else []
    words += ["with " + "&".join(without_secrets(f"{name}={text}") for name, text in rule.query.items())] if rule.query else []
    return " ".join(word for word in words if word)


def _what(rule: Rule) -> list[str]:
    found: list[str] = []
    if rule.expire_token:
        found.append("its token expires")
    if rule.take_permission is not None:
        found.append("its caller loses " + _permission(rule))
    if rule.applied:
        found.append("carried out")
    if rule.delay is not None:
        found.append(f"delayed by {rule.delay:g} s")
    if rule.timeout is not None:
        found.append(f"not answered for {rule.timeout:g} s")
    if rule.has_own_answer:
        status = 200 if rule.status is None else rule.status
        shape = " as a page of HTML" if rule.html else ""
        retry = "" if rule.retry_after is None else f" with Retry-After {rule.retry_after}"
        found.append(f"answered {status} {phrase(status)}{shape}{retry}")
    if rule.shift is not None:
        found.append(f"later pages as if {abs(rule.shift)} rows had {'gone' if rule.shift > 0 else 'come'} before them")
    found += ["made invalid JSON"] if rule.invalid_json else []
    found += ["truncated"] if rule.truncate else []
    if rule.content_type is not None:
        found.append(f"with Content-Type {rule.content_type}" if rule.content_type else "without Content-Type")
    found += [f"with other headers ({', '.join(rule.headers)})"] if rule.headers else []
    found += [f"dripping at {rule.drip:g} bytes/s"] if rule.drip is not None else []
    if rule.cut is not None:
        place = "in the middle of" if rule.cut == "middle" else rule.cut
        found.append(f"cut {place} the body")
    return found


def _permission(rule: Rule) -> str:
    wanted = rule.take_permission or {}
    if "scope" in wanted:
        return f"the scope {wanted['scope']} of the token"
    return f"the permission role {wanted['role']}" if "role" in wanted else "every permission role"


def _times(rule: Rule) -> list[str]:
    found = [] if rule.count is None else [f"for {rule.count} {'request' if rule.count == 1 else 'requests'}"]
    found += [f"after the first {rule.after}"] if rule.after else []
    found += [f"with probability {rule.probability:g}, seed {rule.seed}"] if rule.probability is not None else []
    return [" ".join(found)] if found else []
