"""What a caller of Tempo Cloud must hold beside the scope of the token (help pages; which endpoint needs which is inferred)."""

from mock_server.access import GlobalPermission, without_global
from mock_server.domain import permission_roles
from mock_server.endpoint import Call
from mock_server.errors import Refused
from mock_server.storage.teams import Team


def need_team_administrator(call: Call) -> None:
    """Raises ``Refused`` unless the caller is a Tempo Team Administrator."""
    lacking = without_global(call.caller, GlobalPermission.TEMPO_TEAM_ADMINISTRATOR, "Tempo Team Administrator")
    if lacking:
        raise Refused(lacking)


def need_manage_team(call: Call, team: Team) -> None:
    """Raises ``Refused`` unless the caller is a Tempo Team Administrator, leads the team or holds Manage Team over it."""
    lacking = permission_roles.without_manage_team(call.store, call.caller, team)
    if lacking:
        raise Refused(lacking)


def need_account_administrator(call: Call) -> None:
    """Raises ``Refused`` unless the caller is a Tempo Account Administrator."""
    lacking = without_global(call.caller, GlobalPermission.TEMPO_ACCOUNT_ADMINISTRATOR, "Tempo Account Administrator")
    if lacking:
        raise Refused(lacking)


def need_administrator(call: Call) -> None:
    """Raises ``Refused`` unless the caller is a Tempo Administrator."""
    lacking = without_global(call.caller, GlobalPermission.TEMPO_ADMINISTRATOR, "Tempo Administrator")
    if lacking:
        raise Refused(lacking)
