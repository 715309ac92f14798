import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { Document, Packer, Paragraph } from 'docx'
import { strToU8, zipSync } from 'fflate'
import writeExcelFile from 'write-excel-file/node'
import { Refusal } from './errors.ts'
import { inspectUpload, openUpload, removeAbandonedUploads, storeUpload } from './uploads.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xiaoyan-uploads-'))
})
after(() => rm(folder, { recursive: true, force: true }))

const filesIn = async (path: string) =>
  (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

const jpg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex')
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const webp = Buffer.from('UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA', 'base64')
const heic = Buffer.concat([
  Buffer.from('000000186674797068656963000000006d69663168656963', 'hex'),
  Buffer.alloc(40),
])
const mp4 = Buffer.concat([
  Buffer.from('000000186674797069736f6d0000020069736f6d69736f32', 'hex'),
  Buffer.alloc(40),
])
const mp3 = Buffer.concat([
  Buffer.from('494433030000000000', 'hex'),
  Buffer.alloc(10),
  Buffer.from('fffb9064', 'hex'),
  Buffer.alloc(500),
])
const cfb = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])
const pdf = Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n')
const pptx = Buffer.from(
  zipSync({
    '[Content_Types].xml': strToU8(
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/ppt/presentation.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/></Types>',
    ),
    'ppt/presentation.xml': strToU8('<p/>'),
  }),
)
const docx = () => Packer.toBuffer(new Document({ sections: [{ children: [new Paragraph('教案')] }] }))
const xlsx = () => writeExcelFile([['一']]).toBuffer()

test('recognises what we take by its content: as bytes and as file alike', async () => {
  const cases: [Buffer, string, string, string][] = [
    [jpg, '照片.JPEG', 'jpg', 'image/jpeg'],
    [png, 'a.png', 'png', 'image/png'],
    [webp, 'a.webp', 'webp', 'image/webp'],
    [pdf, 'a.b.pdf', 'pdf', 'application/pdf'],
    [
      await docx(),
      '教案.docx',
      'docx',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    [await xlsx(), 'a.xlsx', 'xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    [pptx, 'a.pptx', 'pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
    [Buffer.from('教学反思\r\n第一段'), 'a.txt', 'txt', 'text/plain'],
    [Buffer.from([0xbd, 0xcc, 0xd1, 0xa7]), 'gbk.txt', 'txt', 'text/plain'],
    [Buffer.from('\ufeff反思', 'utf16le'), 'a.txt', 'txt', 'text/plain'],
    [Buffer.from('BMI 指数'), 'a.txt', 'txt', 'text/plain'],
  ]
  for (const [bytes, name, extension, mediaType] of cases) {
    const path = join(folder, 'inspected')
    await writeFile(path, bytes)
    for (const source of [bytes, { path }]) {
      const found = await inspectUpload(source, name)
      assert.deepEqual({ ...found, label: '' }, { extension, mediaType, label: '' }, name)
    }
    await rm(path)
  }
})

test('recognises a large office file and long Chinese text by their heads', async () => {
  const big = Buffer.from(
    zipSync(
      { '[Content_Types].xml': strToU8('<Types/>'), 'word/media/image1.png': new Uint8Array(200_000) },
      { level: 0 },
    ),
  )
  assert.equal(
    ((await inspectUpload(big.subarray(0, 65_536), 'a.docx')) as { extension: string }).extension,
    'docx',
  )
  const text = Buffer.from('反'.repeat(60_000)).subarray(0, 65_536)
  assert.equal(((await inspectUpload(text, 'a.txt')) as { extension: string }).extension, 'txt')
})

test('refuses content unlike its name, and kinds that we do not take', async () => {
  const cases: [Uint8Array, string, RegExp][] = [
    [png, 'a.jpg', /内容其实是PNG图片，和文件名不符.*“\.png”/],
    [pdf, '教案.docx', /其实是PDF文件/],
    [await docx(), 'a.xlsx', /其实是Word文档/],
    [Buffer.from('MZ\x90\0\x03\0\0\0\x04\0\0\0'), 'a.pdf', /内容不是PDF文件/],
    [Buffer.from('<html><script>'), 'a.png', /其实是文本文件/],
    [Buffer.from('\x7fELF\x02\x01\x01\0\0'), 'a.exe', /不能上传“a\.exe”/],
    [Buffer.from('text'), 'a.html', /没有以“\.txt”结尾/],
    [zipSync({ a: strToU8('x') }), 'a.zip', /不能上传/],
    [zipSync({ a: strToU8('x') }), 'a.docx', /不是Word文档/],
    [(await docx()).subarray(0, 60), 'a.docx', /不是Word文档/],
    [Buffer.from([1, 2, 0, 0, 3]), 'a.txt', /不是文本文件/],
    [jpg, '照片', /没有以“\.jpg”结尾/],
    [heic, 'IMG_1.HEIC', /HEIC照片/],
    [heic, 'IMG_1.jpg', /HEIC照片/],
    [mp3, 'a.mp3', /MP3录音/],
    [mp4, 'a.mp4', /录像/],
    [cfb, 'a.doc', /另存为新版格式/],
    [new Uint8Array(), 'a.txt', /空文件/],
  ]
  for (const [bytes, name, message] of cases) {
    const answer = await inspectUpload(bytes, name)
    assert.ok('refusal' in answer, name)
    assert.match(answer.refusal, message)
  }
})

test('the name in a sentence carries neither path nor control signs', async () => {
  const answer = await inspectUpload(new Uint8Array(), '../../etc/\u202ea\n.txt')
  assert.deepEqual(answer, { refusal: '“a.txt”是空文件，请检查后重新选择。' })
})

test('stores content under its hash, once, and gives it back', async () => {
  const content = Buffer.from('教学反思'.repeat(50_000))
  const sha256 = createHash('sha256').update(content).digest('hex')
  const first = await storeUpload(folder, Readable.from(content, { objectMode: false }), {
    maxBytes: 1_000_000,
  })
  assert.deepEqual(first, {
    sha256,
    sizeBytes: content.length,
    path: join(folder, sha256.slice(0, 2), sha256),
  })
  const second = await storeUpload(folder, Readable.from([content]), {
    maxBytes: 1_000_000,
    name: '反思.txt',
  })
  assert.equal(second.path, first.path)
  assert.equal(second.mediaType, 'text/plain')
  assert.deepEqual(await filesIn(folder), [sha256])
  assert.deepEqual(await readFile(first.path), content)
  const opened = await openUpload(folder, sha256)
  assert.equal(opened?.sizeBytes, content.length)
  assert.deepEqual(Buffer.concat((await opened?.stream.toArray()) ?? []), content)
})

test('opens nothing that is not a hash or not there', async () => {
  assert.equal(await openUpload(folder, '0'.repeat(64)), undefined)
  assert.equal(await openUpload(folder, '../../../etc/passwd'), undefined)
})

test('takes exactly the limit and refuses one byte more', async () => {
  const own = join(folder, 'limit')
  await storeUpload(own, Readable.from([Buffer.alloc(1000)]), { maxBytes: 1000 })
  await assert.rejects(storeUpload(own, Readable.from([Buffer.alloc(1001)]), { maxBytes: 1000 }), Refusal)
  assert.equal((await filesIn(own)).length, 1)
})

test('stops 200 MB at a limit of 20 MB early, leaves no file, and needs little memory', async (context) => {
  const own = join(folder, 'large')
  const chunk = Buffer.alloc(64 * 1024, 7)
  let sent = 0
  const source = new Readable({
    read() {
      sent += chunk.length
      this.push(sent > 200 * 1024 * 1024 ? null : chunk)
    },
  })
  const memory = process.memoryUsage().rss
  await assert.rejects(storeUpload(own, source, { maxBytes: 20 * 1024 * 1024 }), (error: Refusal) => {
    assert.equal(error.status, 413)
    assert.match(error.message, /超过20MB的上限/)
    return true
  })
  const grown = Math.round((process.memoryUsage().rss - memory) / 1024 / 1024)
  context.diagnostic(`${Math.round(sent / 1024 / 1024)} MB taken from the sender, memory grew by ${grown} MB`)
  assert.ok(sent < 21 * 1024 * 1024)
  assert.ok(source.destroyed)
  assert.deepEqual(await filesIn(own), [])
})

test('leaves no file when the sender breaks off or the content is unlike its name', async () => {
  const own = join(folder, 'broken')
  const broken = new Readable({
    read() {
      this.push(Buffer.alloc(1000))
      this.destroy(new Error('connection lost'))
    },
  })
  await assert.rejects(storeUpload(own, broken, { maxBytes: 10_000 }), /connection lost/)
  await assert.rejects(storeUpload(own, Readable.from([png]), { maxBytes: 10_000, name: 'a.pdf' }), /PNG图片/)
  assert.deepEqual(await filesIn(own), [])
})

test('removes parts that a killed process left, but not those that still grow', async () => {
  const own = join(folder, 'abandoned')
  await storeUpload(own, Readable.from(['x']), { maxBytes: 10 })
  await writeFile(join(own, '.incoming', 'old'), 'x')
  await writeFile(join(own, '.incoming', 'new'), 'x')
  const longAgo = new Date(Date.now() - 7_200_000)
  await utimes(join(own, '.incoming', 'old'), longAgo, longAgo)
  assert.equal(await removeAbandonedUploads(own), 1)
  assert.deepEqual(await readdir(join(own, '.incoming')), ['new'])
  assert.equal(await removeAbandonedUploads(join(folder, 'none')), 0)
})
