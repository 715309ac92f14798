-- Training by need: surveys, weaknesses found, and the modules of a term by layer, with the activities that carry them.

-- What a school makes of the usual layers (who is young, who is new), as data.
CREATE TABLE need_layers (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id text NOT NULL,
  label text NOT NULL,
  -- { "ageAtMost": 35, "yearsTeachingAtMost": 2, "yearsTeachingAtLeast": 15, "backbone": true }
  criteria jsonb NOT NULL,
  retired_on date,
  PRIMARY KEY (org_id, id)
);

CREATE TABLE need_surveys (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  note text NOT NULL DEFAULT '',
  -- Layers that are asked; everybody in one of them is.
  layers text[] NOT NULL,
  due_on date NOT NULL,
  anonymous boolean NOT NULL,
  -- Whether those who answered see the counts once it is closed.
  shares_summary boolean NOT NULL,
  -- [{ "id", "kind": "modules" | "forms" | "one" | "several" | "text", "label", "most", "options": [{ "id", "label" }] }]
  questions jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('draft', 'open', 'closed')),
  version int NOT NULL DEFAULT 1,
  created_by uuid,
  created_at timestamptz NOT NULL,
  opened_at timestamptz,
  closed_at timestamptz,
  PRIMARY KEY (org_id, id)
);

-- Who was asked when it was opened, with the layers of that day. Of an anonymous survey it says only whether, not when.
CREATE TABLE need_survey_people (
  org_id uuid NOT NULL,
  survey_id uuid NOT NULL,
  person_id uuid NOT NULL,
  layers text[] NOT NULL,
  answered boolean NOT NULL DEFAULT false,
  PRIMARY KEY (org_id, survey_id, person_id),
  FOREIGN KEY (org_id, survey_id) REFERENCES need_surveys (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX need_survey_people_person ON need_survey_people (org_id, person_id) WHERE NOT answered;

-- An answer. Of an anonymous survey: without person, without time, under an id that tells no order.
CREATE TABLE need_survey_answers (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  survey_id uuid NOT NULL,
  person_id uuid,
  layers text[] NOT NULL,
  answers jsonb NOT NULL,
  answered_at timestamptz,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, survey_id, person_id),
  FOREIGN KEY (org_id, survey_id) REFERENCES need_surveys (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);

-- The plan of a term; its modules are seen by all once it is published.
CREATE TABLE need_plans (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  term_id text NOT NULL,
  published_at timestamptz,
  published_by uuid,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, term_id)
);

CREATE TABLE need_modules (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  term_id text NOT NULL,
  title text NOT NULL,
  -- Term of the list of contents; empty where the module has none.
  content_tag text NOT NULL DEFAULT '',
  layer text NOT NULL,
  form text NOT NULL DEFAULT '',
  activity_kind text NOT NULL DEFAULT '',
  planned_minutes int NOT NULL CHECK (planned_minutes BETWEEN 0 AND 60000),
  responsible_id uuid NOT NULL,
  -- The group that holds it; null for the school.
  unit_id uuid,
  -- A guidance course beside the training itself.
  guidance_course boolean NOT NULL DEFAULT false,
  aim text NOT NULL DEFAULT '',
  -- The survey that showed the need; weaknesses name the module themselves.
  survey_id uuid,
  created_by uuid,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, responsible_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  FOREIGN KEY (org_id, survey_id) REFERENCES need_surveys (org_id, id)
);
CREATE INDEX need_modules_term ON need_modules (org_id, term_id);

CREATE TABLE need_module_activities (
  org_id uuid NOT NULL,
  module_id uuid NOT NULL,
  activity_id uuid NOT NULL,
  PRIMARY KEY (org_id, activity_id),
  FOREIGN KEY (org_id, module_id) REFERENCES need_modules (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, activity_id) REFERENCES activities (org_id, id)
);
CREATE INDEX need_module_activities_module ON need_module_activities (org_id, module_id);

-- A weakness that leaders found, of a group or the school: in a lesson, a check, a talk.
CREATE TABLE need_weaknesses (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  unit_id uuid,
  layer text NOT NULL DEFAULT '',
  content_tag text NOT NULL DEFAULT '',
  text text NOT NULL,
  found_on date NOT NULL,
  source text NOT NULL CHECK (source IN ('lesson', 'check', 'talk', 'results', 'other')),
  observation_id uuid,
  -- The module that answers it.
  module_id uuid,
  noted_by uuid,
  noted_at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  FOREIGN KEY (org_id, observation_id) REFERENCES observations (org_id, id),
  FOREIGN KEY (org_id, module_id) REFERENCES need_modules (org_id, id)
);
CREATE INDEX need_weaknesses_module ON need_weaknesses (org_id, module_id);
