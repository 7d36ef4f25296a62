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
