ALTER TABLE permission_roles ADD COLUMN access_type TEXT NOT NULL DEFAULT 'TEAM' CHECK (access_type IN ('TEAM', 'GLOBAL'));

CREATE TABLE permission_role_teams (
  permission_role_id INTEGER NOT NULL REFERENCES permission_roles(id) ON DELETE CASCADE,
  team_id INTEGER NOT NULL REFERENCES teams(id) ON DELETE CASCADE,
  PRIMARY KEY (permission_role_id, team_id)
) WITHOUT ROWID;
CREATE INDEX permission_role_teams_team ON permission_role_teams(team_id);
INSERT INTO permission_role_teams (permission_role_id, team_id)
  SELECT id, team_id FROM permission_roles WHERE team_id IS NOT NULL AND built_in IS NULL;
UPDATE permission_roles SET team_id = NULL WHERE built_in IS NULL;

ALTER TABLE teams ADD COLUMN administrative INTEGER NOT NULL DEFAULT 0;
