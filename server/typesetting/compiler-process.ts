/**
 * The child process that holds the Typst compiler. It answers one message at a time with a PDF or an error and
 * ends when its parent is gone. Only `renderer.ts` starts it.
 */
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'

/** What the parent asks for: a template by its path below the workspace, and its inputs as JSON texts. */
export interface CompilerRequest {
  id: number
  workspace: string
  mainFilePath: string
  inputs: Record<string, string>
}

export type CompilerAnswer =
  | { id: number; pdf: Uint8Array; memoryBytes: number }
  | { id: number; error: string; memoryBytes: number }

/** Only these four are loaded; each lies in a folder of its own. */
const fontFiles = [
  '@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf',
  '@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf',
  '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf',
]
/** PDF/A-2a (tagged, for the archive) first; a character that no font has is forbidden there, so plain PDF next. */
const standards = ['a-2a', '1.7']
const documentsBetweenCollections = 8

const require = createRequire(import.meta.url)
const collectGarbage = (globalThis as { gc?: () => void }).gc
let compiler: NodeCompiler | undefined
let documents = 0

function getCompiler(workspace: string): NodeCompiler {
  compiler ??= NodeCompiler.create({
    workspace,
    fontArgs: [{ fontPaths: fontFiles.map((file) => dirname(require.resolve(file))) }],
  })
  return compiler
}

/** The compiler throws objects of its own with diagnostics inside; this makes one readable line of them. */
function describe(typst: NodeCompiler, error: unknown): string {
  if (error instanceof Error) return error.message
  try {
    const found = typst.fetchDiagnostics(error as Parameters<NodeCompiler['fetchDiagnostics']>[0])
    return found.map((entry) => JSON.stringify(entry)).join('; ')
  } catch {
    return String(error)
  }
}

function compile(request: CompilerRequest): Uint8Array {
  const typst = getCompiler(request.workspace)
  const outcome = typst.compile({ mainFilePath: request.mainFilePath, inputs: request.inputs })
  const document = outcome.result
  if (!document) throw new Error(describe(typst, outcome.takeError()))
  let reason = ''
  for (const pdfStandard of standards) {
    try {
      return typst.pdf(document, { pdfStandard })
    } catch (error) {
      reason = describe(typst, error)
    }
  }
  throw new Error(reason)
}

process.on('message', (request: CompilerRequest) => {
  let answer: CompilerAnswer
  try {
    const pdf = compile(request)
    answer = { id: request.id, pdf, memoryBytes: 0 }
  } catch (error) {
    answer = { id: request.id, error: error instanceof Error ? error.message : String(error), memoryBytes: 0 }
  }
  documents++
  compiler?.evictCache(2)
  if (documents % documentsBetweenCollections === 0) collectGarbage?.()
  answer.memoryBytes = process.memoryUsage.rss()
  process.send?.(answer)
})
process.on('disconnect', () => process.exit(0))
