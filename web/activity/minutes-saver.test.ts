import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiError } from '../kit/api.ts'
import { createMinutesSaver, SectionChanged } from './minutes-saver.ts'

/** A server that keeps one version for all sections, as the real one does. */
function createServer() {
  const state = { version: 0, texts: {} as Record<string, string> }
  return {
    state,
    async send(input: { version: number; parts: Record<string, string> }) {
      if (input.version !== state.version) {
        const parts = Object.entries(state.texts).map(([part, text]) => [`parts.${part}`, text])
        throw new ApiError('另一位老师也修改了记录', {
          status: 409,
          code: 'minutesChanged',
          fields: { version: String(state.version), ...Object.fromEntries(parts) },
        })
      }
      Object.assign(state.texts, input.parts)
      state.version++
      return { version: state.version }
    },
  }
}

test('two people writing different sections both get through', async () => {
  const server = createServer()
  const one = createMinutesSaver('x', { version: 0, texts: {} }, server.send)
  const two = createMinutesSaver('x', { version: 0, texts: {} }, server.send)
  await Promise.all([
    one.save('process', '听课'),
    two.save('opinions', '讨论'),
    one.save('process', '听课评课'),
  ])
  assert.deepEqual(server.state.texts, { process: '听课评课', opinions: '讨论' })
})

test('two people writing the same section: the second is stopped with the other text, and goes on after choosing', async () => {
  const server = createServer()
  const one = createMinutesSaver('x', { version: 0, texts: {} }, server.send)
  const two = createMinutesSaver('x', { version: 0, texts: {} }, server.send)
  await one.save('process', '甲写的')
  await assert.rejects(
    two.save('process', '乙写的'),
    (problem: unknown) => problem instanceof SectionChanged && problem.theirs === '甲写的',
  )
  assert.equal(server.state.texts.process, '甲写的')
  // Trying again without having chosen changes nothing either.
  await assert.rejects(two.save('process', '乙写的'), SectionChanged)
  // Nor does saving another section in between open the way.
  await two.save('opinions', '乙的发言')
  await assert.rejects(two.save('process', '乙写的'), SectionChanged)
  two.seen('process', '甲写的')
  await two.save('process', '甲写的\n乙写的')
  assert.equal(server.state.texts.process, '甲写的\n乙写的')
})

test('a section that others wrote and this page never showed is not overwritten either', async () => {
  const server = createServer()
  const one = createMinutesSaver('x', { version: 0, texts: {} }, server.send)
  const two = createMinutesSaver('x', { version: 0, texts: {} }, server.send)
  await one.save('process', '甲写的')
  await two.save('opinions', '乙的发言')
  await assert.rejects(two.save('process', '乙写的'), SectionChanged)
  assert.equal(server.state.texts.process, '甲写的')
})
