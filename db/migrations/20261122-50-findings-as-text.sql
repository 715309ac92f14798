-- Findings are written far more often than read, and always as a whole: kept as the text that they are, without a
-- second parse and without compressing what is mostly ids. The summary stays jsonb, boards look into it.
ALTER TABLE finding_sets ALTER COLUMN findings TYPE json USING findings::text::json;
ALTER TABLE finding_sets ALTER COLUMN findings SET STORAGE EXTERNAL;
