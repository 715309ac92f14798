import { ErrorNotice, Skeleton } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { Attachments } from '../work/attachments.tsx'
import { attendanceBook } from './api.ts'
import './attendance.css'

/** What somebody who missed an activity studies (minutes, materials), and the proof of it. */
export function Missed({ id }: { id: string }) {
  const query = useApi(attendanceBook.getMissed, { makeUpId: id })
  if (!query.data)
    return query.error ? (
      <ErrorNotice error={query.error} retry={query.refetch} />
    ) : (
      <Skeleton shape="text" rows={4} />
    )
  const missed = query.data
  return (
    <div className="missed">
      <h3>这次活动学了什么</h3>
      {missed.content !== '' && <p className="pre-line">{missed.content}</p>}
      {missed.parts.map((part) => (
        <section key={part.label}>
          <h4>{part.label}</h4>
          <p className="pre-line">{part.text}</p>
        </section>
      ))}
      {missed.parts.length === 0 && <p className="quiet">活动记录还没有写好，可以先向主持人要材料。</p>}
      {missed.materials.length > 0 && (
        <>
          <h4>材料</h4>
          <Attachments
            room="activity"
            id={missed.activity.id}
            attachments={missed.materials}
            canChange={false}
          />
        </>
      )}
      <h4>补学的证明</h4>
      <Attachments room="makeup" id={missed.id} attachments={missed.proofs} canChange={missed.canAttach} />
      {missed.proofs.length === 0 && !missed.canAttach && <p className="quiet">没有附笔记照片。</p>}
    </div>
  )
}
