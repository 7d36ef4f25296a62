"""The tables of the worklog sync, as they were first made, and the views for people who look with a tool of their own."""

WORKLOG_TABLES = (
    # What Tempo said last. hidden: 1 while the row is no longer seen and not known to be deleted.
    "CREATE TABLE tempo_worklogs (id INTEGER PRIMARY KEY, issue_id TEXT NOT NULL, author_id TEXT NOT NULL, day TEXT NOT NULL, "
    "start TEXT NOT NULL, seconds INTEGER NOT NULL, billable INTEGER NOT NULL, updated TEXT NOT NULL, jira_id INTEGER, "
    "account TEXT NOT NULL, hidden INTEGER NOT NULL DEFAULT 0)",
    "CREATE INDEX tempo_worklogs_of_author ON tempo_worklogs (author_id, day)",
    "CREATE INDEX tempo_worklogs_of_day ON tempo_worklogs (day)",
    "CREATE INDEX tempo_worklogs_updated ON tempo_worklogs (updated)",
    "CREATE INDEX tempo_worklogs_in_jira ON tempo_worklogs (jira_id) WHERE jira_id IS NOT NULL",
    "CREATE INDEX tempo_worklogs_hidden ON tempo_worklogs (author_id) WHERE hidden",
    # What Jira said last. author_id: as Jira has it, also the app's. person: whose work it is, NULL where nobody can tell.
    "CREATE TABLE jira_worklogs (id INTEGER PRIMARY KEY, issue_id TEXT NOT NULL, author_id TEXT NOT NULL, day TEXT NOT NULL, "
    "start TEXT NOT NULL, seconds INTEGER NOT NULL, updated TEXT NOT NULL, person TEXT)",
    "CREATE INDEX jira_worklogs_of_person ON jira_worklogs (person, day)",
    "CREATE INDEX jira_worklogs_of_day ON jira_worklogs (day)",
    "CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
    # first, last: days, both included, NULL for an open end.
    "CREATE TABLE team_periods (team_id INTEGER NOT NULL REFERENCES teams (id), account_id TEXT NOT NULL, first TEXT, "
    "last TEXT)",
    "CREATE TABLE known_issues (id TEXT PRIMARY KEY, key TEXT NOT NULL, summary TEXT NOT NULL)",
    # Those of whom somebody said that there really is nothing.
    "CREATE TABLE nothing_logged (account_id TEXT PRIMARY KEY)",
    # One row: how the figures came about.
    "CREATE TABLE standing (only INTEGER PRIMARY KEY CHECK (only = 1), source TEXT NOT NULL, fallback_kind TEXT, "
    "fallback_sentence TEXT, fallback_since TEXT, complete INTEGER NOT NULL, reasons TEXT NOT NULL, read TEXT, visible TEXT)",
    "CREATE TABLE worklog_runs (id INTEGER PRIMARY KEY AUTOINCREMENT, begun TEXT NOT NULL, ended TEXT, exit_code INTEGER, "
    "mode TEXT, deletions TEXT, source TEXT, upserted INTEGER, deleted INTEGER, requests INTEGER, reason TEXT)",
)

VIEWS = (
    # The figures that count at the moment. author_id: NULL where nobody can tell whose work it is. billable: NULL where Jira
    # stands in, which knows none.
    "CREATE VIEW worklogs AS "
    "SELECT 'tempo' AS source, id, issue_id, author_id, day, start, seconds, billable, account FROM tempo_worklogs "
    "WHERE coalesce((SELECT source FROM standing), 'tempo') = 'tempo' "
    "UNION ALL SELECT 'jira', id, issue_id, person, day, start, seconds, NULL, NULL FROM jira_worklogs "
    "WHERE (SELECT source FROM standing) = 'jira'",
    "CREATE VIEW daily_hours AS SELECT author_id, day, sum(seconds) AS seconds FROM worklogs GROUP BY author_id, day",
)
"""Statements of one migration: once released, they are never changed."""
