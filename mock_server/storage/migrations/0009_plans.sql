CREATE TABLE plans (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person_id INTEGER REFERENCES people(id) ON DELETE CASCADE,
  generic_resource_id INTEGER REFERENCES generic_resources(id) ON DELETE CASCADE,
  issue_id INTEGER,
  project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
  creator_id INTEGER REFERENCES people(id) ON DELETE SET NULL,
  start_date TEXT NOT NULL,
  end_date TEXT NOT NULL,
  start_time TEXT NOT NULL,
  per_day INTEGER,
  total INTEGER,
  rule TEXT NOT NULL,
  until TEXT,
  on_non_working_days INTEGER NOT NULL,
  description TEXT NOT NULL,
  status TEXT,
  requester_id INTEGER REFERENCES people(id) ON DELETE SET NULL,
  reviewer_id INTEGER REFERENCES people(id) ON DELETE SET NULL,
  decider_id INTEGER REFERENCES people(id) ON DELETE SET NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK ((person_id IS NULL) <> (generic_resource_id IS NULL)),
  CHECK ((per_day IS NULL) <> (total IS NULL)),
  CHECK (start_date <= end_date)
);
CREATE INDEX plans_person ON plans(person_id);
CREATE INDEX plans_generic_resource ON plans(generic_resource_id);
CREATE INDEX plans_issue ON plans(issue_id);
CREATE INDEX plans_project ON plans(project_id);
CREATE INDEX plans_creator ON plans(creator_id);
CREATE INDEX plans_requester ON plans(requester_id);
CREATE INDEX plans_reviewer ON plans(reviewer_id);
CREATE INDEX plans_decider ON plans(decider_id);

CREATE TABLE plan_removed_days (
  plan_id INTEGER NOT NULL REFERENCES plans(id) ON DELETE CASCADE,
  day TEXT NOT NULL,
  PRIMARY KEY (plan_id, day)
) WITHOUT ROWID;

CREATE TABLE plan_stretches (
  plan_id INTEGER NOT NULL REFERENCES plans(id) ON DELETE CASCADE,
  start_date TEXT NOT NULL,
  end_date TEXT NOT NULL,
  PRIMARY KEY (plan_id, start_date, end_date)
) WITHOUT ROWID;
CREATE INDEX plan_stretches_start ON plan_stretches(start_date, end_date);

CREATE TABLE internal_issue_teams (
  issue_id INTEGER NOT NULL REFERENCES issues(id) ON DELETE CASCADE,
  team_id INTEGER NOT NULL REFERENCES teams(id) ON DELETE CASCADE,
  PRIMARY KEY (issue_id, team_id)
) WITHOUT ROWID;
CREATE INDEX internal_issue_teams_team ON internal_issue_teams(team_id);
