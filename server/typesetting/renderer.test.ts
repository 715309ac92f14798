import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readPdf } from './pdf-reader.ts'
import { createTypesetter, type Typesetter } from './renderer.ts'
import { getSample } from './samples.ts'
import type { TemplateName } from './types.ts'

const templateNames: TemplateName[] = ['record-booklet/1', 'activity-record/1', 'sign-in-sheet/1']
const hostile = '#eval("1+1") $a^2$ *b* _c_ <label> @ref \\ // x /* y = z `raw` ~ #{panic()} ]'
/** Typst moves text over lines, so texts are compared without blanks. */
const dense = (text: string) => text.replace(/\s+/g, '')
/** Values that choose a look or an address, not text. */
const fixedKeys = new Set(['issuedOn', 'kind', 'type', 'url'])

/** The same data with every text replaced, so that no field can be forgotten. */
function withText(value: unknown, text: string, key = '', parent: unknown = null): unknown {
  if (Array.isArray(value)) return value.map((each) => withText(each, text, '', value))
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, withText(each, text, name, value)]),
    )
  const isState = key === 'kind' && parent !== null && typeof parent === 'object' && 'label' in parent
  const fixed = key === 'kind' ? isState : fixedKeys.has(key)
  return typeof value === 'string' && !fixed ? text : value
}

async function waitUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(5)
}

describe('typesetting documents', () => {
  let typesetter: Typesetter
  before(() => {
    typesetter = createTypesetter()
  })
  after(() => typesetter.stop())

  test('sets the record booklet with cover, contents, chapters and result as a tagged PDF/A', async () => {
    const data = getSample('record-booklet/1')
    const pdf = readPdf(await typesetter.renderPdf('record-booklet/1', data))
    assert.ok(pdf.pages.length >= 14, `${pdf.pages.length} pages`)
    assert.ok(pdf.tagged)
    assert.match(pdf.metadata, /pdfaid:part>2</)
    assert.match(pdf.metadata, /pdfaid:conformance>A</)
    assert.equal(pdf.title, '校本研修报告册　林晓慧　2025—2026学年')
    assert.equal(pdf.author, '兴隆小学')
    const pages = pdf.pages.map(dense)
    assert.ok(pages[0]?.includes('校本研修报告册') && pages[0].includes('XL2016032'))
    for (const entry of data.reflections.entries) {
      assert.ok(pages[1]?.includes(dense(entry.title)), `${entry.title} stands in the contents`)
      const last = entry.blocks.at(-1)?.runs.at(-1)?.text.slice(-8) ?? ''
      assert.ok(pages.slice(2).join('').includes(dense(last)), `${entry.title} is complete`)
    }
    for (const row of data.rules.rows) assert.ok(pages.join('').includes(dense(row.rule)), row.rule)
    assert.ok(pages.at(-1)?.includes('合格') && pages.at(-1)?.includes('XL-2026-0047'))
  })

  test('sets an activity record with everybody who came, was late, on leave or absent', async () => {
    const data = getSample('activity-record/1')
    const text = dense(readPdf(await typesetter.renderPdf('activity-record/1', data)).pages.join(''))
    const { present, late, leave, absent } = data.attendance
    for (const name of [...present, ...[...late, ...leave, ...absent].map((person) => person.name)])
      assert.ok(text.includes(name), name)
    assert.ok(text.includes('图要贯穿全课'))
  })

  for (const [people, pages] of [
    [0, 1],
    [40, 1],
    [41, 2],
    [100, 3],
  ] as const)
    test(`puts ${people} people on ${pages} page(s) of the sign-in sheet`, async () => {
      const data = getSample('sign-in-sheet/1')
      data.people = Array.from({ length: people }, (_, index) => ({
        number: `T${index + 1}`,
        name: '欧阳震华',
      }))
      const pdf = readPdf(await typesetter.renderPdf('sign-in-sheet/1', data))
      assert.equal(pdf.pages.length, pages)
      if (people > 0) assert.ok(dense(pdf.pages.at(-1) ?? '').includes(`T${people}`))
    })

  for (const template of templateNames)
    test(`prints markup in any field of ${template} as plain text`, async () => {
      const data = withText(getSample(template), hostile) as never
      const pdf = readPdf(await typesetter.renderPdf(template, data))
      assert.ok(dense(pdf.pages.join('')).includes(dense(hostile)))
    })

  for (const template of templateNames)
    test(`prints ${template} although a text has control characters, half characters and signs without a glyph`, async () => {
      const text = '甲\u0000\u0007\u200b乙\ud800丙🎉\ue123丁'
      const data = withText(getSample(template), text) as never
      const found = dense(readPdf(await typesetter.renderPdf(template, data)).pages.join(''))
      assert.ok(found.includes('甲乙') && found.includes('丁'))
    })

  for (const template of templateNames)
    test(`prints ${template} with every text empty`, async () => {
      const data = withText(getSample(template), '') as never
      if (template === 'sign-in-sheet/1') assert.ok(await typesetter.renderPdf(template, data))
      else await assert.doesNotReject(typesetter.renderPdf(template, data))
    })

  test('prints a booklet in which nothing is recorded yet', async () => {
    const data = getSample('record-booklet/1')
    for (const part of [data.reflections, data.excerpts]) part.entries = []
    for (const part of [data.hours, data.attendance, data.rules]) part.rows = []
    data.hours.totals = data.attendance.totals = data.result.scores = data.plan.sections = []
    data.evaluations.voices = []
    data.result.grade = data.verification = null
    const text = dense(readPdf(await typesetter.renderPdf('record-booklet/1', data)).pages.join(''))
    assert.ok(text.includes('本学年没有反思。') && text.includes('本学年没有计划。'))
  })

  test('marks every page of a draft and none of an issued paper', async () => {
    const data = getSample('activity-record/1')
    const issued = readPdf(await typesetter.renderPdf('activity-record/1', data))
    const draft = readPdf(await typesetter.renderPdf('activity-record/1', { ...data, draft: true }))
    assert.ok(draft.pages.every((page) => page.includes('草稿')))
    assert.ok(issued.pages.every((page) => !page.includes('草稿')))
  })

  test('gives equal bytes for equal data, also in another process', async () => {
    const other = createTypesetter()
    const data = getSample('activity-record/1')
    const [first, second] = await Promise.all(
      [typesetter, other].map((each) => each.renderPdf('activity-record/1', data)),
    )
    await other.stop()
    assert.deepEqual(first, second)
  })
})

describe('the compiler process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'xiaoyan-templates-'))
  const data = getSample('activity-record/1')
  const sheet = getSample('sign-in-sheet/1')
  const endless = '#for a in range(100000) { for b in range(100000) { let c = a * b } }'
  before(() => {
    cpSync(fileURLToPath(new URL('../../templates/', import.meta.url)), folder, { recursive: true })
    writeFileSync(join(folder, 'sign-in-sheet/1/sheet.typ'), endless)
  })
  after(() => rmSync(folder, { recursive: true }))

  test('starts with the first document only and goes away when idle', async () => {
    const typesetter = createTypesetter({ idleMilliseconds: 20 })
    assert.equal(typesetter.getProcessId(), undefined)
    await typesetter.renderPdf('activity-record/1', data)
    await waitUntil(() => typesetter.getProcessId() === undefined)
    assert.ok(await typesetter.renderPdf('activity-record/1', data))
    await typesetter.stop()
  })

  test('prints the document again in a new process when the first one is killed', async () => {
    const typesetter = createTypesetter()
    const printing = typesetter.renderPdf('record-booklet/1', getSample('record-booklet/1'))
    const first = typesetter.getProcessId()
    assert.ok(first)
    process.kill(first, 'SIGKILL')
    assert.ok(readPdf(await printing).pages.length >= 14)
    assert.notEqual(typesetter.getProcessId(), first)
    await typesetter.stop()
  })

  test('gives a document up that kills its process twice, and prints the next one', async () => {
    const typesetter = createTypesetter({ templateFolder: folder })
    const printing = typesetter.renderPdf('sign-in-sheet/1', sheet)
    const next = typesetter.renderPdf('activity-record/1', data)
    const refused = assert.rejects(printing, /ended twice/)
    const first = typesetter.getProcessId() as number
    process.kill(first, 'SIGKILL')
    await waitUntil(() => ![undefined, first].includes(typesetter.getProcessId()))
    process.kill(typesetter.getProcessId() as number, 'SIGKILL')
    await refused
    assert.ok(await next)
    await typesetter.stop()
  })

  test('gives a document up that takes too long, and prints the next one', async () => {
    const typesetter = createTypesetter({ templateFolder: folder, timeLimitMilliseconds: 4_000 })
    const next = assert.rejects(typesetter.renderPdf('sign-in-sheet/1', sheet), /took longer than 4000 ms/)
    const after = typesetter.renderPdf('activity-record/1', data)
    await next
    assert.ok(await after)
    await typesetter.stop()
  })

  test('throws what the template complains about and keeps the process', async () => {
    const typesetter = createTypesetter()
    await typesetter.renderPdf('activity-record/1', data)
    const before = typesetter.getProcessId()
    const broken = { ...data, attendance: undefined } as never
    await assert.rejects(
      typesetter.renderPdf('activity-record/1', broken),
      /activity-record\/1 failed: .*attendance/,
    )
    assert.ok(await typesetter.renderPdf('activity-record/1', data))
    assert.equal(typesetter.getProcessId(), before)
    await typesetter.stop()
  })

  test('is replaced after its number of documents and when it holds too much memory', async () => {
    for (const options of [{ documentsPerProcess: 2 }, { memoryLimitBytes: 1 }]) {
      const typesetter = createTypesetter(options)
      const seen = new Set<number | undefined>()
      const prints = Array.from({ length: 4 }, () => typesetter.renderPdf('activity-record/1', data))
      for (const print of prints) {
        seen.add(typesetter.getProcessId())
        await print
      }
      seen.add(typesetter.getProcessId())
      assert.ok(seen.size >= 2, JSON.stringify([...seen]))
      await typesetter.stop()
    }
  })

  test('refuses what waits when it is stopped, and everything after', async () => {
    const typesetter = createTypesetter({ templateFolder: folder })
    const waiting = [
      typesetter.renderPdf('sign-in-sheet/1', sheet),
      typesetter.renderPdf('activity-record/1', data),
    ]
    const refused = waiting.map((each) => assert.rejects(each, /was stopped/))
    await typesetter.stop()
    await Promise.all(refused)
    assert.equal(typesetter.getProcessId(), undefined)
    await assert.rejects(typesetter.renderPdf('activity-record/1', data), /was stopped/)
  })

  test('refuses a document at once when too many wait', async () => {
    const typesetter = createTypesetter({ queueLimit: 1 })
    const first = typesetter.renderPdf('activity-record/1', data)
    const second = typesetter.renderPdf('activity-record/1', data)
    await assert.rejects(typesetter.renderPdf('activity-record/1', data), /Too many documents wait/)
    assert.ok((await first).length > 0 && (await second).length > 0)
    await typesetter.stop()
  })
})
