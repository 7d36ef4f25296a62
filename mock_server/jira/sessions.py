"""Logging in with a cookie: ``/rest/auth/1/session`` (Jira REST reference; what published clients send and read)."""

from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.endpoint import Call, endpoint
from mock_server.errors import LoginFailed, NotLoggedIn
from mock_server.schemas import WireSchema

REFERENCE = "Jira REST reference"
COOKIE_NAME = "JSESSIONID"


class CredentialsSchema(WireSchema):
    """Name and password."""

    name = fields.String(data_key="username", load_default="")
    password = fields.String(load_default="")


class SessionSchema(WireSchema):
    """A session, and what is known of earlier log-ins."""

    session = fields.Dict()
    login_info = fields.Dict(data_key="loginInfo")


class CurrentUserSchema(WireSchema):
    """Whose session it is."""

    link = fields.String(data_key="self")
    name = fields.String()
    login_info = fields.Dict(data_key="loginInfo")


@endpoint("POST", "/session", scope=Scope.ANYBODY, body=CredentialsSchema, returns=SessionSchema, grade="C", source=REFERENCE)
def log_in(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Begin a session; its cookie then serves every call"""
    try:
        logged_in = call.logins.by_password(call.store, values["name"], values["password"])
    except NotLoggedIn as error:
        call.note(str(error))
        raise LoginFailed("Login failed") from None
    call.session = logged_in.session
    return {"session": {"name": COOKIE_NAME, "value": logged_in.session}, "login_info": {}}


@endpoint("GET", "/session", scope=Scope.LOGGED_IN, returns=CurrentUserSchema, grade="C", source=REFERENCE)
def get_session(call: Call) -> dict[str, Any]:
    """Whose session this is"""
    link = f"{call.base}/rest/api/latest/user?username={call.caller.name}"
    return {"link": link, "name": call.caller.name, "login_info": {}}


@endpoint("DELETE", "/session", scope=Scope.LOGGED_IN, status=204, grade="C", source=REFERENCE)
def log_out(call: Call) -> None:
    """End the session"""
    if call.session:
        call.logins.end(call.session)
