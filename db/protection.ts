/**
 * How the tables are protected. Every table with an `org_id` gets forced row-level security from the migration
 * step, except the public ones listed here with the reason. A catalogue test holds the database against this file.
 */
export const publicTables: Record<string, string> = {
  organisations:
    'A sign-in and the verification of a document must find the organisation before any scope is set; holds names only.',
  accounts: 'The login name is looked up before the organisation is known.',
  sessions: 'The session token is looked up before the organisation is known; only hashes are kept.',
  server_settings: 'Secrets and switches of the whole program; belongs to no organisation.',
  document_numbers: 'Anybody may verify a document by its number; holds no content.',
  migrations: 'The list of applied migrations.',
}

/** The application may add rows and read them, never change or remove them: mistakes are reversed by a new row. */
export const appendOnlyTables: string[] = [
  'facts',
  'audit_entries',
  'audit_seals',
  'plan_steps',
  'lesson_steps',
  'speaker_swaps',
  'attendance_changes',
  'notice_changes',
  'programme_delivery_events',
  'document_numbers',
  'issued_documents',
  'confirmed_results',
  'regime_readings',
]
