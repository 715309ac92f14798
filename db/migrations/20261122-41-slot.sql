-- Fixed study times of a school or group, occurrences that were moved, the lessons of the timetable, and the secret
-- addresses under which a calendar can be subscribed to.

CREATE TABLE slots (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  -- Whose time it is; null for the whole school.
  unit_id uuid,
  title text NOT NULL,
  -- For which kind of activity; empty for any.
  study_kind text NOT NULL DEFAULT '',
  place text NOT NULL DEFAULT '',
  weekday int NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  day_part text NOT NULL CHECK (day_part IN ('morning', 'afternoon', 'afterSchool', 'evening')),
  first_period int,
  last_period int,
  starts text NOT NULL,
  ends text NOT NULL,
  parity text NOT NULL CHECK (parity IN ('every', 'odd', 'even')),
  from_on date NOT NULL,
  to_on date,
  status text NOT NULL CHECK (status IN ('proposed', 'filed', 'returned', 'withdrawn')),
  -- Filing number of the 教导处; kept for good.
  number text,
  note text NOT NULL DEFAULT '',
  proposed_by uuid,
  proposed_at timestamptz NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, number),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  CHECK (starts < ends),
  CHECK (to_on IS NULL OR from_on <= to_on),
  CHECK ((first_period IS NULL) = (last_period IS NULL)),
  CHECK (first_period <= last_period)
);
CREATE INDEX slots_unit ON slots (org_id, unit_id);

-- One occurrence on another day; it still counts for its own week.
CREATE TABLE slot_shifts (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  slot_id uuid NOT NULL,
  original_on date NOT NULL,
  new_on date NOT NULL,
  reason text NOT NULL,
  status text NOT NULL CHECK (status IN ('asked', 'granted', 'declined')),
  asked_by uuid,
  asked_at timestamptz NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  decision_note text NOT NULL DEFAULT '',
  -- The activity that moved with it.
  activity_id uuid,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, slot_id) REFERENCES slots (org_id, id)
);
CREATE UNIQUE INDEX slot_shifts_open ON slot_shifts (org_id, slot_id, original_on) WHERE status <> 'declined';

-- Who teaches when, as imported for a term.
CREATE TABLE timetable_lessons (
  org_id uuid NOT NULL REFERENCES organisations (id),
  term_id text NOT NULL,
  person_id uuid NOT NULL,
  weekday int NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  period int NOT NULL CHECK (period BETWEEN 1 AND 12),
  parity text NOT NULL CHECK (parity IN ('every', 'odd', 'even')),
  what text NOT NULL,
  PRIMARY KEY (org_id, term_id, person_id, weekday, period, parity),
  FOREIGN KEY (org_id, term_id) REFERENCES terms (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);

-- Secret addresses of calendars; only the hash of the secret is kept.
CREATE TABLE calendar_feeds (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  -- One of the two.
  person_id uuid,
  unit_id uuid,
  token_hash bytea NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz,
  last_read_on date,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, token_hash),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  CHECK ((person_id IS NULL) <> (unit_id IS NULL))
);
CREATE INDEX calendar_feeds_person ON calendar_feeds (org_id, person_id);
CREATE INDEX calendar_feeds_unit ON calendar_feeds (org_id, unit_id);
