import type { PreparedRule } from '../prepare.ts'
import type { RuleBlock } from '../schema.ts'
import { awardShape } from './award.ts'
import { bodyShape } from './body.ts'
import { flowShape } from './flow.ts'
import { formShape } from './form.ts'
import { limitShape } from './limit.ts'
import { linkShape } from './link.ts'
import { listShape } from './list.ts'
import { manualShape } from './manual.ts'
import { minimumShape } from './minimum.ts'
import { rotationShape } from './rotation.ts'
import { scoreShape } from './score.ts'
import { shareShape } from './share.ts'
import type { Shape } from './shape.ts'
import { targetShape } from './target.ts'

const shapes: Record<RuleBlock, Shape> = {
  minimum: minimumShape,
  form: formShape,
  list: listShape,
  limit: limitShape,
  score: scoreShape,
  award: awardShape,
  body: bodyShape,
  rotation: rotationShape,
  flow: flowShape,
  link: linkShape,
  share: shareShape,
  target: targetShape,
  manual: manualShape,
}

/** The way in which a rule is evaluated, by the block that makes it computable. */
export function shapeOf(rule: PreparedRule): Shape {
  return shapes[rule.block]
}
