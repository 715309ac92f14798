-- Regulations of a school (or district): named texts in clauses, discussed with the teachers, approved, in force from
-- a day, replaced or repealed. A regulation has versions; each has its own text, consultation and approval.

CREATE TABLE regulations (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  kind text NOT NULL,
  -- Rules of the regimes that rest on it: xinglong-15.
  rule_ids text[] NOT NULL DEFAULT '{}',
  created_by uuid,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);

CREATE TABLE regulation_versions (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  regulation_id uuid NOT NULL,
  number int NOT NULL,
  title text NOT NULL,
  document_number text NOT NULL DEFAULT '',
  numbering text NOT NULL CHECK (numbering IN ('article', 'chinese', 'arabic')),
  -- Why it is made or what the revision changes.
  note text NOT NULL DEFAULT '',
  -- [{ "id", "kind": "chapter" | "clause", "text" }]; numbers follow from the order.
  clauses jsonb NOT NULL,
  -- The text as it was laid before the teachers.
  consulted_clauses jsonb,
  consult_from date,
  consult_to date,
  consult_closed_at timestamptz,
  approved_by uuid,
  approved_role text,
  approved_at timestamptz,
  remark text NOT NULL DEFAULT '',
  in_force_from date,
  in_force_to date,
  -- Set where it ends without a successor.
  repeal_reason text,
  draft_version int NOT NULL DEFAULT 1,
  created_by uuid,
  saved_by uuid,
  saved_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, regulation_id, number),
  FOREIGN KEY (org_id, regulation_id) REFERENCES regulations (org_id, id) ON DELETE CASCADE,
  CHECK (consult_from <= consult_to),
  CHECK ((approved_at IS NULL) = (in_force_from IS NULL))
);
-- One text at a time is being made.
CREATE UNIQUE INDEX regulation_versions_open ON regulation_versions (org_id, regulation_id) WHERE approved_at IS NULL;

CREATE TABLE regulation_opinions (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  version_id uuid NOT NULL,
  -- Null: on the whole text.
  clause_id text,
  person_id uuid NOT NULL,
  stance text NOT NULL CHECK (stance IN ('support', 'change')),
  text text NOT NULL DEFAULT '',
  at timestamptz NOT NULL,
  answer text CHECK (answer IN ('adopted', 'partly', 'notAdopted')),
  answer_reason text NOT NULL DEFAULT '',
  answered_by uuid,
  answered_at timestamptz,
  PRIMARY KEY (org_id, id),
  UNIQUE NULLS NOT DISTINCT (org_id, version_id, person_id, clause_id),
  FOREIGN KEY (org_id, version_id) REFERENCES regulation_versions (org_id, id) ON DELETE CASCADE
);
