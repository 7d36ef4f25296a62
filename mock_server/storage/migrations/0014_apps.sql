CREATE TABLE provider_states (
  provider TEXT NOT NULL,
  prerequisite TEXT NOT NULL,
  is_met INTEGER NOT NULL CHECK (is_met IN (0, 1)),
  PRIMARY KEY (provider, prerequisite)
) WITHOUT ROWID;

CREATE TABLE provider_accounts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  provider TEXT NOT NULL,
  login TEXT NOT NULL,
  display_name TEXT NOT NULL,
  email TEXT NOT NULL,
  is_email_hidden INTEGER NOT NULL DEFAULT 0 CHECK (is_email_hidden IN (0, 1)),
  is_accessible INTEGER NOT NULL DEFAULT 1 CHECK (is_accessible IN (0, 1)),
  login_folded TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  email_folded TEXT NOT NULL,
  UNIQUE (provider, login_folded)
);
CREATE INDEX provider_accounts_email ON provider_accounts(provider, email_folded);
CREATE INDEX provider_accounts_name ON provider_accounts(provider, name_folded);

CREATE TABLE provider_keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  provider TEXT NOT NULL,
  account_id INTEGER REFERENCES provider_accounts(id) ON DELETE SET NULL,
  name TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  revoked_at TEXT,
  UNIQUE (provider, name)
);
CREATE INDEX provider_keys_account ON provider_keys(account_id);

CREATE TABLE provider_containers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  provider TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  owner_account_id INTEGER REFERENCES provider_accounts(id) ON DELETE CASCADE,
  UNIQUE (provider, name)
);
CREATE INDEX provider_containers_owner ON provider_containers(owner_account_id);

CREATE TABLE provider_items (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  provider TEXT NOT NULL,
  account_id INTEGER NOT NULL REFERENCES provider_accounts(id) ON DELETE CASCADE,
  container_id INTEGER NOT NULL REFERENCES provider_containers(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  starts_at TEXT NOT NULL,
  ends_at TEXT,
  is_private INTEGER NOT NULL DEFAULT 0 CHECK (is_private IN (0, 1)),
  is_free INTEGER NOT NULL DEFAULT 0 CHECK (is_free IN (0, 1))
);
CREATE INDEX provider_items_account ON provider_items(account_id, starts_at, id);
CREATE INDEX provider_items_container ON provider_items(container_id);

CREATE TABLE provider_faults (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  provider TEXT NOT NULL,
  kind TEXT NOT NULL,
  person_id INTEGER REFERENCES people(id) ON DELETE CASCADE,
  times INTEGER CHECK (times > 0)
);
CREATE INDEX provider_faults_provider ON provider_faults(provider, person_id);
CREATE INDEX provider_faults_person ON provider_faults(person_id);

CREATE TABLE apps (
  provider TEXT PRIMARY KEY,
  installed_at TEXT NOT NULL,
  installed_by INTEGER REFERENCES people(id) ON DELETE SET NULL,
  key_id INTEGER REFERENCES provider_keys(id) ON DELETE SET NULL,
  monitors_all INTEGER NOT NULL DEFAULT 1 CHECK (monitors_all IN (0, 1))
) WITHOUT ROWID;
CREATE INDEX apps_installed_by ON apps(installed_by);
CREATE INDEX apps_key ON apps(key_id);

CREATE TABLE app_containers (
  provider TEXT NOT NULL REFERENCES apps(provider) ON DELETE CASCADE,
  container_id INTEGER NOT NULL REFERENCES provider_containers(id) ON DELETE CASCADE,
  PRIMARY KEY (provider, container_id)
) WITHOUT ROWID;
CREATE INDEX app_containers_container ON app_containers(container_id);

CREATE TABLE app_connections (
  person_id INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
  provider TEXT NOT NULL,
  account_id INTEGER NOT NULL UNIQUE REFERENCES provider_accounts(id) ON DELETE CASCADE,
  is_own INTEGER NOT NULL DEFAULT 0 CHECK (is_own IN (0, 1)),
  connected_at TEXT NOT NULL,
  PRIMARY KEY (person_id, provider)
) WITHOUT ROWID;
CREATE INDEX app_connections_provider ON app_connections(provider, person_id);

CREATE TABLE app_failures (
  person_id INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
  provider TEXT NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  account_id INTEGER REFERENCES provider_accounts(id) ON DELETE SET NULL,
  failed_at TEXT NOT NULL,
  PRIMARY KEY (person_id, provider)
) WITHOUT ROWID;
CREATE INDEX app_failures_provider ON app_failures(provider, person_id);
CREATE INDEX app_failures_account ON app_failures(account_id);

CREATE TABLE gathered_items (
  person_id INTEGER NOT NULL,
  provider TEXT NOT NULL,
  item_id INTEGER NOT NULL REFERENCES provider_items(id) ON DELETE CASCADE,
  PRIMARY KEY (person_id, provider, item_id),
  FOREIGN KEY (person_id, provider) REFERENCES app_connections(person_id, provider) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX gathered_items_item ON gathered_items(item_id);

CREATE TABLE connect_jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  provider TEXT NOT NULL,
  created_by INTEGER REFERENCES people(id) ON DELETE SET NULL,
  created_at TEXT NOT NULL,
  total INTEGER NOT NULL,
  ended_at TEXT
);
CREATE INDEX connect_jobs_open ON connect_jobs(id) WHERE ended_at IS NULL;
CREATE INDEX connect_jobs_created_by ON connect_jobs(created_by);

CREATE TABLE connect_job_people (
  job_id INTEGER NOT NULL REFERENCES connect_jobs(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
  outcome TEXT CHECK (outcome IN ('connected', 'already', 'failed')),
  failure_kind TEXT,
  PRIMARY KEY (job_id, position),
  UNIQUE (job_id, person_id)
) WITHOUT ROWID;
CREATE INDEX connect_job_people_open ON connect_job_people(job_id, position) WHERE outcome IS NULL;
CREATE INDEX connect_job_people_person ON connect_job_people(person_id);
