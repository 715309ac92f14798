import { ApiError } from '../kit/api.ts'

type Save = (input: {
  id: string
  version: number
  parts: Record<string, string>
}) => Promise<{ version: number }>

/** Somebody else wrote this section meanwhile; nothing was overwritten. */
export class SectionChanged extends Error {
  readonly theirs: string
  constructor(theirs: string) {
    super('另一位老师也改了这一段，请先选择怎样合并。')
    this.theirs = theirs
  }
}

export interface MinutesSaver {
  /** Sends one section. Rejects with `SectionChanged` when its text on the server is not the one that was read. */
  save(part: string, text: string): Promise<void>
  /** The text on the server that the person has now seen; what is written from here on builds on it. */
  seen(part: string, text: string): void
}

/**
 * Saves the sections of one activity's minutes one after the other. The server keeps one version for all of them: when
 * others saved a different section, the same is sent again with the new version; when they saved this one, it stops.
 */
export function createMinutesSaver(
  id: string,
  start: { version: number; texts: Record<string, string> },
  send: Save,
): MinutesSaver {
  let version = start.version
  const base: Record<string, string> = { ...start.texts }
  /** Sections that others changed; nothing of ours is sent until the person has seen theirs. */
  const unseen = new Map<string, string>()
  let queue: Promise<unknown> = Promise.resolve()

  async function saveNow(part: string, text: string): Promise<void> {
    for (let tries = 0; ; tries++) {
      const waiting = unseen.get(part)
      if (waiting !== undefined) throw new SectionChanged(waiting)
      try {
        version = (await send({ id, version, parts: { [part]: text } })).version
        base[part] = text
        return
      } catch (problem) {
        if (!(problem instanceof ApiError) || problem.code !== 'minutesChanged' || tries > 4) throw problem
        version = Number(problem.fields.version)
        for (const known of partsOf(problem.fields, [...Object.keys(base), part])) {
          const theirs = problem.fields[`parts.${known}`] ?? ''
          if (theirs !== (base[known] ?? '')) unseen.set(known, theirs)
        }
      }
    }
  }

  return {
    save(part, text) {
      const turn = queue.then(() => saveNow(part, text))
      queue = turn.catch(() => undefined)
      return turn
    },
    seen(part, text) {
      base[part] = text
      unseen.delete(part)
    },
  }
}

/** Every section that either side knows. */
function partsOf(fields: Record<string, string>, known: string[]): Set<string> {
  const named = Object.keys(fields).flatMap((field) => (field.startsWith('parts.') ? [field.slice(6)] : []))
  return new Set([...known, ...named])
}
