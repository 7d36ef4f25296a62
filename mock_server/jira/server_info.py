"""What runs here (Jira REST reference; recorded answers of 2019)."""

from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.assumptions import ASSUMPTIONS
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import WireSchema
from mock_server.stamps import stamp


class ServerInfoSchema(WireSchema):
    """Version and addresses; ``serverTime`` for callers who are logged in."""

    base_url = fields.String(data_key="baseUrl")
    version = fields.String()
    version_numbers = fields.List(fields.Integer(), data_key="versionNumbers")
    deployment_type = fields.String(data_key="deploymentType")
    build_number = fields.Integer(data_key="buildNumber")
    build_date = fields.String(data_key="buildDate")
    server_time = fields.String(data_key="serverTime")
    scm_info = fields.String(data_key="scmInfo")
    server_title = fields.String(data_key="serverTitle")


@endpoint("GET", "/serverInfo", scope=Scope.ANYBODY, returns=ServerInfoSchema, grade="O", source="Jira REST reference")
def get_server_info(call: Call) -> dict[str, Any]:
    """Version, addresses and, for somebody logged in, the time"""
    version = next(assumption.default for assumption in ASSUMPTIONS if assumption.name == "jira.version")
    bean: dict[str, Any] = {
        "base_url": call.base,
        "version": version,
        "version_numbers": [int(part) for part in version.split(".")],
        "deployment_type": "Server",
        "build_number": 912000,
        "build_date": "2023-11-20T00:00:00.000+0000",
        "scm_info": "unofficial",
        "server_title": "Unofficial stand-in for Jira",
    }
    if call.actor:
        bean["server_time"] = stamp(call)
    return bean
