-- Activities: what starting, correcting and the rotating number need.

-- The number for signing in turns with the code and is derived, never stored.
ALTER TABLE activities DROP COLUMN short_number;

ALTER TABLE activities ADD COLUMN minutes_saved_at timestamptz;
ALTER TABLE activities ADD COLUMN minutes_saved_by uuid;
ALTER TABLE activities ADD COLUMN cancelled_reason text;

-- Each correction after closing leaves new facts under the next version.
ALTER TABLE attendance ADD COLUMN version int NOT NULL DEFAULT 1;

CREATE INDEX activities_running ON activities (org_id) WHERE status = 'running';
CREATE INDEX leaves_activity ON leaves (org_id, activity_id);
CREATE INDEX leaves_waiting ON leaves (org_id, asked_at) WHERE status = 'asked';
CREATE INDEX make_ups_person ON make_ups (org_id, person_id);
CREATE INDEX make_ups_handed_in ON make_ups (org_id, handed_in_at) WHERE status = 'handedIn';
