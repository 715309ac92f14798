-- Bodies (term of office, appointment paper, members by rule), duties, study environment with requests, growth ladder.

-- What is known of a body beside its unit, posts and members.
CREATE TABLE body_terms (
  org_id uuid NOT NULL REFERENCES organisations (id),
  unit_id uuid NOT NULL,
  from_on date NOT NULL,
  to_on date,
  -- The appointment paper: a regulation of the school, or its name and number; scans hang on the unit.
  regulation_id uuid,
  paper text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, unit_id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  CHECK (to_on IS NULL OR from_on <= to_on)
);

-- Everybody who meets the condition is a member as long as it holds.
CREATE TABLE body_member_rules (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  unit_id uuid NOT NULL,
  label text NOT NULL,
  condition text NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, unit_id, condition),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id)
);
-- Who is a member by such a rule and not by name.
CREATE TABLE body_members_by_rule (
  org_id uuid NOT NULL REFERENCES organisations (id),
  unit_id uuid NOT NULL,
  person_id uuid NOT NULL,
  PRIMARY KEY (org_id, unit_id, person_id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);

CREATE TABLE duties (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  -- A word of the regime; empty where the school puts it in its own words.
  duty text NOT NULL DEFAULT '',
  statement text NOT NULL,
  layer text NOT NULL DEFAULT '',
  role text NOT NULL DEFAULT '',
  -- 第一责任人
  first_responsible boolean NOT NULL,
  holder_kind text NOT NULL CHECK (holder_kind IN ('person', 'unit', 'organisation')),
  holder_id uuid NOT NULL,
  from_on date NOT NULL,
  -- The last day on which it was held.
  to_on date,
  withdrawn_because text,
  assigned_by uuid,
  assigned_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  CHECK (to_on IS NULL OR from_on <= to_on)
);
CREATE INDEX duties_holder ON duties (org_id, holder_id);

CREATE TABLE environment_items (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  place text NOT NULL DEFAULT '',
  note text NOT NULL DEFAULT '',
  keeper_id uuid,
  from_on date NOT NULL,
  to_on date,
  withdrawn_because text,
  registered_by uuid,
  registered_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, keeper_id) REFERENCES people (org_id, id),
  CHECK (to_on IS NULL OR from_on <= to_on)
);

CREATE TABLE supply_requests (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  what text NOT NULL,
  purpose text NOT NULL DEFAULT '',
  needed_on date NOT NULL,
  requested_by uuid NOT NULL,
  requested_on date NOT NULL,
  status text NOT NULL CHECK (status IN ('requested', 'delivered', 'declined', 'withdrawn')),
  settled_by uuid,
  settled_on date,
  note text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, requested_by) REFERENCES people (org_id, id)
);

-- Steps of the ladder and titles of the 骨干 pool: proposed by the offices, confirmed by the principal.
CREATE TABLE growth_proposals (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('step', 'candidate', 'title')),
  -- The step; for candidates and titles the title with its level.
  word text NOT NULL,
  level text NOT NULL DEFAULT '',
  from_on date NOT NULL,
  proof text NOT NULL DEFAULT '',
  status text NOT NULL CHECK (status IN ('proposed', 'confirmed', 'returned', 'withdrawn')),
  note text NOT NULL DEFAULT '',
  proposed_by uuid,
  proposed_at timestamptz NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX growth_proposals_person ON growth_proposals (org_id, person_id);

-- What was done to train a candidate.
CREATE TABLE candidate_trainings (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  candidate_id uuid NOT NULL,
  held_on date NOT NULL,
  what text NOT NULL,
  recorded_by uuid,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, candidate_id) REFERENCES growth_proposals (org_id, id)
);
CREATE INDEX candidate_trainings_candidate ON candidate_trainings (org_id, candidate_id);
