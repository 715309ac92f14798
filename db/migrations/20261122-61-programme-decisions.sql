-- What was handed in for a programme is accepted by its receiver (教导处; for a district's programme the district) or
-- returned with the reason; and what has happened to it so far.

ALTER TABLE programme_deliveries DROP CONSTRAINT programme_deliveries_status_check;
ALTER TABLE programme_deliveries ADD CONSTRAINT programme_deliveries_status_check
  CHECK (status IN ('draft', 'delivered', 'accepted', 'returned', 'withdrawn'));
ALTER TABLE programme_deliveries ADD COLUMN decided_by_name text NOT NULL DEFAULT '';
ALTER TABLE programme_deliveries ADD COLUMN decided_on date;
ALTER TABLE programme_deliveries ADD COLUMN decision_note text NOT NULL DEFAULT '';

-- Handed in, taken back, accepted, returned: by whom and why. Only added to.
CREATE TABLE programme_delivery_events (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  what text NOT NULL CHECK (what IN ('delivered', 'withdrawn', 'accepted', 'returned')),
  at timestamptz NOT NULL,
  by_name text NOT NULL,
  note text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, delivery_id) REFERENCES programme_deliveries (org_id, id)
);
CREATE INDEX programme_delivery_events_delivery ON programme_delivery_events (org_id, delivery_id);

-- In the scope of a district: what its schools have handed in, written with the delivery, so that the district need not
-- look into every school to see what waits.
CREATE TABLE programme_receipts (
  org_id uuid NOT NULL REFERENCES organisations (id),
  delivery_id uuid NOT NULL,
  school_id uuid NOT NULL,
  programme_id uuid NOT NULL,
  deliverable_id uuid NOT NULL,
  delivered_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, delivery_id),
  FOREIGN KEY (org_id, programme_id) REFERENCES programmes (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, deliverable_id) REFERENCES programme_deliverables (org_id, id) ON DELETE CASCADE
);
