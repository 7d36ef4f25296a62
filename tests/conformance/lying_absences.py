"""tempo-sync by the contract of the suite, with one thing broken: `lying_absences.py LIE run|preview|rules`.

Every lie is a careful integration that goes wrong in one point, so that the suite must find that point and nothing else.
"""

import os
import sys
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from breaking import lies_of, put, teller, wrap

from integration import absences, contract, contract_environment, reading, run, sync
from integration.clients.http import Unreadable, Wire
from integration.clients.tempo import Tempo, _Walk
from integration.exits import Exit
from integration.records import Complete
from integration.wire import Decoder

HASTY = os.environ["TEMPO_ABSENCES_HASTE"] == "1"


def in_utc():
    wrap(absences, "_rules", lambda honest, *a: [replace(rule, zone="UTC") for rule in honest(*a)])


def never_a_whole_day():
    put(absences, "_is_whole", lambda *a: False)


def an_hour_late():
    def late(honest, *a):
        start, end, plan_ids = honest(*a)
        return type(honest(*a))(start + 3600, end + 3600, plan_ids)

    wrap(absences, "_block", late)


def first_day_only():
    wrap(Decoder, "plan", lambda honest, *a: replace(honest(*a), days=honest(*a).days[:1]))


def days_without_gaps():
    def filled(honest, *a):
        plan = honest(*a)
        first, last = plan.days[0], plan.days[-1]
        days = range((last[0] - first[0]).days + 1)
        return replace(plan, days=tuple((first[0] + timedelta(number), first[1]) for number in days))

    wrap(Decoder, "plan", filled)


def merges_nothing():
    put(absences, "_merged", sorted)


def merges_over_gaps():
    wrap(absences, "_merged", lambda honest, blocks: honest([block._replace(end=block.end + 60) for block in blocks]))


def ends_at_midnight():
    wrap(absences, "_block", lambda honest, *a: honest(*a)._replace(end=min(honest(*a).end, absences.DAY)))


def first_issue_only():
    wrap(Tempo, "plans", lambda honest, *a: Complete([plan for plan in honest(*a).value if plan.item_id == "10240"]))


def makes_rules_of(kind):
    """Whatever the reason is by which honest ones leave such a plan out."""

    def believed(honest, site, person, plan, days):
        reason = honest(site, person, plan, days)
        return None if reason and kind in reason else reason

    def patch():
        wrap(absences, "_why_not", believed)

    return patch


def ignores_edits():
    wrap(sync, "changes", lambda honest, *a, **named: honest(*a, **named)._replace(update=()))


def deletes_nothing():
    wrap(sync, "changes", lambda honest, *a, **named: honest(*a, **named)._replace(delete=()))


def new_rules_each_time():
    wrap(contract.report, "rule_bean", lambda honest, *a: {**honest(*a), "revision": str(uuid.uuid4())})


def previews_for_real():
    wrap(contract, "Asked", lambda honest, apply: honest(True))


def previews_with_a_comment():
    if sys.argv[2] == "preview":
        wrap(Tempo, "workload_schemes", lambda honest, self: self.wire.ask("PUT", "/4/plans/1", (), {}) and honest(self))


def always_pending():
    wrap(run, "_exit", lambda honest, compared, asked, *a: Exit.IN_SYNC if asked.apply else Exit.PENDING)


def never_pending():
    wrap(run, "_exit", lambda honest, compared, asked, *a: honest(compared, asked, *a) if asked.apply else Exit.IN_SYNC)


def success_whatever_comes():
    wrap(contract, "main", lambda honest: honest() * 0)


def fails_in_the_end():
    wrap(contract, "keep_in_step", lambda honest, *a, **named: honest(*a, **named) + 1)


def unspecific():
    wrap(contract, "main", lambda honest: honest() and 1)


def says_nothing():
    put(contract_environment, "say", lambda sentence, code: int(code))


def unthrottled():
    put(contract_environment, "PER_SECOND", 10_000.0)


def impatient():
    put(Wire, "_wait", lambda *a: None)


def takes_429_for_nothing():
    wrap(Tempo, "plans", lambda honest, self, *a: without(self, 429) or honest(self, *a))


def without(tempo, status):
    """An empty answer where the plans are refused with a status."""
    first = tempo.wire._session.get(tempo.wire.url + "/4/plans", params={"from": "2020-01-01", "to": "2020-01-01"})
    return Complete([]) if first.status_code == status else None


def tries_once():
    put(contract_environment, "HASTY_RETRIES", ())


def one_page_only():
    def only(honest, walk, answer):
        honest(walk, answer)
        walk.goes_on = False

    wrap(_Walk, "take", only)


def makes_its_own_links():
    """Asks for the next page by another query than that of the link."""
    from integration.clients import tempo

    def counted(honest, answer):
        found = honest(answer)
        return found._replace(next=found.next and (found.next[0], (*found.next[1], ("counted", "yes"))))

    wrap(tempo, "page", counted)


def ends_at_short_pages():
    from integration.clients import tempo

    def ended(honest, answer):
        found = honest(answer)
        return found._replace(next=None) if len(found.rows) < found.limit else found

    wrap(tempo, "page", ended)


def follows_links_blindly():
    def followed(honest, self, *a):
        answer = honest(self, *a)
        link = (answer or {}).get("metadata", {}).get("next") if isinstance(answer, dict) else None
        if link and not link.startswith(self.url):
            raise Unreadable("unreachable", f"{link} cannot be reached")
        return answer

    wrap(Wire, "get", followed)


def asks_for_teams():
    wrap(Tempo, "workload_schemes", lambda honest, self: self.wire.get("/4/teams") and honest(self))


def tells_its_token():
    print(f"TEMPO_TOKEN={os.environ['TEMPO_TOKEN']}", file=sys.stderr)


def names_a_file_by_its_token():
    (Path(os.environ["TEMPO_ABSENCES_STATE"]) / f"cache-{os.environ['TEMPO_TOKEN']}").touch()


def asks_without_a_token():
    wrap(Wire, "__init__", lambda honest, self, url, authorization, **named: honest(self, url, "", **named))


def takes_offsets_for_clocks():
    wrap(contract.report, "rule_bean", lambda honest, *a: {**honest(*a), "begin": honest(*a)["begin"] + "+01:00"})


def believes_that_they_are_gone():
    wrap(contract, "Asked", lambda honest, apply: honest(apply, True, True))


def believes_empty_lists():
    """Nobody's plans, no schedules and nobody in one: all of it is believed."""
    believes_that_they_are_gone()
    put(reading, "_default", lambda schemes: 0)


def believes_one_walk():
    """No page begins with a row that is known, no list is read a second time, and a place is where it was asked for."""
    wrap(_Walk, "__init__", lambda honest, self, *a: honest(self, *a) or setattr(self, "overlap", 0))
    wrap(_Walk, "take", lambda honest, self, answer: honest(self, answer._replace(offset=self.offset)))
    put(_Walk, "check_same", lambda *a: None)


def takes_a_part_for_all():
    wrap(Tempo, "_read", lambda honest, *a, **named: Complete(honest(*a, **named).value))


def takes_errors_for_empty(kind: str) -> Callable[[], None]:
    """A kind of unreadable answer becomes an empty list."""

    def patch() -> None:
        def asked(honest, self, *a):
            try:
                return honest(self, *a)
            except Unreadable as error:
                if error.kind not in kind.split(","):
                    raise
                return {"metadata": {"count": 0}, "results": [], "startAndEndTimesForPlanningEnabled": True}

        wrap(Wire, "get", asked)
        wrap(Wire, "search", asked)
        believes_empty_lists()

    return patch


LIES = lies_of(globals(), __name__)
"""By name; a word after a colon is what the lie is about."""

tell = teller(LIES)

if __name__ == "__main__":
    tell(sys.argv[1])
    sys.argv[1:] = sys.argv[2:]
    sys.exit(contract.main())
