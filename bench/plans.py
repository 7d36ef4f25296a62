"""What plans cost: a month of plans of a thousand people, day by day, and a page of fifty; in process."""

import calendar
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench.in_process import BEST_OF, processor_seconds
from bench.worklogs import get, made
from mock_server.access import PLAN_VIEW
from mock_server.app import Application, create_application
from mock_server.config import Options
from mock_server.domain import plans
from mock_server.moments import moment_text
from mock_server.storage import plans as plan_rows
from mock_server.storage.plans import Plan
from mock_server.storage.store import Store

PEOPLE, WORKLOGS, PAGE = 1000, 4000, 50
_FIRST_PERSON, _PROJECT, _ISSUE = 2, 10002, 10007
_BREAKDOWN = "plannedTimeBreakdown=DAILY"


def measure() -> dict[str, dict[str, float | None]]:
    """The title -> names -> milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "plans.db"
        made(PEOPLE, WORKLOGS, database)
        application, _ = create_application(Options(database=database, quiet=True))
        today = datetime.now(UTC).date()
        start = today.replace(day=1)
        end = start.replace(day=calendar.monthrange(start.year, start.month)[1])
        plan_the_month(application.sites.default.store, start, end)
        found = of_month(application, start, end)
        application.close()
    return {f"plans, milliseconds of the processor, best of {BEST_OF}": found}


def of_month(application: Application, start: date, end: date) -> dict[str, float | None]:
    """Milliseconds of the lists that show the month."""
    month = f"from={start}&to={end}"

    def cost(path: str) -> float:
        return processor_seconds(lambda: get(application, "everybody", path)) * 1000

    return {
        f"{PEOPLE:,} plans of a month, day by day": cost(f"/4/plans?{month}&limit=5000&{_BREAKDOWN}"),
        f"page of {PAGE}": cost(f"/4/plans?{month}&limit={PAGE}"),
        f"page of {PAGE}, day by day": cost(f"/4/plans?{month}&limit={PAGE}&{_BREAKDOWN}"),
        f"page of {PAGE}, day by day and in periods": cost(
            f"/4/plans?{month}&limit={PAGE}&{_BREAKDOWN}&plannedTimeBreakdown=PERIOD"
        ),
        f"page of {PAGE}, day by day, no two alike": cost(f"/4/plans?{month}&limit={PAGE}&offset={PEOPLE - PAGE}&{_BREAKDOWN}"),
    }


def plan_the_month(store: Store, start: date, end: date) -> None:
    """Everybody plans the whole month, every tenth person week by week, and every seventh took a day out.

    The first half plans eight hours a day, of the others each another time.
    """
    stamp = moment_text(datetime.now(UTC))
    with store.transaction():
        role = store.insert_row("permission_roles", name="View all plans", access_type="GLOBAL")
        store.insert_row("permission_role_keys", permission_role_id=role, key=PLAN_VIEW)
        store.insert_row("permission_role_holders", permission_role_id=role, person_id=_FIRST_PERSON)
        for number in range(PEOPLE):
            person, weekly = _FIRST_PERSON + number, number % 10 == 0
            last = start + timedelta(days=4) if weekly else end
            seconds = 28800 if number < PEOPLE // 2 else number * 10
            plan = Plan(
                0, person, None, _ISSUE, _PROJECT, person, start.isoformat(), last.isoformat(), "00:00", seconds, None,
                "WEEKLY" if weekly else "NEVER", end.isoformat() if weekly else None, 0, "Planned", None, None, None, None,
                stamp, stamp,
            )  # fmt: skip
            spans = [(span.start.isoformat(), span.end.isoformat()) for span in plans.pattern_of(plan).stretches()]
            plan_id = plan_rows.add(store, plan, spans)
            if number % 7 == 0:
                day = (start + timedelta(days=2)).isoformat()
                left = [(s.start.isoformat(), s.end.isoformat()) for s in plans.pattern_of(plan, [day]).stretches()]
                plan_rows.take_out(store, plan_id, day, left, stamp)
