-- Notices with receipts, reminders of what is due, and how both reach people outside the program.

CREATE TABLE notices (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  author_id uuid,
  -- The group in whose name it goes out; null for the school or district itself.
  unit_id uuid,
  -- In whose name, in words: 教导处, 数学教研组, the district.
  sender text NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  body text NOT NULL,
  audience jsonb NOT NULL,
  confirm_by_day date,
  status text NOT NULL CHECK (status IN ('draft', 'sent', 'closed', 'withdrawn')),
  -- Rises with each correction, so that everybody reads it again.
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  reminded_at timestamptz,
  closed_at timestamptz,
  read_share int,
  withdrawn_because text NOT NULL DEFAULT '',
  -- A notice of the district, passed on to this school.
  origin_id uuid,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, origin_id),
  FOREIGN KEY (org_id, author_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, unit_id) REFERENCES units (org_id, id)
);
CREATE INDEX notices_sent ON notices (org_id, sent_at DESC);

CREATE TABLE notice_receivers (
  org_id uuid NOT NULL REFERENCES organisations (id),
  notice_id uuid NOT NULL,
  person_id uuid NOT NULL,
  opened_at timestamptz,
  opened_version int,
  confirmed_at timestamptz,
  confirmed_version int,
  reminded_at timestamptz,
  PRIMARY KEY (org_id, notice_id, person_id),
  FOREIGN KEY (org_id, notice_id) REFERENCES notices (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX notice_receivers_person ON notice_receivers (org_id, person_id);

-- Sent, corrected, reminded, closed, withdrawn: with the words as they were before. Only added to.
CREATE TABLE notice_changes (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  notice_id uuid NOT NULL,
  at timestamptz NOT NULL,
  by_name text NOT NULL,
  what text NOT NULL CHECK (what IN ('sent', 'corrected', 'reminded', 'closed', 'withdrawn')),
  because text NOT NULL DEFAULT '',
  title_before text NOT NULL DEFAULT '',
  body_before text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, notice_id) REFERENCES notices (org_id, id)
);
CREATE INDEX notice_changes_notice ON notice_changes (org_id, notice_id);

-- One line for one matter of one person; it is told again only when it has changed or has lain for some days.
CREATE TABLE reminders (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  matter text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  mark text NOT NULL,
  title text NOT NULL,
  detail text NOT NULL,
  label text NOT NULL,
  place jsonb NOT NULL,
  fingerprint text NOT NULL,
  first_told_at timestamptz NOT NULL,
  told_at timestamptz NOT NULL,
  told_count int NOT NULL DEFAULT 1,
  read_at timestamptz,
  -- The matter is done or gone.
  ended_at timestamptz,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, person_id, matter),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);

CREATE TABLE message_settings (
  org_id uuid NOT NULL REFERENCES organisations (id),
  quiet_from text NOT NULL DEFAULT '21:00',
  quiet_to text NOT NULL DEFAULT '06:30',
  repeat_days int NOT NULL DEFAULT 3 CHECK (repeat_days BETWEEN 1 AND 30),
  gathered_at timestamptz,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (org_id),
  CHECK (quiet_from <> quiet_to)
);

CREATE TABLE message_preferences (
  org_id uuid NOT NULL REFERENCES organisations (id),
  person_id uuid NOT NULL,
  digest_on boolean NOT NULL DEFAULT true,
  digest_time text NOT NULL DEFAULT '07:10',
  digested_on date,
  digested_at timestamptz,
  email text,
  email_on boolean NOT NULL DEFAULT true,
  -- Why the address does not work; nothing more is sent to it until it is confirmed again.
  email_problem text NOT NULL DEFAULT '',
  pending_email text,
  code_hash bytea,
  code_until timestamptz,
  code_tries int NOT NULL DEFAULT 0,
  codes_on date,
  codes_sent int NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, person_id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);

CREATE TABLE mail_settings (
  org_id uuid NOT NULL REFERENCES organisations (id),
  is_on boolean NOT NULL,
  host text NOT NULL,
  port int NOT NULL CHECK (port BETWEEN 1 AND 65535),
  security text NOT NULL CHECK (security IN ('tls', 'startTls', 'none')),
  -- A mail server inside the school that signs its certificate itself.
  trusts_own_certificate boolean NOT NULL DEFAULT false,
  user_name text NOT NULL,
  -- Sealed with the installation's secret; never leaves the server.
  password_sealed bytea,
  sender_name text NOT NULL,
  sender_address text NOT NULL,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (org_id)
);

CREATE TABLE deliveries (
  org_id uuid NOT NULL REFERENCES organisations (id),
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  channel text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('digest', 'notice', 'code', 'test')),
  -- Names what is delivered, so that it is delivered once: digest 2026-11-22, notice <id> 1.
  key text NOT NULL,
  notice_id uuid,
  address text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  html text NOT NULL,
  status text NOT NULL CHECK (status IN ('waiting', 'sending', 'delivered', 'failed', 'cancelled')),
  attempts int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  delivered_at timestamptz,
  reason text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, person_id, channel, key),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, notice_id) REFERENCES notices (org_id, id)
);
CREATE INDEX deliveries_created ON deliveries (org_id, created_at DESC);
