import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileTypeFromBuffer, fileTypeFromFile } from 'file-type'
import { Refusal } from './errors.ts'

/** What a file really is, and how people call it. */
export interface UploadKind {
  mediaType: string
  extension: string
  label: string
}

const office = 'application/vnd.openxmlformats-officedocument.'
const kinds: (UploadKind & {
  /** Endings under which such content may come. */
  names: string[]
  /** Types that `file-type` finds for such content. */
  found: string[]
  /** Recognised but not taken, with the sentence that says what to do; left out where it is taken. */
  refusal?: string
})[] = [
  kind('jpg', 'image/jpeg', 'JPG图片', { names: ['jpg', 'jpeg', 'jpe', 'jfif'] }),
  kind('png', 'image/png', 'PNG图片', { found: ['png', 'apng'] }),
  kind('webp', 'image/webp', 'WebP图片'),
  kind('pdf', 'application/pdf', 'PDF文件', { found: ['pdf', 'ai'] }),
  kind('docx', `${office}wordprocessingml.document`, 'Word文档'),
  kind('xlsx', `${office}spreadsheetml.sheet`, 'Excel表格'),
  kind('pptx', `${office}presentationml.presentation`, 'PowerPoint课件', { found: ['pptx', 'ppsx'] }),
  kind('txt', 'text/plain', '文本文件', { found: [] }),
  kind('heic', 'image/heic', '苹果手机的HEIC照片', {
    names: ['heic', 'heif'],
    found: ['heic', 'heif'],
    refusal:
      '这是苹果手机的HEIC照片，多数电脑打不开；请在手机“设置—相机—格式”里选“兼容性最佳”后重拍，或转成JPG后再上传。',
  }),
  kind('mp3', 'audio/mpeg', 'MP3录音', { refusal: '这是MP3录音，目前还不能上传音频；请改用链接。' }),
  kind('mp4', 'video/mp4', 'MP4录像', {
    names: ['mp4', 'm4v', 'mov'],
    found: ['mp4', 'm4v', 'mov', '3gp'],
    refusal: '这是录像，目前还不能上传视频；请改用链接。',
  }),
  kind('doc', 'application/x-cfb', '旧版Office文件', {
    names: ['doc', 'xls', 'ppt', 'wps', 'et', 'dps'],
    found: ['cfb'],
    refusal:
      '这是旧版Office文件（.doc、.xls、.ppt）或加了密码的文件；请去掉密码，另存为新版格式（.docx、.xlsx、.pptx）后再上传。',
  }),
]

function kind(
  extension: string,
  mediaType: string,
  label: string,
  more: { names?: string[]; found?: string[]; refusal?: string } = {},
) {
  return { extension, mediaType, label, names: [extension], found: [extension], ...more }
}

const takenLabels =
  'JPG、PNG、WebP图片，PDF、Word（.docx）、Excel（.xlsx）、PowerPoint（.pptx）和文本（.txt）文件'
/** Enough for the signatures of everything but office files whose parts stand in an unusual order. */
const headBytes = 64 * 1024

/**
 * Says by its content what a file is, or refuses it with a Chinese sentence: not among the kinds that we take,
 * empty, or content unlike the ending of its name. `source` is the whole file by its path, or its first bytes: 64 KB
 * tell all but damaged office files. For a stream, give its name to `storeUpload`, which looks at the whole.
 */
export async function inspectUpload(
  source: Uint8Array | { path: string },
  declaredName: string,
): Promise<UploadKind | { refusal: string }> {
  const ending = /\.([^.\s]+)\s*$/.exec(declaredName)?.[1]?.toLowerCase() ?? ''
  const shown = declaredName
    .replace(/^.*[\\/]/, '')
    .replaceAll(/\p{C}/gu, '')
    .slice(-60)
  const content = await readContent(source)
  if (content.head.length === 0) return { refusal: `“${shown}”是空文件，请检查后重新选择。` }
  // The mark of UTF-16 (FF FE) looks like the first frame of an MP3, so that text is tried first.
  const real =
    (hasUtf16Mark(content.head) ? textKind(content) : undefined) ??
    kinds.find((candidate) => candidate.found.includes(content.found)) ??
    textKind(content)
  const declared = kinds.find((candidate) => candidate.names.includes(ending))
  if (real?.refusal) return { refusal: real.refusal }
  if (real && declared === real)
    return { mediaType: real.mediaType, extension: real.extension, label: real.label }
  if (!declared) {
    return {
      refusal: real
        ? `“${shown}”的内容是${real.label}，文件名却没有以“.${real.extension}”结尾，请改好文件名后再上传。`
        : `不能上传“${shown}”；可以上传的有${takenLabels}。`,
    }
  }
  return {
    refusal: real
      ? `“${shown}”的内容其实是${real.label}，和文件名不符；请把文件名结尾改为“.${real.extension}”，或重新选择文件。`
      : `“${shown}”的内容不是${declared.label}，可能已损坏或改过文件名；请用相应软件打开确认，另存后再上传。`,
  }
}

interface Content {
  head: Uint8Array
  /** `head` is all there is. */
  isWhole: boolean
  /** The ending that `file-type` gives to such content; empty when it knows none. */
  found: string
}

async function readContent(source: Uint8Array | { path: string }): Promise<Content> {
  if (source instanceof Uint8Array) {
    const isWhole = source.length < headBytes
    const found = await typeOf(() => fileTypeFromBuffer(source))
    return { head: source, isWhole, found: found === 'zip' && !isWhole ? officeByParts(source) : found }
  }
  const handle = await open(source.path)
  try {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(headBytes), 0, headBytes, 0)
    const { size } = await handle.stat()
    return {
      head: buffer.subarray(0, bytesRead),
      isWhole: size <= bytesRead,
      found: await typeOf(() => fileTypeFromFile(source.path)),
    }
  } finally {
    await handle.close()
  }
}

async function typeOf(detect: () => Promise<{ ext: string } | undefined>): Promise<string> {
  try {
    return (await detect())?.ext ?? ''
  } catch {
    // Cut off or damaged: as good as unknown.
    return ''
  }
}

/** An office file of which only the head is at hand may end before the part that names its kind. */
function officeByParts(head: Uint8Array): string {
  const text = Buffer.from(head).toString('latin1')
  if (text.includes('word/')) return 'docx'
  if (text.includes('xl/')) return 'xlsx'
  return text.includes('ppt/') ? 'pptx' : 'zip'
}

/** Signs that no text holds: all below the space but tab, line and page breaks. */
function hasControlSigns(text: string): boolean {
  return /\p{Cc}/u.test(text.replaceAll(/[\t\n\f\r\u007f-\u009f]/g, ''))
}

function hasUtf16Mark(head: Uint8Array): boolean {
  return (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
}

/** Text in UTF-8, UTF-16 with mark or GBK: it decodes, and has no control signs. */
function textKind({ head, isWhole }: Content) {
  const isUtf16 = hasUtf16Mark(head)
  const encodings = isUtf16 ? [head[0] === 0xff ? 'utf-16le' : 'utf-16be'] : ['utf-8', 'gb18030']
  for (const encoding of encodings) {
    try {
      // A head may end in the middle of a character, which `stream` forgives.
      const text = new TextDecoder(encoding, { fatal: true }).decode(head, { stream: !isWhole })
      if (!hasControlSigns(text)) return kinds.find((candidate) => candidate.extension === 'txt')
    } catch {
      // Not this encoding.
    }
  }
  return undefined
}

export interface StoredUpload {
  sha256: string
  sizeBytes: number
  /** Where the content lies; derived from `sha256`, so it need not be stored. */
  path: string
}

/**
 * Writes a stream to disk under the hash of its content; the same content is kept once. Refuses (413) as soon as more
 * than `maxBytes` have come, and what is unlike its name where `name` is given. Whatever goes wrong, no part stays.
 */
export async function storeUpload(
  folder: string,
  readable: Readable,
  limits: { maxBytes: number; name: string },
): Promise<StoredUpload & UploadKind>
export async function storeUpload(
  folder: string,
  readable: Readable,
  limits: { maxBytes: number; name?: undefined },
): Promise<StoredUpload>
export async function storeUpload(
  folder: string,
  readable: Readable,
  { maxBytes, name }: { maxBytes: number; name?: string },
): Promise<StoredUpload | (StoredUpload & UploadKind)> {
  const incoming = join(folder, incomingFolder)
  await mkdir(incoming, { recursive: true })
  const partPath = join(incoming, randomUUID())
  let handle: FileHandle | undefined
  try {
    handle = await open(partPath, 'wx', 0o600)
    const hash = createHash('sha256')
    let sizeBytes = 0
    // Leaving the loop by an error destroys the stream, so that the sender is stopped.
    for await (const chunk of readable) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer)
      sizeBytes += bytes.length
      if (sizeBytes > maxBytes) throw tooLarge(maxBytes)
      hash.update(bytes)
      await handle.writeFile(bytes)
    }
    await handle.sync()
    await handle.close()
    handle = undefined
    const inspected = name === undefined ? undefined : await inspectUpload({ path: partPath }, name)
    if (inspected && 'refusal' in inspected) {
      throw new Refusal(inspected.refusal, { status: 415, code: 'wrongFile' })
    }
    const sha256 = hash.digest('hex')
    const path = pathOf(folder, sha256)
    await mkdir(join(path, '..'), { recursive: true })
    await rename(partPath, path)
    await syncFolder(join(path, '..'))
    return { sha256, sizeBytes, path, ...inspected }
  } catch (error) {
    readable.destroy()
    throw error
  } finally {
    await handle?.close()
    await rm(partPath, { force: true })
  }
}

const incomingFolder = '.incoming'

function tooLarge(maxBytes: number): Refusal {
  const megabytes = Math.round((maxBytes / 1024 / 1024) * 10) / 10
  return new Refusal(`文件超过${megabytes}MB的上限，没有保存；照片可先压缩，录像请改用链接。`, {
    status: 413,
    code: 'tooLarge',
  })
}

function pathOf(folder: string, sha256: string): string {
  return join(folder, sha256.slice(0, 2), sha256)
}

/** Makes the new name itself survive a power cut; Windows neither offers nor needs this. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Opens stored content for reading; `undefined` when there is none under this hash. The caller ends the stream. */
export async function openUpload(
  folder: string,
  sha256: string,
): Promise<{ stream: Readable; sizeBytes: number } | undefined> {
  // Anything else could lead out of the folder.
  if (!/^[0-9a-f]{64}$/.test(sha256)) return undefined
  try {
    const handle = await open(pathOf(folder, sha256))
    const { size } = await handle.stat()
    return { stream: handle.createReadStream(), sizeBytes: size }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Removes parts of uploads that a killed process left behind; to be called at start. Gives how many there were. */
export async function removeAbandonedUploads(
  folder: string,
  olderThanMilliseconds = 3_600_000,
): Promise<number> {
  const incoming = join(folder, incomingFolder)
  let removed = 0
  for (const name of await readdir(incoming).catch(() => [])) {
    const path = join(incoming, name)
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now())
    if (age < olderThanMilliseconds) continue
    await rm(path, { force: true })
    removed++
  }
  return removed
}
