import { compareTexts, type DiffRun } from '../kit/compare.ts'
import { refuseNotFound } from '../kit/errors.ts'
import { plainText } from '../kit/html.ts'
import type { Tx } from '../kit/sql.ts'
import { listMembers } from '../org/store.ts'
import { vocabularyOf } from '../vocabulary/actions.ts'
import { isInUse } from '../vocabulary/rules.ts'
import { can } from './access.ts'
import type { DesignLine, DesignView } from './design-contract.ts'
import * as store from './design-store.ts'
import { groupIdsOf, unitsWithMembers } from './present.ts'

function lineOf(tx: Tx, design: store.DesignLineRow): DesignLine {
  return {
    id: design.id,
    kind: design.kind,
    title: design.title,
    personName: design.personName,
    isMine: design.personId === tx.actor.personId,
    leftOn: design.leftOn !== null && design.leftOn <= tx.today ? design.leftOn : null,
    unitName: design.unitName,
    status: design.status,
    dueOn: design.dueOn,
    isLate: design.status === 'drafting' && design.dueOn !== null && design.dueOn < tx.today,
    versions: design.versions,
    savedAt: design.savedAt,
    comments: design.comments,
    open: design.open,
  }
}

export async function loadDesigns(tx: Tx, view: 'mine' | 'group' | 'all') {
  const all = can.oversees(tx.actor)
  const rows = await store.listDesigns(
    tx,
    view === 'all' && all
      ? {}
      : view === 'mine'
        ? { personId: tx.actor.personId ?? '00000000-0000-0000-0000-000000000000' }
        : { unitIds: groupIdsOf(tx) },
  )
  return {
    designs: rows.filter((row) => can.seeDesign(tx.actor, row) === null).map((row) => lineOf(tx, row)),
    units: await unitsWithMembers(tx),
    abilities: {
      start: tx.actor.personId === null || tx.actor.districtId !== null ? '由本校教师写教案。' : null,
      assign: can.beginForOthers(tx.actor) === null ? null : '集体备课由组长或教导处安排。',
      all: all ? null : '全校的教案由教导处和校长查看。',
    },
  }
}

const linesOf = (html: string) =>
  plainText(html)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

async function getVisible(tx: Tx, id: string): Promise<store.DesignLineRow> {
  const [design] = await store.listDesigns(tx, { id })
  if (!design || can.seeDesign(tx.actor, design) !== null) refuseNotFound('教案')
  return design
}

export async function viewDesign(tx: Tx, id: string): Promise<DesignView> {
  const design = await getVisible(tx, id)
  const history = await store.listVersions(tx, design.id)
  const latest = history.at(-1)
  const parent = design.parentId ? await store.findDesign(tx, design.parentId) : undefined
  const children = design.kind === 'shared' ? await store.listDesigns(tx, { parentId: design.id }) : []
  const personal = await Promise.all(
    children.map(async (child) => {
      const own = await store.findVersion(tx, child.id)
      const base = history.find((version) => version.number === child.parentVersion)
      return {
        id: child.id,
        personName: child.personName,
        status: child.status,
        changedPercent: changedPercent(plainText(base?.body ?? ''), plainText(own?.body ?? '')),
      }
    }),
  )
  return {
    ...lineOf(tx, design),
    unitId: design.unitId,
    runId: design.runId,
    lessonId: design.lessonId,
    contentTags: design.contentTags,
    tagChoices: (await vocabularyOf(tx, 'contentTags'))
      .filter((term) => isInUse(term, tx.today) || design.contentTags.includes(term.id))
      .map(({ id: tag, label }) => ({ id: tag, label })),
    body: latest?.body ?? '',
    version: latest?.number ?? 0,
    paragraphs: linesOf(latest?.body ?? ''),
    history: history.map(({ number, note, authorName, savedAt }) => ({ number, note, authorName, savedAt })),
    commentList: (await store.listComments(tx, design.id)).map((comment) => ({
      id: comment.id,
      version: comment.version,
      quote: comment.quote,
      text: comment.text,
      personName: comment.personName,
      at: comment.at,
      answer: comment.answer,
      answeredByName: comment.answeredByName,
    })),
    minutes: design.minutes,
    minutesOn: design.minutesOn,
    parent: parent ? { id: parent.id, version: design.parentVersion ?? 1, title: parent.title } : null,
    personal,
    myVersionId: children.find((child) => child.personId === tx.actor.personId)?.id ?? null,
    members:
      design.kind === 'shared' && design.unitId
        ? (await listMembers(tx, design.unitId, tx.today)).map((one) => ({
            id: one.personId,
            name: one.name,
          }))
        : [],
    abilities: {
      write: can.write(tx.actor, design),
      comment: can.comment(tx.actor, design),
      lead: can.lead(tx.actor, design),
      reassign: design.kind === 'shared' ? can.reassign(tx.actor, design) : '只有集体备课可以换主备人。',
      adapt: can.adapt(tx.actor, design),
    },
  }
}

/** How much of two texts together was deleted or inserted. */
function changedPercent(before: string, after: string): number {
  const runs = compareTexts(before, after)
  const length = (kind: DiffRun['kind']) =>
    runs.filter((run) => run.kind === kind).reduce((sum, run) => sum + run.text.length, 0)
  const whole = length('same') * 2 + length('deleted') + length('inserted')
  return whole === 0 ? 0 : Math.round(((length('deleted') + length('inserted')) / whole) * 100)
}

interface Row {
  before: DiffRun[] | null
  after: DiffRun[] | null
  change: 'same' | 'changed' | 'inserted' | 'deleted'
}

/** Two texts side by side, line by line; a changed line shows signs deleted at the left and inserted at the right. */
export function compareLines(before: readonly string[], after: readonly string[]): Row[] {
  // Each line becomes one sign, so that lines are matched as signs of a text are.
  const signs = new Map<string, string>()
  const signOf = (line: string) => {
    const sign = signs.get(line) ?? String.fromCodePoint(0xe000 + signs.size)
    signs.set(line, sign)
    return sign
  }
  const lineOfSign = new Map<string, string>()
  const encode = (lines: readonly string[]) =>
    lines
      .map((line) => {
        const sign = signOf(line)
        lineOfSign.set(sign, line)
        return sign
      })
      .join('')
  const rows: Row[] = []
  let deleted: string[] = []
  let inserted: string[] = []
  const flush = () => {
    for (let index = 0; index < Math.max(deleted.length, inserted.length); index++) {
      const [old, fresh] = [deleted[index], inserted[index]]
      if (old !== undefined && fresh !== undefined && old === fresh)
        rows.push({
          change: 'same',
          before: [{ kind: 'same', text: old }],
          after: [{ kind: 'same', text: fresh }],
        })
      else if (old !== undefined && fresh !== undefined) {
        const runs = compareTexts(old, fresh)
        rows.push({
          change: 'changed',
          before: runs.filter((run) => run.kind !== 'inserted'),
          after: runs.filter((run) => run.kind !== 'deleted'),
        })
      } else if (old !== undefined)
        rows.push({ change: 'deleted', before: [{ kind: 'deleted', text: old }], after: null })
      else if (fresh !== undefined)
        rows.push({ change: 'inserted', before: null, after: [{ kind: 'inserted', text: fresh }] })
    }
    deleted = []
    inserted = []
  }
  for (const run of compareTexts(encode(before), encode(after))) {
    const lines = Array.from(run.text, (sign) => lineOfSign.get(sign) ?? '')
    if (run.kind === 'deleted') deleted.push(...lines)
    else if (run.kind === 'inserted') inserted.push(...lines)
    else {
      flush()
      for (const line of lines)
        rows.push({
          change: 'same',
          before: [{ kind: 'same', text: line }],
          after: [{ kind: 'same', text: line }],
        })
    }
  }
  flush()
  return rows
}

export async function loadComparison(
  tx: Tx,
  input: { id: string; from?: number | undefined; to?: number | undefined; withParent: boolean },
) {
  const design = await getVisible(tx, input.id)
  const to = (await store.findVersion(tx, design.id, input.to)) ?? refuseNotFound('稿子')
  let from: store.VersionRow | undefined
  let before: string
  if (input.withParent && design.parentId) {
    from = await store.findVersion(tx, design.parentId, design.parentVersion ?? undefined)
    before = `共同设计第 ${from?.number ?? 1} 稿`
  } else {
    from = await store.findVersion(tx, design.id, input.from ?? Math.max(1, to.number - 1))
    before = `第 ${from?.number ?? 1} 稿`
  }
  if (!from) refuseNotFound('稿子')
  const rows = compareLines(linesOf(from.body), linesOf(to.body))
  const count = (side: 'before' | 'after', kind: DiffRun['kind']) =>
    rows
      .flatMap((row) => row[side] ?? [])
      .filter((run) => run.kind === kind)
      .reduce((sum, run) => sum + run.text.length, 0)
  return {
    before,
    after: `第 ${to.number} 稿`,
    rows,
    inserted: count('after', 'inserted'),
    deleted: count('before', 'deleted'),
  }
}
