"""Who a credential belongs to: passwords, personal access tokens and sessions of the Jira host.

Passwords are kept as salted scrypt hashes and tokens as SHA-256, never in clear. Sessions live in memory, as a session
of a restarted server is gone anyway.
"""

import base64
import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from typing import NamedTuple

from mock_server.access import Actor
from mock_server.errors import NotLoggedIn
from mock_server.storage import people
from mock_server.storage.people import Login, Person
from mock_server.storage.store import Store

MOST_REMEMBERED = 10_000
"""Credentials and sessions kept in memory per world; the oldest goes first."""

SCENARIO_COST = 2**4
"""scrypt's N for passwords that stand in a scenario file in clear: a costly hash would hide nothing and slow every start."""


class Session(NamedTuple):
    """Somebody logged in: valid while the person is active and the password hash is the one of the login."""

    person_id: int
    password_hash: str | None


class LoggedIn(NamedTuple):
    """Outcome of a successful login: who, and the session that now stands for it."""

    actor: Actor
    session: str


def hash_password(password: str, cost: int) -> str:
    """A salted scrypt hash as ``scrypt$N$salt$hash``; ``cost`` is scrypt's N, a power of two."""
    salt = secrets.token_bytes(16)
    digest = _scrypt(password, salt, cost)
    return f"scrypt${cost}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def is_password(password: str, stored: str | None) -> bool:
    """Whether the password has this hash. Somebody without a hash has no password that fits."""
    if not stored:
        return False
    try:
        _, cost, salt, digest = stored.split("$")
        return hmac.compare_digest(_scrypt(password, base64.b64decode(salt), int(cost)), base64.b64decode(digest))
    except ValueError:
        # No hash of ours, as a scenario written by hand may hold.
        return False


def _scrypt(password: str, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=8, p=1, maxmem=2048 * cost + 2**20)


def hash_token(token: str) -> str:
    """SHA-256 of a token, in hex. Tokens are random, so no salt is needed and an index finds them."""
    return hashlib.sha256(token.encode()).hexdigest()


def actor_of(store: Store, person: Person) -> Actor:
    """The person as somebody who calls."""
    return Actor(person.id, person.name, person.key, people.global_permissions(store, person.id))


def checked(store: Store, name: str, password: str) -> Login:
    """Whose name and password these are. Raises ``NotLoggedIn`` for anything else and for somebody deactivated."""
    found = people.login_by_name(store, name) if name else None
    if found is None or not found.person.active or not is_password(password, found.password_hash):
        # Only a name that exists is repeated: what was sent as one may be somebody's token.
        who = f" as {found.person.name}" if found else ""
        raise NotLoggedIn(f"Login{who} failed: {_why(found)}.", rejected=True)
    return found


class Logins:
    """The sessions of one world, and which Basic credentials were found right already."""

    def __init__(self) -> None:
        # A lock of its own, not the world's: a reset forgets log-ins while requests run, on two stores for a moment.
        self._lock = threading.RLock()
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._proven: OrderedDict[bytes, str] = OrderedDict()
        # Session -> actor as of a version of the world: most requests follow one that changed nothing.
        self._actors: dict[str, tuple[object, Actor]] = {}

    def by_basic(self, store: Store, encoded: str) -> LoggedIn:
        """Log in by the part of a Basic header after the scheme. Raises ``NotLoggedIn``.

        A hash is slow on purpose, so a credential found right is remembered by its digest until the password changes.
        """
        digest = hashlib.sha256(encoded.encode()).digest()
        known = self._proven.get(digest)
        if known:
            actor = self.by_session(store, known)
            if actor:
                return LoggedIn(actor, known)
            self._proven.pop(digest, None)
        try:
            name, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            raise NotLoggedIn("The Basic credentials are not base64 of name:password.", rejected=True) from None
        if not colon:
            raise NotLoggedIn("The Basic credentials are not base64 of name:password.", rejected=True)
        login = self.by_password(store, name, password)
        with self._lock:
            self._proven[digest] = login.session
            while len(self._proven) > MOST_REMEMBERED:
                self._proven.popitem(last=False)
        return login

    def by_password(self, store: Store, name: str, password: str) -> LoggedIn:
        """Log in by name and password, as a form does. Raises ``NotLoggedIn``, the same for each cause."""
        found = checked(store, name, password)
        return LoggedIn(actor_of(store, found.person), self._begin(found))

    def by_token(self, store: Store, token: str, now: str) -> Actor | None:
        """The active owner of a personal access token valid at ``now`` (ISO 8601, UTC), or None."""
        person = people.by_token_hash(store, hash_token(token), now)
        return actor_of(store, person) if person and person.active else None

    def by_session(self, store: Store, session_id: str) -> Actor | None:
        """Whoever the session stands for, or None when it is unknown or no longer valid."""
        version = store.version
        remembered = self._actors.get(session_id)
        if remembered and remembered[0] == version:
            return remembered[1]
        session = self._sessions.get(session_id)
        if session is None:
            return None
        login = people.login(store, session.person_id)
        if login is None or not login.person.active or login.password_hash != session.password_hash:
            self.end(session_id)
            return None
        actor = actor_of(store, login.person)
        self._actors[session_id] = (version, actor)
        return actor

    def end(self, session_id: str) -> bool:
        """Log out; answers whether there was such a session."""
        self._actors.pop(session_id, None)
        return self._sessions.pop(session_id, None) is not None

    def forget(self) -> None:
        """Log everybody out."""
        with self._lock:
            self._sessions.clear()
            self._actors.clear()
            self._proven.clear()

    def _begin(self, login: Login) -> str:
        session_id = secrets.token_hex(16).upper()
        with self._lock:
            self._sessions[session_id] = Session(login.person.id, login.password_hash)
            while len(self._sessions) > MOST_REMEMBERED:
                self.end(next(iter(self._sessions)))
        return session_id


def _why(found: Login | None) -> str:
    if found is None:
        return "nobody has that name"
    return "wrong password" if found.person.active else "deactivated"
