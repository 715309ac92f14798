import { join } from 'node:path'
import { refuseNotFound } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import { openUpload } from '../kit/uploads.ts'
import * as actions from './actions.ts'
import { filesApi } from './contract.ts'

/** Shown in the browser; everything else is saved, so that nothing in it can run as a page of ours. */
const shownInBrowser = new Set(['image/jpeg', 'image/png', 'image/webp', 'application/pdf'])

export const filesRoom = room('files', filesApi, {
  uploadAttachment({ tx, input, file }) {
    return actions.createAttachment(tx, { room: input.room, id: input.id, file })
  },
  listAttachments({ tx, input }) {
    return actions.listAttachments(tx, input)
  },
  async getAttachment({ tx, input, services }) {
    const attachment = await actions.getAttachment(tx, input.id)
    const content =
      (await openUpload(join(services.dataFolder, 'files'), attachment.sha256)) ?? refuseNotFound('附件')
    return {
      name: attachment.name,
      mediaType: attachment.mediaType,
      body: content.stream,
      inline: shownInBrowser.has(attachment.mediaType),
    }
  },
  async removeAttachment({ tx, input }) {
    await actions.removeAttachment(tx, input)
    return {}
  },
})
