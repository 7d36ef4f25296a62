"""GitLab: authorised as a GitLab administrator; the projects that this account owns are covered, and can be chosen from."""

from mock_server.domain.providers.provider import Prerequisite, Provider, Way

PROVIDER = Provider(
    key="gitlab",
    title="GitLab",
    place=2,
    icon="GL",
    container="project",
    prerequisites=(
        Prerequisite(
            "authorised",
            "A GitLab administrator has authorised Tempo",
            "In GitLab, authorise Tempo as an administrator who is Owner of the projects.",
        ),
        Prerequisite(
            "read_api",
            "Tempo may read the API",
            "In GitLab, under Admin > Applications, give Tempo the scope read_api.",
            is_permission=True,
        ),
    ),
    ways=(Way.EMAIL,),
    kinds=("commit", "merge_request"),
    account_access="In GitLab, make {account} a member of the projects that the app covers.",
    chooses_containers=True,
    is_owned_only=True,
)
