import { Button, Input } from 'antd'
import { useState } from 'react'
import { eventLabels } from '../../server/programme/words.ts'
import { fileAddress } from '../kit/api.ts'
import { Link } from '../kit/link.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { momentText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { type Deliverable, type Delivery, deliveryMark, programme } from './api.ts'
import { filesApiCalls } from './files.ts'

const addressOf = {
  plan: paths.plan,
  activity: paths.activity,
  regulation: (id: string) => paths.regulation(id),
}

/** What was handed in, what has happened to it, and the decision of whoever receives it. */
export function DecideDelivery({
  deliverable,
  owner,
  done,
}: {
  deliverable: Deliverable
  owner: Delivery
  done: () => void
}) {
  const id = owner.id ?? ''
  const { schoolId } = owner
  const { data } = useApi(programme.getDelivery, { deliveryId: id, schoolId })
  const [note, setNote] = useState<string | null>(null)
  const stale = ['programme', 'agenda', 'inbox', 'home']
  const accept = useCommand(programme.decideDelivery, {
    invalidate: stale,
    success: `已验收：${owner.ownerName}的“${deliverable.title}”`,
    onSuccess: done,
  })
  const back = useCommand(programme.decideDelivery, {
    invalidate: stale,
    success: '已退回，对方在待办里能看到原因',
    onSuccess: done,
  })
  const mayDecide = owner.abilities.decide === null
  return (
    <div className="programme-deliver">
      <p>
        <StateMark {...deliveryMark(owner)} /> <span className="quiet">期限 {deliverable.dueOn}</span>
      </p>
      {owner.link && (
        <p>
          {schoolId === null ? (
            <Link to={addressOf[owner.link.room](owner.link.id)}>{owner.link.title}</Link>
          ) : (
            <>《{owner.link.title}》</>
          )}
        </p>
      )}
      {owner.note !== '' && <p>{owner.note}</p>}
      {(data?.files.length ?? 0) > 0 && (
        <ul className="programme-files">
          {data?.files.map((file) => (
            <li key={file.id}>
              <a
                href={`${fileAddress(filesApiCalls.getAttachment, { id: file.id })}${schoolId === null ? '' : `&school=${schoolId}`}`}
              >
                {file.name}
              </a>
            </li>
          ))}
        </ul>
      )}
      {mayDecide && (
        <div className="form-actions">
          {owner.decision === 'waiting' && (
            <Button
              type="primary"
              loading={accept.running}
              onClick={() => void accept.run({ deliveryId: id, schoolId, accept: true })}
            >
              验收通过
            </Button>
          )}
          {note === null && (
            <Button onClick={() => setNote('')}>
              {owner.decision === 'accepted' ? '取消验收并退回…' : '退回…'}
            </Button>
          )}
        </div>
      )}
      {mayDecide && note !== null && (
        <>
          <label className="field-label" htmlFor="return-delivery">
            退回的原因
          </label>
          <Input.TextArea
            id="return-delivery"
            value={note}
            maxLength={500}
            autoFocus
            autoSize={{ minRows: 2 }}
            placeholder="写清要补什么、改什么，对方会在待办里看到"
            onChange={(event) => setNote(event.target.value)}
          />
          <Button
            type="primary"
            loading={back.running}
            onClick={() => void back.run({ deliveryId: id, schoolId, accept: false, note })}
          >
            退回并说明
          </Button>
        </>
      )}
      {(data?.history.length ?? 0) > 0 && (
        <>
          <h3>经过</h3>
          <ol className="programme-history">
            {data?.history.map((event) => (
              <li key={event.at + event.what}>
                <span className="quiet">{momentText(event.at)}</span> {event.byName}
                {eventLabels[event.what]}
                {event.note !== '' && `：${event.note}`}
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  )
}
