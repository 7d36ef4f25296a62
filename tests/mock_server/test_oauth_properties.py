"""Whatever is done in whatever order: no code and no refresh token works twice, and nothing that was revoked works at all."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from mock_server.moments import parse_moment

from .conftest import World
from .oauth_flow import Flow, application

START = "2013-11-15"
DAY = 86400
LASTS = 5184000
CODE_LASTS = 60


class OAuth(RuleBasedStateMachine):
    """Two applications, and all they were ever given; beside it what the rules of the standard say is still good."""

    codes = Bundle("codes")
    refresh_tokens = Bundle("refresh_tokens")
    access_tokens = Bundle("access_tokens")

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.now = 0.0
        self.flows = [application(self.world, scopes=["teams:view"]) for _ in range(2)]
        self.offered: dict[str, tuple[int, float]] = {}
        self.grants: dict[str, tuple[int, str]] = {}
        """Good refresh token -> its application, and the access token beside it."""
        self.ends: dict[str, float] = {}
        """Access token that was not replaced and not revoked -> its end."""
        self.seen: list[str] = []

    def teardown(self) -> None:
        self.world.close()

    def _made(self, which: int, answer: Any) -> Any:
        assert answer.status == 200, answer.text
        access, refresh = answer.json["access_token"], answer.json["refresh_token"]
        assert access not in self.seen
        assert refresh not in self.seen
        self.seen += [access, refresh]
        self.grants[refresh] = (which, access)
        self.ends[access] = self.now + LASTS
        return refresh, access

    def _refused(self, answer: Any) -> None:
        assert (answer.status, answer.json) == (400, {"error": "invalid_grant"})

    @rule(target=codes, which=st.integers(0, 1), person=st.sampled_from(["bob", "fred"]))
    def consent(self, which: int, person: str) -> str:
        code = self.flows[which].code(person)
        self.offered[code] = (which, self.now + CODE_LASTS)
        return code

    @rule(targets=(refresh_tokens,), code=codes, which=st.integers(0, 1))
    def redeem(self, code: str, which: int) -> Any:
        answer = self.flows[which].redeem(code)
        owner, ends = self.offered.get(code, (None, 0.0))
        if owner != which or ends <= self.now:
            self._refused(answer)
            return multiple()
        del self.offered[code]
        return self._made(which, answer)[0]

    @rule(target=refresh_tokens, token=refresh_tokens, which=st.integers(0, 1))
    def refresh(self, token: str, which: int) -> Any:
        answer = self.flows[which].refresh(token)
        if self.grants.get(token, (None, ""))[0] != which:
            self._refused(answer)
            return multiple()
        self.ends.pop(self.grants.pop(token)[1], None)
        return self._made(which, answer)[0]

    @rule(token=refresh_tokens, which=st.integers(0, 1))
    def revoke_refresh_token(self, token: str, which: int) -> None:
        answer = self.flows[which].revoke(token)
        owner = self.grants.get(token, (which, ""))[0]
        if owner != which:
            self._refused(answer)
            return
        assert answer.status == 200
        if token in self.grants:
            self.ends.pop(self.grants.pop(token)[1], None)

    @rule(token=refresh_tokens)
    def revoke_access_token(self, token: str) -> None:
        if token in self.grants:
            which, access = self.grants[token]
            assert self.flows[which].revoke(access).status == 200
            self.ends.pop(access, None)

    @rule(seconds=st.sampled_from([1, 30, 59, 60, DAY, 30 * DAY, 60 * DAY]))
    def wait(self, seconds: int) -> None:
        self.now += seconds
        self.world.site.clock.set(parse_moment(START) + timedelta(seconds=self.now))

    @invariant()
    def only_what_is_good_works(self) -> None:
        flow: Flow = self.flows[0]
        for token in self.seen:
            good = self.ends.get(token, -1.0) > self.now
            assert flow.status(token) == (200 if good else 401)


TestOAuth = OAuth.TestCase
TestOAuth.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
