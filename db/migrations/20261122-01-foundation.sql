-- The foundation: organisations, accounts, people, calendar. `org_id` leads every key of a scoped table.

-- Public tables (no row-level security), each with its reason in server/catalogue.test.ts.

CREATE TABLE organisations (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('school', 'district')),
  name text NOT NULL,
  district_id uuid REFERENCES organisations (id),
  attributes jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL
);

CREATE TABLE accounts (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  person_id uuid NOT NULL,
  login_name text NOT NULL UNIQUE,
  password_hash text NOT NULL,
  must_change_password boolean NOT NULL DEFAULT true,
  failed_attempts int NOT NULL DEFAULT 0,
  locked_until timestamptz,
  disabled_at timestamptz,
  created_at timestamptz NOT NULL,
  UNIQUE (org_id, person_id)
);

CREATE TABLE sessions (
  token_hash bytea PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  org_id uuid NOT NULL,
  person_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  user_agent text NOT NULL DEFAULT ''
);
CREATE INDEX sessions_account ON sessions (account_id);

CREATE TABLE server_settings (
  name text PRIMARY KEY,
  value jsonb NOT NULL
);

CREATE TABLE document_numbers (
  code text PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  document_id uuid NOT NULL
);

-- Scoped tables.

CREATE TABLE people (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  staff_number text NOT NULL,
  name text NOT NULL,
  pinyin text NOT NULL,
  pinyin_initials text NOT NULL,
  sort_key text NOT NULL,
  phone text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, staff_number)
);

-- Values that rules ask for, each from a day on: gender, birthDate, staffKind (teaching | support), subject, title, joinedOn …
CREATE TABLE person_attributes (
  org_id uuid NOT NULL,
  person_id uuid NOT NULL,
  name text NOT NULL,
  from_on date NOT NULL,
  to_on date,
  value jsonb NOT NULL,
  PRIMARY KEY (org_id, person_id, name, from_on),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);

-- Days in the service of the school; a transfer closes the range.
CREATE TABLE service_periods (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  from_on date NOT NULL,
  to_on date,
  reason text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id),
  CHECK (to_on IS NULL OR to_on >= from_on)
);
CREATE INDEX service_periods_person ON service_periods (org_id, person_id);

-- Long leave; duties rest on these days.
CREATE TABLE long_absences (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  kind text NOT NULL,
  from_on date NOT NULL,
  to_on date,
  note text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id),
  CHECK (to_on IS NULL OR to_on >= from_on)
);

CREATE TABLE units (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  parent_id uuid,
  subject text,
  from_on date NOT NULL,
  to_on date,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, kind, name),
  FOREIGN KEY (org_id, parent_id) REFERENCES units (org_id, id)
);

CREATE TABLE memberships (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  unit_id uuid NOT NULL,
  person_id uuid NOT NULL,
  from_on date NOT NULL,
  to_on date,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id),
  CHECK (to_on IS NULL OR to_on >= from_on)
);
CREATE INDEX memberships_unit ON memberships (org_id, unit_id);
CREATE INDEX memberships_person ON memberships (org_id, person_id);

-- A dated role of a person, in a unit or (unit_id null) in the whole organisation.
CREATE TABLE posts (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  unit_id uuid,
  role text NOT NULL CHECK (role IN ('groupLeader', 'academicOffice', 'researchOffice', 'principal', 'administrator', 'districtOfficer')),
  title text NOT NULL,
  from_on date NOT NULL,
  to_on date,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  CHECK (to_on IS NULL OR to_on >= from_on)
);
CREATE INDEX posts_person ON posts (org_id, person_id);
CREATE INDEX posts_unit ON posts (org_id, unit_id);

CREATE TABLE school_years (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id text NOT NULL,
  from_on date NOT NULL,
  to_on date NOT NULL,
  PRIMARY KEY (org_id, id),
  CHECK (to_on > from_on)
);

CREATE TABLE terms (
  org_id uuid NOT NULL,
  id text NOT NULL,
  school_year_id text NOT NULL,
  number int NOT NULL CHECK (number IN (1, 2)),
  name text NOT NULL,
  from_on date NOT NULL,
  to_on date NOT NULL,
  -- {opening: {from, to}, middle: {from, to}, closing: {from, to}}
  windows jsonb NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, school_year_id) REFERENCES school_years (org_id, id),
  CHECK (to_on > from_on)
);

CREATE TABLE special_days (
  org_id uuid NOT NULL REFERENCES organisations (id),
  day date NOT NULL,
  kind text NOT NULL CHECK (kind IN ('holiday', 'workday')),
  name text NOT NULL,
  PRIMARY KEY (org_id, day)
);

-- The regime in force from a day on: a copy of the text and its parsed form, so that past years stay as they were.
CREATE TABLE regime_adoptions (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  school_year_id text NOT NULL,
  regime_id text NOT NULL,
  version text NOT NULL,
  title text NOT NULL,
  source text NOT NULL,
  from_on date NOT NULL,
  adopted_by uuid,
  adopted_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, school_year_id, regime_id, version)
);
