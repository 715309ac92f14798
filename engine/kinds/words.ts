import type { FactKind } from '../facts.ts'
import type { SubjectKind } from '../types.ts'

type Attribute = FactKind['attributes'][string]
export const text = (label: string, values?: string[]): Attribute =>
  values ? { label, type: 'string', values } : { label, type: 'string' }
export const texts = (label: string): Attribute => ({ label, type: 'strings' })
export const figure = (label: string): Attribute => ({ label, type: 'number' })
export const yesNo = (label: string): Attribute => ({ label, type: 'boolean' })

export const organisers = [
  'group',
  'school',
  'area',
  'county',
  'district',
  'city',
  'province',
  'nation',
  'college',
]
export const levels = [
  'teacher',
  'group',
  'school',
  'area',
  'county',
  'district',
  'city',
  'province',
  'nation',
]

/** Everybody and everything that a fact may be about. */
export const anyone: SubjectKind[] = ['person', 'unit', 'organisation']
export const bodies: SubjectKind[] = ['unit', 'organisation']
