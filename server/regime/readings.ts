import type { Regime } from '../../engine/schema.ts'
import { audit } from '../audit/actions.ts'
import { localDateOf } from '../kit/dates.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { findAdoptedRegime, regimesInForce } from './adoption.ts'
import type { ReadingRow } from './drafts-contract.ts'
import * as drafts from './drafts-store.ts'
import { settingFields, settingText } from './fields.ts'
import { readText } from './regime-text.ts'

/** Every value that the document leaves open, with who has decided it; a decision holds while the value is the same. */
export async function listReadings(tx: Tx, regime: Regime): Promise<ReadingRow[]> {
  const decisions = new Map((await drafts.listReadings(tx, regime.id)).map((one) => [one.setting, one]))
  const names = await drafts.listNames(
    tx,
    [...decisions.values()].map((one) => one.decidedBy),
  )
  return settingFields(regime).flatMap((field): ReadingRow[] => {
    if (field.note === null) return []
    const setting = String(field.path[1])
    const decision = decisions.get(setting)
    const holds = decision !== undefined && JSON.stringify(decision.value) === JSON.stringify(field.value)
    return [
      {
        setting,
        label: field.label,
        value: settingText(regime, setting),
        note: field.note,
        field,
        decided: holds
          ? {
              by: decision.decidedBy ? (names.get(decision.decidedBy) ?? null) : null,
              on: localDateOf(decision.decidedAt),
              decision: decision.decision,
            }
          : null,
      },
    ]
  })
}

/** Writes down who decided a reading, and when. */
export async function recordReading(
  tx: Tx,
  regimeId: string,
  setting: string,
  value: unknown,
  decision: 'kept' | 'changed',
): Promise<void> {
  const id = newId()
  await drafts.insertReading(tx, { id, regimeId, setting, value, decision })
  await audit(tx, { type: 'regime.readingDecided', id, payload: { regimeId, setting, value, decision } })
  changed(tx, 'regimeDrafts')
}

/** Confirms the reading of a setting as it stands in a draft, an adopted regime, or the one in force. */
export async function decideReading(
  tx: Tx,
  input: { draftId?: string | undefined; adoptionId?: string | undefined; setting: string },
): Promise<void> {
  demand(can.editVersions(tx.actor))
  const regime = await regimeFor(tx, input)
  const setting = regime.settings[input.setting] ?? refuseNotFound('设置')
  if (setting.note === undefined) refuse('这一项条款已有规定，不需要另行确认。')
  await recordReading(tx, regime.id, input.setting, setting.value, 'kept')
}

async function regimeFor(
  tx: Tx,
  input: { draftId?: string | undefined; adoptionId?: string | undefined },
): Promise<Regime> {
  if (input.draftId !== undefined) {
    const draft = (await drafts.findDraft(tx, input.draftId)) ?? refuseNotFound('制度版本')
    return readText(draft.text, '制度').regime ?? refuse('这一版还有错误，请先改正。')
  }
  if (input.adoptionId !== undefined)
    return ((await findAdoptedRegime(tx, input.adoptionId)) ?? refuseNotFound('制度')).regime
  return (await regimesInForce(tx, tx.today))[0]?.regime ?? refuse('还没有采用制度，请先采用。')
}
