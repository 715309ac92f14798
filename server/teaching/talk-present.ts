import { refuseNotFound } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
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
    occasionLabel: forms.occasions.find((one) => one.id === talk.occasion)?.label ?? '说课',
    status: talk.status,
    submittedOn: talk.submittedOn,
    spokenOn: talk.spokenOn,
    seconds: talk.seconds,
    limitMinutes: talk.limitMinutes,
    scores: talk.scores,
    mean: isMine || reviews(tx) ? talk.mean : null,
    similarPercent: isMine || reviews(tx) ? talk.similarPercent : null,
  }
}

export async function loadTalks(tx: Tx, status?: TalkStatus) {
  const forms = await loadForms(tx)
  return {
    talks: (await store.listTalks(tx, { personId: tx.actor.personId, status })).map((talk) =>
      lineOf(tx, talk, forms),
    ),
    occasions: forms.occasions,
    settings: { limitMinutes: forms.limitMinutes, similarPercent: forms.similarPercent },
    abilities: { settle: can.settle(tx.actor) },
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
    form: forms.sections,
    sections: talk.sections,
    version: talk.version,
    similarTo: seesAll ? talk.similarTo : '',
    warnPercent: forms.similarPercent,
    original: talk.original,
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
