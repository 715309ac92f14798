-- A school's own versions of a regime, the readings it decided, what people confirmed by hand, and results that were
-- confirmed and never change.

CREATE TABLE regime_drafts (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  regime_id text NOT NULL,
  title text NOT NULL,
  version text NOT NULL,
  -- What it was made from, for people: 兴隆小学校本研修制度 第 2026.1 版.
  origin_kind text NOT NULL CHECK (origin_kind IN ('preset', 'district', 'own', 'file')),
  origin_name text NOT NULL,
  -- The whole text of the origin and of the version itself, as YAML.
  base text NOT NULL,
  text text NOT NULL,
  -- Rules that do not hold at this school, by id with the reason.
  switched_off jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('draft', 'submitted', 'confirmed', 'discarded')),
  school_year_id text,
  from_on date,
  remark text,
  row_version int NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  submitted_by uuid,
  submitted_at timestamptz,
  decided_by uuid,
  decided_at timestamptz,
  adoption_id uuid,
  PRIMARY KEY (org_id, id)
);

-- Who decided how a value is read that the document leaves open; holds as long as the value is the same.
CREATE TABLE regime_readings (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  regime_id text NOT NULL,
  setting text NOT NULL,
  value jsonb NOT NULL,
  -- 'kept': the default reading was confirmed; 'changed': another value was set.
  decision text NOT NULL CHECK (decision IN ('kept', 'changed')),
  decided_by uuid,
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX regime_readings_setting ON regime_readings (org_id, regime_id, setting, decided_at);

-- What the engine holds only as 由人确认: who confirmed it for whom and which period.
CREATE TABLE duty_confirmations (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  regime_id text NOT NULL,
  rule_id text NOT NULL,
  subject_kind text NOT NULL CHECK (subject_kind IN ('person', 'unit', 'organisation')),
  subject_id uuid NOT NULL,
  school_year_id text NOT NULL,
  period_id text NOT NULL,
  period_label text NOT NULL,
  counts_on date NOT NULL,
  result text NOT NULL CHECK (result IN ('done', 'notDone', 'notDue')),
  sentence text NOT NULL,
  link text,
  confirmed_by uuid,
  confirmed_at timestamptz NOT NULL,
  withdrawn_by uuid,
  withdrawn_at timestamptz,
  withdrawn_because text,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX duty_confirmations_one
  ON duty_confirmations (org_id, rule_id, subject_id, period_id) WHERE withdrawn_at IS NULL;
CREATE INDEX duty_confirmations_year ON duty_confirmations (org_id, school_year_id);

-- Results of a term or a school year with the whole explanation, as they were when they were confirmed.
CREATE TABLE confirmed_results (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  subject_kind text NOT NULL CHECK (subject_kind IN ('person', 'unit', 'organisation')),
  subject_id uuid NOT NULL,
  school_year_id text NOT NULL,
  -- A term's id, or the school year's.
  span_id text NOT NULL,
  -- 1 for the first; each later entry follows a correction.
  sequence int NOT NULL,
  findings jsonb NOT NULL,
  traces jsonb NOT NULL,
  digest text NOT NULL,
  remark text,
  confirmed_by uuid,
  confirmed_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, subject_kind, subject_id, span_id, sequence)
);
