import { addDays, mondayOf } from '../engine/days.ts'
import { isSchoolDay, termOf } from '../engine/periods.ts'
import type { CalendarInput, LocalDate, TermInput } from '../engine/types.ts'
import { listUnits } from '../server/org/store.ts'
import { raw, sql, type Tx } from '../server/kit/sql.ts'
import type { CastMember, CastSchool } from './cast.ts'
import { type Chance, createChance, seedOf } from './chance.ts'
import { demoStartDay } from './days.ts'
import type { ToldSchool } from './founding.ts'
import { arrangedKey, type Memory, transferred } from './scene.ts'

/**
 * What the story must know to go on, read anew from the records every day: so it makes no difference in how many
 * steps it is told, and whatever visitors did in between counts.
 */

/** Chance of a school that depends on the matter alone. */
export function chanceOf(school: CastSchool, matter: string): Chance {
  return createChance(seedOf(`${school.key} ${matter}`))
}

/** Which school of the cast this organisation is; none for a school that a visitor founded. */
export async function recognise(tx: Tx, cast: CastSchool[]): Promise<CastSchool | undefined> {
  const rows = await tx.many<{ staffNumber: string; name: string }>(
    sql`SELECT staff_number, name FROM people WHERE org_id = ${tx.orgId} AND staff_number = ANY (${cast.map(
      (school) => school.people[0]?.staffNumber ?? '',
    )}::text[])`,
  )
  return cast.find((school) =>
    rows.some(
      ({ staffNumber, name }) =>
        staffNumber === school.people[0]?.staffNumber && name === school.people[0].name,
    ),
  )
}

/** The school with its people as the register has them on the day: who is here, in which group, with which post. */
export async function recallSchool(tx: Tx, cast: CastSchool, arriving: CastMember): Promise<ToldSchool> {
  const people = await tx.many<{
    id: string
    staffNumber: string
    isPresent: boolean
    roles: string[]
    unitIds: string[]
    ledIds: string[]
  }>(sql`
    SELECT p.id, p.staff_number,
      EXISTS (SELECT 1 FROM service_periods s WHERE s.org_id = p.org_id AND s.person_id = p.id
          AND s.from_on <= ${tx.today} AND (s.to_on IS NULL OR s.to_on >= ${tx.today}))
        AND NOT EXISTS (SELECT 1 FROM long_absences l WHERE l.org_id = p.org_id AND l.person_id = p.id
          AND l.from_on <= ${tx.today} AND (l.to_on IS NULL OR l.to_on >= ${tx.today})) AS is_present,
      ARRAY(SELECT o.role FROM posts o WHERE o.org_id = p.org_id AND o.person_id = p.id
        AND o.from_on <= ${tx.today} AND (o.to_on IS NULL OR o.to_on >= ${tx.today})) AS roles,
      ARRAY(SELECT o.unit_id FROM posts o WHERE o.org_id = p.org_id AND o.person_id = p.id AND o.role = 'groupLeader'
        AND o.from_on <= ${tx.today} AND (o.to_on IS NULL OR o.to_on >= ${tx.today})) AS led_ids,
      ARRAY(SELECT m.unit_id FROM memberships m WHERE m.org_id = p.org_id AND m.person_id = p.id
        AND m.from_on <= ${tx.today} AND (m.to_on IS NULL OR m.to_on >= ${tx.today})) AS unit_ids
    FROM people p WHERE p.org_id = ${tx.orgId} ORDER BY p.staff_number`)
  const units = await listUnits(tx, tx.today)
  const groups = cast.groups.flatMap((group) => {
    const unit = units.find((one) => one.kind === 'teachingResearchGroup' && one.name === group.name)
    return unit ? [{ ...group, unitId: unit.id }] : []
  })
  const members = [...cast.people, ...(cast.key === 'baihe' ? [arriving] : [])].flatMap((member) => {
    const person = people.find((one) => one.staffNumber === member.staffNumber)
    if (!person) return []
    const group = groups.find((one) => person.unitIds.includes(one.unitId))
    const leads = group !== undefined && person.ledIds.includes(group.unitId)
    const post =
      (['principal', 'academicOffice', 'researchOffice'] as const).find((role) =>
        person.roles.includes(role),
      ) ?? (leads ? ('groupLeader' as const) : null)
    return [{ person, member: { ...member, group: group?.key ?? null, post } }]
  })
  return {
    cast: { ...cast, groups, people: members.map((one) => one.member) },
    id: tx.orgId,
    groupIds: Object.fromEntries(groups.map((group) => [group.key, group.unitId])),
    leadingGroupId: units.find((unit) => unit.kind === 'body')?.id ?? '',
    personIds: Object.fromEntries(members.map(({ person, member }) => [member.key, person.id])),
    present: new Set(members.filter(({ person }) => person.isPresent).map(({ member }) => member.key)),
  }
}

/** The teacher who went over to 百合小学 in the first year, as that school knows her. */
export function arrivingMember(cast: CastSchool[]): CastMember {
  const member = cast.flatMap((school) => school.people).find((one) => one.key === 'xinglong-14')
  if (!member) throw new Error('the cast lost the teacher who is transferred')
  return { ...member, key: transferred, staffNumber: 'BH121', group: 'mathsUpper' }
}

/** What lies on desks and was begun by the story; it goes on with these and with nothing else. */
export interface Waiting {
  leaves: { id: string; activityId: string }[]
  makeUps: { id: string; scope: string; memberKey: string }[]
  papers: { id: string; title: string; status: 'submitted' | 'reviewed' | 'filed'; on: LocalDate }[]
}

const dayOf = (column: string) => sql`(${raw(column)} AT TIME ZONE 'Asia/Shanghai')::date`

/** With the school, or (a paper of the school) with the district. */
const waitingPaper = sql`(status IN ('submitted', 'reviewed')
  OR status = 'filed' AND level = 'organisation' AND district_number IS NULL)`

/**
 * Everything that still waits and that the story made before it was first told on: whatever is older than the demo's
 * present. Later the story keeps its own list.
 */
export async function listOwnAtStart(tx: Tx, before: Date): Promise<string[]> {
  const rows = await tx.many<{ id: string }>(sql`
    SELECT a.id FROM activities a WHERE a.org_id = ${tx.orgId} AND a.status = 'planned' AND EXISTS (
      SELECT 1 FROM audit_entries e WHERE e.org_id = a.org_id AND e.record_id = a.id AND e.at < ${before})
    UNION ALL SELECT id FROM works WHERE org_id = ${tx.orgId} AND status IN ('submitted', 'returned') AND created_at < ${before}
    UNION ALL SELECT id FROM leaves WHERE org_id = ${tx.orgId} AND status = 'asked' AND asked_at < ${before}
    UNION ALL SELECT id FROM make_ups WHERE org_id = ${tx.orgId} AND status = 'handedIn' AND handed_in_at < ${before}
    UNION ALL SELECT id FROM plans WHERE org_id = ${tx.orgId} AND ${waitingPaper} AND created_at < ${before}`)
  return rows.map((row) => row.id)
}

export interface Recalled {
  memory: Memory
  waiting: Waiting
  /** Those of `own` that still wait. */
  own: Set<string>
}

/** What is open on the day, what is done for this week and fortnight, what stands in the calendar. */
export async function recall(
  tx: Tx,
  school: ToldSchool,
  at: { calendar: CalendarInput; term: TermInput; week: number; weekday: number },
  known: ReadonlySet<string>,
): Promise<Recalled> {
  const keys = new Map(Object.entries(school.personIds).map(([key, id]) => [id, key]))
  const groups = new Map(Object.entries(school.groupIds).map(([key, id]) => [id, key]))
  const monday = addDays(tx.today, 1 - at.weekday)
  const memory: Memory = {
    planned: new Map(),
    works: [],
    makeUps: [],
    papersTold: await recallPapers(tx, school, at.term),
    done: await recallDone(tx, school, at, keys),
    arranged: new Set(),
  }
  const own = new Set<string>()
  const isOwn = (id: string) => known.has(id) && Boolean(own.add(id))

  const activities = await tx.many<{
    id: string
    unitId: string | null
    scope: string
    kind: string
    status: string
    day: LocalDate
    speakerId: string | null
    movedFrom: LocalDate | null
  }>(sql`
    SELECT id, unit_id, scope, kind, status, held_on AS day, speaker_id, moved_from FROM activities
    WHERE org_id = ${tx.orgId} AND (held_on >= ${monday} OR moved_from >= ${monday}) ORDER BY starts_at, scope, place, theme`)
  for (const one of activities) {
    for (const held of [one.day, one.movedFrom])
      if (held) memory.arranged.add(arrangedKey(mondayOf(held), one))
    if (one.status !== 'planned' || !isOwn(one.id)) continue
    const entry = {
      activityId: one.id,
      groupKey: one.unitId === null ? null : (groups.get(one.unitId) ?? null),
      speakerKey: one.speakerId === null ? null : (keys.get(one.speakerId) ?? null),
    }
    memory.planned.set(one.day, [...(memory.planned.get(one.day) ?? []), entry])
  }

  const works = await tx.many<{
    id: string
    personId: string
    status: 'submitted' | 'returned'
    submitted: LocalDate
    decided: LocalDate | null
  }>(sql`
    SELECT w.id, w.person_id, w.status, ${dayOf('w.submitted_at')} AS submitted, ${dayOf('w.decided_at')} AS decided FROM works w
    JOIN people p ON p.org_id = w.org_id AND p.id = w.person_id
    WHERE w.org_id = ${tx.orgId} AND w.status IN ('submitted', 'returned') AND w.submitted_at IS NOT NULL
    ORDER BY w.submitted_at, p.staff_number`)
  for (const work of works) {
    const authorKey = keys.get(work.personId)
    if (authorKey === undefined || !isOwn(work.id)) continue
    const wait = chanceOf(school.cast, `review ${authorKey} ${work.submitted}`).between(1, 4)
    memory.works.push({
      workId: work.id,
      authorKey,
      on:
        work.status === 'returned'
          ? addDays(work.decided ?? work.submitted, 3)
          : addDays(work.submitted, wait),
      state: work.status,
    })
  }
  const waiting: Waiting = { leaves: [], makeUps: [], papers: [] }
  await recallMakeUps(tx, school, at.calendar, keys, { memory, waiting, isOwn })
  waiting.leaves = (
    await tx.many<{ id: string; activityId: string }>(sql`
      SELECT l.id, l.activity_id FROM leaves l JOIN people p ON p.org_id = l.org_id AND p.id = l.person_id
      WHERE l.org_id = ${tx.orgId} AND l.status = 'asked' ORDER BY l.asked_at, p.staff_number`)
  ).filter((leave) => isOwn(leave.id))
  const papers = await tx.many<Waiting['papers'][number]>(sql`
    SELECT id, status, title, coalesce(stamped_on, ${dayOf('saved_at')}) AS "on" FROM plans
    WHERE org_id = ${tx.orgId} AND ${waitingPaper} ORDER BY saved_at, title`)
  waiting.papers = papers.filter((paper) => isOwn(paper.id))
  return { memory, waiting, own }
}

/** Papers of the term that somebody has begun, and those that will never be. */
async function recallPapers(tx: Tx, school: ToldSchool, term: TermInput): Promise<Set<string>> {
  const told = new Set<string>()
  const names = new Map([
    [tx.orgId, 'school'],
    ...Object.entries(school.groupIds).map(([key, id]) => [id, key] as const),
    ...Object.entries(school.personIds).map(([key, id]) => [id, key] as const),
  ])
  const begun = await tx.many<{ paper: string; ownerId: string }>(sql`
    SELECT paper, owner_id FROM plans
    WHERE org_id = ${tx.orgId} AND term_id IN (${term.id}, ${term.schoolYearId})`)
  for (const { paper, ownerId } of begun) told.add(`${term.id} ${paper} ${names.get(ownerId) ?? ownerId}`)
  for (const member of school.cast.people) {
    for (const paper of ['plan', 'summary']) {
      const key = `${term.id} ${paper} ${member.key}`
      if (member.diligence < 0.6 && chanceOf(school.cast, key).happens(0.5)) told.add(key)
    }
  }
  return told
}

/** Whoever has written this fortnight or studied this week, visitors' own records included. */
async function recallDone(
  tx: Tx,
  school: ToldSchool,
  { term, week, weekday }: { term: TermInput; week: number; weekday: number },
  keys: Map<string, string>,
): Promise<Set<string>> {
  const done = new Set<string>()
  const monday = addDays(tx.today, 1 - weekday)
  const fortnightFrom = week % 2 === 0 ? addDays(monday, -7) : monday
  const since = school.cast.key === 'xinglong' ? fortnightFrom : addDays(tx.today, -13)
  const writers = await tx.many<{ personId: string }>(sql`
    SELECT DISTINCT person_id FROM works WHERE org_id = ${tx.orgId} AND kind IN ('reflection', 'essay', 'narrative')
      AND status <> 'withdrawn' AND coalesce(counts_on, ${dayOf('created_at')}) >= ${since}`)
  for (const { personId } of writers) {
    const key = keys.get(personId)
    done.add(`${term.id} ${Math.ceil(week / 2)} ${key} work`).add(`${key} lately`)
  }
  const readers = await tx.many<{ personId: string }>(sql`
    SELECT DISTINCT person_id FROM study_entries WHERE org_id = ${tx.orgId} AND studied_on >= ${monday} AND withdrawn_at IS NULL`)
  for (const { personId } of readers) done.add(`${term.id} ${week} ${keys.get(personId)} study`)
  return done
}

/** Who makes up today what was missed, and what the story handed in and nobody has confirmed. */
async function recallMakeUps(
  tx: Tx,
  school: ToldSchool,
  calendar: CalendarInput,
  keys: Map<string, string>,
  { memory, waiting, isOwn }: { memory: Memory; waiting: Waiting; isOwn: (id: string) => boolean },
): Promise<void> {
  // On the first day of the telling whatever was missed in the two weeks before may still be made up.
  const last = tx.today === demoStartDay ? addDays(tx.today, -14) : lastSchoolDay(calendar, tx.today)
  const rows = await tx.many<{
    id: string
    activityId: string
    personId: string
    status: string
    day: LocalDate
    scope: string
    theme: string
  }>(sql`
    SELECT m.id, m.activity_id, m.person_id, m.status, a.held_on AS day, a.scope, a.theme FROM make_ups m
    JOIN activities a ON a.org_id = m.org_id AND a.id = m.activity_id
    JOIN people p ON p.org_id = m.org_id AND p.id = m.person_id
    WHERE m.org_id = ${tx.orgId} AND (m.status = 'handedIn' OR m.status = 'due' AND a.held_on >= ${addDays(last, -14)})
    ORDER BY a.starts_at, a.theme, p.staff_number`)
  for (const row of rows) {
    const memberKey = keys.get(row.personId)
    if (memberKey === undefined) continue
    if (row.status === 'handedIn') {
      if (isOwn(row.id)) waiting.makeUps.push({ id: row.id, scope: row.scope, memberKey })
      continue
    }
    const wait = chanceOf(school.cast, `makeUp ${memberKey} ${row.day} ${row.theme}`).between(3, 12)
    const on = addDays(row.day, wait)
    if (on > last && on <= tx.today) memory.makeUps.push({ activityId: row.activityId, memberKey, on })
  }
}

function lastSchoolDay(calendar: CalendarInput, today: LocalDate): LocalDate {
  let before = addDays(today, -1)
  for (let back = 0; back < 90 && !(termOf(calendar, before) && isSchoolDay(calendar, before)); back++)
    before = addDays(before, -1)
  return before
}
