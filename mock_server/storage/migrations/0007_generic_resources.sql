CREATE TABLE generic_resources (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  created_at TEXT NOT NULL,
  created_by INTEGER REFERENCES people(id) ON DELETE SET NULL,
  updated_at TEXT NOT NULL,
  updated_by INTEGER REFERENCES people(id) ON DELETE SET NULL
);
CREATE INDEX generic_resources_created_by ON generic_resources(created_by);
CREATE INDEX generic_resources_updated_by ON generic_resources(updated_by);

CREATE TABLE team_generic_resources (
  team_id INTEGER NOT NULL REFERENCES teams(id) ON DELETE CASCADE,
  generic_resource_id INTEGER NOT NULL REFERENCES generic_resources(id) ON DELETE CASCADE,
  assigned_at TEXT NOT NULL,
  assigned_by INTEGER REFERENCES people(id) ON DELETE SET NULL,
  PRIMARY KEY (team_id, generic_resource_id)
) WITHOUT ROWID;
CREATE INDEX team_generic_resources_resource ON team_generic_resources(generic_resource_id);
CREATE INDEX team_generic_resources_assigned_by ON team_generic_resources(assigned_by);
