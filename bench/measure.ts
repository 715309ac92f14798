/** Milliseconds of each run, in order of size. */
export interface Sample {
  sorted: number[]
}

export async function measure(runs: number, work: (run: number) => Promise<unknown>): Promise<Sample> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    await work(run)
    times.push(performance.now() - start)
  }
  return { sorted: times.sort((a, b) => a - b) }
}

export function percentile(sample: Sample, share: number): number {
  const { sorted } = sample
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export interface Row {
  what: string
  measured: string
  target: string
  ok: boolean | null
  /** What the machine itself can do at most, measured in the same run. */
  limit: string
}

export interface Table {
  title: string
  rows: Row[]
  /** How it was measured, what was left out. */
  notes: string[]
}

/** What every measurement is given. */
export interface Bench {
  /** Smaller sizes: shows that everything runs, says little about the targets. */
  small: boolean
  /** A folder on a real disk, removed at the end. */
  folder: string
  say(text: string): void
}

export function row(
  what: string,
  value: number,
  unit: string,
  target: { atMost?: number; atLeast?: number; limit?: string } = {},
): Row {
  const wanted =
    target.atMost !== undefined
      ? `≤ ${target.atMost} ${unit}`
      : target.atLeast !== undefined
        ? `≥ ${target.atLeast} ${unit}`
        : '—'
  const ok =
    target.atMost !== undefined
      ? value <= target.atMost
      : target.atLeast !== undefined
        ? value >= target.atLeast
        : null
  const shown = Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2)
  return { what, measured: `${shown} ${unit}`, target: wanted, ok, limit: target.limit ?? '' }
}

/** Width on the screen: Chinese characters take two columns. */
function width(text: string): number {
  let columns = 0
  for (const character of text) columns += /[⺀-鿿＀-￯—“”《》（）、。，：；]/.test(character) ? 2 : 1
  return columns
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export function printTable({ title, rows, notes }: Table): void {
  const cells = rows.map((entry) => [
    entry.what,
    entry.measured,
    entry.target,
    entry.ok === null ? '' : entry.ok ? '达到' : '未达到',
    entry.limit,
  ])
  const header = ['项目', '实测', '目标', '', '本机极限']
  const widths = header.map((_, column) =>
    Math.max(...[header, ...cells].map((line) => width(line[column] ?? ''))),
  )
  const line = (texts: string[]) =>
    texts.map((text, column) => text + ' '.repeat((widths[column] ?? 0) - width(text))).join('  ')
  console.log(`\n${title}`)
  for (const texts of [header, ...cells]) console.log(`  ${line(texts)}`.trimEnd())
  for (const note of notes) console.log(`  · ${note}`)
}
