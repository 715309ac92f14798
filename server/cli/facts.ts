import { factKinds } from '../../engine/facts.ts'
import type { FactKind } from '../../engine/facts.ts'
import type { Answer } from './output.ts'

/** `xiaoyan facts kinds`: what may be counted, with its attributes. */
export function factsKinds(): Answer {
  const lines = Object.entries<FactKind>(factKinds).flatMap(([name, kind]) => [
    `${name}  ${kind.label}（${kind.quantity.label}，${kind.quantity.unit}）${kind.room === null ? '  尚未登记此类记录' : ''}`,
    ...Object.entries(kind.attributes).map(
      ([attribute, about]) =>
        `    ${attribute}  ${about.label}${about.values ? `：${about.values.join('、')}` : ''}`,
    ),
  ])
  return { text: lines.join('\n'), data: factKinds }
}
