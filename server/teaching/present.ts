import { addDays } from '../../engine/days.ts'
import { listAttachmentsOf } from '../files/actions.ts'
import { refuseNotFound } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { listRatings, listObservations } from '../lesson/observation-store.ts'
import { resultsOf } from '../lesson/rules.ts'
import { listLessons } from '../lesson/store.ts'
import { listMembers, listUnits } from '../org/store.ts'
import type { Sheet } from '../typesetting/spreadsheet.ts'
import { listWorksOfPerson } from '../work/store.ts'
import { can } from './access.ts'
import type { LinkChoice, RatedLesson, RunLine, RunView, StepView } from './contract.ts'
import { listFlows } from './definitions.ts'
import { listDesigns } from './design-store.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import { runStatusLabels, spreadingWord } from './words.ts'

export type View = 'mine' | 'group' | 'all' | 'spread'

/** The groups for which the reader may choose people: their own, or all for the offices. */
export async function unitsWithMembers(tx: Tx) {
  const all = can.oversees(tx.actor)
  const ids = new Set([...tx.actor.unitIds, ...tx.actor.leads.map((lead) => lead.unitId)])
  const units = (await listUnits(tx, tx.today)).filter(
    (unit) => unit.kind !== 'body' && unit.kind !== 'department' && (all || ids.has(unit.id)),
  )
  return Promise.all(
    units.map(async (unit) => ({
      id: unit.id,
      name: unit.name,
      members: (await listMembers(tx, unit.id, tx.today)).map((one) => ({
        id: one.personId,
        name: one.name,
      })),
    })),
  )
}

export const groupIdsOf = (tx: Tx): string[] => [
  ...new Set([...tx.actor.unitIds, ...tx.actor.leads.map((lead) => lead.unitId)]),
]

async function rowsOf(tx: Tx, view: View, flow?: string, status?: 'running' | 'finished' | 'stopped') {
  const filter = { flow, status }
  if (view === 'spread') return store.listRuns(tx, { ...filter, spread: true })
  if (view === 'all' && can.oversees(tx.actor)) return store.listRuns(tx, filter)
  if (view === 'mine')
    return store.listRuns(tx, { ...filter, personId: tx.actor.personId ?? '', unitIds: [] })
  return store.listRuns(tx, { ...filter, unitIds: groupIdsOf(tx) })
}

function lineOf(tx: Tx, run: store.RunView, entries: readonly store.EntryRow[]): RunLine {
  const own = entries.filter((entry) => entry.runId === run.id)
  const cells = rules.cellsOf(run, own, tx.today)
  const mine = run.steps.find((step, index) => {
    const state = cells[index]?.state
    return (state === 'next' || state === 'late') && can.act(tx.actor, run, step.actor) === null
  })
  return {
    id: run.id,
    flow: run.flow,
    flowLabel: run.flowLabel,
    title: run.title,
    ownerName: run.personName ?? run.unitName ?? '',
    unitName: run.unitName,
    isMine: run.personId !== null && run.personId === tx.actor.personId,
    myStep: mine?.label ?? null,
    leftOn: run.leftOn !== null && run.leftOn <= tx.today ? run.leftOn : null,
    status: run.status,
    begunOn: run.begunOn,
    steps: run.steps.map(({ id, label }) => ({ id, label })),
    cells,
    spread: run.spread,
    model: run.model,
  }
}

/** Matters with their cells, as the lists and the matrix show them. */
export async function loadRuns(
  tx: Tx,
  view: View,
  flow?: string,
  status?: 'running' | 'finished' | 'stopped',
) {
  const rows = await rowsOf(tx, view, flow, status)
  const entries = await store.listEntries(
    tx,
    rows.map((run) => run.id),
  )
  const byRun = Map.groupBy(entries, (entry) => entry.runId)
  return {
    runs: rows.map((run) => lineOf(tx, run, byRun.get(run.id) ?? [])),
    flows: await listFlows(tx),
    units: await unitsWithMembers(tx),
    abilities: {
      begin: can.begin(tx.actor, { personId: tx.actor.personId, unitId: null }),
      beginForOthers: can.beginForOthers(tx.actor),
      all: can.oversees(tx.actor) ? null : '全校的进度由教导处和校长查看。',
    },
  }
}

/** One matter with everything that was left at its steps. */
export async function viewRun(tx: Tx, id: string): Promise<RunView> {
  const [run] = await store.listRuns(tx, { id })
  if (!run || can.see(tx.actor, run) !== null) refuseNotFound('研修流程')
  const entries = await store.listEntries(tx, [run.id])
  const { cells, steps: _, ...line } = lineOf(tx, run, entries)
  const steps: StepView[] = []
  for (const [index, step] of run.steps.entries()) {
    const cell = cells[index]
    if (!cell) continue
    const shown = entries.filter(
      (entry) => entry.step === step.id && (entry.doneOn !== null || entry.personId === tx.actor.personId),
    )
    steps.push({
      ...cell,
      id: step.id,
      label: step.label,
      hint: step.hint,
      actor: step.actor,
      isLesson: step.isLesson,
      optional: step.optional,
      clause: step.clause,
      entries: await Promise.all(
        shown.map(async (entry) => ({
          id: entry.id,
          personName: entry.personName,
          isMine: entry.personId === tx.actor.personId,
          body: entry.body,
          links: entry.links,
          attachments: await listAttachmentsOf(tx, 'teaching', entry.id),
          doneOn: entry.doneOn,
          abilities: {
            withdraw:
              can.withdraw(tx.actor, run, entry) ??
              (entry.doneOn === null ? null : rules.withdrawProblem(run, entries, entry)),
          },
        })),
      ),
      abilities: {
        act: can.act(tx.actor, run, step.actor),
        now: rules.orderProblem(run, entries, step.id, tx.today, tx.today),
      },
    })
  }
  const lessons = await ratedLessons(tx, entries)
  const rated = lessons.filter((lesson) => lesson.total !== null)
  const [first, last] = [rated[0], rated.at(-1)]
  return {
    ...line,
    clause: run.clause,
    reason: run.reason,
    steps,
    designs: (await listDesigns(tx, { runId: run.id })).map(({ id: designId, title, versions }) => ({
      id: designId,
      title,
      versions,
    })),
    lessons,
    difference:
      first && last && first !== last ? Math.round(((last.total ?? 0) - (first.total ?? 0)) * 10) / 10 : null,
    spreadReason: run.spreadReason,
    decidedByName: run.decidedByName,
    decidedOn: run.decidedOn,
    hasSpreading: run.steps.some((step) => step.word === spreadingWord),
    abilities: {
      stop: can.stop(tx.actor, run),
      decideSpread: can.decideSpread(tx.actor),
      design: can.act(tx.actor, run, run.personId === null ? 'members' : 'owner'),
    },
  }
}

async function ratedLessons(tx: Tx, entries: readonly store.EntryRow[]): Promise<RatedLesson[]> {
  const ids = [
    ...new Set(
      entries.flatMap((entry) =>
        entry.doneOn === null
          ? []
          : entry.links.filter((link) => link.room === 'lesson').map((link) => link.id),
      ),
    ),
  ]
  if (ids.length === 0) return []
  const ratings = await listRatings(tx, ids)
  const lessons = await Promise.all(ids.map(async (lessonId) => (await listLessons(tx, { id: lessonId }))[0]))
  return lessons
    .filter((lesson) => lesson !== undefined)
    .map((lesson) => {
      const own = ratings.filter((rating) => rating.lessonId === lesson.id)
      return {
        lessonId: lesson.id,
        label: `${lesson.className} ${lesson.topic}`,
        heldOn: lesson.heldOn,
        ratings: own.length,
        total: resultsOf(own)[0]?.total ?? null,
      }
    })
    .sort((a, b) => (a.heldOn < b.heldOn ? -1 : 1))
}

/** What can be left at a step instead of writing: the owner's lessons, works, observations and designs of a year. */
export async function stepChoices(tx: Tx, id: string, stepId: string): Promise<LinkChoice[]> {
  const run = await store.findRun(tx, id)
  if (!run || can.see(tx.actor, run) !== null) refuseNotFound('研修流程')
  const step = run.steps.find((one) => one.id === stepId)
  const owner = run.personId ?? tx.actor.personId ?? ''
  const from = addDays(tx.today, -366)
  const lessons = (
    await listLessons(tx, {
      teacherId: owner,
      from,
      to: addDays(tx.today, 60),
      statuses: step?.isLesson ? ['given'] : ['booked', 'given'],
    })
  )
    .filter((lesson) => !step || step.lessonKinds.length === 0 || step.lessonKinds.includes(lesson.kind))
    .reverse()
    .slice(0, 30)
    .map(
      (lesson): LinkChoice => ({
        room: 'lesson',
        id: lesson.id,
        label: `${lesson.className} ${lesson.topic}`,
        note: `${lesson.heldOn}${lesson.followsId ? ' · 再上' : ''}${lesson.status === 'given' ? '' : ' · 还没有上'}`,
      }),
    )
  if (step?.isLesson) return lessons
  const me = tx.actor.personId ?? ''
  const works = (await listWorksOfPerson(tx, me))
    .filter((work) => work.lastVersion > 0)
    .slice(0, 30)
    .map((work): LinkChoice => ({ room: 'work', id: work.id, label: work.title, note: work.countsOn ?? '' }))
  const observations = (await listObservations(tx, { observerId: me, from, to: tx.today }))
    .filter((row) => row.status === 'submitted')
    .slice(0, 30)
    .map(
      (row): LinkChoice => ({
        room: 'observation',
        id: row.id,
        label: `${row.teacherName} ${row.topic}`,
        note: row.heldOn,
      }),
    )
  const designs = (await listDesigns(tx, { personId: me }))
    .filter((design) => design.versions > 0)
    .slice(0, 30)
    .map(
      (design): LinkChoice => ({
        room: 'design',
        id: design.id,
        label: design.title,
        note: `${design.versions} 稿`,
      }),
    )
  return [...lessons, ...designs, ...works, ...observations]
}

const cellWords = { done: '', skipped: '未做', next: '待做', late: '已逾期', waiting: '—' } as const

/** People by steps as a sheet; one sheet for each flow. */
export function matrixSheets(runs: readonly RunLine[]): Sheet[] {
  const sheets = [
    ...Map.groupBy(runs, (run) => `${run.flow} ${run.steps.map((step) => step.id).join()}`).values(),
  ]
  if (sheets.length === 0)
    return [
      {
        name: '研修流程',
        columns: [{ title: '说明', width: 30, kind: 'text' }],
        rows: [['还没有进行中的流程']],
      },
    ]
  const names = new Map<string, number>()
  return sheets.map((group) => {
    const label = group[0]?.flowLabel.replaceAll(/[\\/?*[\]:]/g, '').slice(0, 24) ?? '流程'
    const count = (names.get(label) ?? 0) + 1
    names.set(label, count)
    return {
      name: count === 1 ? label : `${label}${count}`,
      columns: [
        { title: '教师或教研组', width: 16, kind: 'text' as const },
        { title: '主题', width: 30, kind: 'text' as const },
        ...(group[0]?.steps ?? []).map((step) => ({ title: step.label, width: 14, kind: 'text' as const })),
        { title: '状态', width: 10, kind: 'text' as const },
      ],
      rows: group.map((run) => [
        run.leftOn ? `${run.ownerName}（已离任）` : run.ownerName,
        run.title,
        ...run.cells.map((cell) => cell.doneOn ?? cellWords[cell.state]),
        runStatusLabels[run.status],
      ]),
    }
  })
}
