-- The rooms of a week's work.

CREATE TABLE activities (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  -- The organising group or body; null for an activity of the whole school.
  unit_id uuid,
  scope text NOT NULL CHECK (scope IN ('organisation', 'group', 'body')),
  kind text NOT NULL,
  form text NOT NULL DEFAULT '',
  content_tags text[] NOT NULL DEFAULT '{}',
  theme text NOT NULL,
  content text NOT NULL DEFAULT '',
  place text NOT NULL,
  held_on date NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  host_id uuid,
  speaker_id uuid,
  recorder_id uuid,
  -- For its own week it still counts on the day first planned.
  moved_from date,
  moved_reason text,
  status text NOT NULL CHECK (status IN ('planned', 'running', 'closed', 'cancelled')),
  started_at timestamptz,
  closed_at timestamptz,
  closed_by uuid,
  -- {partKey: text}; the required parts come from the regime.
  minutes jsonb NOT NULL DEFAULT '{}',
  minutes_version int NOT NULL DEFAULT 0,
  agenda jsonb NOT NULL DEFAULT '[]',
  short_number text,
  created_by uuid,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  CHECK (ends_at > starts_at)
);
CREATE INDEX activities_day ON activities (org_id, held_on);
CREATE INDEX activities_unit ON activities (org_id, unit_id, held_on);

-- Who is expected; taken when the activity starts and kept as it was.
CREATE TABLE activity_people (
  org_id uuid NOT NULL,
  activity_id uuid NOT NULL,
  person_id uuid NOT NULL,
  PRIMARY KEY (org_id, activity_id, person_id),
  FOREIGN KEY (org_id, activity_id) REFERENCES activities (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX activity_people_person ON activity_people (org_id, person_id);

CREATE TABLE speaker_swaps (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  activity_id uuid NOT NULL,
  from_person_id uuid,
  to_person_id uuid NOT NULL,
  reason text NOT NULL,
  at timestamptz NOT NULL,
  by_person_id uuid,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, activity_id) REFERENCES activities (org_id, id)
);

CREATE TABLE attendance (
  org_id uuid NOT NULL,
  activity_id uuid NOT NULL,
  person_id uuid NOT NULL,
  -- `signedIn` while the activity runs; closing turns it into the final status.
  status text NOT NULL CHECK (status IN ('signedIn', 'present', 'late', 'leftEarly', 'onLeave', 'absent')),
  signed_at timestamptz,
  received_at timestamptz NOT NULL,
  source text NOT NULL CHECK (source IN ('code', 'number', 'rollCall', 'parked', 'closing', 'leave', 'paper')),
  recorded_by uuid,
  note text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, activity_id, person_id),
  FOREIGN KEY (org_id, activity_id) REFERENCES activities (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX attendance_person ON attendance (org_id, person_id);

CREATE TABLE leaves (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  activity_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('personal', 'sick', 'duty')),
  reason text NOT NULL,
  asked_at timestamptz NOT NULL,
  asked_late boolean NOT NULL DEFAULT false,
  status text NOT NULL CHECK (status IN ('asked', 'granted', 'declined', 'withdrawn')),
  decided_by uuid,
  decided_at timestamptz,
  decision_note text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, activity_id, person_id),
  FOREIGN KEY (org_id, activity_id) REFERENCES activities (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);

CREATE TABLE make_ups (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  activity_id uuid NOT NULL,
  missed_status text NOT NULL CHECK (missed_status IN ('onLeave', 'absent')),
  due_on date NOT NULL,
  note text NOT NULL DEFAULT '',
  minutes int NOT NULL DEFAULT 0,
  handed_in_at timestamptz,
  status text NOT NULL CHECK (status IN ('due', 'handedIn', 'confirmed', 'returned')),
  decided_by uuid,
  decided_at timestamptz,
  decision_note text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, activity_id, person_id),
  FOREIGN KEY (org_id, activity_id) REFERENCES activities (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);

CREATE TABLE works (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  kind text NOT NULL,
  title text NOT NULL DEFAULT '',
  body text NOT NULL DEFAULT '',
  characters int NOT NULL DEFAULT 0,
  status text NOT NULL CHECK (status IN ('draft', 'submitted', 'returned', 'accepted', 'withdrawn')),
  draft_version int NOT NULL DEFAULT 1,
  -- The day for which it counts: the day of first submission.
  counts_on date,
  created_at timestamptz NOT NULL,
  saved_at timestamptz NOT NULL,
  submitted_at timestamptz,
  decided_at timestamptz,
  decided_by uuid,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX works_person ON works (org_id, person_id, kind);
CREATE INDEX works_waiting ON works (org_id, status) WHERE status = 'submitted';

-- What was handed in, frozen; and what the reviewer said of it.
CREATE TABLE work_versions (
  org_id uuid NOT NULL,
  work_id uuid NOT NULL,
  number int NOT NULL,
  title text NOT NULL,
  body text NOT NULL,
  characters int NOT NULL,
  submitted_at timestamptz NOT NULL,
  decision text CHECK (decision IN ('accepted', 'returned', 'withdrawn')),
  decided_by uuid,
  decided_at timestamptz,
  remark text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, work_id, number),
  FOREIGN KEY (org_id, work_id) REFERENCES works (org_id, id)
);

CREATE TABLE study_entries (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  studied_on date NOT NULL,
  kind text NOT NULL CHECK (kind IN ('theory', 'professional', 'policy', 'network')),
  content text NOT NULL,
  minutes int NOT NULL CHECK (minutes BETWEEN 1 AND 720),
  excerpt text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  -- A correction withdraws the entry (its fact is reversed) and writes a new one.
  withdrawn_at timestamptz,
  withdrawn_reason text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX study_entries_person ON study_entries (org_id, person_id, studied_on);

CREATE TABLE plans (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  paper text NOT NULL CHECK (paper IN ('plan', 'summary')),
  level text NOT NULL CHECK (level IN ('organisation', 'group', 'teacher')),
  -- Group for `group`, person for `teacher`, the organisation itself otherwise.
  owner_id uuid NOT NULL,
  term_id text NOT NULL,
  parent_id uuid,
  title text NOT NULL,
  -- The form as it was when the paper was begun: [{key, label, hint, required, clause}].
  form jsonb NOT NULL,
  sections jsonb NOT NULL DEFAULT '{}',
  draft_version int NOT NULL DEFAULT 1,
  status text NOT NULL CHECK (status IN ('draft', 'submitted', 'returned', 'reviewed', 'filed')),
  filing_number text,
  stamped_on date,
  created_by uuid,
  created_at timestamptz NOT NULL,
  saved_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, paper, level, owner_id, term_id)
);

-- The steps of a paper: submitted, returned, reviewed, stamped and filed; who, when, with which opinion.
CREATE TABLE plan_steps (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  plan_id uuid NOT NULL,
  step text NOT NULL CHECK (step IN ('submitted', 'returned', 'reviewed', 'filed')),
  person_id uuid,
  at timestamptz NOT NULL,
  opinion text NOT NULL DEFAULT '',
  sections jsonb NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, plan_id) REFERENCES plans (org_id, id)
);

CREATE TABLE scores (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  subject_kind text NOT NULL CHECK (subject_kind IN ('person', 'unit')),
  subject_id uuid NOT NULL,
  part text NOT NULL CHECK (part IN ('check', 'evaluation')),
  voice text NOT NULL DEFAULT '',
  title text NOT NULL,
  scored_on date NOT NULL,
  points numeric NOT NULL CHECK (points BETWEEN 0 AND 100),
  remark text NOT NULL DEFAULT '',
  recorded_by uuid,
  recorded_at timestamptz NOT NULL,
  reversed_at timestamptz,
  PRIMARY KEY (org_id, id)
);

-- A paper issued by the system: its data frozen, its number public, so that anybody can verify it.
CREATE TABLE issued_documents (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  kind text NOT NULL,
  subject_kind text NOT NULL,
  subject_id uuid NOT NULL,
  title text NOT NULL,
  code text NOT NULL,
  template_version text NOT NULL,
  data jsonb NOT NULL,
  data_hash text NOT NULL,
  issued_on date NOT NULL,
  issued_by uuid,
  issued_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX issued_documents_subject ON issued_documents (org_id, subject_kind, subject_id, kind);
