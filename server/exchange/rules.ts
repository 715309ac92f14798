import type { LocalDate } from '../../engine/types.ts'
import type { FactInput } from '../facts/actions.ts'
import type { LinkRoom, SelectionLevel, TopicKind } from './words.ts'
import { outingFlow, schoolOutlet } from './words.ts'

export interface TopicForFacts {
  id: string
  kind: TopicKind
  unitId: string | null
  authorId: string
  problemKind: string
  linkRoom: LinkRoom | null
  linkId: string | null
  answerId: string | null
  hiddenReason: string | null
  version: number
  createdOn: LocalDate
}

/**
 * All that a topic leaves: a question counts as a problem brought before colleagues, answered once a reply is marked
 * (majiabao-plan-16, baihe-8-03); the talk after training away from school as that step of the feedback, once somebody
 * else has spoken (longtan-10). Nothing while it is hidden.
 */
export function topicFacts(topic: TopicForFacts, hasDiscussion: boolean): FactInput[] {
  if (topic.hiddenReason !== null) return []
  const shared = { on: topic.createdOn, quantity: 1, source: { room: 'exchange', id: topic.id } }
  const facts: FactInput[] = []
  if (topic.kind === 'question')
    facts.push({
      ...shared,
      kind: 'problem.collected',
      subject: { kind: 'person', id: topic.authorId },
      attributes: {
        ...(topic.problemKind === '' ? {} : { problemKind: topic.problemKind }),
        answered: topic.answerId !== null,
        shared: true,
      },
      key: `exchange:${topic.id}:problem:${topic.version}`,
    })
  if (topic.linkRoom === 'training' && topic.linkId !== null && topic.unitId !== null && hasDiscussion)
    facts.push({
      ...shared,
      kind: 'step.done',
      subject: { kind: 'unit', id: topic.unitId },
      attributes: { ...outingFlow, caseId: topic.linkId, actor: 'member', artefact: true },
      key: `exchange:${topic.id}:step:${topic.version}`,
    })
  return facts
}

/** That a contribution was published; once, whether for the school or for the district. */
export function selectionFact(selection: {
  id: string
  authorId: string
  workKind: string
  level: SelectionLevel
  selectedOn: LocalDate
}): FactInput {
  return {
    kind: 'work.published',
    subject: { kind: 'person', id: selection.authorId },
    on: selection.selectedOn,
    quantity: 1,
    attributes: { workKind: selection.workKind, level: selection.level, outlet: schoolOutlet },
    source: { room: 'exchange', id: selection.id },
    key: `exchange:${selection.id}:published`,
  }
}

/** A link as somebody pasted it: must be a web address, or nothing. */
export function addressProblem(address: string): string | null {
  if (address === '') return null
  try {
    const { protocol } = new URL(address)
    return protocol === 'https:' || protocol === 'http:' ? null : '链接应以 http:// 或 https:// 开头。'
  } catch {
    return '链接应以 http:// 或 https:// 开头，可以从浏览器的地址栏复制。'
  }
}

/** What an online course is called in the list of self-study. */
export const courseContent = (course: { title: string; platform: string }): string =>
  `网络课程《${course.title}》（${course.platform}）`.slice(0, 300)
