"""What runs here, as Jira Cloud says it: libraries choose their ways by ``deploymentType``."""

from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.endpoint import Call, endpoint
from mock_server.jira_cloud.paging import host_root
from mock_server.schemas import WireSchema
from mock_server.stamps import stamp


class CloudServerInfoSchema(WireSchema):
    """Version and addresses of a Jira Cloud site."""

    base_url = fields.String(data_key="baseUrl")
    display_url = fields.String(data_key="displayUrl")
    display_url_help = fields.String(data_key="displayUrlServicedeskHelpCenter")
    display_url_confluence = fields.String(data_key="displayUrlConfluence")
    version = fields.String()
    version_numbers = fields.List(fields.Integer(), data_key="versionNumbers")
    deployment_type = fields.String(data_key="deploymentType")
    build_number = fields.Integer(data_key="buildNumber")
    build_date = fields.String(data_key="buildDate")
    server_time = fields.String(data_key="serverTime")
    scm_info = fields.String(data_key="scmInfo")
    server_title = fields.String(data_key="serverTitle")
    default_locale = fields.Dict(data_key="defaultLocale")
    server_time_zone = fields.String(data_key="serverTimeZone")


@endpoint("GET", "/serverInfo", scope=Scope.ANYBODY, returns=CloudServerInfoSchema, grade="A",
          source="vendor's OpenAPI of Jira Cloud v3")  # fmt: skip
def get_cloud_server_info(call: Call) -> dict[str, Any]:
    """Version, addresses and time, for anybody"""
    root = host_root(call)
    return {
        "base_url": root,
        "display_url": root,
        "display_url_help": root,
        "display_url_confluence": root,
        "version": "1001.0.0-SNAPSHOT",
        "version_numbers": [1001, 0, 0],
        "deployment_type": "Cloud",
        "build_number": 100290,
        "build_date": "2026-10-01T09:00:00.000+0000",
        "server_time": stamp(call),
        "scm_info": "unofficial",
        "server_title": "Unofficial stand-in for Jira",
        "default_locale": {"locale": "en_US"},
        "server_time_zone": call.settings["jira.timeZone"],
    }
