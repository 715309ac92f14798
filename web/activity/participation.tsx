import { Button, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { FileUpload } from '../kit/file-upload.tsx'
import { DateInput, TimeInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { Notice, Section } from '../kit/page.tsx'
import { invalidate, useApi, useCommand } from '../kit/queries.ts'
import { dayText, momentText, weekdayText } from '../kit/words.ts'
import { files, participation, type ActivityDetail, type Participation } from './api.ts'
import { Materials } from './materials.tsx'
import './series.css'

const stale = ['participation', 'activity', 'activityLive'] as const

interface Part {
  detail: ActivityDetail
  data: Participation
}

/** What belongs to taking part: materials, sessions, enrolment, guests, photos, and the minutes' confirmation. */
export function ParticipationSections({ detail }: { detail: ActivityDetail }) {
  const query = useApi(participation.getParticipation, detail.canOpen ? { activityId: detail.id } : null)
  const data = query.data
  if (!data) return null
  return (
    <>
      <MovedUp detail={detail} data={data} />
      <Materials detail={detail} data={data} />
      <Enrolment detail={detail} data={data} />
      <Sessions detail={detail} data={data} />
      <Guests detail={detail} data={data} />
      <Photos detail={detail} data={data} />
      <Confirmation detail={detail} data={data} />
    </>
  )
}

function MovedUp({ detail, data }: Part) {
  const note = useCommand(participation.noteMovedUp, { invalidate: stale })
  if (!data.enrolment?.movedUp) return null
  return (
    <Notice
      tone="good"
      action={
        <Button size="small" onClick={() => void note.run({ activityId: detail.id })}>
          知道了
        </Button>
      }
    >
      有人退出，您已从候补转为正式名额，请按时参加。
    </Notice>
  )
}

function Enrolment({ detail, data }: Part) {
  const { enrolment, abilities } = data
  const [open, setOpen] = useState(false)
  const [capacity, setCapacity] = useState<number | null>(enrolment?.capacity ?? 30)
  const set = useCommand(participation.setEnrolment, {
    success: (done) => (done.movedUp > 0 ? `已保存，候补 ${done.movedUp} 人转正。` : '已保存。'),
    invalidate: stale,
    onSuccess: () => setOpen(false),
  })
  const enrol = useCommand(participation.enrol, {
    success: (done) =>
      done.status === 'enrolled' ? '已报上名。' : `名额已满，您排在候补第 ${done.place} 位。`,
    invalidate: stale,
  })
  const leave = useCommand(participation.leaveEnrolment, { success: '已退出报名。', invalidate: stale })
  const mayChange = abilities.change === null && detail.status === 'planned'
  if (enrolment === null && !mayChange) return null
  return (
    <Section
      title="报名"
      {...(enrolment
        ? {
            sentence: `已报 ${enrolment.enrolled.length}${enrolment.capacity === null ? '' : `/${enrolment.capacity}`} 人${enrolment.waiting.length > 0 ? `，候补 ${enrolment.waiting.length} 人` : ''}。`,
          }
        : { sentence: '按名单全员参加，不用报名。' })}
      aside={
        mayChange && (
          <Button size="small" onClick={() => setOpen(!open)}>
            {enrolment ? '改名额' : '改为报名参加'}
          </Button>
        )
      }
    >
      {open && (
        <div className="inline-form">
          <label>
            名额（不填为不限）
            <InputNumber min={1} max={10_000} value={capacity} onChange={setCapacity} aria-label="名额" />
          </label>
          <Button
            type="primary"
            loading={set.running}
            onClick={() => void set.run({ activityId: detail.id, byEnrolment: true, capacity })}
          >
            保存
          </Button>
          {enrolment && (
            <Button
              onClick={() => void set.run({ activityId: detail.id, byEnrolment: false, capacity: null })}
            >
              改回全员参加
            </Button>
          )}
        </div>
      )}
      {enrolment && (
        <>
          {enrolment.mine === null && detail.status !== 'planned' ? null : enrolment.mine === null ? (
            <DisabledBecause
              type="primary"
              reason={abilities.enrol}
              loading={enrol.running}
              onClick={() => void enrol.run({ activityId: detail.id })}
            >
              {enrolment.capacity !== null && enrolment.enrolled.length >= enrolment.capacity
                ? `名额已满，排候补（前面 ${enrolment.waiting.length} 人）`
                : '我要报名'}
            </DisabledBecause>
          ) : (
            <p>
              {enrolment.mine === 'enrolled'
                ? '您已报上名。'
                : `您在候补第 ${enrolment.myPlace} 位，有人退出会告诉您。`}{' '}
              {detail.status === 'planned' && (
                <Button size="small" onClick={() => void leave.run({ activityId: detail.id })}>
                  退出
                </Button>
              )}
            </p>
          )}
          {enrolment.enrolled.length > 0 && (
            <p className="quiet">名单：{enrolment.enrolled.map((person) => person.name).join('、')}</p>
          )}
        </>
      )}
      <Waiting detail={detail} data={data} />
    </Section>
  )
}

/** Those who wait, each taken in with one tap. */
export function Waiting({ detail, data }: Part) {
  const admit = useCommand(participation.admit, { success: '已录入。', invalidate: stale })
  const waiting = data.enrolment?.waiting ?? []
  if (waiting.length === 0 || data.abilities.change !== null) return null
  return (
    <ul className="series-counts">
      {waiting.map((person, index) => (
        <li key={person.id}>
          <b>{person.name}</b>
          <span className="quiet">候补第 {index + 1} 位 </span>
          <Button
            size="small"
            loading={admit.running}
            onClick={() => void admit.run({ activityId: detail.id, personId: person.id })}
          >
            录入
          </Button>
        </li>
      ))}
    </ul>
  )
}

function Sessions({ detail, data }: Part) {
  const { sessions } = data
  const [draft, setDraft] = useState<{ day: string; startTime: string; endTime: string }[] | null>(null)
  const [least, setLeast] = useState<number | null>(data.leastSessions)
  const save = useCommand(participation.saveSessions, {
    success: '场次已保存。',
    invalidate: stale,
    onSuccess: () => setDraft(null),
  })
  const begin = () => {
    const own = sessions.map(({ day, startTime, endTime }) => ({ day, startTime, endTime }))
    setDraft(
      own.length > 0
        ? own
        : [
            { day: detail.day, startTime: detail.startTime, endTime: detail.endTime },
            { day: detail.day, startTime: '14:00', endTime: '16:00' },
          ],
    )
  }
  if (sessions.length === 0 && (data.abilities.setSessions !== null || draft === null)) {
    return data.abilities.setSessions === null ? (
      <p>
        <Button type="link" className="link-button" onClick={begin}>
          分成几场（上午、下午或几天）
        </Button>
      </p>
    ) : null
  }
  const patch = (index: number, change: object) =>
    setDraft((draft ?? []).map((one, at) => (at === index ? { ...one, ...change } : one)))
  return (
    <Section
      title="场次"
      sentence={
        draft === null
          ? `共 ${sessions.length} 场，至少参加 ${data.leastSessions ?? 1} 场算出席，学时按到场的场次计；每场都要签到。`
          : '每场都要签到；写明至少参加几场算出席。'
      }
      aside={
        draft === null &&
        data.abilities.setSessions === null && (
          <Button size="small" onClick={begin}>
            改场次
          </Button>
        )
      }
    >
      {draft === null ? (
        <ul className="series-counts">
          {sessions.map((one) => (
            <li key={one.number}>
              <b>第 {one.number} 场</b>
              {dayText(one.day)} {weekdayText(one.day)} {one.startTime}—{one.endTime}
              {detail.status !== 'planned' && <span className="quiet"> · 到场 {one.present} 人</span>}
              {one.mine && <span className="quiet"> · 您到了</span>}
            </li>
          ))}
        </ul>
      ) : (
        <>
          <div className="session-lines">
            {draft.map((one, index) => (
              <div key={index}>
                <b>第 {index + 1} 场</b>
                <DateInput value={one.day} onChange={(day) => patch(index, { day })} />
                <TimeInput value={one.startTime} onChange={(startTime) => patch(index, { startTime })} />
                <TimeInput value={one.endTime} onChange={(endTime) => patch(index, { endTime })} />
                <Button size="small" onClick={() => setDraft(draft.filter((_, at) => at !== index))}>
                  去掉
                </Button>
              </div>
            ))}
          </div>
          <div className="form-actions">
            <Button
              onClick={() =>
                setDraft([
                  ...draft,
                  { ...(draft.at(-1) ?? { day: detail.day, startTime: '09:00', endTime: '11:00' }) },
                ])
              }
            >
              加一场
            </Button>
            <label>
              至少参加{' '}
              <InputNumber
                min={1}
                max={Math.max(1, draft.length)}
                value={least ?? draft.length}
                onChange={setLeast}
                aria-label="至少参加几场"
              />{' '}
              场
            </label>
            <Button
              type="primary"
              loading={save.running}
              onClick={() =>
                void save.run({
                  activityId: detail.id,
                  least: draft.length === 0 ? null : least,
                  sessions: draft,
                })
              }
            >
              保存场次
            </Button>
            <Button onClick={() => setDraft(null)}>不改了</Button>
          </div>
        </>
      )}
    </Section>
  )
}

/** People of other schools, listed apart. */
export function Guests({ detail, data }: Part) {
  const [guest, setGuest] = useState({ name: '', school: '' })
  const add = useCommand(participation.addGuest, {
    success: '来宾已登记。',
    invalidate: stale,
    onSuccess: () => setGuest({ ...guest, name: '' }),
  })
  const remove = useCommand(participation.removeGuest, { success: '已移除。', invalidate: stale })
  const mayAdd = data.abilities.addGuest === null
  // Once it is over, few guests are still to be written down.
  const [open, setOpen] = useState(detail.status === 'running')
  if (data.guests.length === 0 && !mayAdd) return null
  if (data.guests.length === 0 && !open)
    return (
      <p>
        <Button type="link" className="link-button" onClick={() => setOpen(true)}>
          补登来宾
        </Button>
      </p>
    )
  return (
    <Section title="来宾" sentence={`外校来宾 ${data.guests.length} 人，不计入应到，也不计学时。`}>
      {data.guests.length > 0 && (
        <ul className="guest-list">
          {data.guests.map((one) => (
            <li key={one.id}>
              <b>{one.name}</b>{' '}
              <span className="quiet">
                {one.school} · {one.time}
              </span>
              {mayAdd && (
                <button
                  type="button"
                  className="icon-button"
                  aria-label={`移除来宾 ${one.name}`}
                  onClick={() => void remove.run({ activityId: detail.id, guestId: one.id })}
                >
                  <Icon name="close" size={16} />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayAdd && (
        <form
          className="inline-form"
          onSubmit={(event) => {
            event.preventDefault()
            void add.run({ activityId: detail.id, ...guest })
          }}
        >
          <Input
            value={guest.name}
            placeholder="姓名"
            aria-label="来宾姓名"
            maxLength={30}
            onChange={(event) => setGuest({ ...guest, name: event.target.value })}
          />
          <Input
            value={guest.school}
            placeholder="学校或单位"
            aria-label="来宾的学校或单位"
            maxLength={60}
            onChange={(event) => setGuest({ ...guest, school: event.target.value })}
          />
          <Button htmlType="submit" loading={add.running}>
            登记来宾
          </Button>
        </form>
      )}
    </Section>
  )
}

/** Photos and papers of the activity; photos are made smaller before they are sent. */
export function Photos({ detail, data }: Part) {
  const remove = useCommand(files.removeAttachment, { success: '已移除。', invalidate: stale })
  const mayAdd = data.abilities.addPhoto === null && detail.status !== 'planned'
  if (data.photos.length === 0 && !mayAdd) return null
  const isPicture = (type: string) => type.startsWith('image/')
  const list = (
    <>
      <ul className="photo-list">
        {data.photos
          .filter((file) => isPicture(file.mediaType))
          .map((file) => (
            <li key={file.id}>
              <a href={fileAddress(files.getAttachment, { id: file.id })} target="_blank" rel="noreferrer">
                <img src={fileAddress(files.getAttachment, { id: file.id })} alt={file.name} loading="lazy" />
              </a>
              {mayAdd && (
                <Button size="small" type="text" onClick={() => void remove.run({ id: file.id })}>
                  移除
                </Button>
              )}
            </li>
          ))}
      </ul>
      {data.photos
        .filter((file) => !isPicture(file.mediaType))
        .map((file) => (
          <p key={file.id}>
            <a href={fileAddress(files.getAttachment, { id: file.id })} target="_blank" rel="noreferrer">
              {file.name}
            </a>
          </p>
        ))}
    </>
  )
  return (
    <Section title="照片和附件">
      {mayAdd ? (
        <FileUpload
          call={files.uploadAttachment}
          input={{ room: 'activity', id: detail.id }}
          label="拍照或选照片"
          hint="照片会先缩小再上传；也可以附 Word、PDF，每个不超过 20 MB"
          accept="image/*,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx"
          multiple
          keepOffline
          onUploaded={() => invalidate(stale)}
        >
          {list}
        </FileUpload>
      ) : (
        list
      )}
    </Section>
  )
}

/** The host confirms the minutes as they stand. */
function Confirmation({ detail, data }: Part) {
  const session = useSession()
  const confirm = useCommand(participation.confirmMinutes, { success: '记录已确认。', invalidate: stale })
  if (detail.status !== 'closed') return null
  const { minutes } = data
  if (minutes.confirmedAt)
    return (
      <Notice tone="good">
        {minutes.confirmedByName ?? '系统'}于 {momentText(minutes.confirmedAt)} 确认了活动记录。
      </Notice>
    )
  if (minutes.confirm !== null && detail.host?.id !== session.person?.id) return null
  return (
    <Notice
      tone="soon"
      action={
        <DisabledBecause
          type="primary"
          size="small"
          reason={minutes.confirm}
          loading={confirm.running}
          onClick={() => void confirm.run({ activityId: detail.id, version: detail.minutesVersion })}
        >
          确认记录
        </DisabledBecause>
      }
    >
      活动记录还没有确认。
    </Notice>
  )
}

/** What the leader needs of it while the activity runs. */
export function RunParticipation({ detail, show }: { detail: ActivityDetail; show: 'people' | 'minutes' }) {
  const query = useApi(participation.getParticipation, { activityId: detail.id })
  if (!query.data) return null
  if (show === 'minutes') return <Photos detail={detail} data={query.data} />
  return (
    <>
      <Waiting detail={detail} data={query.data} />
      <Guests detail={detail} data={query.data} />
    </>
  )
}

/** What of activities waits for the reader, above the list. */
export const noticeTexts = {
  movedUp: '您已从候补转为正式名额',
  materials: '有材料等您确认',
  minutes: '活动记录等您确认',
} as const
