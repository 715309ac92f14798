import { Chips } from '../kit/chips.tsx'
import { useApi } from '../kit/queries.ts'
import { lesson } from './api.ts'

/** The teacher's periods of the day by the timetable: one tap gives period and class. Nothing where there are none. */
export function Timetabled({
  teacherId,
  heldOn,
  period,
  onTap,
}: {
  teacherId: string
  heldOn: string
  period: string
  onTap: (chosen: { period: string; className: string }) => void
}) {
  const { data } = useApi(
    lesson.listTimetableOf,
    teacherId === '' || heldOn === '' ? null : { teacherId, heldOn },
  )
  if (!data || data.length === 0) return null
  return (
    <fieldset className="field">
      <legend className="field-label">
        这天课表上的课<span className="optional">点一节就选好</span>
      </legend>
      <Chips
        label="这天课表上的课"
        options={data.map((one) => ({
          id: String(one.period),
          label: `${one.periodLabel.split(' ')[0] ?? ''} ${one.what}`,
        }))}
        isChosen={(id) => id === period}
        onTap={(id) =>
          onTap({ period: id, className: data.find((one) => String(one.period) === id)?.className ?? '' })
        }
      />
    </fieldset>
  )
}
