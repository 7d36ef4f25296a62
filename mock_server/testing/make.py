"""Making what a test needs: each builder goes through the API's own rules and answers the API's own bean."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from mock_server.access import GlobalPermission
from mock_server.testing.make_jira import Bean, MakeJira
from mock_server.testing.names import Named
from mock_server.testing.times import Day, Duration, day_text, seconds

__tracebackhide__ = True

WHOLE_DAY = timedelta(hours=8)


class Make(MakeJira):
    """Builders. People, issues, teams and the rest are named by name, key, id, or by the bean of a builder.

    What is left out has a default around the world's today; ``by`` says who makes it, by default somebody who may. Each
    answers the bean of the API as a dict.

    Each raises ``TempoRefused`` with the API's own message for what it refuses, and ``LookupError`` for a name that there
    is not.
    """

    def plan(
        self,
        person: Named | None = None,
        issue: Named | None = None,
        *,
        project: Named | None = None,
        generic_resource: Named | None = None,
        start: Day | None = None,
        end: Day | None = None,
        per_day: Duration | None = None,
        total: Duration | None = None,
        start_time: str | None = None,
        rule: str | None = None,
        until: Day | None = None,
        include_non_working_days: bool | None = None,
        description: str | None = None,
        reviewer: Named | None = None,
        by: Named | None = None,
    ) -> Bean:
        """A plan, made by the person it is for: eight hours a day, on an issue that they may work on, today or, where that
        is no working day of theirs, on the next one.

        ``total`` is the effort of all days instead of ``per_day``; ``rule`` is NEVER, WEEKLY, BI_WEEKLY or MONTHLY and
        needs ``until``.
        """
        today = self._clock.today
        if generic_resource is not None:
            assignee_id, kind = str(self._names.resource(generic_resource).id), "GENERIC"
            maker = self._maker(by, GlobalPermission.TEMPO_TEAM_ADMINISTRATOR)
            working = self._names.person(by) if by is not None else self._names.somebody()
            first = self._names.working_day(None, today)
        else:
            working = self._names.somebody() if person is None else self._names.person(person)
            assignee_id, kind = working.account_id, "USER"
            maker = working.id if by is None else self._names.person(by).id
            first = self._names.working_day(working, today)
        if project is not None:
            item_id, item_type = self._names.project(project).id, "PROJECT"
        else:
            item_id, item_type = (self._names.issue_for(working) if issue is None else self._names.issue(issue)).id, "ISSUE"
        effort = seconds(WHOLE_DAY if per_day is None else per_day)
        begin = day_text(first if start is None else start, today)
        body: dict[str, object] = {
            "assigneeId": assignee_id,
            "assigneeType": kind,
            "planItemId": str(item_id),
            "planItemType": item_type,
            "startDate": begin,
            "endDate": begin if end is None else day_text(end, today),
            "startTime": start_time,
            "effortPersistenceType": "SECONDS_PER_DAY" if total is None else "TOTAL_SECONDS",
            "plannedSecondsPerDay": effort if total is None else None,
            "plannedSeconds": None if total is None else seconds(total),
            "rule": rule,
            "recurrenceEndDate": None if until is None else day_text(until, today),
            "includeNonWorkingDays": include_non_working_days,
            "description": description,
        }
        if reviewer is not None:
            body["planApproval"] = {"reviewerId": self._names.person(reviewer).account_id, "status": "REQUESTED"}
        return self._post("/4/plans", body, maker)

    def worklog(
        self,
        person: Named | None = None,
        issue: Named | None = None,
        *,
        day: Day = 0,
        time_spent: Duration = 3600,
        start_time: str | None = None,
        billable: Duration | None = None,
        description: str | None = None,
        attributes: Mapping[str, str] | None = None,
        account: Named | None = None,
        remaining_estimate: Duration | None = None,
        bypass: bool = False,
        by: Named | None = None,
    ) -> Bean:
        """A worklog, logged by its author: an hour today, on an issue that they may work on.

        ``account`` goes into the work attribute ``_Account_``; ``bypass`` logs in a closed period, for whom that may.
        """
        author = self._names.somebody() if person is None else self._names.person(person)
        maker = author.id if by is None else self._names.person(by).id
        values = dict(attributes or {})
        if account is not None:
            values["_Account_"] = self._names.account(account).key
        body = {
            "issueId": (self._names.issue_for(author) if issue is None else self._names.issue(issue)).id,
            "authorAccountId": author.account_id,
            "startDate": day_text(day, self._clock.today),
            "startTime": start_time,
            "timeSpentSeconds": seconds(time_spent),
            "billableSeconds": None if billable is None else seconds(billable),
            "description": description,
            "attributes": [{"key": key, "value": value} for key, value in values.items()] or None,
            "remainingEstimateSeconds": None if remaining_estimate is None else seconds(remaining_estimate),
            "bypassPeriodClosuresAndApprovals": bypass or None,
        }
        return self._post("/4/worklogs", body, maker)

    def team(
        self,
        name: str | None = None,
        *,
        lead: Named | None = None,
        members: Sequence[Named] = (),
        summary: str | None = None,
        program: int | None = None,
        public: bool | None = None,
        administrative: bool | None = None,
        by: Named | None = None,
    ) -> Bean:
        """A team with members from the beginning of time on, made by a Tempo Team Administrator."""
        body = {
            "name": name or f"Team {next(self._numbers)}",
            "leadAccountId": None if lead is None else self._names.person(lead).account_id,
            "summary": summary,
            "programId": program,
            "public": public,
            "administrative": administrative,
        }
        found = [self._names.person(member) for member in members]
        made = self._post("/4/teams", body, self._maker(by, GlobalPermission.TEMPO_TEAM_ADMINISTRATOR))
        for person in found:
            self.member(person.name, made, by=by)
        return made

    def member(
        self,
        person: Named | None = None,
        team: Named | None = None,
        *,
        role: Named | None = None,
        start: Day | None = None,
        end: Day | None = None,
        availability: int | None = None,
        by: Named | None = None,
    ) -> Bean:
        """A person in a team (the first, when none is named): a membership, open at both ends unless told otherwise.

        ``availability`` is percent. Made by a Tempo Team Administrator.
        """
        today = self._clock.today
        body = {
            "accountId": (self._names.somebody() if person is None else self._names.person(person)).account_id,
            "teamId": self._names.team(team).id,
            "roleId": None if role is None else self._names.role(role).id,
            "from": None if start is None else day_text(start, today),
            "to": None if end is None else day_text(end, today),
            # Both days are in it, as everywhere in this glossary.
            "useInclusiveEndDate": None if end is None else True,
            "commitmentPercent": availability,
        }
        return self._post("/4/team-memberships", body, self._maker(by, GlobalPermission.TEMPO_TEAM_ADMINISTRATOR))

    def role(self, name: str | None = None, *, by: Named | None = None) -> Bean:
        """A team role, made by a Tempo Team Administrator."""
        body = {"name": name or f"Role {next(self._numbers)}"}
        return self._post("/4/roles", body, self._maker(by, GlobalPermission.TEMPO_TEAM_ADMINISTRATOR))

    def generic_resource(self, name: str | None = None, *, team: Named | None = None, by: Named | None = None) -> Bean:
        """A generic resource, in a team when one is named; made by a Tempo Team Administrator."""
        maker = self._maker(by, GlobalPermission.TEMPO_TEAM_ADMINISTRATOR)
        made = self._post("/4/generic-resources", {"name": name or f"Resource {next(self._numbers)}"}, maker)
        if team is not None:
            number = self._names.team(team).id
            self._post(f"/4/teams/{number}/generic-resources", {"genericResourceId": made["id"]}, maker)
        return made

    def permission_role(
        self,
        name: str | None = None,
        *,
        permissions: Sequence[str] = ("permissions.plan.view", "permissions.worklog.view"),
        people: Sequence[Named] = (),
        teams: Sequence[Named] | None = None,
        by: Named | None = None,
    ) -> Bean:
        """A permission role of people over teams, or over everybody (``teams`` left out); made by a Team Administrator."""
        body = {
            "name": name or f"Permission role {next(self._numbers)}",
            "accessType": "GLOBAL" if teams is None else "TEAM",
            "permissionKeys": list(permissions),
            "permittedAccountIds": [self._names.person(person).account_id for person in people],
            "accessEntityIds": [self._names.team(team).id for team in teams or ()],
        }
        return self._post("/4/permission-roles", body, self._maker(by, GlobalPermission.TEMPO_TEAM_ADMINISTRATOR))

    def account(
        self,
        key: str | None = None,
        *,
        name: str | None = None,
        lead: Named | None = None,
        status: str | None = None,
        customer: str | None = None,
        category: str | None = None,
        contact: Named | None = None,
        external_contact: str | None = None,
        is_global: bool | None = None,
        monthly_budget: int | None = None,
        projects: Sequence[Named] = (),
        by: Named | None = None,
    ) -> Bean:
        """An account, linked to projects; customer and category by key. Made by a Tempo Account Administrator."""
        maker = self._maker(by, GlobalPermission.TEMPO_ACCOUNT_ADMINISTRATOR)
        linked = [self._names.project(project) for project in projects]
        key = key or f"ACCOUNT-{next(self._numbers)}"
        body = {
            "key": key,
            "name": name or key,
            "leadAccountId": (self._names.somebody() if lead is None else self._names.person(lead)).account_id,
            "status": status,
            "customerKey": customer,
            "categoryKey": category,
            "contactAccountId": None if contact is None else self._names.person(contact).account_id,
            "externalContactName": external_contact,
            "global": is_global,
            "monthlyBudget": monthly_budget,
        }
        made = self._post("/4/accounts", body, maker)
        for project in linked:
            link = {"accountKey": key, "scopeId": project.id, "scopeType": "PROJECT"}
            self._post("/4/account-links", link, maker)
        return made

    def customer(self, key: str | None = None, *, name: str | None = None, by: Named | None = None) -> Bean:
        """A customer, made by a Tempo Account Administrator."""
        key = key or f"CUSTOMER-{next(self._numbers)}"
        maker = self._maker(by, GlobalPermission.TEMPO_ACCOUNT_ADMINISTRATOR)
        return self._post("/4/customers", {"key": key, "name": name or key}, maker)

    def token(
        self,
        person: Named | None = None,
        *,
        scopes: Sequence[str] | None = None,
        days: int | None = None,
        name: str | None = None,
    ) -> Bean:
        """A token of Tempo Cloud, as its owner would make it: thirty days and Full access. ``token`` in it is its text."""
        owner = self._names.somebody() if person is None else self._names.person(person)
        body = {
            "person": owner.name,
            "name": name or f"Token {next(self._numbers)}",
            "days": days,
            "scopes": None if scopes is None else list(scopes),
        }
        return self._post("/_mock/tokens", body)

    def internal_issue(self, issue: Named, *, teams: Sequence[Named] = ()) -> Bean:
        """An issue made internal, open to some teams or to all; an administrator would choose so on the settings page."""
        body = {"teams": [self._names.team(team).id for team in teams]}
        made: Bean = self._faces.call("PUT", f"/_mock/internal-issues/{self._names.issue(issue).id}", body)
        return made

    def _maker(self, by: Named | None, permission: GlobalPermission) -> int:
        return (self._names.administrator(permission) if by is None else self._names.person(by)).id
