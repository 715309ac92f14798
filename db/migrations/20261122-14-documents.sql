-- Issued papers: the school year they are about and the holder's name as it was, so that verification and lists
-- need not open the frozen data.

ALTER TABLE issued_documents ADD COLUMN school_year_id text NOT NULL DEFAULT '';
ALTER TABLE issued_documents ADD COLUMN holder_name text NOT NULL DEFAULT '';
