import { Button } from 'antd'
import { useState } from 'react'
import type { Inspection } from '../../server/lesson/words.ts'
import { useGo } from '../kit/link.tsx'
import { useCommand } from '../kit/queries.ts'
import { notice } from '../notice/api.ts'
import { paths } from '../paths.ts'
import { ReasonForm } from '../work/reason-form.tsx'
import { lesson } from './api.ts'

/** Marks the chosen notes together; what is to be completed needs a word why. */
export function BatchInspection({ ids, done }: { ids: string[]; done: () => void }) {
  const [wanting, setWanting] = useState(false)
  const inspect = useCommand(lesson.inspectObservations, {
    success: (_, input) => `已检查 ${input.ids.length} 份`,
    onSuccess: () => {
      setWanting(false)
      done()
    },
  })
  const mark = (inspection: Inspection, remark = '') => void inspect.run({ ids, inspection, remark })
  if (wanting)
    return (
      <ReasonForm
        label="要补充什么"
        placeholder="例如：只有过程，没有评议；请补写一条建议"
        submit="退回补充"
        cancel="先不退"
        running={inspect.running}
        onSubmit={(remark) => mark('insufficient', remark)}
        onCancel={() => setWanting(false)}
      />
    )
  return (
    <>
      <Button size="small" type="primary" loading={inspect.running} onClick={() => mark('qualified')}>
        检查合格
      </Button>
      <Button size="small" onClick={() => mark('excellent')}>
        优秀
      </Button>
      <Button size="small" onClick={() => setWanting(true)}>
        需补充…
      </Button>
    </>
  )
}

/** Begins an announcement with what the inspection found; receivers are chosen and words changed before it goes out. */
export function AnnounceInspection() {
  const go = useGo()
  const start = useCommand(notice.startNotice, { onSuccess: ({ id }) => go(paths.notice(id)) })
  const report = useCommand(lesson.getInspectionReport, {
    invalidate: [],
    onSuccess: (words) => void start.run({ kind: 'checkResult', ...words }),
  })
  return (
    <Button loading={report.running || start.running} onClick={() => void report.run({})}>
      写检查通报
    </Button>
  )
}
