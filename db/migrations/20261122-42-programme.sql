-- Programmes of several years with phases and what each phase has to bring. A district's programme is delivered by its
-- schools: then the delivery lies with the school and names the programme of the district.

CREATE TABLE programmes (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  title text NOT NULL,
  -- Names the flow in the facts of its steps; the id unless the regime has a word for it.
  flow text NOT NULL,
  aim text NOT NULL DEFAULT '',
  basis text NOT NULL DEFAULT '',
  status text NOT NULL CHECK (status IN ('draft', 'published', 'closed')),
  version int NOT NULL DEFAULT 1,
  created_by uuid,
  created_at timestamptz NOT NULL,
  published_at timestamptz,
  closed_at timestamptz,
  PRIMARY KEY (org_id, id)
);

CREATE TABLE programme_phases (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  programme_id uuid NOT NULL,
  position int NOT NULL,
  title text NOT NULL,
  from_on date NOT NULL,
  to_on date NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, programme_id) REFERENCES programmes (org_id, id) ON DELETE CASCADE,
  CHECK (from_on <= to_on)
);
CREATE INDEX programme_phases_programme ON programme_phases (org_id, programme_id);

CREATE TABLE programme_deliverables (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  programme_id uuid NOT NULL,
  phase_id uuid NOT NULL,
  position int NOT NULL,
  title text NOT NULL,
  -- Names the step in its fact.
  step text NOT NULL,
  -- Who delivers: the organisation, every group of the kind, or (a district's) every school.
  owner text NOT NULL CHECK (owner IN ('organisation', 'units', 'schools')),
  unit_kind text,
  due_on date NOT NULL,
  -- What it is: a plan or summary counts as filed with it, all else as a step done.
  artefact text NOT NULL CHECK (artefact IN ('plan', 'summary', 'activity', 'document', 'any')),
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, programme_id) REFERENCES programmes (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, phase_id) REFERENCES programme_phases (org_id, id) ON DELETE CASCADE
);
CREATE INDEX programme_deliverables_programme ON programme_deliverables (org_id, programme_id);

CREATE TABLE programme_deliveries (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  programme_id uuid NOT NULL,
  deliverable_id uuid NOT NULL,
  -- The group that delivered; null for the organisation itself.
  unit_id uuid,
  -- The record that is it: plan, activity or regulation; null where files or a note are.
  link_room text CHECK (link_room IN ('plan', 'activity', 'regulation')),
  link_id uuid,
  link_title text NOT NULL DEFAULT '',
  note text NOT NULL DEFAULT '',
  status text NOT NULL CHECK (status IN ('draft', 'delivered', 'withdrawn')),
  delivered_on date,
  delivered_by uuid,
  delivered_at timestamptz,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  CHECK ((link_room IS NULL) = (link_id IS NULL))
);
CREATE UNIQUE INDEX programme_deliveries_one ON programme_deliveries (org_id, deliverable_id, unit_id) NULLS NOT DISTINCT
  WHERE status <> 'withdrawn';
