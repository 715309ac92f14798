-- Attendance: advice on leave, two activities at one hour, the history of corrections, appeals, training by others.

ALTER TABLE leaves DROP CONSTRAINT leaves_kind_check;
ALTER TABLE leaves ADD CONSTRAINT leaves_kind_check
  CHECK (kind IN ('personal', 'sick', 'duty', 'study', 'family', 'other'));
-- What the group leader says before 教导处 decides.
ALTER TABLE leaves ADD COLUMN advice text CHECK (advice IN ('support', 'oppose'));
ALTER TABLE leaves ADD COLUMN advice_note text NOT NULL DEFAULT '';
ALTER TABLE leaves ADD COLUMN advised_by uuid;
ALTER TABLE leaves ADD COLUMN advised_at timestamptz;
-- The other activity at the same hour that the person attended; the request was then made by itself.
ALTER TABLE leaves ADD COLUMN clash_activity_id uuid;
-- Rises with each approval, so that a leave granted again leaves a new fact.
ALTER TABLE leaves ADD COLUMN approvals int NOT NULL DEFAULT 0;

-- Every correction after closing; only added to.
CREATE TABLE attendance_changes (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  activity_id uuid NOT NULL,
  person_id uuid NOT NULL,
  from_status text,
  to_status text NOT NULL,
  source text NOT NULL,
  reason text NOT NULL,
  changed_at timestamptz NOT NULL,
  changed_by uuid,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, activity_id) REFERENCES activities (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX attendance_changes_person ON attendance_changes (org_id, person_id, activity_id);

CREATE TABLE attendance_appeals (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  activity_id uuid NOT NULL,
  person_id uuid NOT NULL,
  recorded text NOT NULL,
  wanted text NOT NULL CHECK (wanted IN ('present', 'late', 'leftEarly', 'onLeave', 'absent')),
  reason text NOT NULL,
  asked_at timestamptz NOT NULL,
  status text NOT NULL CHECK (status IN ('asked', 'granted', 'refused', 'withdrawn')),
  answer text NOT NULL DEFAULT '',
  answered_by uuid,
  answered_at timestamptz,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, activity_id, person_id),
  FOREIGN KEY (org_id, activity_id) REFERENCES activities (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX attendance_appeals_waiting ON attendance_appeals (org_id, asked_at) WHERE status = 'asked';

-- Training organised by others (学区、进修学校、市、省), recorded afterwards for several people at once.
CREATE TABLE outside_trainings (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  title text NOT NULL,
  kind text NOT NULL,
  organiser text NOT NULL,
  organiser_name text NOT NULL,
  place text NOT NULL DEFAULT '',
  held_on date NOT NULL,
  ended_on date NOT NULL,
  minutes int NOT NULL,
  note text NOT NULL DEFAULT '',
  -- `reported` by a teacher, `confirmed` when it counts, `removed` when it was a mistake.
  status text NOT NULL CHECK (status IN ('reported', 'returned', 'confirmed', 'removed')),
  recorded_by uuid,
  recorded_at timestamptz NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  decision_note text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, id)
);
CREATE INDEX outside_trainings_day ON outside_trainings (org_id, held_on);
CREATE INDEX outside_trainings_waiting ON outside_trainings (org_id, recorded_at) WHERE status = 'reported';

CREATE TABLE outside_training_people (
  org_id uuid NOT NULL,
  training_id uuid NOT NULL,
  person_id uuid NOT NULL,
  status text NOT NULL CHECK (status IN ('present', 'late', 'leftEarly', 'onLeave', 'absent')),
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (org_id, training_id, person_id),
  FOREIGN KEY (org_id, training_id) REFERENCES outside_trainings (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX outside_training_people_person ON outside_training_people (org_id, person_id);
