import pg from 'pg'
import { adoptRegime } from '../server/regime/adoption.ts'
import { newId } from '../server/kit/ids.ts'
import { type Services, systemActor } from '../server/kit/services.ts'
import { appoint, createOrganisation, createPerson } from '../server/org/actions.ts'
import { saveSchoolYear, saveTerm } from '../server/calendar/store.ts'
import { schoolYears } from '../demo/founding.ts'

/** A district for measuring: schools of a hundred teachers in ten groups, with facts over five years. */
export interface LoadedDistrict {
  districtId: string
  officerId: string
  schools: { id: string; groupIds: string[]; personIds: string[] }[]
  teachers: number
  facts: number
}

export interface Size {
  schools: number
  teachersPerSchool: number
  factsPerTeacher: number
  /** Over how many days back the facts are spread. */
  days: number
  /** Ten when not said. */
  groupsPerSchool?: number
  /** Calendar of the district and its schools; that of the demo when not said. The regime binds from its first year on. */
  years?: typeof schoolYears
}

const bench = systemActor('bench')

/**
 * Fills the database through the owner's connection: organisations and people by our own actions, the mass of facts
 * by one statement per school (three hundred per teacher: attendance, study, reflections), spread over five years.
 */
export async function loadDistrict(
  services: Services,
  ownerConnection: string,
  size: Size,
  say: (text: string) => void,
): Promise<LoadedDistrict> {
  const { years = schoolYears, groupsPerSchool = 10 } = size
  const client = new pg.Client({ connectionString: ownerConnection })
  await client.connect()
  const district: LoadedDistrict = {
    districtId: newId(),
    officerId: '',
    schools: [],
    teachers: 0,
    facts: 0,
  }
  await services.inOrganisation(district.districtId, bench, async (tx) => {
    await createOrganisation(tx, { kind: 'district', name: '测量区', districtId: null })
    for (const { terms, ...year } of years) {
      await saveSchoolYear(tx, year)
      for (const term of terms) await saveTerm(tx, term)
    }
    district.officerId = await createPerson(tx, {
      staffNumber: 'Q1',
      name: '区教研员',
      from: '2019-09-01',
      attributes: {},
    })
    await appoint(tx, {
      personId: district.officerId,
      role: 'districtOfficer',
      title: '教研员',
      from: '2019-09-01',
    })
  })
  for (let index = 0; index < size.schools; index++) {
    const school = { id: newId(), groupIds: ids(groupsPerSchool), personIds: ids(size.teachersPerSchool) }
    await services.inOrganisation(school.id, bench, async (tx) => {
      await createOrganisation(tx, {
        kind: 'school',
        name: `测量小学${index + 1}`,
        districtId: district.districtId,
      })
      for (const { terms, ...year } of years) {
        await saveSchoolYear(tx, year)
        for (const term of terms) await saveTerm(tx, term)
      }
      tx.notes.set('bulk', true)
      const first = size.years?.[0] ?? { id: '2026-2027', from: '2026-08-31' }
      await adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: first.id, from: first.from })
    })
    await fillSchool(client, school, index, size)
    district.schools.push(school)
    district.teachers += school.personIds.length
    district.facts += school.personIds.length * size.factsPerTeacher
    if ((index + 1) % 20 === 0) say(`已载入 ${index + 1} 所学校、${district.facts.toLocaleString()} 条事实`)
  }
  await client.query('ANALYZE')
  await client.end()
  return district
}

function ids(count: number): string[] {
  return Array.from({ length: count }, newId)
}

async function fillSchool(
  client: pg.Client,
  school: LoadedDistrict['schools'][number],
  index: number,
  { factsPerTeacher, days }: Size,
): Promise<void> {
  const parameters = [school.id, school.personIds]
  await client.query('BEGIN')
  await client.query(`SET LOCAL app.org_id = '${school.id}'`)
  await client.query(
    `INSERT INTO units (org_id, id, kind, name, from_on)
     SELECT $1, g.id, 'teachingResearchGroup', '第' || g.number || '教研组', '2018-09-01' FROM unnest($2::uuid[]) WITH ORDINALITY AS g (id, number)`,
    [school.id, school.groupIds],
  )
  await client.query(
    `INSERT INTO people (org_id, id, staff_number, name, pinyin, pinyin_initials, sort_key, created_at)
     SELECT $1, p.id, 'N' || $3 || '-' || p.number, '教师' || p.number, 'jiaoshi', 'js', lpad(p.number::text, 5, '0'), now()
     FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, number)`,
    [...parameters, index],
  )
  await client.query(
    `INSERT INTO service_periods (org_id, id, person_id, from_on) SELECT $1, gen_random_uuid(), id, '2019-09-01' FROM unnest($2::uuid[]) AS id`,
    parameters,
  )
  await client.query(
    `INSERT INTO person_attributes (org_id, person_id, name, from_on, value)
     SELECT $1, id, 'staffKind', '2019-09-01', '"teaching"' FROM unnest($2::uuid[]) AS id`,
    parameters,
  )
  await client.query(
    `INSERT INTO memberships (org_id, id, unit_id, person_id, from_on)
     SELECT $1, gen_random_uuid(), ($3::uuid[])[1 + (p.number - 1) % cardinality($3::uuid[])], p.id, '2019-09-01'
     FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, number)`,
    [...parameters, school.groupIds],
  )
  await client.query(
    `INSERT INTO facts (org_id, id, kind, subject_kind, subject_id, counts_on, recorded_at, quantity, attributes, source_room, source_id, idempotency_key)
     SELECT $1, gen_random_uuid(),
       (ARRAY['study.logged', 'activity.attended', 'work.accepted'])[1 + n % 3], 'person', p.id,
       d.day, d.day::timestamptz + interval '9 hours',
       CASE n % 3 WHEN 0 THEN 90 WHEN 1 THEN 80 ELSE 1 END,
       (ARRAY['{"studyKind": "theory", "hasExcerpt": true}', '{"activityKind": "teamStudy", "scope": "group", "status": "present", "form": "", "theme": "测量", "contentTags": []}',
         '{"workKind": "reflection", "characters": 600, "parts": []}'])[1 + n % 3]::jsonb,
       'bench', gen_random_uuid(), p.id || ':' || n
     FROM unnest($2::uuid[]) AS p (id), generate_series(0, $3::int - 1) AS n,
       LATERAL (SELECT ('2026-11-17'::date - (n * $4::int / $3::int))::date AS day) AS d`,
    [...parameters, factsPerTeacher, days],
  )
  await client.query('COMMIT')
}
