import { useEffect, useState } from 'react'
import type { SchoolYearDraft } from '../../server/calendar/contract.ts'
import { windowLabels, windowNames } from '../../server/calendar/words.ts'
import { CommandForm, DateInput, Field } from '../kit/form.tsx'
import { ErrorNotice, Skeleton } from '../kit/page.tsx'
import { useCommand } from '../kit/queries.ts'
import { type Answer, calendar } from './api.ts'

type Year = Answer<typeof calendar.getCalendar>['schoolYears'][number]

/** The dates of a school year: proposed for a new one, or those of the one that is shown. */
export function YearForm({
  start,
  shown,
  onSaved,
}: {
  start: number | 'shown'
  shown: Year | undefined
  onSaved: (id: string) => void
}) {
  const [draft, setDraft] = useState(start === 'shown' && shown ? draftOf(shown) : null)
  const propose = useCommand(calendar.proposeSchoolYear, {
    inline: true,
    invalidate: [],
    onSuccess: setDraft,
  })
  const save = useCommand(calendar.saveSchoolYear, {
    inline: true,
    success: '学年已保存，进度会按新的日期重新计算',
    invalidate: ['calendar', 'setup', 'access'],
  })
  const { run } = propose
  useEffect(() => {
    if (start !== 'shown') void run({ startYear: start })
  }, [start, run])
  const id = start === 'shown' ? (shown?.id ?? '') : `${start}-${start + 1}`
  if (propose.error) return <ErrorNotice error={propose.error} />
  if (draft === null) return <Skeleton shape="form" rows={6} />
  return (
    <CommandForm
      command={save}
      initial={draft}
      toInput={(values: SchoolYearDraft) => ({
        ...values,
        id,
        terms: values.terms.map((term, index) => ({ ...term, number: index === 0 ? 1 : 2 }) as const),
      })}
      submit="保存学年"
      onDone={(output) => onSaved(output.id)}
    >
      {start !== 'shown' && (
        <p className="quiet form-lead">
          已按常用的日期填好，请照教育局公布的校历核对；第 1 周从开学第一天所在的周一算起。
        </p>
      )}
      <Pair label="学年" name={[]} />
      <p className="quiet year-hint">从开学到下一学年开学前，暑假里的研修也算在本学年。</p>
      {[0, 1].map((index) => (
        <section key={index} className="year-term">
          <h3>第{index === 0 ? '一' : '二'}学期</h3>
          <Pair label="学期" name={['terms', index]} />
          {windowNames.map((window) => (
            <Pair key={window} label={windowLabels[window]} name={['terms', index, 'windows', window]} />
          ))}
        </section>
      ))}
    </CommandForm>
  )
}

function Pair({ label, name }: { label: string; name: (string | number)[] }) {
  return (
    <div className="date-pair">
      <Field name={[...name, 'from']} label={`${label}从`} required>
        <DateInput />
      </Field>
      <Field name={[...name, 'to']} label="到" required requiredMessage={`请填写${label}的最后一天`}>
        <DateInput />
      </Field>
    </div>
  )
}

function draftOf(year: Year): SchoolYearDraft {
  return {
    id: year.id,
    from: year.from,
    to: year.to,
    terms: year.terms.map(({ number, from, to, windows }) => ({ number, from, to, windows })),
  }
}
