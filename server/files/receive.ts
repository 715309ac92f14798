import { join } from 'node:path'
import type { FastifyRequest } from 'fastify'
import { Refusal } from '../kit/errors.ts'
import type { UploadedFile } from '../kit/serve.ts'
import type { Services } from '../kit/services.ts'
import { storeUpload } from '../kit/uploads.ts'

/** Largest file that anybody may send. */
export const maxUploadBytes = 20 * 1024 * 1024

/**
 * Takes the one file of a multipart request to disk as it arrives (never into memory) and gives it with the JSON of
 * the field `input`, which must stand before the file. Too large, or content unlike its name: refused, nothing kept.
 * With `content: 'any'` the room looks at the content itself.
 */
export async function receiveFile(
  services: Services,
  request: FastifyRequest,
  options: { content?: 'any' } = {},
): Promise<{ input: unknown; file: UploadedFile }> {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > maxUploadBytes + 100_000) tooLarge()
  const part = await request.file({
    limits: { fileSize: maxUploadBytes + 1, files: 1, fields: 4, fieldSize: 100_000 },
  })
  if (!part) throw new Refusal('没有收到文件，请重新选择。', { status: 400, code: 'noFile' })
  const field = part.fields.input
  const text = field && !Array.isArray(field) && field.type === 'field' ? String(field.value) : '{}'
  const folder = join(services.dataFolder, 'files')
  const stored =
    options.content === 'any'
      ? {
          ...(await storeUpload(folder, part.file, { maxBytes: maxUploadBytes })),
          mediaType: 'application/octet-stream',
        }
      : await storeUpload(folder, part.file, { maxBytes: maxUploadBytes, name: part.filename })
  let input: unknown
  try {
    input = JSON.parse(text)
  } catch {
    throw new Refusal('上传的说明不完整，请刷新页面后再试。', { status: 400, code: 'badInput' })
  }
  return {
    input,
    file: {
      name: part.filename,
      mediaType: stored.mediaType,
      sizeBytes: stored.sizeBytes,
      sha256: stored.sha256,
      path: stored.path,
    },
  }
}

function tooLarge(): never {
  throw new Refusal(`文件太大：最多 ${maxUploadBytes / 1024 / 1024} MB。照片可先压缩，录像请改用链接。`, {
    status: 413,
    code: 'tooLarge',
  })
}
