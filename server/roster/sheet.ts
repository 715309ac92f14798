import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readCsv } from './csv.ts'
import { listZipEntries } from './zip.ts'

/** A cell as it stands in the file; `{ fault }` for a formula that gave no value. */
export type RawCell = string | number | null | { fault: string }

export interface Sheet {
  name: string
  hidden: boolean
  /** Dates count from 1904, as in workbooks from old Macs. */
  date1904: boolean
  /** Ranges such as `A3:B4`. */
  merges: string[]
  /** Only rows with something in them, at most a few more than may be read. */
  rows: { row: number; cells: RawCell[] }[]
  /** How many rows have something in them, beyond those in `rows` too. */
  filledRows: number
}

export interface SheetLimits {
  maxBytes: number
  maxRows: number
  /** What a zip file may declare to become when unpacked. */
  maxExpandedBytes: number
  maxMilliseconds: number
  /** Memory of the process that reads the file. */
  maxMemoryMegabytes: number
}

const megabytes = (bytes: number) =>
  (bytes / 1024 / 1024).toLocaleString('zh-CN', { maximumFractionDigits: 1 })
const tooComplex =
  '这个文件的内容过于庞大，已停止读取；请新建一个空白工作簿，只把花名册的内容复制过去（选择性粘贴“数值”），保存后再上传。'
const damaged = '这个文件已经损坏或不完整，请用Excel打开确认内容，另存为“Excel 工作簿（.xlsx）”后再上传。'

/** Reads all sheets of a .xlsx, .xls or CSV file. Whatever the file is like, the answer is sheets or a sentence. */
export async function readSheets(
  bytes: Uint8Array,
  fileName: string,
  limits: SheetLimits,
): Promise<{ sheets: Sheet[] } | { refusal: string }> {
  const extension = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? ''
  if (!['xlsx', 'xls', 'csv'].includes(extension)) {
    return { refusal: `不能读取“${fileName}”，花名册请用Excel文件（.xlsx、.xls）或CSV文件。` }
  }
  if (bytes.length === 0) return { refusal: '这个文件是空的，请检查后重新选择。' }
  if (bytes.length > limits.maxBytes) {
    return {
      refusal: `文件有${megabytes(bytes.length)}MB，超过${megabytes(limits.maxBytes)}MB的上限；请删去图片和多余的工作表后再上传。`,
    }
  }
  const begins = (...signature: number[]) => signature.every((byte, index) => bytes[index] === byte)
  if (begins(0x50, 0x4b)) {
    const entries = listZipEntries(bytes)
    if (!entries) return { refusal: damaged }
    const declared = entries.reduce((sum, entry) => sum + entry.declaredBytes, 0)
    if (declared > limits.maxExpandedBytes || entries.length > 2000) {
      return {
        refusal: `这个文件解压后会有${megabytes(declared)}MB，远远超出花名册应有的大小，为安全起见没有读取；请新建一个空白工作簿，只复制花名册内容后再上传。`,
      }
    }
    if (!entries.some((entry) => entry.name.replaceAll('\\', '/') === 'xl/workbook.xml')) {
      return {
        refusal: `“${fileName}”里面不是Excel表格，请用Excel打开原表，另存为“Excel 工作簿（.xlsx）”后再上传。`,
      }
    }
    return queued(() => readInChild(bytes, limits))
  }
  if (begins(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)) return queued(() => readInChild(bytes, limits))
  if (begins(0x25, 0x50, 0x44, 0x46))
    return { refusal: `“${fileName}”其实是PDF文件，请上传Excel或CSV格式的花名册。` }
  const opening = Buffer.from(bytes.subarray(0, 200))
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
  if (opening.startsWith('<')) {
    return {
      refusal: `“${fileName}”其实是网页格式的表格，请用Excel打开后另存为“Excel 工作簿（.xlsx）”再上传。`,
    }
  }
  if (extension !== 'csv') return { refusal: damaged }
  const read = readCsv(bytes, limits.maxRows)
  return 'refusal' in read ? read : { sheets: [read.sheet] }
}

// Each reading may take up to the memory limit, so that only two run at a time and the others wait.
let running = 0
const waiting: (() => void)[] = []
async function queued<T>(work: () => Promise<T>): Promise<T> {
  if (running >= 2) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

/** What the child writes to its output. */
export type ChildAnswer = { sheets: Sheet[] } | { fault: 'password' | 'damaged' | 'tooBig' }

/**
 * Reads a workbook in a process of its own, that may read nothing but its program, write nothing, start nothing,
 * and is killed at the limit of time or memory.
 */
function readInChild(
  bytes: Uint8Array,
  limits: SheetLimits,
): Promise<{ sheets: Sheet[] } | { refusal: string }> {
  const here = import.meta.dirname
  const readable = [
    here,
    dirname(fileURLToPath(import.meta.resolve('@e965/xlsx'))),
    join(here, '../../package.json'),
  ]
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${limits.maxMemoryMegabytes}`,
      '--permission',
      '--allow-worker',
      ...readable.map((path) => `--allow-fs-read=${path}`),
      '--disable-warning=SecurityWarning',
      join(here, 'sheet-child.ts'),
      String(limits.maxRows),
      String(limits.maxMemoryMegabytes),
    ],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      // No secrets of the server; Windows starts no program without SystemRoot.
      env: process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {},
      windowsHide: true,
    },
  )
  return new Promise((resolve, reject) => {
    const output: Buffer[] = []
    let outputBytes = 0
    let complaint = ''
    let stopped = false
    const stop = () => {
      stopped = true
      child.kill('SIGKILL')
    }
    const timer = setTimeout(stop, limits.maxMilliseconds)
    child.stdout.on('data', (chunk: Buffer) => {
      outputBytes += chunk.length
      if (outputBytes > 64 * 1024 * 1024) stop()
      else output.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < 4000) complaint += chunk.toString()
    })
    // A child that was killed no longer takes its input; its end is reported by 'close'.
    child.stdin.on('error', () => undefined)
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      const outOfMemory = signal !== null || code === 134 || /heap out of memory/.test(complaint)
      if (stopped || outOfMemory) return resolve({ refusal: tooComplex })
      if (code !== 0) return reject(new Error(`sheet-child ended with ${code}: ${complaint}`))
      const answer = JSON.parse(Buffer.concat(output).toString()) as ChildAnswer
      if ('sheets' in answer) return resolve(answer)
      if (answer.fault === 'password') {
        return resolve({ refusal: '这个文件设有打开密码，无法读取；请在Excel中取消密码保护后再上传。' })
      }
      resolve({ refusal: answer.fault === 'tooBig' ? tooComplex : damaged })
    })
    child.stdin.end(bytes)
  })
}
