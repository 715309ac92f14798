-- What a school (or district) makes of its regimes' fixed lists: own terms, other words, order, groups, terms that are
-- no longer chosen, and which term of the district's list a term stands for. The regime's own words stay in its text.

CREATE TABLE vocabulary_terms (
  org_id uuid NOT NULL REFERENCES organisations (id),
  vocabulary text NOT NULL,
  term_id text NOT NULL,
  -- Null: as the regime says.
  label text,
  group_name text,
  position int,
  is_own boolean NOT NULL DEFAULT false,
  -- From this day on it is not chosen any more.
  retired_on date,
  -- Term of the same vocabulary in the other regime in force.
  stands_for text,
  changed_by uuid,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, vocabulary, term_id),
  CHECK (NOT is_own OR label IS NOT NULL)
);
