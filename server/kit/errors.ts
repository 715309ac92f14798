/**
 * A refusal: the request was understood and is declined. One Chinese sentence says what is wrong and what to do;
 * nothing was changed. Everything that is not a refusal is a bug.
 */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  /** The clause of the regime on which the refusal rests, e.g. `xinglong 一.2`. */
  readonly clause: string | undefined
  /** Per-field messages for forms, keyed by path (`sections.goal`). */
  readonly fields: Record<string, string> | undefined

  constructor(
    message: string,
    detail: { status?: number; code?: string; clause?: string; fields?: Record<string, string> } = {},
  ) {
    super(message)
    this.name = 'Refusal'
    this.status = detail.status ?? 422
    this.code = detail.code ?? 'refused'
    this.clause = detail.clause
    this.fields = detail.fields
  }
}

/** Declines the request with one Chinese sentence (status 422). */
export function refuse(message: string, detail?: ConstructorParameters<typeof Refusal>[1]): never {
  throw new Refusal(message, detail)
}

/** 404: there is no such record, or it belongs to another school; the two must look alike. */
export function refuseNotFound(what = '记录'): never {
  throw new Refusal(`找不到这条${what}，可能已被删除，或不属于本校。`, { status: 404, code: 'notFound' })
}

/** 403 with the reason that the room's `can` gave. */
export function refuseForbidden(reason: string): never {
  throw new Refusal(reason, { status: 403, code: 'forbidden' })
}

/** Turns the answer of a `can.x(…)` into a refusal: `null` means yes, a string is the reason why not. */
export function demand(reasonWhyNot: string | null): void {
  if (reasonWhyNot !== null) refuseForbidden(reasonWhyNot)
}
