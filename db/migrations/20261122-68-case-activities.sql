-- The activities at which the lesson, design or matter of a case was discussed: an activity belongs to one case.
CREATE TABLE case_activities (
  org_id uuid NOT NULL,
  activity_id uuid NOT NULL,
  case_id uuid NOT NULL,
  linked_by uuid,
  linked_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, activity_id),
  FOREIGN KEY (org_id, activity_id) REFERENCES activities (org_id, id)
);
CREATE INDEX case_activities_case ON case_activities (org_id, case_id);
