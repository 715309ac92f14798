import pg from 'pg'
import { newId } from '../server/kit/ids.ts'

/** Ids of records to look at, one of each kind. */
export interface FilledSchool {
  activityId: string
  workId: string
  planId: string
}

/**
 * Gives one school the records of two years, so that its lists are as long as in real life: a hundred activities of
 * each group with attendance, thirty works and sixty study entries of everybody, and the papers of the term.
 */
export async function fillRecords(
  ownerConnection: string,
  school: { id: string; groupIds: string[]; personIds: string[] },
): Promise<FilledSchool> {
  const client = new pg.Client({ connectionString: ownerConnection })
  await client.connect()
  const filled = { activityId: newId(), workId: newId(), planId: newId() }
  const { id, groupIds, personIds } = school
  try {
    await client.query('BEGIN')
    await client.query(`SET LOCAL app.org_id = '${id}'`)
    await client.query(
      `INSERT INTO activities (org_id, id, unit_id, scope, kind, content_tags, theme, place, held_on, starts_at, ends_at, status,
         host_id, speaker_id, minutes, started_at, closed_at, created_at)
       SELECT $1, CASE WHEN g.number = 1 AND n = 0 THEN $4 ELSE gen_random_uuid() END, g.id, 'group', 'groupResearch', '{}', '第' || n || '次教研', '会议室', day,
         day + time '15:30', day + time '17:00', 'closed', ($3::uuid[])[g.number], ($3::uuid[])[g.number + 10],
         '{"process": "讨论了估算教学的三个难点，确定了下一次的课例。"}', day + time '15:25', day + time '17:00', now()
       FROM unnest($2::uuid[]) WITH ORDINALITY AS g (id, number), generate_series(0, 99) AS n,
         LATERAL (SELECT '2026-11-17'::date - n * 7 AS day) AS d`,
      [id, groupIds, personIds, filled.activityId],
    )
    await client.query(
      `INSERT INTO activity_people (org_id, activity_id, person_id)
       SELECT a.org_id, a.id, m.person_id FROM activities a JOIN memberships m ON m.org_id = a.org_id AND m.unit_id = a.unit_id
       WHERE a.org_id = $1`,
      [id],
    )
    await client.query(
      `INSERT INTO attendance (org_id, activity_id, person_id, status, signed_at, received_at, source)
       SELECT e.org_id, e.activity_id, e.person_id, (ARRAY['present', 'present', 'present', 'late', 'absent'])[1 + abs(hashtext(e.person_id::text || e.activity_id)) % 5],
         a.starts_at, a.starts_at, 'code'
       FROM activity_people e JOIN activities a ON a.org_id = e.org_id AND a.id = e.activity_id WHERE e.org_id = $1`,
      [id],
    )
    const text = '本节课学生在估算环节出现了两种不同的思路，值得比较。'.repeat(25)
    await client.query(
      `INSERT INTO works (org_id, id, person_id, kind, title, body, characters, status, counts_on, created_at, saved_at, submitted_at, decided_at)
       SELECT $1, CASE WHEN p.number = 1 AND n = 0 THEN $3 ELSE gen_random_uuid() END, p.id, 'reflection', '教学反思' || n, '<p>' || $4 || '</p>', 675,
         CASE WHEN n = 0 THEN 'submitted' ELSE 'accepted' END, day, day + time '20:00', day + time '20:00', day + time '20:00',
         CASE WHEN n = 0 THEN NULL ELSE day + time '21:00' END
       FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, number), generate_series(0, 29) AS n,
         LATERAL (SELECT '2026-11-17'::date - n * 14 AS day) AS d`,
      [id, personIds, filled.workId, text],
    )
    await client.query(
      `INSERT INTO work_versions (org_id, work_id, number, title, body, characters, submitted_at, decision, decided_at)
       SELECT org_id, id, 1, title, body, characters, submitted_at, CASE WHEN status = 'accepted' THEN 'accepted' END, decided_at
       FROM works WHERE org_id = $1`,
      [id],
    )
    await client.query(
      `INSERT INTO study_entries (org_id, id, person_id, studied_on, kind, content, minutes, excerpt, created_at)
       SELECT $1, gen_random_uuid(), p, '2026-11-17'::date - n * 7, 'theory', '《课程标准》解读' || n, 60, $3, now()
       FROM unnest($2::uuid[]) AS p, generate_series(0, 59) AS n`,
      [id, personIds, text.slice(0, 200)],
    )
    await client.query(
      `INSERT INTO plans (org_id, id, paper, level, owner_id, term_id, title, form, sections, status, filing_number, stamped_on, created_at, saved_at)
       SELECT $1, CASE WHEN p.number = 1 THEN $3 ELSE gen_random_uuid() END, 'plan', 'teacher', p.id, '2026-2027-1', '个人计划' || p.number,
         '[{"key": "goal", "label": "目标", "hint": "", "required": true, "clause": null}]', jsonb_build_object('goal', '<p>' || $4 || '</p>'),
         (ARRAY['draft', 'submitted', 'reviewed', 'filed'])[1 + p.number::int % 4],
         CASE WHEN p.number % 4 = 3 THEN '2026-1-' || p.number END, CASE WHEN p.number % 4 = 3 THEN '2026-09-20'::date END, now(), now()
       FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, number)`,
      [id, personIds, filled.planId, text],
    )
    await client.query('COMMIT')
    await client.query('ANALYZE')
    return filled
  } finally {
    await client.end()
  }
}
