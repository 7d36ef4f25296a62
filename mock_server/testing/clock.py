"""The clock of a test's world."""

from datetime import UTC, date, datetime, time, timedelta

from mock_server.clock import Clock
from mock_server.moments import moment_text, parse_moment
from mock_server.settings import TIME_ZONE, Settings

__tracebackhide__ = True

Moment = datetime | date | str
"""A moment as tests write it: aware, naive (UTC is meant), a day (its start in UTC), or ISO 8601 text."""


class WorldClock:
    """The world's time. It runs on from what it is set to, unless it is frozen."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        self._clock = clock
        self._settings = settings

    def __repr__(self) -> str:
        state = "frozen" if self.frozen else "following the system" if self._clock.follows_system else "running"
        return f"<clock of a Tempo world, {moment_text(self.now)}, {state}>"

    @property
    def now(self) -> datetime:
        """The world's time, in UTC."""
        return self._clock.now()

    @property
    def today(self) -> date:
        """The world's day, in the time zone of the site (setting ``jira.timeZone``)."""
        name = self._settings[TIME_ZONE]
        if name == "UTC":
            return self.now.date()
        from zoneinfo import ZoneInfo

        return self.now.astimezone(ZoneInfo(name)).date()

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return self._clock.frozen

    def set(self, moment: Moment) -> None:
        """Make it this moment now; a frozen clock stays frozen. Raises ``ValueError`` for what is none."""
        self._clock.set(parsed(moment))

    def advance(self, by: float | timedelta) -> None:
        """Move on by seconds or a ``timedelta``; back when negative. Raises ``OverflowError`` beyond the years 1 to 9999."""
        step = by if isinstance(by, timedelta) else timedelta(seconds=by)
        # A world may be most of a day before or after UTC.
        for room in (timedelta(days=-1), timedelta(days=1)):
            self.now + step + room
        self._clock.advance(step)

    def freeze(self, moment: Moment | None = None) -> None:
        """Stand still, at this moment when one is given."""
        at = None if moment is None else parsed(moment)
        self._clock.freeze()
        if at is not None:
            # Set when it stands still: it then shows this very moment.
            self._clock.set(at)

    def release(self) -> None:
        """Run on from the present moment."""
        self._clock.release()

    def follow_system(self) -> None:
        """Show the system's time again."""
        self._clock.follow_system()


def parsed(moment: Moment) -> datetime:
    """The moment as an aware datetime. Raises ``ValueError`` for a text that is none, and beyond what a clock shows."""
    if isinstance(moment, str):
        return parse_moment(moment)
    if not isinstance(moment, datetime):
        # Raises TypeError for what is no day either.
        moment = datetime.combine(moment, time())
    return parse_moment((moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).isoformat())
