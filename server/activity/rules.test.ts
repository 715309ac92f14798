import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  findUnsettled,
  missingParts,
  nextSpeaker,
  settledItems,
  speakerBecause,
  statusBySigning,
  suggestDay,
} from './rules.ts'

const member = (name: string, spoken: number, lastOn: string | null = null) => ({
  personId: name,
  name,
  spoken,
  lastOn,
})

test('everybody speaks once before anybody speaks twice; the longest silent first, then the order of the list', () => {
  assert.equal(nextSpeaker([member('甲', 1, '2026-09-10'), member('乙', 0), member('丙', 0)])?.name, '乙')
  assert.equal(nextSpeaker([member('甲', 1, '2026-09-17'), member('乙', 1, '2026-09-10')])?.name, '乙')
  assert.equal(nextSpeaker([member('甲', 0, '2026-05-01'), member('乙', 0)])?.name, '乙')
  assert.equal(nextSpeaker([]), undefined)
  assert.equal(speakerBecause([member('甲', 1), member('乙', 0)]), '本学期还有 1 位老师没有发言，轮到乙。')
})

test('late is more than ten minutes after the planned start, or after the real one if that was later', () => {
  const startsAt = new Date('2026-11-18T07:30:00Z')
  const after = (minutes: number) => new Date(startsAt.getTime() + minutes * 60_000)
  assert.equal(statusBySigning(after(10), { startsAt, startedAt: after(-15) }, 10), 'present')
  assert.equal(
    statusBySigning(new Date(after(10).getTime() + 1), { startsAt, startedAt: after(-15) }, 10),
    'late',
  )
  assert.equal(statusBySigning(after(25), { startsAt, startedAt: after(20) }, 10), 'present')
})

test('names the first item that is not settled and leaves alone what it cannot judge', () => {
  const settled = settledItems({
    theme: '估算',
    content: '',
    place: ' ',
    hostId: null,
    speakerId: null,
    form: '',
  })
  const part = (id: string, required = true) => ({ id, label: id, required })
  assert.equal(
    findUnsettled([part('time'), part('people'), part('content'), part('place'), part('host')], settled)?.id,
    'place',
  )
  assert.equal(findUnsettled([part('place', false), part('weather')], settled), undefined)
})

test('says which required parts of the minutes are still empty', () => {
  const parts = [
    { id: 'a', label: '专题', required: true },
    { id: 'b', label: '现场', required: true },
    { id: 'c', label: '附记', required: false },
  ]
  assert.deepEqual(missingParts(parts, { a: '估算', b: '  ' }), ['现场'])
})

test('proposes the same weekday after the last activity, never in the past', () => {
  assert.equal(suggestDay('2026-11-18', '2026-11-18'), '2026-11-25')
  assert.equal(suggestDay('2026-10-14', '2026-11-19'), '2026-11-25')
  assert.equal(suggestDay(null, '2026-11-19'), '2026-11-19')
})
