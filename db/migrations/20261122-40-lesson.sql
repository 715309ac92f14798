-- Lessons that colleagues may observe, notes of observations, sheets of criteria and the ratings made with them.

-- Whether a booking is confirmed before it is announced, and the periods of the school day. None: the usual ones.
CREATE TABLE lesson_settings (
  org_id uuid NOT NULL REFERENCES organisations (id),
  confirms boolean NOT NULL,
  -- [{ "number", "from": "08:20", "to": "09:00" }]
  periods jsonb NOT NULL,
  saved_by uuid,
  saved_at timestamptz NOT NULL,
  PRIMARY KEY (org_id)
);

CREATE TABLE lessons (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  -- The first lesson of a series that is taught again; the lesson itself where there is none before.
  case_id uuid NOT NULL,
  -- The lesson that this one teaches again, better.
  follows_id uuid,
  kind text NOT NULL,
  scope text NOT NULL CHECK (scope IN ('group', 'organisation', 'area', 'district', 'city', 'province')),
  teacher_id uuid NOT NULL,
  -- The group of the teacher on that day.
  unit_id uuid,
  guide_id uuid,
  subject text NOT NULL,
  class_name text NOT NULL,
  topic text NOT NULL,
  room text NOT NULL DEFAULT '',
  held_on date NOT NULL,
  period int NOT NULL CHECK (period BETWEEN 1 AND 12),
  content_tags text[] NOT NULL DEFAULT '{}',
  -- The research topic (课题) to which it belongs.
  research_topic_id uuid,
  -- What observers should look at.
  note text NOT NULL DEFAULT '',
  status text NOT NULL CHECK (status IN ('asked', 'booked', 'given', 'cancelled')),
  reason text NOT NULL DEFAULT '',
  -- Counts how often it was marked as given, so that each marking leaves its own fact.
  given_count int NOT NULL DEFAULT 0,
  given_at timestamptz,
  confirmed_by uuid,
  confirmed_at timestamptz,
  created_by uuid,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, follows_id) REFERENCES lessons (org_id, id),
  FOREIGN KEY (org_id, teacher_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, guide_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id)
);
CREATE INDEX lessons_day ON lessons (org_id, held_on, period);
CREATE INDEX lessons_teacher ON lessons (org_id, teacher_id, held_on);
CREATE INDEX lessons_case ON lessons (org_id, case_id);

-- What became of a lesson: asked for, confirmed, declined, changed, cancelled, given; with the reason.
CREATE TABLE lesson_steps (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  lesson_id uuid NOT NULL,
  step text NOT NULL CHECK (step IN ('asked', 'booked', 'confirmed', 'declined', 'changed', 'cancelled', 'given', 'notGiven')),
  person_id uuid,
  at timestamptz NOT NULL,
  reason text NOT NULL DEFAULT '',
  -- What was changed, in words: 11月20日 第3节 → 11月23日 第2节.
  detail text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, lesson_id) REFERENCES lessons (org_id, id)
);
CREATE INDEX lesson_steps_lesson ON lesson_steps (org_id, lesson_id, at);

CREATE TABLE lesson_observers (
  org_id uuid NOT NULL,
  lesson_id uuid NOT NULL,
  person_id uuid NOT NULL,
  enrolled_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, lesson_id, person_id),
  FOREIGN KEY (org_id, lesson_id) REFERENCES lessons (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX lesson_observers_person ON lesson_observers (org_id, person_id);

-- Sheets of criteria (评课表) as the school has made them; every saving is a new version.
CREATE TABLE lesson_sheets (
  org_id uuid NOT NULL REFERENCES organisations (id),
  sheet_id text NOT NULL,
  version int NOT NULL,
  title text NOT NULL,
  -- { steps: [{ label, share }], criteria: [{ id, label, hint, weight, section }], voices: { peers, leaders, experts, self } }
  content jsonb NOT NULL,
  retired boolean NOT NULL DEFAULT false,
  saved_by uuid,
  saved_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, sheet_id, version)
);

CREATE TABLE observations (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  -- Null: a lesson that nobody booked.
  lesson_id uuid,
  observer_id uuid NOT NULL,
  teacher_id uuid NOT NULL,
  held_on date NOT NULL,
  period int CHECK (period BETWEEN 1 AND 12),
  class_name text NOT NULL DEFAULT '',
  subject text NOT NULL DEFAULT '',
  topic text NOT NULL DEFAULT '',
  drop_in boolean NOT NULL DEFAULT false,
  content_tags text[] NOT NULL DEFAULT '{}',
  -- [{ "id", "minute": 12 | null, "text" }]
  notes jsonb NOT NULL DEFAULT '[]',
  -- The sheet as it was when the observation began; null: without a sheet.
  sheet jsonb,
  -- { criterion: index of the step }
  scores jsonb NOT NULL DEFAULT '{}',
  comment text NOT NULL DEFAULT '',
  -- One thing to do next.
  action_step text NOT NULL DEFAULT '',
  -- The earlier visit whose action step is looked at, and whether it was followed.
  follows_id uuid,
  followed text CHECK (followed IN ('yes', 'partly', 'no')),
  status text NOT NULL CHECK (status IN ('draft', 'submitted')),
  draft_version int NOT NULL DEFAULT 1,
  submissions int NOT NULL DEFAULT 0,
  started_at timestamptz NOT NULL,
  saved_at timestamptz NOT NULL,
  submitted_at timestamptz,
  -- The teacher's part.
  read_at timestamptz,
  answer text NOT NULL DEFAULT '',
  answered_at timestamptz,
  -- 教导处 has looked at the notes.
  inspection text CHECK (inspection IN ('excellent', 'qualified', 'insufficient')),
  inspection_remark text NOT NULL DEFAULT '',
  inspected_by uuid,
  inspected_at timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, lesson_id) REFERENCES lessons (org_id, id),
  FOREIGN KEY (org_id, observer_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, teacher_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, follows_id) REFERENCES observations (org_id, id)
);
CREATE INDEX observations_observer ON observations (org_id, observer_id, held_on);
CREATE INDEX observations_teacher ON observations (org_id, teacher_id, held_on);
CREATE INDEX observations_lesson ON observations (org_id, lesson_id);
CREATE UNIQUE INDEX observations_once ON observations (org_id, lesson_id, observer_id) WHERE lesson_id IS NOT NULL;

-- Ratings of a lesson: one of each colleague; of an expert from outside by name.
CREATE TABLE lesson_ratings (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  lesson_id uuid NOT NULL,
  person_id uuid,
  expert_name text NOT NULL DEFAULT '',
  voice text NOT NULL CHECK (voice IN ('self', 'peers', 'leaders', 'experts')),
  sheet jsonb NOT NULL,
  scores jsonb NOT NULL,
  total numeric NOT NULL,
  comment text NOT NULL DEFAULT '',
  -- Counts corrections, so that each leaves its own facts.
  number int NOT NULL DEFAULT 1,
  rated_at timestamptz NOT NULL,
  recorded_by uuid,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, lesson_id) REFERENCES lessons (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE UNIQUE INDEX lesson_ratings_person ON lesson_ratings (org_id, lesson_id, person_id) WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX lesson_ratings_expert ON lesson_ratings (org_id, lesson_id, expert_name) WHERE person_id IS NULL;
