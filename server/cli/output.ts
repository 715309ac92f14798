/** One thing that is wrong, with its place. */
export interface Problem {
  file: string | null
  /** Line of the file, from 1; null where the whole file is meant. */
  line: number | null
  /** Letter of the column in a table, or the field in other files. */
  column: string | null
  /** One Chinese sentence: what is wrong and what to do. */
  message: string
}

/** Thrown by a command when its input cannot be used; every problem at once. */
export class ProblemsFound extends Error {
  problems: Problem[]
  constructor(problems: Problem[]) {
    super(problems.map(problemText).join('\n'))
    this.problems = problems
  }
}

/** Thrown when the command itself is written wrongly: exit code 2. */
export class WrongUsage extends Error {}

/** `people.csv 第 3 行 B 列：…` */
export function problemText({ file, line, column, message }: Problem): string {
  const where = column === null ? '' : /^[A-Z]{1,3}$/.test(column) ? ` ${column} 列` : `（${column}）`
  const place = `${file ?? ''}${line === null ? '' : ` 第 ${line} 行`}${where}`
  return place.trim() === '' ? message : `${place.trim()}：${message}`
}

/** What a command says: text for people, data for programs, and whether anything is wrong. */
export interface Answer {
  text: string
  data: unknown
  /** 1 where problems were found. */
  code?: 0 | 1
}

/** Lists in text: `甲、乙、丙等 12 个`. */
export function few(names: string[], most = 8): string {
  return names.length > most ? `${names.slice(0, most).join('、')}等 ${names.length} 个` : names.join('、')
}
