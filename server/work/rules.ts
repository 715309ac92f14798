import { countCharacters, countText, plainText } from '../kit/html.ts'
import type { WorkPart } from './contract.ts'
import type { WorkStatus } from './words.ts'

/** Least 字数 of a work where the regime sets none. */
export const defaultMinimumCharacters = 100

export interface WorkContent {
  title: string
  /** Cleaned HTML. */
  body: string
  parts: Record<string, string>
}

/** 字数 of the text and of the parts together. */
export function charactersOf(content: Omit<WorkContent, 'title'>): number {
  return Object.values(content.parts).reduce(
    (sum, part) => sum + countText(part),
    countCharacters(content.body),
  )
}

/** Keys of the parts in which something stands. */
export function filledParts(parts: Record<string, string>): string[] {
  return Object.keys(parts)
    .filter((key) => (parts[key] ?? '').trim() !== '')
    .sort()
}

/** The text may be changed: never handed in, sent back, or taken back by the author. */
export function isEditable(status: WorkStatus): boolean {
  return status === 'draft' || status === 'returned' || status === 'withdrawn'
}

/**
 * What is still missing before a work may be handed in, or null. Required parts come with the clause that asks for
 * them (xinhongqiao-22: shortcomings and what is to be improved).
 */
export function submitProblem(
  content: WorkContent,
  demands: { kindLabel: string; form: WorkPart[]; minimumCharacters: number },
): { message: string; clause?: string; fields: Record<string, string> } | null {
  const fields: Record<string, string> = {}
  if (content.title.trim() === '') fields.title = '请先写标题。'
  const characters = charactersOf(content)
  const missing = demands.form.filter(
    (part) => part.required && (content.parts[part.key] ?? '').trim() === '',
  )
  for (const part of missing) fields[`parts.${part.key}`] = `请填写“${part.label}”。`
  const first = missing[0]
  if (plainText(content.body) === '' && characters === 0) {
    return {
      message: `${demands.kindLabel}还没有正文，写好后再提交。`,
      fields: { body: '请写正文。', ...fields },
    }
  }
  if (fields.title) return { message: '请先写标题，再提交。', fields }
  if (first) {
    return {
      message: `${demands.kindLabel}还缺“${missing.map((part) => part.label).join('”“')}”，请填写后再提交。`,
      ...(first.clause ? { clause: first.clause } : {}),
      fields,
    }
  }
  if (characters < demands.minimumCharacters) {
    const lack = demands.minimumCharacters - characters
    return {
      message: `现在 ${characters} 字，至少写 ${demands.minimumCharacters} 字才能提交，还差 ${lack} 字。`,
      fields: { body: `还差 ${lack} 字。` },
    }
  }
  return null
}
