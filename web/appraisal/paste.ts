/** A person that can get a score. */
export interface Candidate {
  id: string
  name: string
  staffNumber: string
}
export interface PastedScores {
  scores: Map<string, { points: string; remark: string }>
  /** Lines that could not be used, each with why. */
  problems: string[]
}

/**
 * Reads scores out of one paste from Excel or a message: on each line a name or 工号, the points and perhaps a remark,
 * parted by tabs, commas or spaces. Head lines without a figure are passed over.
 */
export function readPaste(text: string, people: Candidate[]): PastedScores {
  const scores: PastedScores['scores'] = new Map()
  const problems: string[] = []
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '') continue
    const parts = line.split(/[\t,，;；]+|\s{1,}/).filter((part) => part !== '')
    const at = parts.findIndex((part, place) => place > 0 && /^\d+(\.\d+)?分?$/.test(part))
    if (at < 0) {
      if (index > 0 || /\d/.test(line)) problems.push(`第 ${index + 1} 行“${line.slice(0, 20)}”没有找到分数`)
      continue
    }
    const points = (parts[at] ?? '').replace('分', '')
    const keys = parts.slice(0, at)
    const found = people.filter((person) => keys.includes(person.staffNumber))
    const named = found.length > 0 ? found : people.filter((person) => keys.includes(person.name))
    const [person] = named
    if (!person) problems.push(`第 ${index + 1} 行没有找到“${keys.join(' ')}”`)
    else if (named.length > 1)
      problems.push(`第 ${index + 1} 行：有 ${named.length} 位“${person.name}”，请写工号`)
    else if (Number(points) > 100) problems.push(`第 ${index + 1} 行${person.name}：${points} 超过 100 分`)
    else if (scores.has(person.id)) problems.push(`第 ${index + 1} 行：${person.name}出现了两次`)
    else scores.set(person.id, { points, remark: parts.slice(at + 1).join(' ') })
  }
  return { scores, problems }
}
