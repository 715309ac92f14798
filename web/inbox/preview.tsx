import { Button } from 'antd'
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react'
import type { attendanceApi } from '../../server/activity/contract.ts'
import { inboxKindLabels } from '../../server/inbox/words.ts'
import { api } from '../kit/api.ts'
import { GrowingText } from '../kit/autosave-text.tsx'
import { Link } from '../kit/link.tsx'
import { ErrorNotice, Skeleton } from '../kit/page.tsx'
import { type ApiQuery, useApi, useCommand } from '../kit/queries.ts'
import { momentText } from '../kit/words.ts'
import { attendanceBook } from '../attendance/api.ts'
import { Missed } from '../attendance/missed.tsx'
import { lesson } from '../lesson/api.ts'
import { paths } from '../paths.ts'
import { plan } from '../plan/api.tsx'
import { PlanText } from '../plan/plan-page.tsx'
import { org } from '../settings/api.ts'
import { work } from '../work/api.ts'
import { WorkText } from '../work/read-work.tsx'
import { trainer } from '../trainer/api.ts'
import { ReasonForm } from '../work/reason-form.tsx'
import { talk } from '../teaching/api.ts'
import { TalkText } from '../teaching/talk-text.tsx'
import type { Item } from './inbox-page.tsx'
import '../work/work.css'

const attendance = api<typeof attendanceApi>('attendance')

export interface DecisionHandle {
  approve: () => void
  startReturn: () => void
}

const words: Record<Item['kind'], { approve: string; back: string; remark: string | null; done: string }> = {
  work: { approve: '采纳', back: '退回', remark: '评语', done: '已采纳' },
  planReview: { approve: '审核通过', back: '退回', remark: '意见', done: '审核通过，等待盖章' },
  planFile: { approve: '盖章备案', back: '退回', remark: '意见', done: '已盖章备案' },
  leave: { approve: '准假', back: '不批准', remark: null, done: '已准假' },
  makeUp: { approve: '确认补学', back: '退回', remark: null, done: '补学已确认' },
  leaveAdvice: { approve: '建议批准', back: '建议不批准', remark: null, done: '意见已签' },
  appeal: { approve: '更正考勤', back: '维持原记录', remark: null, done: '考勤已更正' },
  talk: { approve: '采纳，是原创', back: '退回', remark: '评语', done: '已采纳' },
  lesson: { approve: '确认开课', back: '不同意', remark: null, done: '已确认，老师们可以报名' },
  invitation: { approve: '批准', back: '不批准', remark: null, done: '已批准' },
  training: { approve: '确认培训', back: '退回', remark: null, done: '培训已确认' },
  correction: { approve: '采纳更正', back: '不采纳', remark: null, done: '资料已更正' },
}

const refusedWords: Partial<Record<Item['kind'], string>> = {
  leave: '没有批准',
  leaveAdvice: '意见已签',
  appeal: '维持原记录',
  lesson: '没有同意',
  invitation: '没有批准',
  correction: '没有采纳',
}

/** One waiting thing to read, with the decision below it. */
export function Preview({
  item,
  onDone,
  ref,
}: {
  item: Item
  onDone: () => void
  ref?: Ref<DecisionHandle>
}) {
  return (
    <article className="preview sheet" aria-label={`${inboxKindLabels[item.kind]}：${item.title}`}>
      <header className="preview-head">
        <h2>{item.title}</h2>
        <p className="quiet">
          {item.personName} · {item.detail} · {momentText(item.waitingSince)} 提交
        </p>
      </header>
      <div className="preview-body">
        <Content item={item} />
      </div>
      <Decision item={item} onDone={onDone} {...(ref === undefined ? {} : { ref })} />
    </article>
  )
}

function Content({ item }: { item: Item }) {
  if (item.kind === 'work') return <WorkContent id={item.id} />
  if (item.kind === 'planReview' || item.kind === 'planFile') return <PlanContent id={item.id} />
  if (item.kind === 'training')
    return (
      <p>
        <Link to={paths.training(item.id)}>看登记的内容和证明</Link>
      </p>
    )
  if (item.kind === 'invitation')
    return (
      <p>
        {item.text} <Link to={paths.trainers()}>看师资和以前的聘请</Link>
      </p>
    )
  if (item.kind === 'talk') return <TalkContent id={item.id} />
  if (item.kind === 'lesson')
    return (
      <p>
        {item.text !== '' && <>{item.text} </>}
        <Link to={paths.lesson(item.id)}>看这节课</Link>
      </p>
    )
  if (item.kind === 'correction')
    return (
      <>
        <ul className="plain-rows">
          {item.detail.split(' · ').map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        {item.text !== '' && <p className="preview-reason">{item.text}</p>}
      </>
    )
  return (
    <>
      <p className="preview-reason">{item.text}</p>
      {item.kind === 'makeUp' && <Missed id={item.id} />}
      <p>
        <Link to={paths.leaves()}>查看全部请假和补学</Link>
      </p>
    </>
  )
}

function Loaded<Data>({ query, children }: { query: ApiQuery<Data>; children: (data: Data) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  return query.error ? (
    <ErrorNotice error={query.error} retry={query.refetch} />
  ) : (
    <Skeleton shape="text" rows={10} />
  )
}

function WorkContent({ id }: { id: string }) {
  const query = useApi(work.getWork, { id })
  return (
    <Loaded query={query}>
      {(view) => (
        <>
          {view.versions.length > 1 && view.versions[1]?.remark && (
            <p className="version-remark">
              上次退回（{view.versions[1].decidedByName}）：{view.versions[1].remark}
            </p>
          )}
          <WorkText view={view} />
        </>
      )}
    </Loaded>
  )
}

function PlanContent({ id }: { id: string }) {
  const query = useApi(plan.getPlan, { id })
  return <Loaded query={query}>{(view) => <PlanText view={view} />}</Loaded>
}

function TalkContent({ id }: { id: string }) {
  const query = useApi(talk.getTalk, { id })
  return (
    <Loaded query={query}>
      {(view) => (
        <>
          <TalkText view={view} />
          <p>
            <Link to={paths.talk(id)}>看相同的地方，或认定不是原创</Link>
          </p>
        </>
      )}
    </Loaded>
  )
}

function Decision({ item, onDone, ref }: { item: Item; onDone: () => void; ref?: Ref<DecisionHandle> }) {
  const [remark, setRemark] = useState('')
  const [returning, setReturning] = useState(false)
  const form = useRef<HTMLDivElement>(null)
  const word = words[item.kind]
  const options = (success: string) => ({
    invalidate: ['inbox', 'work', 'plan', 'attendance', 'attendanceBook', 'lesson', 'talk', 'regime', 'org'],
    success,
    onSuccess: onDone,
  })
  const yes = options(`${word.done}：${item.title}`)
  const no = options(`${refusedWords[item.kind] ?? '已退回'}，原因已告诉${item.personName}`)
  const accept = useCommand(work.acceptWork, yes)
  const returnWork = useCommand(work.returnWork, no)
  const review = useCommand(plan.reviewPlan, yes)
  const file = useCommand(plan.filePlan, yes)
  const returnPlan = useCommand(plan.returnPlan, no)
  const grant = useCommand(attendance.decideLeave, yes)
  const decline = useCommand(attendance.decideLeave, no)
  const confirm = useCommand(attendance.decideMakeUp, yes)
  const returnMakeUp = useCommand(attendance.decideMakeUp, no)
  const advise = useCommand(attendance.adviseLeave, yes)
  const adviseAgainst = useCommand(attendance.adviseLeave, no)
  const correct = useCommand(attendanceBook.answerAppeal, yes)
  const keep = useCommand(attendanceBook.answerAppeal, no)
  const confirmTraining = useCommand(attendanceBook.decideTraining, yes)
  const returnTraining = useCommand(attendanceBook.decideTraining, no)
  const confirmLesson = useCommand(lesson.confirmLesson, yes)
  const declineLesson = useCommand(lesson.declineLesson, no)
  const approveInvitation = useCommand(trainer.approveInvitation, yes)
  const refuseInvitation = useCommand(trainer.refuseInvitation, no)
  const acceptTalk = useCommand(talk.acceptTalk, yes)
  const returnTalk = useCommand(talk.returnTalk, no)
  const correctRecord = useCommand(org.decideCorrection, yes)
  const keepRecord = useCommand(org.decideCorrection, no)
  const running = [
    accept,
    review,
    file,
    grant,
    confirm,
    advise,
    correct,
    confirmTraining,
    confirmLesson,
    approveInvitation,
    acceptTalk,
    correctRecord,
  ].some((command) => command.running)
  const sending = [
    returnWork,
    returnPlan,
    decline,
    returnMakeUp,
    adviseAgainst,
    keep,
    returnTraining,
    declineLesson,
    refuseInvitation,
    returnTalk,
    keepRecord,
  ].some((command) => command.running)
  const { id } = item

  function approve(): void {
    if (running || sending) return
    if (item.kind === 'work') void accept.run({ id, remark })
    else if (item.kind === 'planReview') void review.run({ id, opinion: remark })
    else if (item.kind === 'planFile') void file.run({ id, opinion: remark })
    else if (item.kind === 'leave') void grant.run({ id, grant: true })
    else if (item.kind === 'leaveAdvice') void advise.run({ id, advice: 'support' })
    else if (item.kind === 'appeal') void correct.run({ appealId: id, grant: true })
    else if (item.kind === 'lesson') void confirmLesson.run({ id })
    else if (item.kind === 'invitation') void approveInvitation.run({ invitationId: id })
    else if (item.kind === 'talk') void acceptTalk.run({ id, original: true, remark })
    else if (item.kind === 'training') void confirmTraining.run({ trainingId: id, confirm: true })
    else if (item.kind === 'correction') void correctRecord.run({ correctionId: id, accept: true })
    else void confirm.run({ id, confirm: true })
  }
  function sendBack(reason: string): void {
    if (item.kind === 'work') void returnWork.run({ id, reason })
    else if (item.kind === 'leave') void decline.run({ id, grant: false, note: reason })
    else if (item.kind === 'makeUp') void returnMakeUp.run({ id, confirm: false, note: reason })
    else if (item.kind === 'leaveAdvice') void adviseAgainst.run({ id, advice: 'oppose', note: reason })
    else if (item.kind === 'appeal') void keep.run({ appealId: id, grant: false, answer: reason })
    else if (item.kind === 'lesson') void declineLesson.run({ id, reason })
    else if (item.kind === 'invitation') void refuseInvitation.run({ invitationId: id, reason })
    else if (item.kind === 'talk') void returnTalk.run({ id, reason })
    else if (item.kind === 'training')
      void returnTraining.run({ trainingId: id, confirm: false, note: reason })
    else if (item.kind === 'correction')
      void keepRecord.run({ correctionId: id, accept: false, note: reason })
    else void returnPlan.run({ id, reason })
  }
  useImperativeHandle(ref, () => ({ approve, startReturn: () => setReturning(true) }))
  useEffect(() => {
    if (returning) form.current?.querySelector('textarea')?.focus()
  }, [returning])

  return (
    <footer className="preview-decision" ref={form}>
      {returning ? (
        <ReasonForm
          label={item.kind === 'leave' ? '为什么不批准' : `${word.back}的原因`}
          placeholder="写清要怎样改，对方会在待办里看到"
          submit={`${word.back}并说明`}
          running={sending}
          onSubmit={sendBack}
          onCancel={() => setReturning(false)}
        />
      ) : (
        <>
          {word.remark !== null && (
            <>
              <label className="visually-hidden" htmlFor={`remark-${item.id}`}>
                {word.remark}
              </label>
              <GrowingText
                id={`remark-${item.id}`}
                rows={1}
                value={remark}
                onChange={setRemark}
                placeholder={`${word.remark}（选填）`}
              />
            </>
          )}
          <div className="form-actions">
            <Button type="primary" size="large" loading={running} onClick={approve}>
              {word.approve}
            </Button>
            <Button size="large" onClick={() => setReturning(true)}>
              {word.back}…
            </Button>
          </div>
        </>
      )}
    </footer>
  )
}
