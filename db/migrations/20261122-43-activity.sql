-- Activities through a term: templates, series, materials ahead, sessions, enrolment with a waiting list, guests, and
-- minutes that the host confirms.

-- What an activity of a kind usually is in this school; what must be settled and written comes from the regime.
CREATE TABLE activity_templates (
  org_id uuid NOT NULL REFERENCES organisations (id),
  kind text NOT NULL,
  minutes int CHECK (minutes BETWEEN 5 AND 720),
  place text NOT NULL DEFAULT '',
  -- Names of the materials that usually go with it.
  materials text[] NOT NULL DEFAULT '{}',
  agenda jsonb NOT NULL DEFAULT '[]',
  -- Materials are to be handed out so many days ahead.
  lead_days int CHECK (lead_days BETWEEN 0 AND 60),
  saved_by uuid,
  saved_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, kind)
);

-- The activities of a group laid out for a term in one step.
CREATE TABLE activity_series (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  unit_id uuid NOT NULL,
  term_id text NOT NULL,
  weekday int NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  parity text NOT NULL CHECK (parity IN ('every', 'odd', 'even')),
  created_by uuid,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  FOREIGN KEY (org_id, term_id) REFERENCES terms (org_id, id)
);
CREATE INDEX activity_series_unit ON activity_series (org_id, unit_id, term_id);

ALTER TABLE activities ADD COLUMN series_id uuid;
ALTER TABLE activities ADD FOREIGN KEY (org_id, series_id) REFERENCES activity_series (org_id, id);
-- Whoever wants to come enrols; the others wait when it is full. Null capacity: no limit.
ALTER TABLE activities ADD COLUMN by_enrolment boolean NOT NULL DEFAULT false;
ALTER TABLE activities ADD COLUMN capacity int CHECK (capacity BETWEEN 1 AND 10000);
-- Of several sessions so many make somebody present; null where one of them is enough.
ALTER TABLE activities ADD COLUMN least_sessions int CHECK (least_sessions BETWEEN 1 AND 40);
-- The host confirms the minutes as they stood in a version; saving again takes it back.
ALTER TABLE activities ADD COLUMN minutes_confirmed_at timestamptz;
ALTER TABLE activities ADD COLUMN minutes_confirmed_by uuid;
CREATE INDEX activities_speaker ON activities (org_id, speaker_id) WHERE speaker_id IS NOT NULL;
CREATE INDEX activities_series_of ON activities (org_id, series_id) WHERE series_id IS NOT NULL;

CREATE TABLE activity_materials (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  activity_id uuid NOT NULL,
  title text NOT NULL,
  note text NOT NULL DEFAULT '',
  -- A page outside, where it is no file.
  address text NOT NULL DEFAULT '',
  -- Members see it from this day on.
  released_on date NOT NULL,
  -- One of several from which each chooses what to study.
  by_choice boolean NOT NULL DEFAULT false,
  created_by uuid,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, activity_id) REFERENCES activities (org_id, id)
);
CREATE INDEX activity_materials_activity ON activity_materials (org_id, activity_id);

CREATE TABLE material_receipts (
  org_id uuid NOT NULL,
  material_id uuid NOT NULL,
  person_id uuid NOT NULL,
  received_at timestamptz NOT NULL,
  chosen boolean NOT NULL DEFAULT false,
  PRIMARY KEY (org_id, material_id, person_id),
  FOREIGN KEY (org_id, material_id) REFERENCES activity_materials (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);

CREATE TABLE activity_sessions (
  org_id uuid NOT NULL,
  activity_id uuid NOT NULL,
  number int NOT NULL CHECK (number BETWEEN 1 AND 40),
  held_on date NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, activity_id, number),
  FOREIGN KEY (org_id, activity_id) REFERENCES activities (org_id, id),
  CHECK (ends_at > starts_at)
);

CREATE TABLE session_presence (
  org_id uuid NOT NULL,
  activity_id uuid NOT NULL,
  number int NOT NULL,
  person_id uuid NOT NULL,
  signed_at timestamptz NOT NULL,
  recorded_by uuid,
  PRIMARY KEY (org_id, activity_id, number, person_id),
  FOREIGN KEY (org_id, activity_id, number) REFERENCES activity_sessions (org_id, activity_id, number),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);

CREATE TABLE enrolments (
  org_id uuid NOT NULL,
  activity_id uuid NOT NULL,
  person_id uuid NOT NULL,
  status text NOT NULL CHECK (status IN ('enrolled', 'waiting', 'left')),
  -- The order in which they came.
  at timestamptz NOT NULL,
  -- Moved up from the waiting list; told until it was seen.
  moved_up_at timestamptz,
  seen_at timestamptz,
  PRIMARY KEY (org_id, activity_id, person_id),
  FOREIGN KEY (org_id, activity_id) REFERENCES activities (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX enrolments_person ON enrolments (org_id, person_id);

-- People of other schools who took part; no facts are left for them.
CREATE TABLE activity_guests (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  activity_id uuid NOT NULL,
  name text NOT NULL,
  school text NOT NULL,
  signed_at timestamptz NOT NULL,
  -- Null when they signed on the wall themselves.
  recorded_by uuid,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, activity_id, name, school),
  FOREIGN KEY (org_id, activity_id) REFERENCES activities (org_id, id)
);
