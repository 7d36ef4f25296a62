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
