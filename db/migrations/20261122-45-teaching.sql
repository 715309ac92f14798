-- Work on lessons in ordered steps (一课六环节, 行动研究, 课例研究), designs with their versions, and 说课.

-- One matter that goes through the steps of a flow: of one person, or of a whole group.
CREATE TABLE flow_runs (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  -- Under which word its facts stand; that of the lessons once one is linked.
  case_id uuid NOT NULL,
  -- Begun together for the members of a group.
  batch_id uuid NOT NULL,
  flow text NOT NULL,
  flow_label text NOT NULL,
  clause text NOT NULL DEFAULT '',
  title text NOT NULL,
  -- The person whose matter it is; null where it belongs to the group as a whole.
  person_id uuid,
  unit_id uuid,
  ordered boolean NOT NULL,
  -- The steps as they were when it began: [{ id, label, actor, subject, word, lessonKinds, needsArtefact, optional, dueOn, hint, clause }]
  steps jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'finished', 'stopped')),
  reason text NOT NULL DEFAULT '',
  begun_by uuid,
  begun_on date NOT NULL,
  -- Whether it is spread, decided by 教导处.
  spread boolean,
  spread_reason text NOT NULL DEFAULT '',
  model text NOT NULL DEFAULT '',
  decided_by uuid,
  decided_on date,
  -- Counts how often its facts were left anew.
  revision int NOT NULL DEFAULT 1,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  CHECK (person_id IS NOT NULL OR unit_id IS NOT NULL)
);
CREATE INDEX flow_runs_person ON flow_runs (org_id, person_id);
CREATE INDEX flow_runs_unit ON flow_runs (org_id, unit_id);

-- What somebody left at a step; a draft until it is done.
CREATE TABLE flow_entries (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  run_id uuid NOT NULL,
  step text NOT NULL,
  person_id uuid NOT NULL,
  body text NOT NULL DEFAULT '',
  -- [{ room, id, label }] records that were there already; without foreign keys, they live in other rooms.
  links jsonb NOT NULL DEFAULT '[]',
  done_on date,
  done_at timestamptz,
  saved_at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  withdrawn_reason text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, run_id) REFERENCES flow_runs (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX flow_entries_run ON flow_entries (org_id, run_id);
-- The same step sent twice by the same person is one.
CREATE UNIQUE INDEX flow_entries_once ON flow_entries (org_id, run_id, step, person_id) WHERE withdrawn_at IS NULL;

-- A design of a lesson: one's own, shared by a group, or one's own version of a shared one.
CREATE TABLE designs (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('own', 'shared', 'personal')),
  title text NOT NULL,
  -- The drafter; of a personal version its owner.
  person_id uuid NOT NULL,
  unit_id uuid,
  -- The shared design of which it is a version, as it was then.
  parent_id uuid,
  parent_version int,
  -- The matter in steps to which it belongs, and the lesson; ids of records that others keep.
  run_id uuid,
  lesson_id uuid,
  status text NOT NULL CHECK (status IN ('drafting', 'discussing', 'final')),
  due_on date,
  minutes text NOT NULL DEFAULT '',
  minutes_on date,
  assigned_by uuid,
  created_at timestamptz NOT NULL,
  settled_on date,
  revision int NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  FOREIGN KEY (org_id, parent_id) REFERENCES designs (org_id, id)
);
CREATE INDEX designs_person ON designs (org_id, person_id);
CREATE INDEX designs_unit ON designs (org_id, unit_id);
CREATE INDEX designs_parent ON designs (org_id, parent_id);
CREATE UNIQUE INDEX designs_personal ON designs (org_id, parent_id, person_id) WHERE kind = 'personal';

CREATE TABLE design_versions (
  org_id uuid NOT NULL,
  design_id uuid NOT NULL,
  number int NOT NULL,
  body text NOT NULL,
  note text NOT NULL DEFAULT '',
  author_id uuid,
  saved_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, design_id, number),
  FOREIGN KEY (org_id, design_id) REFERENCES designs (org_id, id)
);

CREATE TABLE design_comments (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  design_id uuid NOT NULL,
  version int NOT NULL,
  -- The paragraph as it read then.
  quote text NOT NULL,
  text text NOT NULL,
  person_id uuid NOT NULL,
  at timestamptz NOT NULL,
  answer text NOT NULL DEFAULT '',
  answered_by uuid,
  answered_at timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, design_id) REFERENCES designs (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX design_comments_design ON design_comments (org_id, design_id);

-- 说课: the paper, the talk and its scores.
CREATE TABLE lesson_talks (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  -- The kind of activity at which it is given.
  occasion text NOT NULL,
  title text NOT NULL,
  sections jsonb NOT NULL DEFAULT '{}',
  version int NOT NULL DEFAULT 1,
  status text NOT NULL CHECK (status IN ('draft', 'submitted', 'returned', 'accepted')),
  submissions int NOT NULL DEFAULT 0,
  saved_at timestamptz NOT NULL,
  submitted_on date,
  -- Percent of its five-sign pieces that stand in another text, and which.
  similar_percent int,
  similar_to text NOT NULL DEFAULT '',
  original boolean,
  remark text NOT NULL DEFAULT '',
  decided_by uuid,
  decided_on date,
  seconds int CHECK (seconds > 0),
  limit_minutes int NOT NULL,
  spoken_on date,
  spoken_count int NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX lesson_talks_person ON lesson_talks (org_id, person_id);

CREATE TABLE lesson_talk_scores (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  talk_id uuid NOT NULL,
  judge_id uuid NOT NULL,
  -- The sheet as it was: { id, title, criteria: [{ id, label, hint, most }] }
  sheet jsonb NOT NULL,
  points jsonb NOT NULL,
  total int NOT NULL,
  comment text NOT NULL DEFAULT '',
  number int NOT NULL DEFAULT 1,
  scored_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, talk_id, judge_id),
  FOREIGN KEY (org_id, talk_id) REFERENCES lesson_talks (org_id, id),
  FOREIGN KEY (org_id, judge_id) REFERENCES people (org_id, id)
);

CREATE TABLE lesson_talk_settings (
  org_id uuid NOT NULL REFERENCES organisations (id),
  limit_minutes int NOT NULL CHECK (limit_minutes BETWEEN 1 AND 60),
  similar_percent int NOT NULL CHECK (similar_percent BETWEEN 5 AND 100),
  PRIMARY KEY (org_id)
);
