-- What was added to lessons: points for written comments, the record of a lesson, words of designs, the school's own parts of a 说课 paper, the word of a model.

-- Points that a leader gives to the written comment, where the regime counts them; who and when stand in the trace.
ALTER TABLE observations ADD COLUMN comment_points numeric CHECK (comment_points BETWEEN 0 AND 100);
-- How often points were given, so that each leaves its own fact.
ALTER TABLE observations ADD COLUMN comment_scorings int NOT NULL DEFAULT 0;

-- What is written down of a lesson, by the parts of the regime's form for lessons of its kind.
ALTER TABLE lessons ADD COLUMN record jsonb NOT NULL DEFAULT '{}';

-- What a design is about, by the list contentTags.
ALTER TABLE designs ADD COLUMN content_tags text[] NOT NULL DEFAULT '{}';
CREATE INDEX designs_lesson ON designs (org_id, lesson_id) WHERE lesson_id IS NOT NULL;

-- The parts of a 说课 paper as the school wants them beside its regime's: [{ key, label, hint, required }]
ALTER TABLE lesson_talk_settings ADD COLUMN sections jsonb;

-- The word of the list contentTags by which lessons say that they follow a spread model.
ALTER TABLE flow_runs ADD COLUMN model_tag text NOT NULL DEFAULT '';
CREATE INDEX flow_runs_case ON flow_runs (org_id, case_id);
