import type { FactKindName } from '../../engine/facts.ts'
import type { LocalDate } from '../../engine/types.ts'
import { labelIn } from '../duty/rules.ts'
import { countedOf, regimesNow } from '../duty/standing.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { recordFacts } from '../facts/actions.ts'
import { contributionFacts, type Word, wordsFor } from './rules.ts'
import * as store from './store.ts'
import { trainerKinds, trainerLevels } from './words.ts'

/** The words that the regimes in force name for an attribute of a kind of fact, with their labels. */
export async function wordsNamed(tx: Tx, fact: FactKindName, attribute: string): Promise<Word[]> {
  const regimes = await regimesNow(tx)
  const ids = new Set(countedOf(regimes, fact).flatMap((one) => one.values[attribute] ?? []))
  return [...ids].map((id) => ({ id, label: labelIn(regimes, attribute, id) }))
}

/** A trainer of the pool as the facts of an activity name him. */
export interface DescribedTrainer {
  id: string
  name: string
  personId: string | null
  trainers: string[]
  trainerLevel: string
}

/** Undefined where there is no such trainer (any more). */
export async function findDescribedTrainer(tx: Tx, trainerId: string): Promise<DescribedTrainer | undefined> {
  const row = await store.findTrainer(tx, trainerId)
  if (!row) return undefined
  const named = await wordsNamed(tx, 'activity.held', 'trainers')
  const words = wordsFor({ ...row, isOwn: row.personId !== null }, named)
  return {
    id: row.id,
    name: row.name,
    personId: row.personId,
    // The kind itself stands there even where no rule asks for it, so that a later regime finds it.
    trainers: [...new Set([...words, row.kind])],
    trainerLevel: row.level,
  }
}

/** Everybody of the pool who may be named for an activity. */
export async function listTrainerChoices(
  tx: Tx,
): Promise<{ id: string; name: string; note: string; personId: string | null }[]> {
  return (await store.listTrainers(tx))
    .filter((row) => row.leftOn === null)
    .map((row) => ({
      id: row.id,
      name: row.name,
      note: `${row.personId === null ? row.employer || '校外' : '本校'} · ${trainerLevels[row.level]}${trainerKinds[row.kind]}`,
      personId: row.personId,
    }))
}

/**
 * An activity with a trainer has been held: the lecture stands in the trainer's records, and people may say what they
 * thought of it. `spoke` where the trainer is of the own staff and the activity itself does not say that he spoke.
 */
export async function recordLectureOf(
  tx: Tx,
  activity: {
    id: string
    trainerId: string
    kind: string
    theme: string
    heldOn: LocalDate
    minutes: number
    unitId: string | null
  },
  more: { spoke: boolean; invitationId?: string | null; note?: string; fee?: number | null },
): Promise<{ id: string }> {
  const trainer = await findDescribedTrainer(tx, activity.trainerId)
  const invitation = more.invitationId
    ? undefined
    : (await store.listInvitations(tx, { status: 'approved', trainerIds: [activity.trainerId] })).find(
        (one) => one.kind === 'lecture' && !one.isGiven && one.from === activity.heldOn,
      )
  const row = {
    id: newId(),
    kind: 'lecture' as const,
    trainerId: activity.trainerId,
    guidePersonId: null,
    guideUnitId: null,
    guideWord: '',
    invitationId: more.invitationId ?? invitation?.id ?? null,
    activityId: activity.id,
    activityKind: activity.kind,
    subject: activity.theme,
    heldOn: activity.heldOn,
    minutes: Math.max(1, activity.minutes),
    guidanceKind: '',
    mode: '',
    answered: true,
    beneficiary: '',
    unitId: activity.unitId,
    personIds: [],
    schoolId: null,
    note: more.note ?? '',
    fee: more.fee ?? invitation?.fee ?? null,
  }
  await store.insertContribution(tx, row)
  await recordFacts(
    tx,
    contributionFacts(tx.orgId, {
      ...row,
      ownPersonId: more.spoke ? (trainer?.personId ?? null) : null,
      guide: '',
      trainers: trainer?.trainers ?? [],
      level: trainer?.trainerLevel ?? '',
    }),
  )
  changed(tx, 'trainer')
  return { id: row.id }
}
