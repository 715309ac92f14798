import type { LocalDate } from '../../engine/types.ts'
import type { FactInput } from '../facts/actions.ts'
import type { ContributionKind, TrainerKind } from './words.ts'

export interface Word {
  id: string
  label: string
}

/** As much of a trainer as decides how the regime counts. */
export interface Counted {
  kind: TrainerKind
  /** Of the own staff. */
  isOwn: boolean
  countsAs: string[] | null
}

/** How the kinds are called in regimes. */
const called: Record<TrainerKind, RegExp> = {
  expert: /专家|学者|教授|专业人员/,
  famousTeacher: /名师/,
  researchOfficer: /教研员/,
  specialGradeTeacher: /特级/,
  subjectLeader: /带头人/,
  backbone: /骨干/,
  expertTeacher: /能手/,
  trainingLeader: /引领者/,
  researchDirector: /教科|科研主任/,
}
/** Those of the own staff who also count where a regime speaks of its own 骨干. */
const ownBackbones: readonly TrainerKind[] = [
  'famousTeacher',
  'specialGradeTeacher',
  'subjectLeader',
  'backbone',
  'expertTeacher',
  'trainingLeader',
]

/**
 * The words of the regime for a trainer, the nearest first: the kind itself, then what it belongs to (whoever comes from
 * outside is an expert, the best of the own staff are 骨干). What was chosen by hand comes before everything.
 */
export function wordsFor(trainer: Counted, named: readonly Word[]): string[] {
  const chosen = trainer.countsAs?.filter((id) => named.some((word) => word.id === id)) ?? []
  if (chosen.length > 0) return chosen
  // “校外专家” is nobody of the own staff, “本校骨干教师” nobody else.
  const fits = ({ label }: Word) =>
    trainer.isOwn ? !/校外|外请|聘请|邀请/.test(label) : !/校内|本校|自己/.test(label)
  const usable = named.filter(fits)
  const byKind = usable.filter((word) => word.id === trainer.kind || called[trainer.kind].test(word.label))
  const wider = trainer.isOwn
    ? ownBackbones.includes(trainer.kind)
      ? usable.filter((word) => called.backbone.test(word.label))
      : []
    : usable.filter((word) => called.expert.test(word.label))
  return [...new Set([...byKind, ...wider].map((word) => word.id))]
}

/** The word of the regime for a body that guides: 校本研修学习小组 is what a school may call 学习小组. */
export function wordForBody(name: string, named: readonly Word[]): string | undefined {
  return named.find(({ label }) => name.includes(label) || label.includes(name))?.id
}

/** A lecture or guidance as its facts need it. */
export interface FactSource {
  id: string
  kind: ContributionKind
  /** Who gave it, if of the own staff. */
  ownPersonId: string | null
  guide: string
  trainers: string[]
  level: string
  activityId: string | null
  activityKind: string
  subject: string
  heldOn: LocalDate
  minutes: number
  guidanceKind: string
  mode: string
  answered: boolean
  beneficiary: string
  unitId: string | null
  personIds: string[]
}

/**
 * What a contribution leaves. Guidance counts for those guided: the people, else the group, else the organisation; and for
 * the guide where it is somebody of the own staff. Guidance that one of the own staff gives a group or everybody is the
 * guide's alone, so that it never counts twice where all records of the school are counted. A lecture that belongs to an
 * activity leaves at most that one of the own staff spoke: the activity says that it was held and who taught.
 */
export function contributionFacts(orgId: string, row: FactSource): FactInput[] {
  const source = { room: 'trainer', id: row.id }
  const shared = { on: row.heldOn, source }
  const body = row.unitId
    ? ({ kind: 'unit', id: row.unitId } as const)
    : ({ kind: 'organisation', id: orgId } as const)
  if (row.kind === 'lecture') {
    const attributes = {
      activityKind: row.activityKind,
      scope: row.unitId ? 'group' : 'organisation',
      organiser: row.unitId ? 'group' : 'school',
      theme: row.subject,
      unitId: row.unitId ?? orgId,
    }
    return [
      ...(row.activityId !== null
        ? []
        : [
            {
              ...shared,
              kind: 'activity.held' as const,
              subject: body,
              quantity: row.minutes,
              attributes: {
                ...attributes,
                speakerNamed: true,
                trainers: row.trainers,
                ...(row.level === '' ? {} : { trainerLevel: row.level }),
              },
              key: `trainer:${row.id}:held`,
            },
          ]),
      ...(row.ownPersonId === null
        ? []
        : [
            {
              ...shared,
              kind: 'activity.spoke' as const,
              subject: { kind: 'person' as const, id: row.ownPersonId },
              quantity: 1,
              attributes,
              key: `trainer:${row.id}:spoke`,
            },
          ]),
    ]
  }
  const attributes = {
    guidanceKind: row.guidanceKind,
    guide: row.guide,
    mode: row.mode,
    answered: row.answered,
    beneficiary: row.beneficiary,
  }
  const people = row.personIds.map((id) => ({ kind: 'person' as const, id }))
  const guided = people.length > 0 ? people : row.ownPersonId === null ? [body] : []
  const guide = row.ownPersonId === null ? [] : [{ kind: 'person' as const, id: row.ownPersonId }]
  return [...guide, ...guided].map((subject) => ({
    ...shared,
    kind: 'guidance.given' as const,
    subject,
    quantity: 1,
    attributes,
    key: `trainer:${row.id}:${subject.kind}:${subject.id}`,
  }))
}

/** `2026-7`: the running number of the letters of a year. */
export function letterNumber(year: string, before: number): string {
  return `${year}-${before + 1}`
}

/** Mean of the stars to a tenth; null without any. */
export function meanStars(stars: readonly number[]): number | null {
  if (stars.length === 0) return null
  return Math.round((stars.reduce((sum, one) => sum + one, 0) / stars.length) * 10) / 10
}

/** How long after it somebody may still say what he thought. */
export const ratingDays = 14
