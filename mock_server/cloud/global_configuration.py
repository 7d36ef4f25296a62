"""How the site is set up, ``/4/globalconfiguration``. The values are settings of the world."""

from typing import Any

from marshmallow import fields

from mock_server.access import ApiScope
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import WireSchema

_PREFIX = "globalConfiguration."


class GlobalConfigurationSchema(WireSchema):
    """The configuration; ``maxHoursPerDayPerUser`` is there when there is a limit. Days of the week count from Monday, 1."""

    allow_logging_on_closed_account = fields.Boolean(data_key="allowLoggingOnClosedAccount")
    approval_period = fields.String(data_key="approvalPeriod")
    approval_week_start = fields.Integer(data_key="approvalWeekStart")
    max_hours_per_day_per_user = fields.Integer(data_key="maxHoursPerDayPerUser")
    number_of_days_allowed_into_future = fields.Integer(data_key="numberOfDaysAllowedIntoFuture")
    plan_approval_enabled = fields.Boolean(data_key="planApprovalEnabled")
    remaining_estimate_optional = fields.Boolean(data_key="remainingEstimateOptional")
    start_and_end_times_enabled = fields.Boolean(data_key="startAndEndTimesEnabled")
    start_and_end_times_for_planning_enabled = fields.Boolean(data_key="startAndEndTimesForPlanningEnabled")
    week_start = fields.Integer(data_key="weekStart")
    worklog_description_optional = fields.Boolean(data_key="worklogDescriptionOptional")


@endpoint("GET", "/globalconfiguration", scope=ApiScope.ANY, returns=GlobalConfigurationSchema, grade="A",
          source="vendor's OpenAPI of v4")  # fmt: skip
def get_global_configuration(call: Call) -> dict[str, Any]:
    """How the site is set up"""
    found: dict[str, Any] = {}
    for attribute, field in GlobalConfigurationSchema().fields.items():
        name = f"{_PREFIX}{field.data_key}"
        value: object = call.settings[name]
        if isinstance(field, fields.Boolean):
            value = call.settings.is_on(name)
        elif isinstance(field, fields.Integer):
            value = call.settings.number(name)
        if value is not None:
            found[attribute] = value
    return found
