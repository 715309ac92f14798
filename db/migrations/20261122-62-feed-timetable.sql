-- A person's own calendar may bring the lessons of the timetable along.
ALTER TABLE calendar_feeds ADD COLUMN with_timetable boolean NOT NULL DEFAULT false;
