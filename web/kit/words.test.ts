import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  amountText,
  bytesText,
  countCharacters,
  dayWithWeekday,
  momentText,
  rangeText,
  timeText,
} from './words.ts'

test('writes days as they are said', () => {
  assert.equal(dayWithWeekday('2026-11-22'), '11月22日 周日')
  assert.equal(dayWithWeekday('2025-03-01', '2026-11-22'), '2025年3月1日 周六')
  assert.equal(rangeText('2026-09-01', '2026-09-01'), '9月1日')
  assert.equal(rangeText('2026-09-01', '2026-11-22'), '9月1日至11月22日')
})

test('shows moments in Shanghai, wherever the device is', () => {
  assert.equal(timeText('2026-11-21T23:05:00Z'), '07:05')
  assert.equal(momentText('2026-11-21T16:30:00Z'), '11月22日 00:30')
})

test('writes amounts with their target and unit', () => {
  assert.equal(amountText(7, 10, '篇'), '7/10 篇')
  assert.equal(amountText(7.25, null, '学时'), '7.3 学时')
  assert.equal(amountText(null, null, '次'), '—')
  assert.equal(amountText(null, 2, '次'), '应 2 次')
})

test('counts characters, not white space, and a rare character once', () => {
  assert.equal(countCharacters('第一 段\n𠮷'), 4)
})

test('writes sizes of files', () => {
  assert.equal(bytesText(900), '900 B')
  assert.equal(bytesText(1.25 * 1024 * 1024), '1.3 MB')
})
