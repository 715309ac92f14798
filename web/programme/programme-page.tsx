import { Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { artefactLabels, linkLabels, programmeStatusLabels } from '../../server/programme/words.ts'
import { filesApiCalls } from './files.ts'
import { useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { FileUpload } from '../kit/file-upload.tsx'
import { ChoiceInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, useGo, usePathParams } from '../kit/link.tsx'
import { ErrorNotice, Notice, Page, Section, Skeleton } from '../kit/page.tsx'
import { invalidate, useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText, dayWithWeekday } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { type Deliverable, type Delivery, deliveryMark, type Phase, programme, type View } from './api.ts'
import { DecideDelivery } from './decide-delivery.tsx'
import { ProgrammeForm } from './programme-form.tsx'
import { ProgressBar } from './programmes-page.tsx'
import './programme.css'

const stale = ['programme', 'agenda', 'inbox']

interface Chosen {
  deliverable: Deliverable
  owner: Delivery
}

/** One programme: its phases as a line of time, what each brings, who has delivered. */
export function ProgrammePage() {
  const { id } = usePathParams<'id'>()
  const query = useApi(programme.getProgramme, { id })
  const [changing, setChanging] = useState(false)
  const [delivering, setDelivering] = useState<Chosen | null>(null)
  const [looking, setLooking] = useState<Chosen | null>(null)
  const { organisation } = useSession()
  const go = useGo()
  const publish = useCommand(programme.publishProgramme, {
    invalidate: stale,
    success: '已发布，要提交的单位能看到了',
  })
  const close = useCommand(programme.closeProgramme, { invalidate: stale, success: '项目已结束，材料都留着' })
  const discard = useCommand(programme.discardProgramme, {
    invalidate: stale,
    success: '草稿已删去',
    onSuccess: () => go(paths.programmes(), { replace: true }),
  })
  const data = query.data
  return (
    <>
      <Page
        title={data?.title ?? '阶段项目'}
        back={{ to: paths.programmes(), label: '阶段项目' }}
        query={query}
        sentence={data && <Standing view={data} />}
        actions={
          data && (
            <>
              {data.of > 0 && (
                <Button
                  icon={<Icon name="download" size={18} />}
                  href={fileAddress(programme.getProgressFile, { id })}
                >
                  导出进度
                </Button>
              )}
              {data.abilities.change === null && <Button onClick={() => setChanging(true)}>修改</Button>}
              {data.status === 'draft' && (
                <>
                  {data.abilities.discard === null && (
                    <Button loading={discard.running} onClick={() => void discard.run({ id })}>
                      删去草稿
                    </Button>
                  )}
                  <DisabledBecause
                    type="primary"
                    reason={data.abilities.publish}
                    loading={publish.running}
                    onClick={() => void publish.run({ id })}
                  >
                    发布
                  </DisabledBecause>
                </>
              )}
              {data.abilities.close === null && (
                <Button loading={close.running} onClick={() => void close.run({ id })}>
                  结束项目
                </Button>
              )}
            </>
          )
        }
      >
        {(view) => (
          <>
            <PhaseLine view={view} />
            {(view.aim !== '' || view.basis !== '') && (
              <p className="programme-aim">
                {view.aim}
                {view.basis !== '' && <span className="quiet"> 依据：{view.basis}</span>}
              </p>
            )}
            {view.progress.length > 1 && (
              <Section title={organisation.kind === 'district' ? '各校进度' : '各组进度'}>
                <ul className="programme-progress">
                  {view.progress
                    .toSorted((a, b) => b.overdue - a.overdue || a.done / (a.of || 1) - b.done / (b.of || 1))
                    .map((row) => (
                      <li key={row.id}>
                        <b>{row.name}</b>
                        <ProgressBar done={row.done} of={row.of} overdue={row.overdue} />
                      </li>
                    ))}
                </ul>
              </Section>
            )}
            {view.phases.map((phase) => (
              <PhaseSection
                key={phase.id}
                phase={phase}
                open={(deliverable, owner) => setDelivering({ deliverable, owner })}
                look={(deliverable, owner) => setLooking({ deliverable, owner })}
              />
            ))}
          </>
        )}
      </Page>
      {data && (
        <>
          <Drawer
            title="修改项目"
            size="large"
            open={changing}
            onClose={() => setChanging(false)}
            destroyOnHidden
          >
            <ProgrammeForm
              view={data}
              isDistrict={organisation.kind === 'district'}
              unitKinds={data.unitKinds}
              today={data.today}
              done={() => setChanging(false)}
            />
          </Drawer>
          <Drawer
            title={delivering ? `提交：${delivering.deliverable.title}` : ''}
            open={delivering !== null}
            onClose={() => setDelivering(null)}
            destroyOnHidden
          >
            {delivering && (
              <DeliverForm
                id={id}
                deliverable={delivering.deliverable}
                owner={delivering.owner}
                done={() => setDelivering(null)}
              />
            )}
          </Drawer>
          <Drawer
            title={looking ? `${looking.owner.ownerName}：${looking.deliverable.title}` : ''}
            open={looking !== null}
            onClose={() => setLooking(null)}
            destroyOnHidden
          >
            {looking && (
              <DecideDelivery
                deliverable={looking.deliverable}
                owner={looking.owner}
                done={() => setLooking(null)}
              />
            )}
          </Drawer>
        </>
      )}
    </>
  )
}

function Standing({ view }: { view: View }) {
  return (
    <>
      {view.isDistrict ? `${view.organisationName}的项目` : '本单位的项目'}，
      {programmeStatusLabels[view.status]}
      {view.phaseNow && `，现在是${view.phaseNow}`}
      {view.of > 0 && `；已交 ${view.done}/${view.of} 项`}
      {view.overdue > 0 && `，逾期 ${view.overdue} 项`}
      {view.toAccept > 0 && `；有 ${view.toAccept} 份等您验收`}。
    </>
  )
}

const stageWords = { ahead: '未开始', now: '进行中', over: '已过' } as const

function PhaseLine({ view }: { view: View }) {
  return (
    <ol className="programme-line" aria-label="阶段">
      {view.phases.map((phase) => (
        <li
          key={phase.id}
          className={`programme-${phase.stage}`}
          aria-current={phase.stage === 'now' ? 'step' : undefined}
        >
          <b>{phase.title}</b>
          <span className="quiet">
            {phase.from} 至 {phase.to}
          </span>
          <span className="programme-stage">{stageWords[phase.stage]}</span>
        </li>
      ))}
    </ol>
  )
}

function PhaseSection({
  phase,
  open,
  look,
}: {
  phase: Phase
  open: (deliverable: Deliverable, owner: Delivery) => void
  look: (deliverable: Deliverable, owner: Delivery) => void
}) {
  return (
    <Section title={phase.title} aside={<span className="quiet">{stageWords[phase.stage]}</span>}>
      {phase.deliverables.length === 0 ? (
        <p className="quiet">这个阶段没有要交的材料。</p>
      ) : (
        <ul className="programme-items">
          {phase.deliverables.map((one) => (
            <li key={one.id}>
              <div className="programme-item-head">
                <b>{one.title}</b>
                <span className="quiet">
                  {one.ownerLabel} · {artefactLabels[one.artefact]} · {one.dueOn.slice(0, 4)}年
                  {dayText(one.dueOn)}前
                </span>
                {one.of > 1 && (
                  <span className="quiet">
                    已交 {one.done}/{one.of}
                  </span>
                )}
              </div>
              <ul className="programme-owners">
                {one.owners.map((owner) => (
                  <OwnerRow
                    key={owner.schoolId ?? owner.unitId ?? 'own'}
                    owner={owner}
                    open={() => open(one, owner)}
                    look={() => look(one, owner)}
                  />
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

const addressOf = {
  plan: paths.plan,
  activity: paths.activity,
  regulation: (id: string) => paths.regulation(id),
}

function OwnerRow({ owner, open, look }: { owner: Delivery; open: () => void; look: () => void }) {
  const withdraw = useCommand(programme.withdrawDelivery, {
    invalidate: stale,
    success: '已撤回，可以重新提交',
  })
  const { id } = owner
  return (
    <li>
      <span className="programme-owner">{owner.ownerName}</span>
      <StateMark {...deliveryMark(owner)} />
      <span className="programme-what">
        {owner.deliveredOn !== null && (
          <>
            {dayWithWeekday(owner.deliveredOn)}
            {owner.deliveredByName && ` ${owner.deliveredByName}`}
          </>
        )}
        {owner.link && owner.schoolId === null && (
          <Link to={addressOf[owner.link.room](owner.link.id)}>{owner.link.title}</Link>
        )}
        {owner.link && owner.schoolId !== null && <span>《{owner.link.title}》</span>}
        {owner.files > 0 && <span>{owner.files} 个附件</span>}
        {owner.note !== '' && <span className="quiet">{owner.note}</span>}
        {owner.decision === 'returned' && (
          <span className="programme-late">
            {owner.decidedByName}退回：{owner.decisionNote}
          </span>
        )}
      </span>
      <span className="programme-acts">
        {owner.decision !== null && (
          <Button
            type={owner.decision === 'waiting' && owner.abilities.decide === null ? 'primary' : 'default'}
            onClick={look}
          >
            {owner.decision === 'waiting' && owner.abilities.decide === null ? '验收' : '查看'}
          </Button>
        )}
        {owner.abilities.deliver === null &&
          (owner.deliveredOn === null ? (
            <Button type="primary" onClick={open}>
              {owner.decision === 'returned' ? '重新提交' : '提交'}
            </Button>
          ) : (
            <>
              <Button onClick={open}>补充</Button>
              {id !== null && (
                <Button
                  type="text"
                  loading={withdraw.running}
                  onClick={() => void withdraw.run({ deliveryId: id })}
                >
                  撤回
                </Button>
              )}
            </>
          ))}
      </span>
    </li>
  )
}

/** Links a record that is there already, or takes files and a line; nothing is written twice. */
function DeliverForm({
  id,
  deliverable,
  owner,
  done,
}: {
  id: string
  deliverable: Deliverable
  owner: Delivery
  done: () => void
}) {
  const about = { id, deliverableId: deliverable.id, unitId: owner.unitId }
  const links = useApi(programme.findLinks, about)
  const [link, setLink] = useState(owner.link ? `${owner.link.room} ${owner.link.id}` : '')
  const [note, setNote] = useState(owner.note)
  const [deliveryId, setDeliveryId] = useState(owner.id)
  const start = useCommand(programme.startDelivery, {
    invalidate: [],
    onSuccess: (made) => setDeliveryId(made.deliveryId),
  })
  const deliver = useCommand(programme.deliver, {
    inline: true,
    invalidate: stale,
    success: '已提交，等验收',
    onSuccess: done,
  })
  const files = useApi(
    filesApiCalls.listAttachments,
    deliveryId === null ? null : { room: 'programme', id: deliveryId },
  )
  if (links.error) return <ErrorNotice error={links.error} retry={links.refetch} />
  if (!links.data) return <Skeleton shape="form" rows={4} />
  const submit = async () => {
    const begun = deliveryId ?? (await start.run(about))?.deliveryId
    if (begun === undefined || begun === null) return
    const [room, recordId] = link.split(' ')
    await deliver.run({
      deliveryId: begun,
      link: room && recordId ? { room: room as 'plan', id: recordId } : null,
      note,
    })
  }
  return (
    <div className="programme-deliver">
      <p className="quiet">
        {owner.ownerName} · {deliverable.dueOn} 前 · {artefactLabels[deliverable.artefact]}
      </p>
      <label className="field-label" htmlFor="deliver-link">
        系统里已有的材料
      </label>
      <ChoiceInput
        id="deliver-link"
        value={link}
        onChange={setLink}
        empty={links.data.length === 0 ? '还没有可选的' : '不选'}
        options={links.data.map((one) => ({
          value: `${one.room} ${one.id}`,
          label: `${linkLabels[one.room]}：${one.title}${one.note === '' ? '' : `（${one.note}）`}`,
        }))}
      />
      <span className="field-label">或上传文件</span>
      {deliveryId === null ? (
        <Button loading={start.running} onClick={() => void start.run(about)}>
          上传文件
        </Button>
      ) : (
        <FileUpload
          call={filesApiCalls.uploadAttachment}
          input={{ room: 'programme', id: deliveryId }}
          onUploaded={() => invalidate(['files', 'programme'])}
          label="选择文件，或拖到这里"
          multiple
        >
          <ul className="programme-files">
            {files.data?.map((file) => (
              <li key={file.id}>
                <a href={fileAddress(filesApiCalls.getAttachment, { id: file.id })}>{file.name}</a>
              </li>
            ))}
          </ul>
        </FileUpload>
      )}
      <label className="field-label" htmlFor="deliver-note">
        说明
      </label>
      <Input.TextArea
        id="deliver-note"
        value={note}
        maxLength={2000}
        autoSize={{ minRows: 2 }}
        onChange={(event) => setNote(event.target.value)}
      />
      {deliver.error && <Notice tone="late">{deliver.error.message}</Notice>}
      <Button type="primary" loading={deliver.running || start.running} onClick={() => void submit()}>
        提交
      </Button>
    </div>
  )
}
