import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parse } from 'yaml'
import { type WorkedCase, casesSchema, differencesOf } from '../../engine/cases.ts'
import { type LintMessage, lintRegime, severityLabels } from '../../engine/lint.ts'
import { loadRegime } from '../../engine/load.ts'
import { ruleKinds } from '../../engine/schema.ts'
import type { Regime, RuleKind } from '../../engine/schema.ts'
import type { CalendarInput } from '../../engine/types.ts'
import { listRegimeIds } from '../../regimes/read.ts'
import { readCalendar } from './calendar.ts'
import type { Call } from './main.ts'
import { type Answer, problemText } from './output.ts'
import type { Problem } from './output.ts'
import { casesCalendarFile, lineFinder, listRegimeFiles, readRegime } from './regime-files.ts'
import { reporterFor, reportIssues, sentenceFor } from './tables.ts'

const kindNames = Object.keys(ruleKinds) as RuleKind[]

/** `xiaoyan regimes list`: what comes with the program. */
export function listRegimes(): Answer {
  const regimes = listRegimeIds().map((id) => {
    const { regime } = readRegime(id)
    const kinds = Object.fromEntries(
      kindNames.map((kind) => [kind, regime.rules.filter((rule) => rule.kind === kind).length]),
    )
    return {
      id,
      title: regime.title,
      version: regime.version,
      inForceFrom: regime.inForceFrom,
      rules: regime.rules.length,
      manual: regime.rules.filter((rule) => rule.manual !== undefined).length,
      kinds,
    }
  })
  const lines = regimes.flatMap((one) => [
    `${one.id}  ${one.title}  第 ${one.version} 版  ${one.rules} 条（${one.manual} 条由人确认）`,
    `    ${kindNames.flatMap((kind) => (one.kinds[kind] ? `${ruleKinds[kind]} ${one.kinds[kind]}` : [])).join('、')}`,
  ])
  return { text: lines.join('\n'), data: regimes }
}

interface FailedCase {
  file: string
  line: number
  name: string
  rule: string
  /** What was expected and found, part by part; a sentence alone where the case could not be computed. */
  differences: { part: string | null; expected: string | null; found: string | null; message: string }[]
}

interface Checked {
  file: string
  id: string | null
  title: string | null
  version: string | null
  rules: number
  problems: Problem[]
  cases: { file: string; count: number; failed: FailedCase[] } | null
  lint: (Omit<LintMessage, 'path'> & { file: string; line: number; path: string })[]
}

/** `xiaoyan regimes check`: form, clauses, facts, worked cases and lint of regimes, all at once. */
export async function checkRegimes({ words, options, flags }: Call): Promise<Answer> {
  const names = words.length > 0 ? words : listRegimeIds()
  const files = [...new Set(names.flatMap(listRegimeFiles))]
  const given = options.calendar?.[0]
  const checked: Checked[] = []
  for (const file of files) checked.push(await checkOne(file, given ?? calendarBeside(file)))
  const bad = (one: Checked) =>
    one.problems.length > 0 ||
    (one.cases?.failed.length ?? 0) > 0 ||
    (flags.has('strict') && one.lint.some((message) => message.severity === 'warning'))
  const failed = checked.some(bad)
  return {
    text: checked.flatMap(linesOf).join('\n'),
    data: { ok: !failed, regimes: checked },
    code: failed ? 1 : 0,
  }
}

/** The calendar of the cases: beside the regime, beside its folder, or the one that comes with the program. */
function calendarBeside(file: string): string {
  const folder = dirname(file)
  const own = [join(folder, 'calendar.yaml'), join(folder, '..', 'calendar.yaml')].find((one) =>
    existsSync(one),
  )
  return own ?? casesCalendarFile
}

async function checkOne(file: string, calendarFile: string): Promise<Checked> {
  const text = readFileSync(file, 'utf8')
  const { regime, problems } = loadRegime(text, file)
  const result: Checked = {
    file,
    id: regime?.id ?? null,
    title: regime?.title ?? null,
    version: regime?.version ?? null,
    rules: regime?.rules.length ?? 0,
    problems: problems.map(({ line, path, message }) => ({
      file,
      line,
      column: path === '' ? null : path,
      message,
    })),
    cases: null,
    lint: [],
  }
  if (!regime) return result
  const calendar = await readCalendar(calendarFile)
  const findLine = lineFinder(text)
  result.lint = lintRegime(regime, calendar, { text }).map((message) => ({
    ...message,
    file,
    line: findLine(placeOf(message.path)),
  }))
  const casesFile = join(dirname(file), 'cases.yaml')
  if (existsSync(casesFile)) {
    const read = readCasesFile(casesFile)
    if (read.problems.length > 0) result.problems.push(...read.problems)
    else result.cases = runCases(read.cases, casesFile, regime, text, calendar, read.lineOf)
  }
  return result
}

const placeOf = (path: string): (string | number)[] =>
  path === '' ? [] : path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))

function readCasesFile(file: string): {
  cases: WorkedCase[]
  problems: Problem[]
  lineOf: (path: (string | number)[]) => number
} {
  const text = readFileSync(file, 'utf8')
  const lineOf = lineFinder(text)
  let data: unknown
  try {
    data = parse(text) ?? []
  } catch (error) {
    const line =
      error instanceof Error && 'linePos' in error
        ? (error.linePos as { line: number }[])[0]?.line
        : undefined
    const what = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    const message = `例题文件格式不对，请检查缩进、冒号和引号：${what}`
    return { cases: [], problems: [{ file, line: line ?? 1, column: null, message }], lineOf }
  }
  const parsed = casesSchema.safeParse(data, { error: sentenceFor })
  if (parsed.success) return { cases: parsed.data, problems: [], lineOf }
  const reporter = reporterFor(file)
  reportIssues(parsed.error.issues, lineOf, reporter)
  return { cases: [], problems: reporter.problems, lineOf }
}

function runCases(
  cases: WorkedCase[],
  file: string,
  regime: Regime,
  regimeText: string,
  calendar: CalendarInput,
  lineOf: (path: (string | number)[]) => number,
): NonNullable<Checked['cases']> {
  const failed: FailedCase[] = []
  cases.forEach((example, index) => {
    const differences = differencesOfCase(example, regime, regimeText, calendar)
    if (differences.length === 0) return
    failed.push({
      file,
      line: lineOf([index]),
      name: example.name,
      rule: example.rule,
      differences: differences.map((message) => {
        const [, part, expected, found] = /^(\w+) 应为 (.*)，实为 (.*)$/s.exec(message) ?? []
        return { part: part ?? null, expected: expected ?? null, found: found ?? null, message }
      }),
    })
  })
  return { file, count: cases.length, failed }
}

function differencesOfCase(
  example: WorkedCase,
  regime: Regime,
  regimeText: string,
  calendar: CalendarInput,
): string[] {
  const rule = regime.rules.find((one) => one.id === example.rule)
  if (!rule) return [`制度里没有规则 ${example.rule}`]
  const unknown = Object.keys(example.settings).filter((name) => regime.settings[name] === undefined)
  if (unknown.length > 0) return [`制度里没有设置 ${unknown.join('、')}`]
  try {
    return differencesOf(example, regimeText, calendar)
  } catch (error) {
    return [`这道例题无法计算：${error instanceof Error ? error.message : String(error)}`]
  }
}

function linesOf(one: Checked): string[] {
  const { file, problems, cases, lint } = one
  const failed = cases?.failed ?? []
  const sum =
    problems.length > 0 && one.id === null
      ? `${problems.length} 处要改`
      : [
          `${one.rules} 条规则`,
          ...(problems.length > 0 ? [`${problems.length} 处要改`] : []),
          cases
            ? `${cases.count} 道例题${failed.length > 0 ? `，${failed.length} 道不符` : '都相符'}`
            : '没有例题',
          `${lint.filter((message) => message.severity === 'warning').length} 处提醒`,
        ].join('，')
  return [
    `${one.title ?? basename(dirname(file))}（${file}）：${sum}`,
    ...problems.map((problem) => `  ${problemText({ ...problem, column: null })}`),
    ...failed.flatMap((example) => [
      `  ${example.file} 第 ${example.line} 行：例题“${example.name}”（${example.rule}）不符`,
      ...example.differences.map((difference) => `      ${difference.message}`),
    ]),
    ...lint.map(
      (message) =>
        `  ${message.file} 第 ${message.line} 行：${severityLabels[message.severity]}：${message.message}`,
    ),
  ]
}
