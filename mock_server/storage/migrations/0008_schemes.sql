CREATE TABLE workload_schemes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  week TEXT NOT NULL,
  is_default INTEGER NOT NULL DEFAULT 0
);
INSERT INTO workload_schemes (name, week, is_default)
  VALUES ('Tempo Default Workload Scheme', '[28800, 28800, 28800, 28800, 28800, 0, 0]', 1);

CREATE TABLE workload_scheme_members (
  person_id INTEGER PRIMARY KEY REFERENCES people(id) ON DELETE CASCADE,
  scheme_id INTEGER NOT NULL REFERENCES workload_schemes(id)
);
CREATE INDEX workload_scheme_members_scheme ON workload_scheme_members(scheme_id);

CREATE TABLE holiday_schemes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  is_default INTEGER NOT NULL DEFAULT 0
);
INSERT INTO holiday_schemes (name, is_default) VALUES ('Tempo Default Holiday Scheme', 1);

CREATE TABLE holiday_scheme_members (
  person_id INTEGER PRIMARY KEY REFERENCES people(id) ON DELETE CASCADE,
  scheme_id INTEGER NOT NULL REFERENCES holiday_schemes(id)
);
CREATE INDEX holiday_scheme_members_scheme ON holiday_scheme_members(scheme_id);

CREATE TABLE holidays (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  scheme_id INTEGER NOT NULL REFERENCES holiday_schemes(id) ON DELETE CASCADE,
  type TEXT NOT NULL CHECK (type IN ('FIXED', 'FLOATING')),
  date TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  duration INTEGER NOT NULL CHECK (duration > 0)
);
CREATE INDEX holidays_scheme ON holidays(scheme_id, date);
