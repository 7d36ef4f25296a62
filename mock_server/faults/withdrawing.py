"""What a fault takes away in the world itself: the token of a request, or a permission of its caller. Both are audited."""

from mock_server.domain import withdrawal
from mock_server.errors import Invalid
from mock_server.faults.callers import caller, token_of
from mock_server.faults.exchange import Exchange
from mock_server.faults.members import Rule
from mock_server.moments import moment_text
from mock_server.sites import Site
from mock_server.storage.store import Author


def check_permission(site: Site, rule: Rule) -> None:
    """Raises ``Invalid`` when the rule takes a permission that there is not."""
    wanted = rule.take_permission or {}
    store = site.shown
    with store.reading():
        if "role" in wanted and not withdrawal.roles_named(store, wanted["role"]):
            raise Invalid("takePermission: there is no permission role of this id or name that somebody could be taken out of.")
    if "scope" in wanted and not withdrawal.is_scope(wanted["scope"]):
        raise Invalid("takePermission: there is no scope of this name.")


def withdraw(exchange: Exchange, rule: Rule) -> None:
    """Take away what the rule says, before the faces are asked."""
    site, environ = exchange.site, exchange.environ
    person, text = caller(environ), token_of(environ)
    now = site.clock.now()
    author = Author("control", "fault", f"fault_{exchange.fault.id}", moment_text(now))
    wanted = rule.take_permission
    done = False
    with site.store.transaction(author):
        if rule.expire_token and text is not None:
            done = withdrawal.expire(site.store, text, now)
        if wanted is not None and "scope" in wanted:
            done = (text is not None and withdrawal.take_scope(site.store, text, wanted["scope"])) or done
        elif wanted is not None and person is not None:
            done = withdrawal.take_roles(site.store, person.id, wanted.get("role")) or done
    if not done:
        exchange.note("there was nothing to take away")
