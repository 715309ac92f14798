import { useEffect } from 'react'
import { followedLabels, inspectionLabels } from '../../server/lesson/words.ts'
import { fileAddress } from '../kit/api.ts'
import { Icon } from '../kit/icons.tsx'
import { usePathParams } from '../kit/link.tsx'
import { Facts, Notice, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { dayText, dayWithWeekday, momentText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { files } from '../work/api.ts'
import { Button } from 'antd'
import { lesson } from './api.ts'
import type { ObservationDetail } from './api.ts'
import { Photos, titleOf } from './photos.tsx'
import { Answer, Inspect } from './feedback.tsx'
import { WriteObservation } from './write-observation.tsx'
import './lesson.css'

/** Notes of one lesson: written by the observer, then read, answered and inspected. */
export function ObservationPage() {
  const { id } = usePathParams<'id'>()
  const query = useApi(lesson.getObservation, { id })
  const view = query.data
  return (
    <Page
      title={view ? titleOf(view) : '听课记录'}
      width="reading"
      back={{ to: paths.observations(), label: '听课' }}
      query={query}
      sentence={
        view &&
        `${view.teacher.label} · ${view.className} · ${view.subject} · ${dayWithWeekday(view.heldOn)} ${view.periodLabel}`
      }
      actions={view?.status === 'submitted' && <Print id={id} />}
      skeleton="form"
    >
      {(data) =>
        data.abilities.edit === null ? <WriteObservation key={data.id} view={data} /> : <Read view={data} />
      }
    </Page>
  )
}

function Print({ id }: { id: string }) {
  return (
    <a
      className="tool-button"
      href={fileAddress(lesson.getObservationFile, { id })}
      target="_blank"
      rel="noreferrer"
    >
      <Icon name="print" size={18} />
      打印
    </a>
  )
}

function Read({ view }: { view: ObservationDetail }) {
  const read = useCommand(lesson.readFeedback, { inline: true })
  const { run } = read
  const unread = view.abilities.answer === null && view.readAt === null
  useEffect(() => {
    if (unread) void run({ id: view.id })
  }, [unread, run, view.id])
  const photos = useApi(files.listAttachments, { room: 'observation', id: view.id })
  const reopen = useCommand(lesson.reopenObservation, { success: '已撤回，可以修改后再提交' })
  return (
    <>
      {view.inspection !== null && (
        <Notice tone={view.inspection === 'insufficient' ? 'soon' : 'good'}>
          {view.inspectedByName ?? '教导处'}检查：{inspectionLabels[view.inspection]}
          {view.inspectionRemark !== '' && `。${view.inspectionRemark}`}
        </Notice>
      )}
      <Section title={view.dropIn ? '领导意见' : '评议与建议'}>
        <p className="lesson-words">
          {view.comment === '' ? <span className="quiet">没有写评语。</span> : view.comment}
        </p>
        {view.actionStep !== '' && (
          <p className="lesson-step">
            <b>改进要求</b> {view.actionStep}
          </p>
        )}
        {view.earlier !== null && (
          <p className="quiet">
            {dayText(view.earlier.heldOn)}的要求：{view.earlier.actionStep}
            {view.followed !== null && ` —— ${followedLabels[view.followed]}`}
          </p>
        )}
        <p className="quiet">
          {view.observer.label}
          {view.submittedAt !== null && ` · ${momentText(view.submittedAt)} 提交`}
          {view.readAt !== null && view.answeredAt === null && ' · 上课教师已看'}
        </p>
      </Section>
      <Answer view={view} />
      {view.notes.length > 0 && (
        <Section title="课堂记录">
          <ol className="lesson-notes lesson-notes-read">
            {view.notes.map((note) => (
              <li key={note.id}>
                <span className="lesson-minute">{note.minute === null ? '课后' : `${note.minute} 分`}</span>
                <span>{note.text}</span>
              </li>
            ))}
          </ol>
        </Section>
      )}
      {view.sheet !== null && Object.keys(view.scores).length > 0 && (
        <Section
          title={view.sheet.title}
          aside={view.total !== null && <b className="figure">{view.total} 分</b>}
        >
          <Facts
            items={view.sheet.criteria
              .filter((criterion) => view.scores[criterion.id] !== undefined)
              .map((criterion) => ({
                label: criterion.label,
                value: view.sheet?.steps[view.scores[criterion.id] ?? -1]?.label ?? '',
              }))}
          />
        </Section>
      )}
      {(photos.data?.length ?? 0) > 0 && (
        <Section title="照片">
          <Photos id={view.id} />
        </Section>
      )}
      <Inspect view={view} />
      {view.abilities.reopen === null && (
        <div className="form-actions no-print">
          <Button loading={reopen.running} onClick={() => void reopen.run({ id: view.id })}>
            撤回修改
          </Button>
        </div>
      )}
    </>
  )
}
