-- A correction of an activity with several sessions says in which of them the person was before and is now.
ALTER TABLE attendance_changes ADD COLUMN from_sessions int[], ADD COLUMN to_sessions int[];
