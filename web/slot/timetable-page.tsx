import { Button } from 'antd'
import { useState } from 'react'
import { weekdayLabels } from '../../server/slot/words.ts'
import { fileAddress } from '../kit/api.ts'
import { FileUpload } from '../kit/file-upload.tsx'
import { Icon } from '../kit/icons.tsx'
import { LinkButton } from '../kit/link.tsx'
import { Notice, Page, Section } from '../kit/page.tsx'
import { invalidate, useApi } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { slot } from './api.ts'
import './slot.css'

type Result = Awaited<ReturnType<typeof slot.uploadTimetable>>

/** The timetable of the term: from it come the warnings of clashes with lessons. */
export function TimetablePage() {
  const query = useApi(slot.getTimetable, {})
  const [result, setResult] = useState<Result | null>(null)
  return (
    <Page
      title="作息和课表"
      query={query}
      sentence={(view) =>
        view.lessons === 0
          ? '还没有课表。导入以后，安排活动和固定时间时会提醒“某老师周四第7节有课”。'
          : `${view.termName ?? ''}：${view.people} 位老师、${view.lessons} 节课。安排活动时会提醒与上课的冲突。`
      }
    >
      {(view) => (
        <>
          <Section title="作息时间" aside={<LinkButton to={paths.lessonSheets()}>改作息时间</LinkButton>}>
            <ol className="period-list">
              {view.periods.map((period) => (
                <li key={period.number}>
                  <b>第{period.number}节</b> {period.starts}–{period.ends}
                </li>
              ))}
            </ol>
          </Section>
          <Section
            title="导入课表"
            sentence="教师课表或班级课表都可以；再导入一次就整份替换。有一处不对就什么都不改，并把每一处都列出来。"
          >
            <div className="timetable-import">
              <div className="slot-acts">
                <Button
                  icon={<Icon name="download" size={18} />}
                  href={fileAddress(slot.getTimetableTemplate, { layout: 'teachers' })}
                >
                  下载教师课表模板
                </Button>
                <Button
                  icon={<Icon name="download" size={18} />}
                  href={fileAddress(slot.getTimetableTemplate, { layout: 'classes' })}
                >
                  下载班级课表模板
                </Button>
              </div>
              <FileUpload
                call={slot.uploadTimetable}
                input={{}}
                onUploaded={(answer) => {
                  setResult(answer)
                  invalidate(['slot', 'agenda'])
                }}
                label="选择课表，或把文件拖到这里"
                hint="Excel（.xlsx、.xls）或 CSV"
                accept=".xlsx,.xls,.csv"
                disabled={view.abilities.import !== null}
              />
              {result?.saved && (
                <Notice tone="good">
                  已导入 {result.saved.people} 位老师的 {result.saved.lessons} 节课。
                </Notice>
              )}
              {result && result.problems.length > 0 && <Problems result={result} />}
            </div>
          </Section>
          {view.mine.length > 0 && (
            <Section title="我的课表">
              <ul className="period-list">
                {view.mine.map((one) => (
                  <li key={`${one.weekday} ${one.period} ${one.parity}`}>
                    {weekdayLabels[one.weekday - 1]}第{one.period}节 {one.what}
                    {one.parity === 'odd' ? '（单周）' : one.parity === 'even' ? '（双周）' : ''}
                  </li>
                ))}
              </ul>
            </Section>
          )}
        </>
      )}
    </Page>
  )
}

function Problems({ result }: { result: Result }) {
  return (
    <>
      <Notice tone="late">有 {result.problems.length} 处要改，改好后再上传；现在什么都没有改动。</Notice>
      <table className="plain-table">
        <thead>
          <tr>
            <th>工作表</th>
            <th>位置</th>
            <th>内容</th>
            <th>问题</th>
          </tr>
        </thead>
        <tbody>
          {result.problems.map((problem) => (
            <tr key={`${problem.sheet} ${problem.row} ${problem.column} ${problem.message}`}>
              <td>{problem.sheet}</td>
              <td>
                {problem.row !== null && `第${problem.row}行`}
                {problem.column !== null && ` ${problem.column}列`}
              </td>
              <td>{problem.value}</td>
              <td>{problem.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
