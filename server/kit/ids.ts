import { uuidv7 } from 'uuidv7'

/** A new id, made by the application: time-ordered, unique without asking the database. */
export function newId(): string {
  return uuidv7()
}
