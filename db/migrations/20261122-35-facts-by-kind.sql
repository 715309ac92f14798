-- Duties of a group or the school rest on some kinds of facts, whoever they are about; they are read after each change.

CREATE INDEX facts_kind ON facts (org_id, kind, counts_on);
