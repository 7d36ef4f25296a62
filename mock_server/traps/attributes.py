"""Traps of work attributes: what a worklog needs since last night."""

from typing import Any

from mock_server.domain import work_attributes
from mock_server.errors import Invalid, NotFound
from mock_server.sites import Site
from mock_server.storage import work_attributes as attribute_rows
from mock_server.storage.store import Store
from mock_server.traps.asked import WORKLOGS, body_of, is_search, taking
from mock_server.traps.trap import Laid, Values
from mock_server.traps.world import change_of, put_back

_WRITES = ("POST", "PUT")


def require_attribute(site: Site, values: Values) -> Laid:
    """A work attribute is required from now on; without a key the first that is not."""
    with change_of(site, "required-attribute") as store:
        if values["key"] is None:
            optional = [attribute for attribute in attribute_rows.every(store) if not attribute.required]
            if not optional:
                raise Invalid("There is no work attribute here that is not required yet.")
            attribute = optional[0]
        else:
            try:
                attribute = work_attributes.get(store, values["key"])
            except NotFound as fact:
                raise Invalid(fact.message) from None
            if attribute.required:
                raise Invalid(f"The work attribute {attribute.key} is required already.")
        attribute_rows.change(store, attribute._replace(required=1))

    def undo(store: Store) -> None:
        present = attribute_rows.by_key(store, attribute.key)
        if present is not None:
            attribute_rows.change(store, present._replace(required=0))

    return Laid(lift=put_back(site, "required-attribute", undo))


def require_list(site: Site, values: Values) -> Laid:
    """A worklog is refused unless its body has the list of attributes, be it empty."""
    writing = taking(site, values, _WRITES, f"{WORKLOGS}(?:/[0-9]+)?/?")

    def matches(environ: dict[str, Any]) -> bool:
        if is_search(environ) or not writing(environ):
            return False
        body = body_of(environ)
        return isinstance(body, dict) and body.get("attributes") is None

    return Laid(matches, lambda exchange: exchange.send(exchange.refused(Invalid("Attributes cannot be null"))))
