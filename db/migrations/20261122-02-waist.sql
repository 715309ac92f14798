-- The narrow waist: facts, what is derived from them, and the proof of who did what.

CREATE TABLE facts (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  kind text NOT NULL,
  subject_kind text NOT NULL CHECK (subject_kind IN ('person', 'unit', 'organisation')),
  subject_id uuid NOT NULL,
  -- The day for which it counts, and the instant at which it became known.
  counts_on date NOT NULL,
  recorded_at timestamptz NOT NULL,
  quantity numeric NOT NULL,
  attributes jsonb NOT NULL,
  source_room text NOT NULL,
  source_id uuid NOT NULL,
  reverses uuid,
  -- The same act sent twice leaves one fact.
  idempotency_key text NOT NULL,
  recorded_by uuid,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, idempotency_key)
);
CREATE INDEX facts_subject ON facts (org_id, subject_kind, subject_id, counts_on);
CREATE INDEX facts_source ON facts (org_id, source_room, source_id);
CREATE UNIQUE INDEX facts_reversed_once ON facts (org_id, reverses) WHERE reverses IS NOT NULL;

-- Subjects whose findings must be computed again; written with the fact, deleted by the job.
CREATE TABLE recompute_marks (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  subject_kind text NOT NULL,
  subject_id uuid NOT NULL,
  marked_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);

-- All findings of one subject in one school year; replaced as a whole, can always be rebuilt from facts.
CREATE TABLE finding_sets (
  org_id uuid NOT NULL REFERENCES organisations (id),
  subject_kind text NOT NULL,
  subject_id uuid NOT NULL,
  school_year_id text NOT NULL,
  evaluated_on date NOT NULL,
  evaluated_at timestamptz NOT NULL,
  findings jsonb NOT NULL,
  -- Per rule what a board shows, see engine/summary.
  summary jsonb NOT NULL,
  PRIMARY KEY (org_id, school_year_id, subject_kind, subject_id)
);

-- Figures of one school, kept in the district's own scope, so that the district reads no school's tables.
CREATE TABLE district_figures (
  org_id uuid NOT NULL REFERENCES organisations (id),
  school_id uuid NOT NULL,
  school_year_id text NOT NULL,
  school_name text NOT NULL,
  figures jsonb NOT NULL,
  computed_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, school_year_id, school_id)
);

CREATE TABLE audit_entries (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  actor_name text NOT NULL,
  actor_person_id uuid,
  type text NOT NULL,
  record_room text NOT NULL,
  record_id uuid,
  payload jsonb NOT NULL,
  PRIMARY KEY (org_id, id)
);

-- A chain of hashes over the audit log: each seal covers the entries since the last one.
CREATE TABLE audit_seals (
  org_id uuid NOT NULL REFERENCES organisations (id),
  number int NOT NULL,
  sealed_at timestamptz NOT NULL,
  entry_ids uuid[] NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (org_id, number)
);
CREATE TABLE audit_unsealed (
  org_id uuid NOT NULL REFERENCES organisations (id),
  entry_id uuid NOT NULL,
  PRIMARY KEY (org_id, entry_id)
);

-- Answers already given to a request, so that the same request sent twice acts once.
CREATE TABLE request_answers (
  org_id uuid NOT NULL REFERENCES organisations (id),
  account_id uuid NOT NULL,
  idempotency_key text NOT NULL,
  endpoint text NOT NULL,
  input_hash text NOT NULL,
  answer jsonb NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (org_id, account_id, idempotency_key)
);

CREATE TABLE attachments (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  -- The record to which it belongs; `draft` until the record is saved.
  owner_room text NOT NULL,
  owner_id uuid NOT NULL,
  name text NOT NULL,
  media_type text NOT NULL,
  size_bytes bigint NOT NULL,
  sha256 text NOT NULL,
  uploaded_by uuid,
  uploaded_at timestamptz NOT NULL,
  removed_at timestamptz,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX attachments_owner ON attachments (org_id, owner_room, owner_id);
