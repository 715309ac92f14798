/** The parts from which the Word documents are built: styles, paragraphs, tables, signatures, head and foot. */
import {
  AlignmentType,
  BorderStyle,
  EmphasisMarkType,
  Footer,
  Header,
  HeadingLevel,
  ImageRun,
  type IParagraphOptions,
  type IStylesOptions,
  LevelFormat,
  LineRuleType,
  PageNumber,
  Paragraph,
  Tab,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TabStopType,
  TextRun,
  UnderlineType,
  VerticalAlign,
  WidthType,
} from 'docx'
import { createQrPng } from './image.ts'
import type { Block, LabelledValue, Signature, StateMark, Verification } from './types.ts'

/** Text width of an A4 page with 25 mm margins, in twips (1/20 point). */
export const textWidth = 9071
const muted = '59635E'
const hairline = { style: BorderStyle.SINGLE, size: 4, color: 'C3CAC6' }
const rule = { style: BorderStyle.SINGLE, size: 8, color: '1B1F1D' }
const none = { style: BorderStyle.NONE, size: 0, color: 'auto' }

/** 宋体 for the body: the eastAsia font is what Word uses for Chinese characters. */
export const bodyFont = {
  ascii: 'Times New Roman',
  hAnsi: 'Times New Roman',
  eastAsia: '宋体',
  cs: 'Times New Roman',
}
/** 黑体 for headings and tables. */
export const headFont = { ascii: 'Arial', hAnsi: 'Arial', eastAsia: '黑体', cs: 'Arial' }

const headingStyle = (size: number, before: number, after: number) => ({
  run: { font: headFont, size, bold: true, color: '1B1F1D' },
  paragraph: { spacing: { before, after }, keepNext: true },
})

export const styles: IStylesOptions = {
  default: {
    document: {
      run: { font: bodyFont, size: 21 },
      paragraph: { spacing: { line: 360, lineRule: LineRuleType.AT_LEAST } },
    },
    title: { run: { font: headFont, size: 64, bold: true }, paragraph: { alignment: AlignmentType.CENTER } },
    heading1: headingStyle(32, 240, 200),
    heading2: headingStyle(26, 320, 120),
    heading3: headingStyle(22, 160, 60),
  },
  paragraphStyles: [
    {
      id: 'BodyText',
      name: 'Body Text',
      basedOn: 'Normal',
      quickFormat: true,
      paragraph: { alignment: AlignmentType.JUSTIFIED, indent: { firstLine: 420, firstLineChars: 200 } },
    },
    {
      id: 'Quote',
      name: 'Quote',
      basedOn: 'Normal',
      run: { color: muted },
      paragraph: { indent: { left: 420 } },
    },
    { id: 'Remark', name: 'Remark', basedOn: 'Normal', run: { font: headFont, size: 18, color: muted } },
    {
      id: 'TableText',
      name: 'Table Text',
      basedOn: 'Normal',
      run: { font: headFont, size: 18 },
      paragraph: { spacing: { line: 280, lineRule: LineRuleType.AT_LEAST } },
    },
  ],
}

const listLevels = (
  format: (typeof LevelFormat)[keyof typeof LevelFormat],
  text: (level: number) => string,
) =>
  [0, 1, 2, 3].map((level) => ({
    level,
    format,
    text: text(level),
    alignment: AlignmentType.LEFT,
    style: { paragraph: { indent: { left: 840 + level * 420, hanging: 420 } } },
  }))
export const numbering = {
  config: [
    { reference: 'ordered', levels: listLevels(LevelFormat.DECIMAL, (level) => `%${level + 1}.`) },
    { reference: 'bulleted', levels: listLevels(LevelFormat.BULLET, () => '•') },
  ],
}

/** Runs of one paragraph; `\n` becomes a line break and emphasis a dot under each character (着重号). */
function runsOf(block: Block): TextRun[] {
  return block.runs.flatMap((run) =>
    run.text.split('\n').map(
      (text, index) =>
        new TextRun({
          text,
          break: index > 0 ? 1 : 0,
          ...(run.bold ? { bold: true } : {}),
          ...(run.italic ? { emphasisMark: { type: EmphasisMarkType.DOT } } : {}),
          ...(run.underline ? { underline: { type: UnderlineType.SINGLE } } : {}),
        }),
    ),
  )
}

/** Each numbered list needs an instance of its own, or Word would go on counting from the list before. */
let listInstance = 0

/** Written text as paragraphs; headings inside it take the third heading style. */
export function blocksToParagraphs(blocks: Block[]): Paragraph[] {
  return blocks.map((block) => {
    const children = runsOf(block)
    if (block.type === 'heading') return new Paragraph({ children, heading: HeadingLevel.HEADING_3 })
    if (block.type === 'quote') return new Paragraph({ children, style: 'Quote' })
    if (block.type === 'listItem') {
      if (block.ordered && block.number === 1) listInstance++
      const level = Math.min(block.depth ?? 0, 3)
      return new Paragraph({
        children,
        numbering: block.ordered
          ? { reference: 'ordered', level, instance: listInstance }
          : { reference: 'bulleted', level },
      })
    }
    return new Paragraph({ children, style: 'BodyText' })
  })
}

export const plain = (text: string, options: IParagraphOptions = {}) =>
  new Paragraph({ ...options, children: [new TextRun(text)] })
export const chapter = (text: string) =>
  new Paragraph({ children: [new TextRun(text)], heading: HeadingLevel.HEADING_1, pageBreakBefore: true })
export const heading = (text: string, level: 1 | 2 | 3 = 2) =>
  new Paragraph({
    children: [new TextRun(text)],
    heading:
      [HeadingLevel.HEADING_1, HeadingLevel.HEADING_2, HeadingLevel.HEADING_3][level - 1] ?? 'Heading2',
  })
/** A quiet line in 黑体: dates, remarks, summaries. */
export const remark = (text: string) => new Paragraph({ children: [new TextRun(text)], style: 'Remark' })
export const space = (twips: number) =>
  new Paragraph({ spacing: { before: twips, line: 240, lineRule: LineRuleType.AT_LEAST } })

const marks: Record<StateMark['kind'], string> = {
  done: '●',
  partly: '◐',
  open: '○',
  dueSoon: '△',
  overdue: '▲',
  excused: '◎',
  notApplicable: '—',
  manual: '◇',
}
export const stateText = (state: StateMark) => `${marks[state.kind]} ${state.label}`

export interface WordColumn {
  title: string
  /** Share of the text width, in twips; the last column takes the rest. */
  width: number
  align?: 'right'
}

/** A table with hairlines; its head repeats on every page and no row is split. */
export function ruledTable(columns: WordColumn[], rows: string[][]): Table {
  const used = columns.slice(0, -1).reduce((sum, column) => sum + column.width, 0)
  const widths = columns.map((column, index) =>
    index === columns.length - 1 ? textWidth - used : column.width,
  )
  const row = (cells: string[], place: 'head' | 'middle' | 'last') =>
    new TableRow({
      tableHeader: place === 'head',
      cantSplit: true,
      children: cells.map(
        (text, index) =>
          new TableCell({
            width: { size: widths[index] ?? 0, type: WidthType.DXA },
            verticalAlign: VerticalAlign.CENTER,
            margins: { top: 50, bottom: 50, left: 80, right: 80 },
            borders: {
              top: place === 'head' ? rule : none,
              bottom: place === 'middle' ? hairline : rule,
              left: none,
              right: none,
            },
            children: [
              new Paragraph({
                style: 'TableText',
                alignment: columns[index]?.align === 'right' ? AlignmentType.RIGHT : AlignmentType.LEFT,
                children: [new TextRun({ text, bold: place === 'head' })],
              }),
            ],
          }),
      ),
    })
  return new Table({
    width: { size: textWidth, type: WidthType.DXA },
    columnWidths: widths,
    layout: TableLayoutType.FIXED,
    rows: [
      row(
        columns.map((column) => column.title),
        'head',
      ),
      ...rows.map((cells, index) => row(cells, index === rows.length - 1 ? 'last' : 'middle')),
    ],
  })
}

/** Pairs of label and value in two or four columns, values underlined by hairlines. */
export function particulars(pairs: LabelledValue[], pairsPerRow: 1 | 2, width = textWidth): Table {
  const label = 1300
  const value = Math.floor(width / pairsPerRow) - label
  const cell = (text: string, size: number, quiet: boolean) =>
    new TableCell({
      width: { size, type: WidthType.DXA },
      margins: { top: 60, bottom: 60, left: 80, right: 80 },
      borders: { top: none, left: none, right: none, bottom: hairline },
      children: [
        new Paragraph({
          style: 'TableText',
          children: [new TextRun({ text, ...(quiet ? { color: muted } : {}) })],
        }),
      ],
    })
  const rows: TableRow[] = []
  for (let index = 0; index < pairs.length; index += pairsPerRow) {
    const cells = pairs.slice(index, index + pairsPerRow)
    while (cells.length < pairsPerRow) cells.push({ label: '', value: '' })
    rows.push(
      new TableRow({
        children: cells.flatMap((pair) => [cell(pair.label, label, true), cell(pair.value, value, false)]),
      }),
    )
  }
  return new Table({
    width: { size: width, type: WidthType.DXA },
    columnWidths: Array.from({ length: pairsPerRow }, () => [label, value]).flat(),
    layout: TableLayoutType.FIXED,
    alignment: AlignmentType.CENTER,
    rows,
  })
}

export const emptyDate = '______年____月____日'

/** `教师（签名）：林晓慧  2026年7月9日`, with lines for the pen where something is missing. */
export const signature = (line: Signature) =>
  new Paragraph({
    alignment: AlignmentType.RIGHT,
    spacing: { before: 200 },
    children: [
      new TextRun(`${line.label}（签名）：${line.name ?? '______________'}　　${line.date ?? emptyDate}`),
    ],
  })

/** Empty ruled lines to write on. */
export const ruledSpace = (lines: number) =>
  Array.from(
    { length: lines },
    () => new Paragraph({ spacing: { before: 120 }, border: { bottom: hairline, between: hairline } }),
  )

/** QR code with number and address; empty where there is nothing to verify. */
export function proof(verification: Verification | null): Paragraph[] {
  if (!verification) return []
  return [
    new Paragraph({
      children: [
        new ImageRun({
          type: 'png',
          data: createQrPng(verification.url),
          transformation: { width: 68, height: 68 },
          altText: { name: 'QR', title: '核验二维码', description: verification.url },
        }),
      ],
    }),
    remark(`编号　${verification.number}　扫码核验真伪，或打开 ${verification.url}`),
  ]
}

/** Running head with a left and a right text above a hairline. */
export const runningHead = (left: string, right: string) =>
  new Header({
    children: [
      new Paragraph({
        style: 'Remark',
        tabStops: [{ type: TabStopType.RIGHT, position: textWidth }],
        border: { bottom: { ...hairline, space: 4 } },
        children: [new TextRun(left), new TextRun({ children: [new Tab(), right] })],
      }),
    ],
  })

/** Foot with `第 3 页`; no total, because not every program knows the pages of a section. */
export const runningFoot = (right: string) =>
  new Footer({
    children: [
      new Paragraph({
        style: 'Remark',
        tabStops: [{ type: TabStopType.RIGHT, position: textWidth }],
        children: [
          new TextRun({
            children: ['第 ', PageNumber.CURRENT, ' 页'],
          }),
          new TextRun({ children: [new Tab(), right] }),
        ],
      }),
    ],
  })

export const pageOfA4 = {
  size: { width: 11906, height: 16838 },
  margin: { top: 1531, bottom: 1417, left: 1417, right: 1417, header: 794, footer: 794 },
}
