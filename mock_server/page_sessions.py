"""Who is signed in on the settings pages of a world. In memory only: a server that starts again knows nobody."""

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from typing import NamedTuple

SETTINGS_PAGES = "/settings"
"""Where the settings pages stand below a site."""

PROVIDER_PAGES = "/providers"
"""Where the pages of the providers' own administrators stand below a site: no settings, and a visit of their own."""

CONSENT_PATH = "/oauth-consent"
CONSENT_PAGE = f"{SETTINGS_PAGES}{CONSENT_PATH}"
"""Where somebody lets an OAuth application act for them: one of these pages, for it needs to know who is signed in."""

MOST_SESSIONS = 10_000
"""Sessions kept in memory per world; the oldest goes first."""


class Secret(NamedTuple):
    """A text that was just made, to be shown once; ``path`` is the page that shows it, as ``Page`` has it."""

    path: str
    text: str


class PageSession:
    """Somebody signed in: valid while the person is active and the password hash is the one of the sign-in.

    ``notice`` is a sentence for the next page, ``secret`` what the next page shows once; each is taken by whoever shows it.
    """

    __slots__ = ("_notice", "_secret", "password_hash", "person_id")

    def __init__(self, person_id: int, password_hash: str | None) -> None:
        self.person_id = person_id
        self.password_hash = password_hash
        self._notice = ""
        self._secret: Secret | None = None

    def tell(self, notice: str) -> None:
        """Show this sentence on the next page."""
        self._notice = notice

    def take_notice(self) -> str:
        """The sentence to show, which is empty from now on."""
        notice, self._notice = self._notice, ""
        return notice

    def keep(self, secret: Secret) -> None:
        """Show this text on its page; one that was kept before and not shown is lost."""
        self._secret = secret

    def take_secret(self, path: str) -> str | None:
        """The text that this page shows, which nobody has from now on, or None."""
        secret, self._secret = self._secret, None
        return secret.text if secret and secret.path == path else None


class PageSessions:
    """The sessions of one world, found by the digest of their cookie: what is in memory opens nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: OrderedDict[bytes, PageSession] = OrderedDict()
        self._key = secrets.token_bytes(32)

    def begin(self, person_id: int, password_hash: str | None) -> str:
        """Sign somebody in; answers the cookie that stands for it."""
        cookie = new_cookie()
        with self._lock:
            self._sessions[_digest(cookie)] = PageSession(person_id, password_hash)
            while len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)
        return cookie

    def find(self, cookie: str) -> PageSession | None:
        """The session of a cookie, or None."""
        return self._sessions.get(_digest(cookie))

    def end(self, cookie: str) -> None:
        """Sign out."""
        with self._lock:
            self._sessions.pop(_digest(cookie), None)

    def forget(self) -> None:
        """Sign everybody out."""
        with self._lock:
            self._sessions.clear()

    def form_key(self, cookie: str) -> str:
        """What a form sends along to show that it comes from a page that was made for this cookie."""
        return hmac.new(self._key, cookie.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def is_form_key(self, cookie: str, key: str) -> bool:
        """Whether a form sent the key of this cookie."""
        return hmac.compare_digest(self.form_key(cookie).encode(), key.encode("utf-8", "replace"))


def new_cookie() -> str:
    """A value that nobody guesses, for somebody who is not signed in yet."""
    return secrets.token_urlsafe(32)


def _digest(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode("utf-8", "replace")).digest()
