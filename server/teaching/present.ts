import { addDays } from '../../engine/days.ts'
import { listAttachmentsOf } from '../files/actions.ts'
import { refuseNotFound } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { lessonSettings } from '../lesson/actions.ts'
import { loadComments } from '../lesson/comments.ts'
import { listRatings, listObservations } from '../lesson/observation-store.ts'
import { resultsOf } from '../lesson/rules.ts'
import { listLessons, type LessonView } from '../lesson/store.ts'
import { listPeople, listUnits } from '../org/store.ts'
import { listMemberships } from '../regime/store.ts'
import type { Sheet } from '../typesetting/spreadsheet.ts'
import { listWorksOfPerson } from '../work/store.ts'
import { can } from './access.ts'
import { withObserving } from './actions.ts'
import type {
  LessonStudy,
  LinkChoice,
  RatedLesson,
  RunComment,
  RunLine,
  RunView,
  StepView,
} from './contract.ts'
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
  // All groups of a school in two statements.
  const people = await listPeople(tx, tx.today)
  const groups = Map.groupBy(await listMemberships(tx, tx.today, tx.today), (one) => one.unitId)
  return units.map((unit) => {
    const own = new Set((groups.get(unit.id) ?? []).map((one) => one.personId))
    return {
      id: unit.id,
      name: unit.name,
      members: people.filter((person) => own.has(person.id)).map(({ id, name }) => ({ id, name })),
    }
  })
}

export const groupIdsOf = (tx: Tx): string[] => [
  ...new Set([...tx.actor.unitIds, ...tx.actor.leads.map((lead) => lead.unitId)]),
]

async function rowsOf(tx: Tx, view: View, flow?: string, status?: 'running' | 'finished' | 'stopped') {
  const filter = { flow, status }
  if (view === 'spread') return store.listRuns(tx, { ...filter, decided: true })
  if (view === 'all' && can.oversees(tx.actor)) return store.listRuns(tx, filter)
  if (view === 'mine')
    return store.listRuns(tx, { ...filter, personId: tx.actor.personId ?? '', unitIds: [] })
  return store.listRuns(tx, { ...filter, unitIds: groupIdsOf(tx) })
}

type Uses = Map<string, { lessons: number; teachers: number }>

function lineOf(tx: Tx, run: store.RunView, entries: readonly store.EntryRow[], uses?: Uses): RunLine {
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
    spreadReason: run.spreadReason,
    model: run.model,
    uses: uses?.get(run.modelTag) ?? null,
  }
}

/** How many lessons follow each model, by its word. */
async function usesOf(tx: Tx, runs: readonly store.RunRow[]): Promise<Uses> {
  const tags = [...new Set(runs.filter((run) => run.spread).map((run) => run.modelTag))].filter(Boolean)
  const none = tags.map((tag) => [tag, { lessons: 0, teachers: 0 }] as const)
  const counted = tags.length === 0 ? [] : await store.countTagged(tx, tags)
  return new Map([
    ...none,
    ...counted.map(({ tag, lessons, teachers }) => [tag, { lessons, teachers }] as const),
  ])
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
  const uses = await usesOf(tx, rows)
  return {
    runs: rows.map((run) => lineOf(tx, run, byRun.get(run.id) ?? [], uses)),
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
  const { cells, steps: _, ...line } = lineOf(tx, run, entries, await usesOf(tx, [run]))
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
  const taught = await lessonsOf(tx, run, entries)
  const lessons = await ratedLessons(tx, taught)
  const rated = lessons.filter((lesson) => lesson.total !== null)
  const [first, last] = [rated[0], rated.at(-1)]
  const lastTaught = taught.filter((lesson) => lesson.status !== 'cancelled').at(-1)
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
    comments: await commentsOf(tx, taught),
    toRepeat:
      lastTaught?.status === 'given' && taught.length < run.steps.filter((step) => step.isLesson).length
        ? lastTaught.id
        : null,
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

/** The lessons of a matter, first to last: those of its case, and others that are linked at its steps. */
async function lessonsOf(
  tx: Tx,
  run: store.RunRow,
  entries: readonly store.EntryRow[],
): Promise<LessonView[]> {
  const linked = entries.flatMap((entry) =>
    entry.doneOn === null ? [] : entry.links.filter((link) => link.room === 'lesson').map((link) => link.id),
  )
  const ofCase =
    run.caseId === run.id
      ? []
      : (await listLessons(tx, { caseId: run.caseId })).filter((lesson) => lesson.status !== 'cancelled')
  const others = [...new Set(linked)].filter((id) => !ofCase.some((lesson) => lesson.id === id))
  const found = await Promise.all(others.map(async (id) => (await listLessons(tx, { id }))[0]))
  return [...ofCase, ...found.filter((lesson) => lesson !== undefined)].sort((a, b) =>
    a.heldOn < b.heldOn ? -1 : 1,
  )
}

const labelOf = (lesson: LessonView) => `${lesson.className} ${lesson.topic}`

async function ratedLessons(tx: Tx, lessons: readonly LessonView[]): Promise<RatedLesson[]> {
  if (lessons.length === 0) return []
  const ratings = await listRatings(
    tx,
    lessons.map((lesson) => lesson.id),
  )
  return lessons.map((lesson) => {
    const own = ratings.filter((rating) => rating.lessonId === lesson.id)
    return {
      lessonId: lesson.id,
      label: labelOf(lesson),
      heldOn: lesson.heldOn,
      isGiven: lesson.status === 'given',
      ratings: own.length,
      total: resultsOf(own)[0]?.total ?? null,
    }
  })
}

/** What observers wrote on the lessons, for those who may see it. */
async function commentsOf(tx: Tx, lessons: readonly LessonView[]): Promise<RunComment[] | null> {
  if (lessons.length === 0) return []
  const { periods } = await lessonSettings(tx)
  const answers = await Promise.all(lessons.map((lesson) => loadComments(tx, lesson, periods)))
  if (answers.every((answer) => answer === null)) return null
  return lessons.flatMap((lesson, index) =>
    (answers[index]?.lines ?? [])
      .filter((line) => line.comment !== '')
      .map(({ observationId, observerName, comment, actionStep, writtenLabel }) => ({
        observationId,
        observerName,
        lessonLabel: labelOf(lesson),
        comment,
        actionStep,
        writtenLabel,
      })),
  )
}

/** Matters and designs of a lesson for its page, and the flows that can be begun with it. */
export async function loadLessonStudy(tx: Tx, lessonId: string): Promise<LessonStudy> {
  const [lesson] = await listLessons(tx, { id: lessonId })
  if (!lesson) refuseNotFound('课')
  const runs = (await store.listRuns(tx, { caseId: lesson.caseId })).filter(
    (run) => can.see(tx.actor, run) === null,
  )
  const entries = await store.listEntries(
    tx,
    runs.map((run) => run.id),
  )
  const designs = (await listDesigns(tx, { lessonId })).filter(
    (design) => can.seeDesign(tx.actor, design) === null && design.versions > 0,
  )
  const begin =
    lesson.status === 'cancelled'
      ? '这节课已经取消。'
      : can.begin(tx.actor, { personId: lesson.teacherId, unitId: lesson.unitId })
  return {
    runs: runs.map((run) =>
      lineOf(
        tx,
        run,
        entries.filter((entry) => entry.runId === run.id),
      ),
    ),
    designs: designs.map(({ id, title, personName, versions }) => ({ id, title, personName, versions })),
    flows:
      begin === null
        ? (await listFlows(tx))
            .filter((flow) => flow.of === 'person' && flow.steps.some((step) => step.isLesson))
            .filter((flow) => !runs.some((run) => run.flow === flow.flow))
            .map(({ flow, label, steps }) => ({ flow, label, steps: steps.map((step) => step.label) }))
        : [],
    abilities: {
      begin,
      design:
        tx.actor.personId === lesson.teacherId && tx.actor.districtId === null
          ? null
          : '教案由上课教师来写。',
    },
  }
}

/** What can be left at a step instead of writing: the owner's lessons, works, observations and designs of a year. */
export async function stepChoices(tx: Tx, id: string, stepId: string): Promise<LinkChoice[]> {
  const found = (await store.findRun(tx, id)) ?? refuseNotFound('研修流程')
  const run = await withObserving(tx, found)
  if (can.see(tx.actor, run) !== null) refuseNotFound('研修流程')
  const step = run.steps.find((one) => one.id === stepId)
  const owner = run.personId ?? tx.actor.personId ?? ''
  const from = addDays(tx.today, -366)
  const used = new Set(
    (await store.listEntries(tx, [run.id])).flatMap((entry) =>
      entry.doneOn === null ? [] : entry.links.map((link) => link.id),
    ),
  )
  const taught = (
    await listLessons(tx, {
      teacherId: owner,
      from,
      to: addDays(tx.today, 60),
      statuses: step?.isLesson ? ['given'] : ['booked', 'given'],
    })
  ).filter((lesson) => !step || step.lessonKinds.length === 0 || step.lessonKinds.includes(lesson.kind))
  // Of the matter's own lessons the first that no step names yet is the one that is meant.
  const meant = taught.find((lesson) => lesson.caseId === run.caseId && !used.has(lesson.id))
  const lessons = taught
    .reverse()
    .slice(0, 30)
    .map(
      (lesson): LinkChoice => ({
        room: 'lesson',
        id: lesson.id,
        label: labelOf(lesson),
        note: `${lesson.heldOn}${lesson.followsId ? ' · 再上' : ''}${lesson.status === 'given' ? '' : ' · 还没有上'}`,
        isSuggested: step?.isLesson === true && lesson.id === meant?.id,
      }),
    )
  if (step?.isLesson) return lessons
  const me = tx.actor.personId ?? ''
  const works = (await listWorksOfPerson(tx, me))
    .filter((work) => work.lastVersion > 0)
    .slice(0, 30)
    .map(
      (work): LinkChoice => ({
        room: 'work',
        id: work.id,
        label: work.title,
        note: work.countsOn ?? '',
        isSuggested: false,
      }),
    )
  const cases = new Set(taught.filter((lesson) => lesson.caseId === run.caseId).map((lesson) => lesson.id))
  const observations = (await listObservations(tx, { observerId: me, from, to: tx.today }))
    .filter((row) => row.status === 'submitted')
    .slice(0, 30)
    .map(
      (row): LinkChoice => ({
        room: 'observation',
        id: row.id,
        label: `${row.teacherName} ${row.topic}`,
        note: row.heldOn,
        isSuggested: step?.actor === 'peers' && row.lessonId !== null && cases.has(row.lessonId),
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
        isSuggested:
          (step?.word === 'introduction' || step?.word === 'revisedDesign') &&
          (design.runId === run.id || (design.lessonId !== null && cases.has(design.lessonId))),
      }),
    )
  const choices = [...lessons, ...designs, ...works, ...observations]
  return [
    ...choices.filter((choice) => choice.isSuggested),
    ...choices.filter((choice) => !choice.isSuggested),
  ]
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
