-- Transfers between schools of a district. One row in the scope of each side (`out` where somebody left, `in` where they
-- came) and one in the district's (`seen`), all under the same id.
CREATE TABLE transfers (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  side text NOT NULL CHECK (side IN ('in', 'out', 'seen')),
  person_name text NOT NULL,
  from_id uuid NOT NULL,
  from_name text NOT NULL,
  from_person_id uuid NOT NULL,
  to_id uuid NOT NULL,
  to_name text NOT NULL,
  to_person_id uuid NOT NULL,
  -- Last day at the old school; the next is the first at the new one.
  last_day date NOT NULL,
  note text NOT NULL DEFAULT '',
  -- How many records were brought along, as last compared.
  carried int NOT NULL DEFAULT 0,
  compared_at timestamptz NOT NULL,
  -- Why the records were taken out again; null while they count.
  withdrawn_because text,
  PRIMARY KEY (org_id, id)
);

-- What somebody says is wrong in the own record; the office accepts it or not.
CREATE TABLE person_corrections (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  -- {name: value}: attributes, and `phone`.
  changes jsonb NOT NULL,
  from_on date NOT NULL,
  note text NOT NULL DEFAULT '',
  status text NOT NULL CHECK (status IN ('proposed', 'accepted', 'declined', 'withdrawn')),
  decision_note text NOT NULL DEFAULT '',
  proposed_at timestamptz NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX person_corrections_person ON person_corrections (org_id, person_id);

-- Saved conditions over people; who belongs is asked anew for each day.
CREATE TABLE cohorts (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  name text NOT NULL,
  -- The parts that were chosen, and the condition that follows from them.
  parts jsonb NOT NULL,
  condition text NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, name)
);

-- Areas of a district (片区, 学区): which schools belong to a unit of the kind `area`, and which one leads.
CREATE TABLE area_schools (
  org_id uuid NOT NULL,
  unit_id uuid NOT NULL,
  school_id uuid NOT NULL,
  leads boolean NOT NULL DEFAULT false,
  from_on date NOT NULL,
  to_on date,
  PRIMARY KEY (org_id, unit_id, school_id, from_on),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  CHECK (to_on IS NULL OR to_on >= from_on)
);

-- Weeks with a name of their own (师徒活动周).
CREATE TABLE special_weeks (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  name text NOT NULL,
  from_on date NOT NULL,
  to_on date NOT NULL,
  note text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, id),
  CHECK (to_on >= from_on)
);
