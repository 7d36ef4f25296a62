"""Why an OAuth 2.0 request is refused, in the words of the standard (RFC 6749 4.1.2.1 and 5.2)."""

from enum import StrEnum

from mock_server.errors import Fact


class OAuthError(StrEnum):
    """The words that clients are told."""

    ACCESS_DENIED = "access_denied"
    INVALID_CLIENT = "invalid_client"
    INVALID_GRANT = "invalid_grant"
    INVALID_REQUEST = "invalid_request"
    INVALID_SCOPE = "invalid_scope"
    UNAUTHORIZED_CLIENT = "unauthorized_client"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"
    UNSUPPORTED_RESPONSE_TYPE = "unsupported_response_type"


class OAuthRefused(Fact):
    """A request of an OAuth client that is refused. The message is for the console; ``error`` is what the client is told."""

    def __init__(self, error: OAuthError, message: str) -> None:
        super().__init__(message)
        self.error = error
