import { findForm, numberSetting } from '../../engine/schema.ts'
import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { type FactInput, recordFacts, reverseFacts } from '../facts/actions.ts'
import { sharedPieces } from '../kit/compare.ts'
import { demand, Refusal, refuse, refuseNotFound } from '../kit/errors.ts'
import { countText, plainText } from '../kit/html.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { factVoices } from '../lesson/words.ts'
import { regimesInForce } from '../regime/adoption.ts'
import { vocabularyOf } from '../vocabulary/actions.ts'
import { can } from './access.ts'
import { mergeSections } from './rules.ts'
import * as store from './talk-store.ts'
import { usualTalkSections, usualTalkSettings, usualTalkSheet } from './words.ts'

export interface TalkSection {
  key: string
  label: string
  hint: string
  required: boolean
  clause: string
}
export interface TalkForms {
  sections: TalkSection[]
  sheet: store.TalkSheet
  limitMinutes: number
  similarPercent: number
  /** Kinds of activity at which a talk may be given. */
  occasions: { id: string; label: string }[]
}

/** The paper's parts, the sheet, the limit and the occasions: the regime's where it names them, else the usual ones. */
export async function loadForms(tx: Tx): Promise<TalkForms> {
  const regimes = (await regimesInForce(tx, tx.today)).map((one) => one.regime)
  const own = await store.findSettings(tx)
  const regime = regimes.find((one) => findForm(one, { for: 'work', workKind: 'lessonTalk' }))
  // A form for any kind of work is not one of 说课.
  const form = regime?.forms.find((one) => one.for === 'work' && one.workKind === 'lessonTalk')
  const limited = regimes.find((one) => 'lessonTalkMinutes' in one.settings)
  const sheetForm = regimes.flatMap((one) => one.forms).find((one) => one.id === usualTalkSheet.id)
  const kinds = await vocabularyOf(tx, 'activityKinds')
  const talks = kinds.filter(
    (kind) => /lessonTalk|说课/.test(`${kind.id}${kind.label}`) && kind.retiredOn === null,
  )
  const base = form
    ? form.sections.map((section) => ({
        key: section.id,
        label: section.label,
        hint: section.hint ?? '',
        required: section.required,
        clause: `《${regime?.title ?? ''}》${section.clause ?? form.clause ?? ''}`,
      }))
    : usualTalkSections.map((section) => ({ ...section, required: true, clause: '' }))
  return {
    sections: mergeSections(base, own?.sections ?? null),
    sheet: sheetForm
      ? {
          id: sheetForm.id,
          title: sheetForm.label,
          criteria: sheetForm.sections.map((section, index) => {
            const share = Math.floor(100 / sheetForm.sections.length)
            const most = index === 0 ? 100 - share * (sheetForm.sections.length - 1) : share
            const usual = usualTalkSheet.criteria.find((one) => one.id === section.id)
            return { id: section.id, label: section.label, hint: section.hint ?? usual?.hint ?? '', most }
          }),
        }
      : usualTalkSheet,
    limitMinutes:
      own?.limitMinutes ??
      (limited
        ? numberSetting(limited, 'lessonTalkMinutes', usualTalkSettings.limitMinutes)
        : usualTalkSettings.limitMinutes),
    similarPercent: own?.similarPercent ?? usualTalkSettings.similarPercent,
    occasions:
      talks.length > 0
        ? talks.map(({ id, label }) => ({ id, label }))
        : [{ id: 'lessonTalk', label: '说课' }],
  }
}

async function lockVisible(tx: Tx, id: string): Promise<store.TalkRow> {
  const talk = (await store.lockTalk(tx, id)) ?? refuseNotFound('说课')
  if (can.seeTalk(tx.actor, talk) !== null) refuseNotFound('说课')
  return talk
}

/** Begins a paper of the person who acts. */
export async function startTalk(
  tx: Tx,
  input: { title: string; occasion?: string },
): Promise<{ id: string }> {
  const personId = tx.actor.personId ?? refuse('请用本人的账号写说课稿。')
  const title = input.title.trim()
  if (title === '') refuse('请写课题。', { fields: { title: '请填写。' } })
  const forms = await loadForms(tx)
  const occasion = forms.occasions.find((one) => one.id === input.occasion) ?? forms.occasions[0]
  const id = newId()
  await store.insertTalk(tx, {
    id,
    personId,
    occasion: occasion?.id ?? 'lessonTalk',
    title,
    sections: {},
    limitMinutes: forms.limitMinutes,
  })
  changed(tx, 'talk')
  return { id }
}

/** Saves the paper if it is still the version that was read; else 409 with the newer one. */
export async function saveTalk(
  tx: Tx,
  input: { id: string; version: number; sections: Record<string, string> },
): Promise<{ version: number }> {
  const talk = await lockVisible(tx, input.id)
  demand(can.writeTalk(tx.actor, talk))
  const sections = Object.fromEntries(Object.entries(input.sections).filter(([, text]) => text.trim() !== ''))
  const keys = new Set([...Object.keys(sections), ...Object.keys(talk.sections)])
  if ([...keys].every((key) => sections[key] === talk.sections[key])) return { version: talk.version }
  if (talk.version !== input.version)
    throw new Refusal('这篇说课稿在另一台设备上改过了。两份都还在，请选择保留哪一份。', {
      status: 409,
      code: 'conflict',
      fields: {
        version: String(talk.version),
        savedAt: talk.savedAt.toISOString(),
        sections: JSON.stringify(talk.sections),
      },
    })
  await store.updateTalk(tx, { ...talk, sections, version: talk.version + 1 })
  changed(tx, 'talk')
  return { version: talk.version + 1 }
}

const textOf = (sections: Record<string, string>) => Object.values(sections).join('\n')

/** Hands the paper in: required parts must stand, and it is compared with the other texts of the school. */
export async function submitTalk(tx: Tx, input: { id: string }): Promise<{ similarPercent: number }> {
  const talk = await lockVisible(tx, input.id)
  demand(can.writeTalk(tx.actor, talk))
  const forms = await loadForms(tx)
  const missing = forms.sections.filter(
    (section) => section.required && (talk.sections[section.key] ?? '').trim() === '',
  )
  if (missing[0])
    refuse(`说课稿还缺“${missing.map((section) => section.label).join('”“')}”，写好再提交。`, {
      code: 'incomplete',
      ...(missing[0].clause ? { clause: missing[0].clause } : {}),
      fields: Object.fromEntries(missing.map((section) => [section.key, `请写“${section.label}”。`])),
    })
  if (textOf(talk.sections).trim() === '') refuse('说课稿还没有内容，写好再提交。')
  let similarPercent = 0
  let similarTo = ''
  for (const other of await store.listTexts(tx, talk.personId)) {
    const percent = sharedPieces(textOf(talk.sections), plainText(other.body))
    if (percent > similarPercent) [similarPercent, similarTo] = [percent, other.label]
  }
  await store.updateTalk(tx, {
    ...talk,
    status: 'submitted',
    submissions: talk.submissions + 1,
    submittedOn: talk.submittedOn ?? tx.today,
    similarPercent,
    similarTo,
    original: null,
    remark: '',
  })
  await audit(tx, { type: 'talk.submitted', id: talk.id, payload: { similarPercent, similarTo } })
  changed(tx, 'talk', 'inbox')
  return { similarPercent }
}

/** Accepts the paper; whether it is one's own work the reviewer decides, above the threshold with a word why. */
export async function acceptTalk(
  tx: Tx,
  input: { id: string; original: boolean; remark: string },
): Promise<void> {
  const talk = await lockVisible(tx, input.id)
  demand(can.reviewTalk(tx.actor, talk))
  const { similarPercent } = await loadForms(tx)
  const remark = input.remark.trim()
  if (input.original && (talk.similarPercent ?? 0) >= similarPercent && remark === '')
    refuse(
      `与${talk.similarTo}有 ${talk.similarPercent}% 相同，达到 ${similarPercent}% 的提醒线；认定为原创请写明理由。`,
      { fields: { remark: '请写明理由。' } },
    )
  await store.updateTalk(tx, {
    ...talk,
    status: 'accepted',
    original: input.original,
    remark,
    decidedBy: tx.actor.personId,
    decidedOn: tx.today,
  })
  await recordFacts(tx, [
    {
      kind: 'work.accepted',
      subject: { kind: 'person', id: talk.personId },
      on: talk.submittedOn ?? tx.today,
      quantity: 1,
      attributes: {
        workKind: 'lessonTalk',
        characters: countText(textOf(talk.sections)),
        parts: Object.keys(talk.sections).sort(),
        original: input.original,
      },
      source: { room: 'teaching', id: talk.id },
      key: `talk:${talk.id}:paper:${talk.submissions}`,
    },
  ])
  await audit(tx, { type: 'talk.accepted', id: talk.id, payload: { original: input.original, remark } })
  changed(tx, 'talk', 'inbox')
}

export async function returnTalk(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  const talk = await lockVisible(tx, input.id)
  const accepted = talk.status === 'accepted'
  demand(accepted ? can.reverseTalk(tx.actor, talk) : can.reviewTalk(tx.actor, talk))
  const remark = input.reason.trim()
  if (remark === '') refuse('退回时请写明原因。', { fields: { reason: '请写明原因。' } })
  if (accepted) await renewFacts(tx, talk, { paper: false })
  await store.updateTalk(tx, {
    ...talk,
    status: 'returned',
    original: null,
    remark,
    decidedBy: tx.actor.personId,
    decidedOn: tx.today,
    ...(accepted ? { spokenCount: talk.spokenCount + 1 } : {}),
  })
  await audit(tx, { type: 'talk.returned', id: talk.id, payload: { reason: remark } })
  changed(tx, 'talk', 'inbox')
}

const spokeFact = (talk: store.TalkRow, seconds: number, on: LocalDate, number: number): FactInput => ({
  kind: 'activity.spoke',
  subject: { kind: 'person', id: talk.personId },
  on,
  quantity: 1,
  attributes: {
    activityKind: talk.occasion,
    speechKind: 'lessonTalk',
    theme: talk.title,
    minutes: Math.round((seconds / 60) * 100) / 100,
  },
  source: { room: 'teaching', id: talk.id },
  key: `talk:${talk.id}:spoke:${number}`,
})

/** Paper and talk are facts of one record: whichever still holds is left anew. */
async function renewFacts(tx: Tx, talk: store.TalkRow, keep: { paper: boolean }): Promise<void> {
  await reverseFacts(tx, { room: 'teaching', id: talk.id })
  const facts: FactInput[] = []
  if (talk.seconds !== null && talk.spokenOn !== null)
    facts.push(spokeFact(talk, talk.seconds, talk.spokenOn, talk.spokenCount + 1))
  if (keep.paper && talk.status === 'accepted')
    facts.push({
      kind: 'work.accepted',
      subject: { kind: 'person', id: talk.personId },
      on: talk.submittedOn ?? tx.today,
      quantity: 1,
      attributes: {
        workKind: 'lessonTalk',
        characters: countText(textOf(talk.sections)),
        parts: Object.keys(talk.sections).sort(),
        original: talk.original ?? false,
      },
      source: { room: 'teaching', id: talk.id },
      key: `talk:${talk.id}:paper:${talk.submissions}:${talk.spokenCount + 1}`,
    })
  await recordFacts(tx, facts)
}

/** The time that a talk took, as the timer showed it; timed again, the new time stands. */
export async function timeTalk(
  tx: Tx,
  input: { id: string; seconds: number; on?: LocalDate | undefined },
): Promise<{ over: boolean }> {
  const talk = await lockVisible(tx, input.id)
  demand(can.timeTalk(tx.actor, talk))
  const on = input.on ?? tx.today
  if (on > tx.today) refuse('说课日期不能晚于今天。', { fields: { on: '晚于今天。' } })
  const over = input.seconds > talk.limitMinutes * 60
  if (talk.seconds === input.seconds && talk.spokenOn === on) return { over }
  const timed = { ...talk, seconds: input.seconds, spokenOn: on }
  await renewFacts(tx, timed, { paper: true })
  await store.updateTalk(tx, { ...timed, spokenCount: talk.spokenCount + 1 })
  await audit(tx, { type: 'talk.timed', id: talk.id, payload: { seconds: input.seconds, on } })
  changed(tx, 'talk')
  return { over }
}

/** One judge's scores; sent again they stand in place of the earlier ones. */
export async function scoreTalk(
  tx: Tx,
  input: { id: string; points: Record<string, number>; comment: string },
): Promise<{ total: number }> {
  const talk = await lockVisible(tx, input.id)
  demand(can.scoreTalk(tx.actor, talk))
  const judgeId = tx.actor.personId ?? refuse('请用本人的账号评分。')
  const { sheet } = await loadForms(tx)
  const missing = sheet.criteria.filter((one) => input.points[one.id] === undefined)
  if (missing.length > 0)
    refuse(`还有 ${missing.length} 项没有评：${missing.map((one) => one.label).join('、')}。`, {
      fields: { points: '请评完每一项。' },
    })
  const over = sheet.criteria.find((one) => (input.points[one.id] ?? 0) > one.most)
  if (over) refuse(`“${over.label}”最高 ${over.most} 分，请改小。`, { fields: { points: '超过最高分。' } })
  const points = Object.fromEntries(sheet.criteria.map((one) => [one.id, input.points[one.id] ?? 0]))
  const total = Object.values(points).reduce((sum, one) => sum + one, 0)
  const comment = input.comment.trim()
  const earlier = (await store.listScores(tx, talk.id)).find((score) => score.judgeId === judgeId)
  if (earlier && earlier.comment === comment && JSON.stringify(earlier.points) === JSON.stringify(points))
    return { total }
  const score = {
    id: earlier?.id ?? newId(),
    judgeId,
    sheet,
    points,
    total,
    comment,
    number: (earlier?.number ?? 0) + 1,
  }
  await store.saveScore(tx, { ...score, talkId: talk.id })
  await reverseFacts(tx, { room: 'teaching', id: score.id })
  const isLeader = tx.actor.roles.some((role) =>
    ['principal', 'vicePrincipal', 'academicOffice', 'researchOffice'].includes(role),
  )
  await recordFacts(tx, [
    {
      kind: 'evaluation.scored',
      subject: { kind: 'person', id: talk.personId },
      on: talk.spokenOn ?? tx.today,
      quantity: total,
      attributes: {
        voice: isLeader ? factVoices.leaders : factVoices.peers,
        sheet: sheet.id,
        criteria: sheet.criteria.map((one) => one.id),
        commented: comment !== '',
        caseId: talk.id,
      },
      source: { room: 'teaching', id: score.id },
      key: `talk-score:${score.id}:${score.number}`,
    },
  ])
  await audit(tx, { type: 'talk.scored', id: talk.id, payload: { total } })
  changed(tx, 'talk')
  return { total }
}

/** The limit of minutes, the line for likeness, and the parts of a paper; parts that the regime names always stay. */
export async function saveTalkSettings(
  tx: Tx,
  input: Omit<store.TalkSettings, 'sections'> & { sections?: store.OwnSection[] | null },
): Promise<void> {
  demand(can.settle(tx.actor))
  const sections =
    input.sections?.map((section) => ({
      ...section,
      key: section.key === '' ? `own${newId().slice(-8)}` : section.key,
    })) ?? null
  const labels = sections?.map((section) => section.label) ?? []
  const twice = labels.find((label, index) => labels.indexOf(label) !== index)
  if (twice !== undefined)
    refuse(`“${twice}”写了两次，请改名或删去一项。`, { fields: { sections: '有重复。' } })
  if (sections !== null && !sections.some((section) => section.required))
    refuse('至少要有一个必写的部分。', { fields: { sections: '请勾选必写。' } })
  await store.saveSettings(tx, { ...input, sections })
  await audit(tx, { type: 'talk.settingsSaved', id: null, payload: { ...input, sections: labels } })
  changed(tx, 'talk')
}
