-- Online study and exchange: topics and posts, contributions chosen for all to read, online courses.

CREATE TABLE exchange_topics (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('discussion', 'question')),
  -- Null: the whole school.
  unit_id uuid,
  author_id uuid NOT NULL,
  title text NOT NULL,
  body text NOT NULL DEFAULT '',
  -- What the question is about, where the regime names kinds of problems.
  problem_kind text NOT NULL DEFAULT '',
  -- The activity, lesson or training by others that is talked about.
  link_room text CHECK (link_room IN ('activity', 'lesson', 'training')),
  link_id uuid,
  link_title text NOT NULL DEFAULT '',
  -- The reply that answers the question.
  answer_id uuid,
  -- Rises whenever the facts of the topic are left anew.
  version int NOT NULL DEFAULT 1,
  pinned boolean NOT NULL DEFAULT false,
  closed boolean NOT NULL DEFAULT false,
  hidden_reason text,
  hidden_by uuid,
  created_on date NOT NULL,
  created_at timestamptz NOT NULL,
  edited_at timestamptz,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id),
  FOREIGN KEY (org_id, author_id) REFERENCES people (org_id, id),
  CHECK ((link_room IS NULL) = (link_id IS NULL))
);
CREATE INDEX exchange_topics_last ON exchange_topics (org_id, last_at DESC);
CREATE INDEX exchange_topics_link ON exchange_topics (org_id, link_id) WHERE link_id IS NOT NULL;

CREATE TABLE exchange_replies (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  topic_id uuid NOT NULL,
  -- The reply to which it answers.
  parent_id uuid,
  author_id uuid NOT NULL,
  body text NOT NULL,
  created_at timestamptz NOT NULL,
  edited_at timestamptz,
  withdrawn_at timestamptz,
  hidden_reason text,
  hidden_by uuid,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, topic_id) REFERENCES exchange_topics (org_id, id),
  FOREIGN KEY (org_id, author_id) REFERENCES people (org_id, id)
);
CREATE INDEX exchange_replies_topic ON exchange_replies (org_id, topic_id);
CREATE INDEX exchange_replies_author ON exchange_replies (org_id, author_id);

CREATE TABLE exchange_reads (
  org_id uuid NOT NULL,
  topic_id uuid NOT NULL,
  person_id uuid NOT NULL,
  read_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, topic_id, person_id),
  FOREIGN KEY (org_id, topic_id) REFERENCES exchange_topics (org_id, id)
);

-- A contribution that was chosen, with the text as it then was.
CREATE TABLE exchange_selections (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  source text NOT NULL CHECK (source IN ('topic', 'reply', 'work')),
  source_id uuid NOT NULL,
  level text NOT NULL CHECK (level IN ('school', 'district')),
  work_kind text NOT NULL,
  author_id uuid NOT NULL,
  title text NOT NULL,
  body text NOT NULL,
  remark text NOT NULL DEFAULT '',
  selected_on date NOT NULL,
  selected_by uuid,
  withdrawn_reason text,
  withdrawn_at timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, author_id) REFERENCES people (org_id, id)
);
CREATE UNIQUE INDEX exchange_selections_one ON exchange_selections (org_id, source_id) WHERE withdrawn_at IS NULL;

-- Lies with the district: what its schools publish for each other to read.
CREATE TABLE exchange_articles (
  org_id uuid NOT NULL REFERENCES organisations (id),
  -- The id of the selection.
  id uuid NOT NULL,
  school_id uuid NOT NULL,
  school_name text NOT NULL,
  author_name text NOT NULL,
  work_kind_label text NOT NULL,
  is_work boolean NOT NULL,
  title text NOT NULL,
  body text NOT NULL,
  remark text NOT NULL,
  published_on date NOT NULL,
  PRIMARY KEY (org_id, id)
);

CREATE TABLE online_courses (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  title text NOT NULL,
  platform text NOT NULL,
  address text NOT NULL DEFAULT '',
  study_entry_id uuid NOT NULL,
  minutes int NOT NULL,
  studied_on date NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, study_entry_id) REFERENCES study_entries (org_id, id)
);
CREATE INDEX online_courses_person ON online_courses (org_id, person_id, studied_on);
