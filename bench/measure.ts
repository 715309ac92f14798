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
}

export function row(
  what: string,
  value: number,
  unit: string,
  target: { atMost?: number; atLeast?: number } = {},
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
  return { what, measured: `${shown} ${unit}`, target: wanted, ok }
}

/** Width on the screen: Chinese characters take two columns. */
function width(text: string): number {
  let columns = 0
  for (const character of text) columns += /[⺀-鿿＀-￯—“”《》（）、。，：；]/.test(character) ? 2 : 1
  return columns
}

export function printTable(title: string, rows: Row[]): void {
  const cells = rows.map((entry) => [
    entry.what,
    entry.measured,
    entry.target,
    entry.ok === null ? '' : entry.ok ? '达到' : '未达到',
  ])
  const header = ['项目', '实测', '目标', '']
  const widths = header.map((_, column) =>
    Math.max(...[header, ...cells].map((line) => width(line[column] ?? ''))),
  )
  const line = (texts: string[]) =>
    texts.map((text, column) => text + ' '.repeat((widths[column] ?? 0) - width(text))).join('  ')
  console.log(`\n${title}`)
  for (const texts of [header, ...cells]) console.log(`  ${line(texts)}`)
}
