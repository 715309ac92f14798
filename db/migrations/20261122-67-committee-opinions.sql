-- What a body (评审小组, 领导小组) thinks of a nomination, or of the conditions of study as a whole; the latest of a body holds.
CREATE TABLE committee_opinions (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  about text NOT NULL CHECK (about IN ('growth', 'environment')),
  -- The nomination; null for the conditions of study.
  proposal_id uuid,
  unit_id uuid NOT NULL,
  person_id uuid,
  agrees boolean NOT NULL,
  note text NOT NULL DEFAULT '',
  given_on date NOT NULL,
  given_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  FOREIGN KEY (org_id, proposal_id) REFERENCES growth_proposals (org_id, id),
  CHECK ((about = 'growth') = (proposal_id IS NOT NULL))
);
CREATE INDEX committee_opinions_proposal ON committee_opinions (org_id, proposal_id);
