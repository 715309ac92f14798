-- A district's regime binds its schools at the same time as their own: each school keeps a copy in its own scope, with
-- the mark of where it came from, so that a school's figures never depend on reading another organisation's tables.
ALTER TABLE regime_adoptions
  ADD COLUMN origin text NOT NULL DEFAULT 'own' CHECK (origin IN ('own', 'district')),
  ADD COLUMN origin_id uuid,
  ADD CHECK ((origin = 'own') = (origin_id IS NULL));
ALTER TABLE regime_adoptions DROP CONSTRAINT regime_adoptions_org_id_school_year_id_regime_id_version_key;
CREATE UNIQUE INDEX regime_adoptions_once
  ON regime_adoptions (org_id, school_year_id, origin, regime_id, version, from_on);
