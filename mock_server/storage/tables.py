"""The tables of a world, as numbered migrations. A change to the tables is one more migration at the end.

Times are ISO 8601 in UTC, dates ``yyyy-MM-dd``, an open end is NULL. Ids are SQLite rowids with AUTOINCREMENT, so an id
is never given out twice, as in Tempo.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x544D4F4B
"""Written into every database file of ours (``PRAGMA application_id``), so that a file of somebody else is recognised."""

_TABLES = """
CREATE TABLE world (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE people (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  key TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL,
  display_name TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1,
  time_zone TEXT NOT NULL,
  locale TEXT NOT NULL,
  avatar_id INTEGER NOT NULL,
  password_hash TEXT
);

CREATE TABLE personal_access_tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person_id INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  expires_at TEXT
);
CREATE INDEX personal_access_tokens_person ON personal_access_tokens(person_id);

CREATE TABLE groups (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  group_id TEXT NOT NULL UNIQUE
);

CREATE TABLE group_members (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  group_id INTEGER NOT NULL REFERENCES groups(id) ON DELETE CASCADE,
  person_id INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
  UNIQUE (group_id, person_id)
);
CREATE INDEX group_members_person ON group_members(person_id, group_id);

CREATE TABLE global_permissions (
  permission TEXT NOT NULL,
  group_id INTEGER NOT NULL REFERENCES groups(id) ON DELETE CASCADE,
  PRIMARY KEY (permission, group_id)
) WITHOUT ROWID;
CREATE INDEX global_permissions_group ON global_permissions(group_id);

CREATE TABLE projects (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  lead_id INTEGER REFERENCES people(id) ON DELETE SET NULL,
  project_type TEXT NOT NULL
);
CREATE INDEX projects_lead ON projects(lead_id);

CREATE TABLE project_permissions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
  permission TEXT NOT NULL,
  group_id INTEGER NOT NULL REFERENCES groups(id) ON DELETE CASCADE,
  UNIQUE (project_id, permission, group_id)
);
CREATE INDEX project_permissions_group ON project_permissions(group_id);

CREATE TABLE roles (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  is_default INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE teams (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  summary TEXT,
  lead_id INTEGER REFERENCES people(id) ON DELETE SET NULL,
  mission TEXT NOT NULL DEFAULT '',
  is_public INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX teams_name ON teams(name, id);
CREATE INDEX teams_lead ON teams(lead_id);

CREATE TABLE members (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  team_id INTEGER NOT NULL REFERENCES teams(id) ON DELETE CASCADE,
  person_id INTEGER REFERENCES people(id) ON DELETE CASCADE,
  group_id INTEGER REFERENCES groups(id) ON DELETE CASCADE,
  UNIQUE (team_id, person_id),
  UNIQUE (team_id, group_id),
  CHECK ((person_id IS NULL) <> (group_id IS NULL))
);
CREATE INDEX members_person ON members(person_id);
CREATE INDEX members_group ON members(group_id);

CREATE TABLE memberships (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  member_id INTEGER NOT NULL REFERENCES members(id) ON DELETE CASCADE,
  role_id INTEGER NOT NULL REFERENCES roles(id),
  start_date TEXT,
  end_date TEXT,
  availability INTEGER NOT NULL CHECK (availability BETWEEN 0 AND 100),
  CHECK (start_date IS NULL OR end_date IS NULL OR start_date <= end_date)
);
CREATE INDEX memberships_member ON memberships(member_id);
CREATE INDEX memberships_role ON memberships(role_id);

CREATE TABLE team_permissions (
  key TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  weight INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE team_permission_holders (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  team_id INTEGER NOT NULL REFERENCES teams(id) ON DELETE CASCADE,
  permission TEXT NOT NULL REFERENCES team_permissions(key),
  person_id INTEGER REFERENCES people(id) ON DELETE CASCADE,
  group_id INTEGER REFERENCES groups(id) ON DELETE CASCADE,
  UNIQUE (team_id, permission, person_id),
  UNIQUE (team_id, permission, group_id),
  CHECK ((person_id IS NULL) <> (group_id IS NULL))
);
CREATE INDEX team_permission_holders_person ON team_permission_holders(person_id, permission, team_id);
CREATE INDEX team_permission_holders_group ON team_permission_holders(group_id, permission, team_id);
CREATE INDEX team_permission_holders_key ON team_permission_holders(permission);

CREATE TABLE audit_context (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  who TEXT, face TEXT, call TEXT, at TEXT
);
INSERT INTO audit_context (id) VALUES (1);

CREATE TABLE audit_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  who TEXT NOT NULL,
  face TEXT NOT NULL,
  call TEXT NOT NULL,
  noun TEXT NOT NULL,
  verb TEXT NOT NULL,
  row_id TEXT NOT NULL,
  before TEXT,
  after TEXT
);
"""


_PROGRAMS_AND_LINKS = """
CREATE TABLE programs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  manager_id INTEGER REFERENCES people(id) ON DELETE SET NULL
);
CREATE INDEX programs_manager ON programs(manager_id);

ALTER TABLE teams ADD COLUMN program_id INTEGER REFERENCES programs(id) ON DELETE SET NULL;
CREATE INDEX teams_program ON teams(program_id);

CREATE TABLE boards (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE
);
CREATE INDEX boards_project ON boards(project_id);

CREATE TABLE links (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  team_id INTEGER NOT NULL REFERENCES teams(id) ON DELETE CASCADE,
  scope_type TEXT NOT NULL CHECK (scope_type IN ('project', 'board')),
  scope INTEGER NOT NULL,
  UNIQUE (team_id, scope_type, scope)
);
CREATE INDEX links_scope ON links(scope_type, scope);

CREATE TABLE permission_roles (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  team_id INTEGER REFERENCES teams(id) ON DELETE CASCADE,
  built_in TEXT CHECK (built_in IN ('lead', 'member'))
);
CREATE INDEX permission_roles_team ON permission_roles(team_id);
INSERT INTO permission_roles (name, team_id, built_in) SELECT 'Team Lead', id, 'lead' FROM teams;
INSERT INTO permission_roles (name, team_id, built_in) SELECT 'Member', id, 'member' FROM teams;

CREATE TABLE permission_role_keys (
  permission_role_id INTEGER NOT NULL REFERENCES permission_roles(id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  PRIMARY KEY (permission_role_id, key)
) WITHOUT ROWID;

CREATE TABLE permission_role_holders (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  permission_role_id INTEGER NOT NULL REFERENCES permission_roles(id) ON DELETE CASCADE,
  person_id INTEGER REFERENCES people(id) ON DELETE CASCADE,
  group_id INTEGER REFERENCES groups(id) ON DELETE CASCADE,
  UNIQUE (permission_role_id, person_id),
  UNIQUE (permission_role_id, group_id),
  CHECK ((person_id IS NULL) <> (group_id IS NULL))
);
CREATE INDEX permission_role_holders_person ON permission_role_holders(person_id);
CREATE INDEX permission_role_holders_group ON permission_role_holders(group_id);
"""

_API_TOKENS = """
CREATE TABLE api_tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person_id INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  access TEXT NOT NULL CHECK (access IN ('full', 'custom')),
  scopes TEXT NOT NULL,
  days INTEGER NOT NULL CHECK (days BETWEEN 1 AND 5000),
  token_hash TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
);
CREATE INDEX api_tokens_person ON api_tokens(person_id);

CREATE TABLE jira_api_tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person_id INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE
);
CREATE INDEX jira_api_tokens_person ON jira_api_tokens(person_id);
"""

_PERMISSION_ROLE_REACH = """
ALTER TABLE permission_roles ADD COLUMN access_type TEXT NOT NULL DEFAULT 'TEAM' CHECK (access_type IN ('TEAM', 'GLOBAL'));

CREATE TABLE permission_role_teams (
  permission_role_id INTEGER NOT NULL REFERENCES permission_roles(id) ON DELETE CASCADE,
  team_id INTEGER NOT NULL REFERENCES teams(id) ON DELETE CASCADE,
  PRIMARY KEY (permission_role_id, team_id)
) WITHOUT ROWID;
CREATE INDEX permission_role_teams_team ON permission_role_teams(team_id);
INSERT INTO permission_role_teams (permission_role_id, team_id)
  SELECT id, team_id FROM permission_roles WHERE team_id IS NOT NULL;

ALTER TABLE teams ADD COLUMN administrative INTEGER NOT NULL DEFAULT 0;
"""

_WORKLOGS = """
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
"""

_ACCOUNTS = """
CREATE TABLE account_categories (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  type TEXT
);

CREATE TABLE customers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
);

CREATE TABLE accounts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('OPEN', 'CLOSED', 'ARCHIVED')),
  lead_id INTEGER REFERENCES people(id) ON DELETE SET NULL,
  contact_id INTEGER REFERENCES people(id) ON DELETE SET NULL,
  external_contact TEXT,
  category_id INTEGER REFERENCES account_categories(id),
  customer_id INTEGER REFERENCES customers(id),
  is_global INTEGER NOT NULL DEFAULT 0,
  monthly_budget INTEGER
);
CREATE INDEX accounts_lead ON accounts(lead_id);
CREATE INDEX accounts_contact ON accounts(contact_id);
CREATE INDEX accounts_category ON accounts(category_id);
CREATE INDEX accounts_customer ON accounts(customer_id);

CREATE TABLE account_links (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
  is_default INTEGER NOT NULL DEFAULT 0,
  UNIQUE (account_id, project_id)
);
CREATE INDEX account_links_project ON account_links(project_id);
"""

STEPS: tuple[tuple[str, str], ...] = (
    ("0001_people_and_teams", _TABLES),
    ("0002_programs_links_permission_roles", _PROGRAMS_AND_LINKS),
    ("0003_api_tokens", _API_TOKENS),
    ("0004_permission_role_reach", _PERMISSION_ROLE_REACH),
    ("0005_worklogs", _WORKLOGS),
    ("0006_accounts", _ACCOUNTS),
)
"""Every migration, oldest first: its name for ever, and its SQL."""

SCHEMA_VERSION = len(STEPS)
"""Number of migrations a database has seen (``PRAGMA user_version``); a larger number was written by a newer version."""


def statements(sql: str) -> list[str]:
    """The single statements of a migration; none of them holds a semicolon inside."""
    return [statement for statement in sql.split(";") if statement.strip()]


def migrations() -> "Migrations":
    """The steps as sqlite-utils migrations, which remember in the database which of them it has seen."""
    # Imported here: a world in memory is always new and needs no remembering, and start-up time is a feature.
    from sqlite_utils import Migrations

    found = Migrations("tempo-mock")
    for name, sql in STEPS:
        found(name=name)(_step(sql))
    return found


def _step(sql: str) -> "Callable[[Database], None]":
    def apply(db: "Database") -> None:
        for statement in statements(sql):
            db.execute(statement)

    return apply
