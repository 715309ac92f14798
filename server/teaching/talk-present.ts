import type { DecidedItem, ReturnedItem } from '../inbox/contract.ts'
import { markShared } from '../kit/compare.ts'
import { refuseNotFound } from '../kit/errors.ts'
import { plainText } from '../kit/html.ts'
import type { Tx } from '../kit/sql.ts'
import { listPosts } from '../org/store.ts'
import { listMemberships } from '../regime/store.ts'
import { can } from './access.ts'
import { loadForms, type TalkForms } from './talk-actions.ts'
import type { TalkLine, TalkView } from './talk-contract.ts'
import * as store from './talk-store.ts'
import type { TalkStatus } from './words.ts'

const reviews = (tx: Tx) => can.oversees(tx.actor) || tx.actor.leads.length > 0

function lineOf(tx: Tx, talk: store.TalkView, forms: TalkForms): TalkLine {
  const isMine = talk.personId === tx.actor.personId
  return {
    id: talk.id,
    title: talk.title,
    personName: talk.personName,
    isMine,
    occasion: talk.occasion,
    occasionLabel: forms.occasions.find((one) => one.id === talk.occasion)?.label ?? '说课',
    status: talk.status,
    submittedOn: talk.submittedOn,
    spokenOn: talk.spokenOn,
    seconds: talk.seconds,
    limitMinutes: talk.limitMinutes,
    scores: talk.scores,
    mean: isMine || reviews(tx) ? talk.mean : null,
    similarPercent: isMine || reviews(tx) ? talk.similarPercent : null,
    original: isMine || reviews(tx) ? talk.original : null,
  }
}

export async function loadTalks(tx: Tx, status?: TalkStatus) {
  const forms = await loadForms(tx)
  return {
    talks: (await store.listTalks(tx, { personId: tx.actor.personId, status })).map((talk) =>
      lineOf(tx, talk, forms),
    ),
    occasions: forms.occasions,
    settings: {
      limitMinutes: forms.limitMinutes,
      similarPercent: forms.similarPercent,
      sections: forms.sections,
    },
    abilities: { settle: can.settle(tx.actor) },
  }
}

/** Parts that were written when they were still asked for stay readable. */
function withLeftOver(sections: TalkForms['sections'], written: Record<string, string>) {
  const known = new Set(sections.map((section) => section.key))
  const left = Object.keys(written).filter((key) => !known.has(key) && (written[key] ?? '') !== '')
  return [
    ...sections,
    ...left.map((key) => ({ key, label: '其他', hint: '现在不要求的部分', required: false, clause: '' })),
  ]
}

/** The paper beside the text of the school to which it is most alike, for its author and those who review. */
export async function loadLikeness(tx: Tx, id: string) {
  const [talk] = await store.listTalks(tx, { id, personId: tx.actor.personId })
  if (!talk || can.seeTalk(tx.actor, talk) !== null) refuseNotFound('说课')
  if (talk.personId !== tx.actor.personId && !reviews(tx)) refuseNotFound('说课')
  const texts = await store.listTexts(tx, talk.personId)
  const source = texts.find((text) => text.label === talk.similarTo)
  const other = plainText(source?.body ?? '')
  const form = withLeftOver((await loadForms(tx)).sections, talk.sections)
  return {
    source: talk.similarTo,
    percent: talk.similarPercent ?? 0,
    sections: form
      .filter((section) => (talk.sections[section.key] ?? '') !== '')
      .map((section) => ({
        label: section.label,
        runs: markShared(talk.sections[section.key] ?? '', other),
      })),
  }
}

export async function viewTalk(tx: Tx, id: string): Promise<TalkView> {
  const [talk] = await store.listTalks(tx, { id, personId: tx.actor.personId })
  if (!talk || can.seeTalk(tx.actor, talk) !== null) refuseNotFound('说课')
  const forms = await loadForms(tx)
  const line = lineOf(tx, talk, forms)
  const seesAll = line.isMine || reviews(tx)
  return {
    ...line,
    form: withLeftOver(forms.sections, talk.sections),
    sections: talk.sections,
    version: talk.version,
    similarTo: seesAll ? talk.similarTo : '',
    warnPercent: forms.similarPercent,
    remark: seesAll ? talk.remark : '',
    decidedByName: talk.decidedByName,
    sheet: forms.sheet,
    scoreList: (await store.listScores(tx, talk.id))
      .filter((score) => seesAll || score.judgeId === tx.actor.personId)
      .map((score) => ({
        judgeName: score.judgeName,
        points: score.points,
        total: score.total,
        comment: score.comment,
        isMine: score.judgeId === tx.actor.personId,
      })),
    abilities: {
      write: can.writeTalk(tx.actor, talk),
      review: can.reviewTalk(tx.actor, talk),
      reverse: can.reverseTalk(tx.actor, talk),
      time: can.timeTalk(tx.actor, talk),
      score: can.scoreTalk(tx.actor, talk),
    },
  }
}

/** After so many days what a group leader leaves lying also waits for the office. */
const leaderDays = 7

/** Papers that wait for the review of the person who acts: those of the own group; the offices' when nobody else will. */
export async function listTalksToReview(tx: Tx): Promise<DecidedItem[]> {
  const submitted = (await store.listTalks(tx, { personId: null, status: 'submitted' })).filter(
    (talk) => can.reviewTalk(tx.actor, talk) === null,
  )
  if (submitted.length === 0) return []
  const forms = await loadForms(tx)
  const led = new Set(tx.actor.leads.map((lead) => lead.unitId))
  const memberships = await listMemberships(tx, tx.today, tx.today)
  const leaders = (await listPosts(tx, tx.today)).filter((post) => post.role === 'groupLeader')
  return submitted.flatMap((talk): DecidedItem[] => {
    const units = memberships.filter((one) => one.personId === talk.personId).map((one) => one.unitId)
    const hasLeader = leaders.some(
      (post) => post.unitId !== null && units.includes(post.unitId) && post.personId !== talk.personId,
    )
    const days = (tx.now.getTime() - talk.savedAt.getTime()) / 86_400_000
    const mine =
      units.some((unitId) => led.has(unitId)) || (can.oversees(tx.actor) && (!hasLeader || days > leaderDays))
    if (!mine) return []
    const similar = talk.similarPercent ?? 0
    return [
      {
        kind: 'talk',
        id: talk.id,
        title: talk.title,
        personName: talk.personName,
        detail: `${forms.occasions.find((one) => one.id === talk.occasion)?.label ?? '说课'} · 与校内文字最多相同 ${similar}%`,
        text: '',
        waitingSince: talk.savedAt,
        // What is much alike is not passed without having been looked at.
        batch: similar < forms.similarPercent,
      },
    ]
  })
}

/** Papers of the person who acts that came back. */
export async function listReturnedTalks(tx: Tx): Promise<ReturnedItem[]> {
  const me = tx.actor.personId
  if (me === null) return []
  return (await store.listTalks(tx, { personId: me, status: 'returned' }))
    .filter((talk) => talk.personId === me)
    .map((talk) => ({
      kind: 'talk' as const,
      id: talk.id,
      title: `说课稿：${talk.title}`,
      reason: talk.remark,
      byName: talk.decidedByName,
      at: null,
      action: { label: '修改', place: { page: 'talk' as const, id: talk.id } },
    }))
}
