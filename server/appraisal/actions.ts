import { audit } from '../audit/actions.ts'
import { type FactInput, recordFacts, reverseFacts } from '../facts/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { regimesInForce } from '../regime/adoption.ts'
import { can } from './access.ts'
import { checkKindLabels, voiceLabels } from './words.ts'
import * as store from './store.ts'

/** The voices of an evaluation: those that the regimes in force name, else the usual four. */
export async function listVoices(tx: Tx): Promise<{ id: string; label: string }[]> {
  const stated = new Map<string, string>()
  for (const { regime } of await regimesInForce(tx, tx.today))
    for (const voice of regime.vocabularies.voices)
      if (!stated.has(voice.id)) stated.set(voice.id, voice.label)
  const voices = stated.size > 0 ? [...stated] : Object.entries(voiceLabels)
  return voices.map(([id, label]) => ({ id, label }))
}

function factOf(sheet: store.SheetKey, score: store.NewScore): FactInput {
  return {
    kind: sheet.part === 'check' ? 'check.scored' : 'evaluation.scored',
    subject: { kind: 'person', id: score.personId },
    on: sheet.scoredOn,
    quantity: score.points,
    attributes: sheet.part === 'check' ? { checkKind: sheet.voice } : { voice: sheet.voice },
    source: { room: 'appraisal', id: score.id },
    key: `appraisal:${score.id}`,
  }
}

/**
 * Records the scores (0–100) of one check or evaluation for several people. For a check `voice` is `scheduled` (the
 * default) or `random`, for an evaluation who judged. A score that stands already and differs is reversed and
 * replaced; the same one is passed over.
 */
export async function recordScores(
  tx: Tx,
  input: store.SheetKey & { rows: { personId: string; points: number; remark?: string }[] },
): Promise<{ recorded: number; corrected: number; unchanged: number }> {
  demand(can.record(tx.actor))
  const sheet: store.SheetKey = {
    part: input.part,
    voice: input.part === 'check' && input.voice === '' ? 'scheduled' : input.voice,
    title: input.title.trim(),
    scoredOn: input.scoredOn,
  }
  if (sheet.title === '') refuse('请填检查或考评的名称。', { fields: { title: '请填名称。' } })
  if (sheet.scoredOn > tx.today)
    refuse('得分日期还没有到，请核对。', { fields: { scoredOn: '日期还没有到。' } })
  if (sheet.part === 'check' && !(sheet.voice in checkKindLabels))
    refuse('请选择检查方式：定期检查或随机抽查。', { fields: { voice: '请选择检查方式。' } })
  if (sheet.part === 'evaluation' && !(await listVoices(tx)).some((voice) => voice.id === sheet.voice))
    refuse('请选择是谁的评价。', { fields: { voice: '请选择评价主体。' } })
  const wanted = new Map(input.rows.map((row) => [row.personId, row]))
  if (wanted.size < input.rows.length) refuse('同一位老师有两行分数，请只留一行。')
  for (const row of input.rows) if (!(row.points >= 0 && row.points <= 100)) refuse('分数请填 0—100。')
  const known = await store.listKnownPeople(tx, [...wanted.keys()])
  if ([...wanted.keys()].some((personId) => !known.has(personId))) refuseNotFound('人员')
  await store.lockSheet(tx, sheet)
  const standing = new Map((await store.listStanding(tx, sheet)).map((score) => [score.personId, score]))
  const scores: store.NewScore[] = []
  const replaced: string[] = []
  for (const row of wanted.values()) {
    const remark = (row.remark ?? '').trim()
    const there = standing.get(row.personId)
    if (there && there.points === row.points && there.remark === remark) continue
    if (there) replaced.push(there.id)
    scores.push({ id: newId(), personId: row.personId, points: row.points, remark })
  }
  if (scores.length > 0) {
    if (replaced.length > 0) await store.markReversed(tx, replaced)
    for (const id of replaced) await reverseFacts(tx, { room: 'appraisal', id })
    await store.insertScores(tx, sheet, scores)
    await recordFacts(
      tx,
      scores.map((score) => factOf(sheet, score)),
    )
    await audit(tx, {
      type: 'appraisal.scored',
      id: null,
      payload: { ...sheet, recorded: scores.length - replaced.length, corrected: replaced.length },
    })
    changed(tx, 'appraisal')
  }
  return {
    recorded: scores.length - replaced.length,
    corrected: replaced.length,
    unchanged: wanted.size - scores.length,
  }
}

/** Takes one score back with the reason; it no longer counts. */
export async function reverseScore(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  demand(can.record(tx.actor))
  const score = (await store.lockScore(tx, input.id)) ?? refuseNotFound('得分')
  if (score.reversedAt) refuse('这个得分已经撤销。')
  const reason = input.reason.trim()
  if (reason === '') refuse('撤销得分时请写明原因。', { fields: { reason: '请写明原因。' } })
  await store.markReversed(tx, [score.id])
  await reverseFacts(tx, { room: 'appraisal', id: score.id })
  await audit(tx, { type: 'appraisal.reversed', id: score.id, payload: { personId: score.personId, reason } })
  changed(tx, 'appraisal')
}
