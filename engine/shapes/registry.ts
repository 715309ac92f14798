import type { PreparedRule } from '../prepare.ts'
import type { RuleBlock } from '../schema.ts'
import { awardShape } from './award.ts'
import { bodyShape } from './body.ts'
import { formShape } from './form.ts'
import { limitShape } from './limit.ts'
import { listShape } from './list.ts'
import { manualShape } from './manual.ts'
import { minimumShape } from './minimum.ts'
import { rotationShape } from './rotation.ts'
import { scoreShape } from './score.ts'
import type { Shape } from './shape.ts'

const shapes: Record<RuleBlock, Shape> = {
  minimum: minimumShape,
  form: formShape,
  list: listShape,
  limit: limitShape,
  score: scoreShape,
  award: awardShape,
  body: bodyShape,
  rotation: rotationShape,
  manual: manualShape,
}

/** The way in which a rule is evaluated, by the block that makes it computable. */
export function shapeOf(rule: PreparedRule): Shape {
  return shapes[rule.block]
}
