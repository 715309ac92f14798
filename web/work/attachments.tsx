import type { AttachmentView } from '../../server/files/contract.ts'
import { fileAddress, type Wire } from '../kit/api.ts'
import { FileUpload } from '../kit/file-upload.tsx'
import { Icon } from '../kit/icons.tsx'
import { invalidate, useCommand } from '../kit/queries.ts'
import { bytesText } from '../kit/words.ts'
import { files } from './api.ts'

/** Files of a record: what is there, and (where it may be changed) more. */
export function Attachments({
  room,
  id,
  attachments,
  canChange,
}: {
  room: string
  id: string
  attachments: Wire<AttachmentView>[]
  canChange: boolean
}) {
  const remove = useCommand(files.removeAttachment, { invalidate: [room, 'files'], success: '已移除附件' })
  const list =
    attachments.length === 0 ? null : (
      <ul className="attachments">
        {attachments.map((file) => (
          <li key={file.id}>
            <Icon name={file.mediaType.startsWith('image/') ? 'scan' : 'document'} size={18} />
            <a href={fileAddress(files.getAttachment, { id: file.id })} target="_blank" rel="noreferrer">
              {file.name}
            </a>
            <span className="quiet">{bytesText(file.sizeBytes)}</span>
            {canChange && (
              <button
                type="button"
                className="icon-button"
                aria-label={`移除附件 ${file.name}`}
                onClick={() => void remove.run({ id: file.id })}
              >
                <Icon name="close" size={18} />
              </button>
            )}
          </li>
        ))}
      </ul>
    )
  if (!canChange) return list
  return (
    <FileUpload
      call={files.uploadAttachment}
      input={{ room, id }}
      label="添加附件"
      hint="照片、Word、PDF 等，每个不超过 20 MB"
      multiple
      keepOffline
      onUploaded={() => invalidate([room, 'files'])}
    >
      {list}
    </FileUpload>
  )
}
