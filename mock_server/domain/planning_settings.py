"""How time is planned, as Tempo Administrators set it up on the page Planning Time (help page on plan approval).

They are settings of the world; what is special about them is that a change is told in the audit log.
"""

from collections.abc import Mapping
from types import MappingProxyType

from mock_server.domain.issues import PLANS_GO
from mock_server.domain.papertrail_kinds import SETTINGS_NOUN
from mock_server.domain.plan_approvals import ENABLED
from mock_server.domain.plans import ON_TIME
from mock_server.settings import Settings
from mock_server.storage import audit
from mock_server.storage.store import Store

ENTITY_ID = "planning"

SETTING_OF: Mapping[str, str] = MappingProxyType(
    {
        "planApprovalEnabled": ENABLED,
        "startAndEndTimesForPlanningEnabled": ON_TIME,
        "deletePlansWithIssues": PLANS_GO,
    }
)
"""What the audit log calls each of them -> the setting of the world."""


def current(settings: Settings) -> dict[str, bool]:
    """Which of them are on, by the names of the audit log."""
    return {field: settings.is_on(name) for field, name in SETTING_OF.items()}


def change(store: Store, settings: Settings, wanted: Mapping[str, bool]) -> bool:
    """Set all of them, by the names of the audit log; answers whether that changed any. Inside a transaction that writes."""
    before = current(settings)
    after = {field: wanted[field] for field in SETTING_OF}
    if after == before:
        return False
    audit.record(store, SETTINGS_NOUN, {"id": ENTITY_ID, **before}, {"id": ENTITY_ID, **after})
    settings.update({SETTING_OF[field]: "on" if is_on else "off" for field, is_on in after.items()})
    return True
