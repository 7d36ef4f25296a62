ALTER TABLE worklogs ADD COLUMN entered_in_jira INTEGER NOT NULL DEFAULT 0;
ALTER TABLE worklogs ADD COLUMN in_jira INTEGER NOT NULL DEFAULT 1;

CREATE TABLE jira_worklogs (
  id INTEGER PRIMARY KEY,
  issue_id INTEGER NOT NULL REFERENCES issues(id) ON DELETE CASCADE,
  project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
  author_id INTEGER REFERENCES people(id) ON DELETE CASCADE,
  by_app INTEGER NOT NULL,
  updater_id INTEGER REFERENCES people(id) ON DELETE SET NULL,
  updated_by_app INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  start_date TEXT NOT NULL,
  time_spent INTEGER NOT NULL,
  comment TEXT,
  group_id INTEGER REFERENCES groups(id) ON DELETE CASCADE,
  properties TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE INDEX jira_worklogs_issue ON jira_worklogs(issue_id, created_at, id);
CREATE INDEX jira_worklogs_updated ON jira_worklogs(updated_at, id);
CREATE INDEX jira_worklogs_project ON jira_worklogs(project_id);
CREATE INDEX jira_worklogs_author ON jira_worklogs(author_id);
CREATE INDEX jira_worklogs_updater ON jira_worklogs(updater_id);
CREATE INDEX jira_worklogs_group ON jira_worklogs(group_id);

CREATE TABLE jira_day_worklogs (
  issue_id INTEGER NOT NULL REFERENCES issues(id) ON DELETE CASCADE,
  day TEXT NOT NULL,
  jira_id INTEGER NOT NULL,
  PRIMARY KEY (issue_id, day)
) WITHOUT ROWID;

CREATE TABLE jira_deleted_worklogs (
  id INTEGER PRIMARY KEY,
  deleted_at TEXT NOT NULL
);
CREATE INDEX jira_deleted_worklogs_time ON jira_deleted_worklogs(deleted_at, id);

CREATE TABLE worklog_arrivals (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  jira_id INTEGER NOT NULL,
  towards TEXT NOT NULL,
  verb TEXT NOT NULL,
  state TEXT,
  due_at TEXT NOT NULL
);
CREATE INDEX worklog_arrivals_due ON worklog_arrivals(due_at, id);
CREATE INDEX worklog_arrivals_worklog ON worklog_arrivals(jira_id)
