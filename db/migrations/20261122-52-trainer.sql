-- Trainers and experts: the pool, invitations (also to be an adviser), lectures and guidance given, what people thought.

CREATE TABLE trainers (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  level text NOT NULL,
  employer text NOT NULL DEFAULT '',
  field text NOT NULL DEFAULT '',
  phone text NOT NULL DEFAULT '',
  -- As what the regime counts this person; null: by kind and level.
  counts_as text[],
  -- Somebody of the own staff.
  person_id uuid,
  -- In a district's pool: somebody on the staff of one of its schools.
  home_org_id uuid,
  home_person_id uuid,
  -- In a school's pool: whom the district offers.
  district_trainer_id uuid,
  -- In a district's pool: schools may invite this person.
  offered boolean NOT NULL DEFAULT false,
  left_on date,
  added_by uuid,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id),
  CHECK ((home_org_id IS NULL) = (home_person_id IS NULL))
);
CREATE UNIQUE INDEX trainers_person ON trainers (org_id, person_id) WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX trainers_district ON trainers (org_id, district_trainer_id) WHERE district_trainer_id IS NOT NULL;
CREATE UNIQUE INDEX trainers_home ON trainers (org_id, home_person_id) WHERE home_person_id IS NOT NULL;

-- 教导处 proposes, the principal approves: to be an adviser for a term, or to come for a lecture or guidance.
CREATE TABLE trainer_invitations (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  trainer_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('adviser', 'lecture', 'guidance')),
  -- The title of an adviser, or what the lecture or guidance is about.
  subject text NOT NULL,
  -- Adviser: a word of the regime for the duty, empty where it has none.
  duty text NOT NULL DEFAULT '',
  -- Adviser: the term; else the day that is meant, in from_on alone.
  from_on date NOT NULL,
  to_on date,
  place text NOT NULL DEFAULT '',
  -- Yuan; null: none was agreed.
  fee numeric(10, 2) CHECK (fee >= 0),
  status text NOT NULL CHECK (status IN ('proposed', 'approved', 'refused', 'withdrawn')),
  reason text NOT NULL DEFAULT '',
  -- Number of the letter of appointment, given with the approval.
  letter_number text NOT NULL DEFAULT '',
  proposed_by uuid,
  proposed_at timestamptz NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, trainer_id) REFERENCES trainers (org_id, id),
  CHECK (to_on IS NULL OR from_on <= to_on),
  CHECK (kind <> 'adviser' OR to_on IS NOT NULL)
);
CREATE INDEX trainer_invitations_trainer ON trainer_invitations (org_id, trainer_id);

-- A lecture or guidance that was given.
CREATE TABLE contributions (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('lecture', 'guidance')),
  -- Who gave it: somebody of the pool, somebody else of the staff, or a body; just one of them.
  trainer_id uuid,
  guide_person_id uuid,
  guide_unit_id uuid,
  guide_word text NOT NULL DEFAULT '',
  invitation_id uuid,
  -- The activity of the calendar; its own records say when and who.
  activity_id uuid,
  activity_kind text NOT NULL DEFAULT '',
  subject text NOT NULL,
  held_on date NOT NULL,
  minutes int NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
  guidance_kind text NOT NULL DEFAULT '',
  mode text NOT NULL DEFAULT '',
  answered boolean NOT NULL DEFAULT true,
  beneficiary text NOT NULL DEFAULT '',
  -- Whom it was for: a group, some people, one of a district's schools; none of them: the whole organisation.
  unit_id uuid,
  person_ids uuid[] NOT NULL DEFAULT '{}',
  school_id uuid,
  note text NOT NULL DEFAULT '',
  fee numeric(10, 2) CHECK (fee >= 0),
  withdrawn_because text,
  recorded_by uuid,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, trainer_id) REFERENCES trainers (org_id, id),
  FOREIGN KEY (org_id, guide_person_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, guide_unit_id) REFERENCES units (org_id, id),
  FOREIGN KEY (org_id, invitation_id) REFERENCES trainer_invitations (org_id, id),
  FOREIGN KEY (org_id, activity_id) REFERENCES activities (org_id, id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  CHECK (num_nonnulls(trainer_id, guide_person_id, guide_unit_id) = 1)
);
CREATE INDEX contributions_day ON contributions (org_id, held_on);
CREATE INDEX contributions_activity ON contributions (org_id, activity_id) WHERE activity_id IS NOT NULL;

-- What somebody who was there thought of it.
CREATE TABLE contribution_ratings (
  org_id uuid NOT NULL REFERENCES organisations (id),
  contribution_id uuid NOT NULL,
  person_id uuid NOT NULL,
  stars int NOT NULL CHECK (stars BETWEEN 1 AND 5),
  sentence text NOT NULL DEFAULT '',
  rated_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, contribution_id, person_id),
  FOREIGN KEY (org_id, contribution_id) REFERENCES contributions (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);

-- Who teaches at an activity (of the pool), in which ways it works and for whom; null: not said, then it follows from the kind and the people.
ALTER TABLE activities
  ADD COLUMN trainer_id uuid,
  ADD COLUMN modes text[],
  ADD COLUMN audience text[],
  ADD FOREIGN KEY (org_id, trainer_id) REFERENCES trainers (org_id, id);

-- Titles and honours of a group, the school, or (in a district) of one of its schools.
CREATE TABLE held_titles (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  -- Null: the organisation itself.
  unit_id uuid,
  school_id uuid,
  holder_name text NOT NULL,
  title text NOT NULL,
  level text NOT NULL,
  granted_on date NOT NULL,
  proof text NOT NULL DEFAULT '',
  withdrawn_because text,
  recorded_by uuid,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id)
);
