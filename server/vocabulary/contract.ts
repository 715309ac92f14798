import { z } from 'zod'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import type { Term } from './rules.ts'
import { vocabularies, type VocabularyName } from './words.ts'

const names = Object.keys(vocabularies) as [VocabularyName, ...VocabularyName[]]
const vocabulary = z.enum(names)
const termId = z.string().min(1).max(60)
const label = z.string().trim().min(1, '请填写名称').max(30, '名称不超过 30 字')
const group = z.string().trim().max(30, '分组不超过 30 字')

export interface TermView extends Term {
  /** Records of this school year; null where records do not carry the list. */
  uses: number | null
  inUse: boolean
}

export interface VocabularyView {
  name: VocabularyName
  label: string
  about: string
  terms: TermView[]
  /** Terms of the other regime (the district's) for which a term may stand. */
  others: { id: string; label: string; regimeTitle: string }[]
}

export const vocabularyApi = {
  listVocabularies: endpoint('member', z.object({}))<{
    vocabularies: VocabularyView[]
    /** `2026—2027学年`; null before the calendar is set. */
    schoolYear: string | null
    abilities: { edit: string | null }
  }>(),
  addTerm: endpoint('member', z.object({ vocabulary, label, group: group.default('') }))<{
    termId: string
  }>(),
  /** Another word (the id stays), group, and the term of the other regime for which it stands. */
  saveTerm: endpoint('member', z.object({ vocabulary, termId, label, group, standsFor: termId.nullable() }))<
    Record<string, never>
  >(),
  retireTerm: endpoint('member', z.object({ vocabulary, termId }))<Record<string, never>>(),
  restoreTerm: endpoint('member', z.object({ vocabulary, termId }))<Record<string, never>>(),
  orderTerms: endpoint('member', z.object({ vocabulary, termIds: z.array(termId).min(1).max(200) }))<
    Record<string, never>
  >(),
  getVocabularyFile: fileEndpoint('member', z.object({})),
}
