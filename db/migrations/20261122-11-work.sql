-- Parts of a work that the regime asks for beside the text: {partKey: plain text}.

ALTER TABLE works ADD COLUMN parts jsonb NOT NULL DEFAULT '{}';
ALTER TABLE work_versions ADD COLUMN parts jsonb NOT NULL DEFAULT '{}';
