"""Every control route. They are the fake's own switches, never part of Tempo."""

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from mock_server.control import (
    audit,
    clock,
    faults,
    internal_issues,
    journal,
    oauth_applications,
    scenarios,
    settings,
    tokens,
    traps,
)
from mock_server.control.dialect import json_answer, refuse_others, site, word, word_http, word_unusable
from mock_server.control.performing import ControlDialect
from mock_server.control.sites import SiteRoutes, delete_snapshot, list_snapshots, restore_snapshot, take_snapshot
from mock_server.endpoint import mount
from mock_server.errors import Fact, Unusable
from mock_server.groups import control_endpoints
from mock_server.worlds import Worlds


def blueprint(worlds: Worlds, is_open: bool) -> Blueprint:
    """The routes below ``/_mock``; ``is_open`` lets other machines use them."""
    routes = Blueprint("control", __name__)
    sites, taken_in = SiteRoutes(worlds), scenarios.ImportRoute(worlds)
    routes.before_request(lambda: refuse_others(is_open))
    routes.register_error_handler(Fact, word)
    routes.register_error_handler(Unusable, word_unusable)
    routes.register_error_handler(HTTPException, word_http)
    for method, path, view in (
        ("GET", "/health", get_health),
        ("GET", "/clock", clock.get_clock),
        ("PUT", "/clock", clock.set_clock),
        ("GET", "/settings", settings.get_settings),
        ("PUT", "/settings", settings.set_settings),
        ("GET", "/audit", audit.list_audit_events),
        ("GET", "/journal", journal.list_entries),
        ("PUT", "/journal", journal.set_journal),
        ("DELETE", "/journal", journal.empty_journal),
        ("POST", "/journal/check", journal.check_journal),
        ("GET", "/traps", traps.list_traps),
        ("GET", "/tokens", tokens.list_tokens),
        ("POST", "/tokens", tokens.create_token),
        ("PUT", "/tokens/<id:token_id>", tokens.rename_token),
        ("POST", "/tokens/<id:token_id>/regenerate", tokens.regenerate_token),
        ("DELETE", "/tokens/<id:token_id>", tokens.delete_token),
        ("GET", "/oauth-applications", oauth_applications.list_oauth_applications),
        ("POST", "/oauth-applications", oauth_applications.create_oauth_application),
        ("DELETE", "/oauth-applications/<id:application_id>", oauth_applications.delete_oauth_application),
        ("GET", "/internal-issues", internal_issues.list_internal_issues),
        ("PUT", "/internal-issues/<issue>", internal_issues.put_internal_issue),
        ("DELETE", "/internal-issues/<issue>", internal_issues.delete_internal_issue),
        ("GET", "/faults", faults.list_faults),
        ("POST", "/faults", faults.arm_fault),
        ("DELETE", "/faults", faults.disarm_faults),
        ("GET", "/faults/<id:fault_id>", faults.get_fault),
        ("DELETE", "/faults/<id:fault_id>", faults.disarm_fault),
        ("GET", "/export", scenarios.export_scenario),
        ("POST", "/import", taken_in.import_scenario),
        ("POST", "/reset", sites.reset),
        ("GET", "/snapshots", list_snapshots),
        ("POST", "/snapshots", take_snapshot),
        ("DELETE", "/snapshots/<name>", delete_snapshot),
        ("POST", "/restore", restore_snapshot),
        ("GET", "/sites", sites.list_sites),
        ("POST", "/sites", sites.create_site),
        ("GET", "/sites/<name>", sites.get_site),
        ("DELETE", "/sites/<name>", sites.delete_site),
    ):
        routes.add_url_rule(path, endpoint=view.__name__, view_func=view, methods=[method], strict_slashes=False)
    mount(routes, "", control_endpoints(), ControlDialect())
    return routes


def get_health() -> Response:
    """200 as soon as requests are answered."""
    return json_answer({"status": "ok", "site": site().name})
