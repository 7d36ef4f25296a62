CREATE TABLE oauth_applications (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person_id INTEGER REFERENCES people(id) ON DELETE SET NULL,
  name TEXT NOT NULL,
  client_id TEXT NOT NULL UNIQUE,
  secret_hash TEXT NOT NULL,
  client_type TEXT NOT NULL CHECK (client_type IN ('confidential', 'public')),
  redirect_uris TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX oauth_applications_person ON oauth_applications(person_id);

CREATE TABLE oauth_grants (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  application_id INTEGER NOT NULL REFERENCES oauth_applications(id) ON DELETE CASCADE,
  person_id INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
  redirect_uri TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at TEXT NOT NULL,
  code_hash TEXT NOT NULL UNIQUE,
  code_expires_at TEXT NOT NULL,
  redeemed_at TEXT,
  refresh_hash TEXT UNIQUE,
  access_hash TEXT UNIQUE,
  access_scopes TEXT,
  access_expires_at TEXT
);
CREATE INDEX oauth_grants_application ON oauth_grants(application_id);
CREATE INDEX oauth_grants_person ON oauth_grants(person_id);
