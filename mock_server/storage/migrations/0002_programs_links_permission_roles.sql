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
