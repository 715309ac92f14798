import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { casesSchema } from '../../engine/cases.ts'
import { regimeSchema } from '../../engine/schema.ts'
import { calendarSchema, factsSchema, findingsSchema, peopleSchema, unitsSchema } from './forms.ts'
import type { Call } from './main.ts'
import type { Answer } from './output.ts'

/** Where the generated schemas stand in the repository. */
export const schemasFolder = fileURLToPath(new URL('../../schemas/', import.meta.url))

type Plain = Record<string, unknown>
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** In a regime `{ setting: name }` may stand for any value outside the settings themselves. */
function withSettings(schema: Plain): Plain {
  const setting = { $ref: '#/$defs/setting' }
  const allow = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(allow)
    if (!isPlain(node)) return node
    const leaf =
      node.enum !== undefined ||
      node.const !== undefined ||
      ['number', 'integer', 'string', 'boolean', 'array'].includes(String(node.type))
    const inner = Object.fromEntries(
      Object.entries(node).map(([key, value]) => {
        if (key === 'properties' && isPlain(value))
          return [key, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, allow(one)]))]
        const holds = ['items', 'anyOf', 'oneOf', 'allOf', 'additionalProperties', 'prefixItems'].includes(
          key,
        )
        return [key, holds ? allow(value) : value]
      }),
    )
    return leaf ? { anyOf: [inner, setting] } : inner
  }
  const { properties, $defs, ...rest } = schema
  // The words by which rules are named must be plain: they are read before settings are put in.
  const plain = ['id', 'title', 'version', 'document', 'inForceFrom', 'settings']
  return {
    ...rest,
    properties: Object.fromEntries(
      Object.entries(isPlain(properties) ? properties : {}).map(([name, one]) => [
        name,
        plain.includes(name) ? one : allow(one),
      ]),
    ),
    $defs: {
      ...(isPlain($defs)
        ? Object.fromEntries(Object.entries($defs).map(([name, one]) => [name, allow(one)]))
        : {}),
      setting: {
        type: 'object',
        description: '用设置里的值',
        properties: { setting: { type: 'string' } },
        required: ['setting'],
        additionalProperties: false,
      },
    },
  }
}

/** Every schema by file name, as JSON text that ends in a new line. */
export function listSchemas(): Map<string, string> {
  const given: [string, string, z.ZodType, 'input' | 'output'][] = [
    ['regime', '制度 regime.yaml', regimeSchema, 'input'],
    ['cases', '例题 cases.yaml', casesSchema, 'input'],
    ['people', '名册（xiaoyan evaluate --people）', peopleSchema, 'input'],
    ['units', '组织（xiaoyan evaluate --units）', unitsSchema, 'input'],
    ['calendar', '校历（xiaoyan evaluate --calendar）', calendarSchema, 'input'],
    ['facts', '记录（xiaoyan evaluate --facts）', factsSchema, 'input'],
    ['findings', '结果（xiaoyan evaluate --json）', findingsSchema, 'output'],
  ]
  return new Map(
    given.map(([name, title, schema, io]) => {
      const made = z.toJSONSchema(schema, {
        io,
        unrepresentable: 'any',
        reused: name === 'regime' ? 'ref' : 'inline',
      }) as Plain
      const { $schema, ...rest } = name === 'regime' ? withSettings(made) : made
      return [`${name}.schema.json`, `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`]
    }),
  )
}

/** `xiaoyan schemas [folder]`: writes the JSON Schemas of all files. */
export function writeSchemas({ words }: Pick<Call, 'words'>): Answer {
  const folder = words[0] ?? schemasFolder
  mkdirSync(folder, { recursive: true })
  const files = [...listSchemas()].map(([name, text]) => {
    const file = join(folder, name)
    writeFileSync(file, text)
    return file
  })
  return { text: files.join('\n'), data: { files } }
}
