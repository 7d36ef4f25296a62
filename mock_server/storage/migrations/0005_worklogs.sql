CREATE TABLE issues (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
  summary TEXT NOT NULL,
  issue_type TEXT NOT NULL,
  status TEXT NOT NULL,
  assignee_id INTEGER REFERENCES people(id) ON DELETE SET NULL,
  reporter_id INTEGER REFERENCES people(id) ON DELETE SET NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  remaining_estimate INTEGER,
  is_internal INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX issues_project ON issues(project_id);
CREATE INDEX issues_assignee ON issues(assignee_id);
CREATE INDEX issues_reporter ON issues(reporter_id);

CREATE TABLE worklogs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  jira_id INTEGER NOT NULL,
  issue_id INTEGER NOT NULL REFERENCES issues(id) ON DELETE CASCADE,
  project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
  author_id INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
  start_date TEXT NOT NULL,
  start_time TEXT NOT NULL,
  time_spent INTEGER NOT NULL,
  billable INTEGER NOT NULL,
  description TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE INDEX worklogs_start ON worklogs(start_date, start_time, id);
CREATE INDEX worklogs_author ON worklogs(author_id, start_date, start_time, id);
CREATE INDEX worklogs_issue ON worklogs(issue_id, start_date, start_time, id);
CREATE INDEX worklogs_project ON worklogs(project_id, start_date, start_time, id);
CREATE INDEX worklogs_updated ON worklogs(updated_at, id);
CREATE INDEX worklogs_jira ON worklogs(jira_id);

CREATE TABLE work_attributes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  required INTEGER NOT NULL DEFAULT 0,
  labels TEXT NOT NULL DEFAULT '{}'
);

CREATE TABLE worklog_attributes (
  worklog_id INTEGER NOT NULL REFERENCES worklogs(id) ON DELETE CASCADE,
  key TEXT NOT NULL REFERENCES work_attributes(key) ON DELETE CASCADE,
  value TEXT,
  PRIMARY KEY (worklog_id, key)
) WITHOUT ROWID;
CREATE INDEX worklog_attributes_value ON worklog_attributes(key, value, worklog_id);
