/** Somebody on the signed sheet, in its order. */
export interface OnSheet {
  personId: string
  name: string
  staffNumber: string
}

/**
 * Reads what was typed from the paper: running numbers of the sheet (`3 7 12-14`), names or 工号, in any mixture.
 * `unknown` are the words that fit nobody.
 */
export function readNumbers(
  text: string,
  people: readonly OnSheet[],
): { found: OnSheet[]; unknown: string[] } {
  const found = new Set<OnSheet>()
  const unknown: string[] = []
  for (const word of text.split(/[\s,，、;；。.]+/).filter((one) => one !== '')) {
    const range = /^(\d{1,4})(?:[-－—~～至](\d{1,4}))?$/.exec(word)
    const byName = people.filter(
      (one) => one.name === word || one.staffNumber.toLowerCase() === word.toLowerCase(),
    )
    if (range) {
      const from = Number(range[1])
      const to = Number(range[2] ?? range[1])
      if (from >= 1 && from <= to && to <= people.length) {
        for (const one of people.slice(from - 1, to)) found.add(one)
        continue
      }
    }
    if (byName.length === 1 && byName[0]) found.add(byName[0])
    else unknown.push(word)
  }
  return { found: people.filter((one) => found.has(one)), unknown }
}
