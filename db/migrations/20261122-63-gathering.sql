-- Gathering the reminders of a school goes on in portions: since when, and up to which person it has come.
ALTER TABLE message_settings ADD COLUMN gathering_since timestamptz;
ALTER TABLE message_settings ADD COLUMN gathered_to uuid;
