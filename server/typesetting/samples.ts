/** The sample data that lie beside each template: for previews of a template, tests and measurements. */
import { readFileSync } from 'node:fs'
import type { TemplateData, TemplateName } from './types.ts'

/** Reads the sample of a template; every call gives a fresh copy that may be changed. */
export function getSample<Name extends TemplateName>(template: Name): TemplateData[Name] {
  const file = new URL(`../../templates/${template}/sample.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as TemplateData[Name]
}
