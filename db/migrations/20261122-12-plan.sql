-- Papers for longer than a term, withdrawal of a filing, and the numbers under which papers are filed.

ALTER TABLE plans ADD COLUMN horizon text NOT NULL DEFAULT 'term' CHECK (horizon IN ('term', 'schoolYear', 'fiveYears'));
-- Number under which the district has filed the paper, and the day.
ALTER TABLE plans ADD COLUMN district_number text;
ALTER TABLE plans ADD COLUMN district_filed_on date;
-- How often it was filed; a paper filed again after a withdrawal leaves a new fact.
ALTER TABLE plans ADD COLUMN filings int NOT NULL DEFAULT 0;

ALTER TABLE plan_steps DROP CONSTRAINT plan_steps_step_check;
ALTER TABLE plan_steps ADD CONSTRAINT plan_steps_step_check
  CHECK (step IN ('submitted', 'returned', 'reviewed', 'filed', 'withdrawn', 'takenBack', 'filedWithDistrict'));

-- The last number given in each series (2026-1-教); a number is never given twice.
CREATE TABLE filing_series (
  org_id uuid NOT NULL REFERENCES organisations (id),
  series text NOT NULL,
  last_number int NOT NULL,
  PRIMARY KEY (org_id, series)
);
