"""GitHub: commits and merge requests in repositories. Permissions are set in GitHub, and people can be mapped by a file."""

from types import MappingProxyType

from mock_server.domain.providers.provider import FailureKind, Prerequisite, Provider, Way

PROVIDER = Provider(
    key="github",
    title="GitHub",
    place=1,
    icon="GH",
    container="repository",
    prerequisites=(
        Prerequisite(
            "app",
            "Tempo Time Tracking for GitHub is installed in the GitHub organisation",
            "Install the app Tempo Time Tracking for GitHub in the settings of the GitHub organisation.",
        ),
        Prerequisite(
            "read",
            "The app may read members and repositories",
            "In GitHub, under Settings > GitHub Apps, give the app read access to members and repositories.",
            is_permission=True,
        ),
    ),
    ways=(Way.EMAIL, Way.LOGIN, Way.NAME),
    kinds=("commit", "merge_request"),
    account_access="In GitHub, under Settings > GitHub Apps, give the app access to the repositories of {account}.",
    chooses_containers=True,
    has_map=True,
    sentences=MappingProxyType(
        {
            FailureKind.MISMATCH: (
                "No GitHub account has the public e-mail address {email}, the login {login} or the name {name}. "
                "Correct it in GitHub and connect again, or use Manually map with Github."
            ),
            FailureKind.HIDDEN_EMAIL: (
                "No GitHub account shows the e-mail address {email}, and none has the login {login} or the name {name}; "
                "{account} keeps its address private. Ask {name} to make it public and connect again, or use "
                "Manually map with Github."
            ),
            FailureKind.AMBIGUOUS: (
                "GitHub has no single account for {name}: {accounts}. Use Manually map with Github to say which one is meant."
            ),
        }
    ),
)
