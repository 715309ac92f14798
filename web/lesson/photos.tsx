import { fileAddress } from '../kit/api.ts'
import { useApi } from '../kit/queries.ts'
import { files } from '../work/api.ts'
import { Attachments } from '../work/attachments.tsx'
import type { ObservationDetail } from './api.ts'

/** What a page about an observation is called. */
export function titleOf(view: Pick<ObservationDetail, 'topic' | 'className' | 'subject' | 'dropIn'>): string {
  if (view.topic !== '') return view.topic
  return view.dropIn ? '课堂意见反馈表' : '听课记录'
}

/** Photos of the lesson; more while it is written. */
export function Photos({ id, canChange = false }: { id: string; canChange?: boolean }) {
  const query = useApi(files.listAttachments, { room: 'observation', id })
  const photos = query.data ?? []
  return (
    <>
      {photos.some((photo) => photo.mediaType.startsWith('image/')) && (
        <ul className="lesson-photos">
          {photos
            .filter((photo) => photo.mediaType.startsWith('image/'))
            .map((photo) => (
              <li key={photo.id}>
                <a href={fileAddress(files.getAttachment, { id: photo.id })} target="_blank" rel="noreferrer">
                  <img
                    src={fileAddress(files.getAttachment, { id: photo.id })}
                    alt={photo.name}
                    loading="lazy"
                  />
                </a>
              </li>
            ))}
        </ul>
      )}
      <Attachments room="observation" id={id} attachments={photos} canChange={canChange} />
    </>
  )
}
