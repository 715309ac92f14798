/** The same papers as editable Word files; content and order are those of the PDF templates. */
import {
  AlignmentType,
  Document,
  HeadingLevel,
  ImageRun,
  Packer,
  Paragraph,
  TableOfContents,
  TextRun,
} from 'docx'
import { createSealPng } from './image.ts'
import { printableJson } from './printable.ts'
import type { ActivityRecord, RecordBooklet } from './types.ts'
import {
  blocksToParagraphs,
  chapter,
  emptyDate,
  heading,
  headFont,
  numbering,
  pageOfA4,
  particulars,
  plain,
  proof,
  remark,
  ruledSpace,
  ruledTable,
  runningFoot,
  runningHead,
  signature,
  space,
  stateText,
  styles,
} from './word-parts.ts'

type Child = Paragraph | ReturnType<typeof ruledTable> | TableOfContents

const chineseDate = (day: string) => {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}
const draftNote = (draft: boolean) => (draft ? '　草稿' : '')
const centred = (text: string, size: number, bold = false) =>
  new Paragraph({
    alignment: AlignmentType.CENTER,
    children: [new TextRun({ text, size, bold, ...(bold ? { font: headFont } : {}) })],
  })

/** 《校本研修报告册》 as .docx. */
export async function writeRecordBookletWord(booklet: RecordBooklet): Promise<Buffer> {
  const data = JSON.parse(printableJson(booklet)) as RecordBooklet
  const { teacher, result } = data
  const cover: Child[] = [
    space(600),
    centred(`${data.district}　${data.school}`, 24),
    space(1800),
    new Paragraph({
      heading: HeadingLevel.TITLE,
      children: [new TextRun({ text: data.title, characterSpacing: 80 })],
    }),
    space(300),
    centred(data.schoolYear + draftNote(data.draft), 32),
    space(2400),
    particulars(
      [
        { label: '姓名', value: teacher.name },
        { label: '工号', value: teacher.staffNumber },
        { label: '任教学科', value: teacher.subject },
        { label: '职称', value: teacher.title },
        { label: '所在团队', value: teacher.groups.join('、') },
      ],
      1,
      5600,
    ),
    space(400),
    new Paragraph({
      style: 'Remark',
      alignment: AlignmentType.CENTER,
      children: [new TextRun(`依据${data.regime}　${chineseDate(data.issuedOn)}`)],
    }),
    space(600),
    ...proof(data.verification),
    new Paragraph({
      pageBreakBefore: true,
      spacing: { after: 240 },
      children: [new TextRun({ text: '目　录', font: headFont, size: 32, bold: true })],
    }),
    new TableOfContents('目录', { hyperlink: true, headingStyleRange: '1-2' }),
  ]
  const body: Child[] = [
    heading('一、个人研修计划', 1),
    remark(data.plan.intro),
    ...data.plan.sections.flatMap((section) => [
      heading(section.title),
      ...blocksToParagraphs(section.blocks),
    ]),
    chapter('二、教学反思'),
    remark(data.reflections.summary),
    ...data.reflections.entries.flatMap((entry, index) => [
      heading(entry.title),
      remark(`第${index + 1}篇 · ${entry.date} · ${entry.periodLabel}`),
      ...blocksToParagraphs(entry.blocks),
      ...(entry.remark === null ? [] : [remark(`评阅　${entry.remark}`)]),
    ]),
    chapter('三、理论学习摘记'),
    remark(data.excerpts.summary),
    ...data.excerpts.entries.flatMap((entry) => [
      heading(entry.topic, 3),
      remark([entry.date, `${entry.minutes} 分钟`, entry.source].filter((part) => part !== null).join(' · ')),
      ...blocksToParagraphs(entry.blocks),
    ]),
    chapter('四、研修学时'),
    remark(data.hours.summary),
    ruledTable(
      [
        { title: '学期', width: 1300 },
        { title: '类别', width: 3500 },
        { title: '实际', width: 1400, align: 'right' },
        { title: '下限', width: 1400, align: 'right' },
        { title: '状态', width: 1471 },
      ],
      data.hours.rows.map((row) => [row.term, row.kind, row.achieved, row.minimum, stateText(row.state)]),
    ),
    remark(data.hours.totals.map((item) => `${item.label} ${item.value}`).join('　')),
    chapter('五、集体研修考勤'),
    remark(data.attendance.summary),
    ruledTable(
      [
        { title: '日期', width: 1600 },
        { title: '活动', width: 4300 },
        { title: '出勤', width: 2271 },
        { title: '分钟', width: 900, align: 'right' },
      ],
      data.attendance.rows.map((row) => [row.date, row.activity, row.status, String(row.minutes ?? '—')]),
    ),
    remark(data.attendance.totals.map((item) => `${item.label} ${item.value}`).join('　')),
    chapter('六、按制度逐条核对'),
    remark(data.rules.summary),
    ruledTable(
      [
        { title: '条款', width: 850 },
        { title: '要求', width: 2900 },
        { title: '应达到', width: 950, align: 'right' },
        { title: '已达到', width: 1050, align: 'right' },
        { title: '状态', width: 1450 },
        { title: '说明', width: 1871 },
      ],
      data.rules.rows.map((row) => [
        row.clause,
        row.rule,
        row.target,
        row.achieved,
        stateText(row.state),
        row.note,
      ]),
    ),
    remark(`核对依据：${data.regime}`),
    chapter('七、考评'),
    remark(data.evaluations.summary),
    ...data.evaluations.voices.flatMap((voice) => [
      heading(voice.name),
      remark(`${voice.voice}　得分：${voice.score ?? '________'}`),
      ...(voice.blocks.length === 0 ? ruledSpace(4) : blocksToParagraphs(voice.blocks)),
      signature(voice.signature),
    ]),
    chapter('八、考评结果'),
    ...(result.scores.length === 0
      ? []
      : [
          ruledTable(
            [
              { title: '项目', width: 6500 },
              { title: '结果', width: 2571, align: 'right' },
            ],
            result.scores.map((score) => [score.label, score.value]),
          ),
        ]),
    space(400),
    centred(
      result.grade ?? '考评结果：______________',
      result.grade === null ? 24 : 48,
      result.grade !== null,
    ),
    plain(result.statement, { style: 'BodyText', spacing: { before: 200 } }),
    space(400),
    new Paragraph({
      alignment: AlignmentType.RIGHT,
      children: [
        new ImageRun({
          type: 'png',
          data: createSealPng(),
          transformation: { width: 150, height: 150 },
          altText: { name: 'seal', title: '盖章处', description: `${result.sealLabel}盖章处` },
        }),
      ],
    }),
    plain(`${result.sealLabel}（盖章）`, { alignment: AlignmentType.RIGHT }),
    plain(result.sealDate ?? emptyDate, { alignment: AlignmentType.RIGHT }),
  ]
  const document = new Document({
    title: `${data.title}　${teacher.name}　${data.schoolYear}`,
    creator: data.school,
    styles,
    numbering,
    sections: [
      { properties: { page: pageOfA4 }, children: cover },
      {
        properties: { page: { ...pageOfA4, pageNumbers: { start: 1 } } },
        headers: {
          default: runningHead(`${data.school}　${data.title}`, teacher.name + draftNote(data.draft)),
        },
        footers: { default: runningFoot(data.verification ? `编号　${data.verification.number}` : '') },
        children: body,
      },
    ],
  })
  return Packer.toBuffer(document)
}

/** A group's activity record as .docx. */
export async function writeActivityRecordWord(record: ActivityRecord): Promise<Buffer> {
  const data = JSON.parse(printableJson(record)) as ActivityRecord
  const { attendance } = data
  const names = (people: { name: string; note: string }[]) =>
    people.map((person) => (person.note === '' ? person.name : `${person.name}（${person.note}）`)).join('、')
  const people = [
    { label: '出勤', value: attendance.present.join('、') },
    { label: '迟到', value: names(attendance.late) },
    { label: '请假', value: names(attendance.leave) },
    { label: '缺席', value: names(attendance.absent) },
  ].filter((row) => row.value !== '')
  const children: Child[] = [
    remark(`${data.title}　${data.kind}${draftNote(data.draft)}`),
    new Paragraph({
      heading: HeadingLevel.TITLE,
      alignment: AlignmentType.LEFT,
      spacing: { after: 200 },
      children: [new TextRun({ text: data.theme, size: 36 })],
    }),
    particulars(
      [
        { label: '时间', value: `${data.date}　${data.time}` },
        { label: '地点', value: data.place },
        { label: '团队', value: data.group },
        { label: '主讲', value: data.speaker },
        { label: '主持', value: data.host },
        { label: '记录', value: data.recorder },
      ],
      2,
    ),
    heading('出勤', 1),
    remark(attendance.summary),
    ...(people.length === 0 ? [] : [particulars(people, 1)]),
    ...(data.sections.length === 0 ? [] : [heading('活动过程', 1)]),
    ...data.sections.flatMap((section) => [
      heading(section.title),
      remark(`${section.speaker}　${section.minutes} 分钟`),
      ...blocksToParagraphs(section.blocks),
    ]),
    heading('形成的共识', 1),
    ...(data.agreedView.length === 0 ? ruledSpace(4) : blocksToParagraphs(data.agreedView)),
    ...(data.materials.length === 0
      ? []
      : [
          heading('材料', 1),
          ruledTable(
            [
              { title: '序号', width: 800 },
              { title: '名称', width: 5200 },
              { title: '说明', width: 3071 },
            ],
            data.materials.map((material, index) => [String(index + 1), material.name, material.note]),
          ),
        ]),
    ...data.confirmations.map(signature),
    ...proof(data.verification),
  ]
  const document = new Document({
    title: `${data.title}　${data.theme}`,
    creator: `${data.school} ${data.group}`,
    styles,
    numbering,
    sections: [
      {
        properties: { page: pageOfA4 },
        headers: { default: runningHead(`${data.school}　${data.group}`, data.title) },
        footers: {
          default: runningFoot(data.verification ? `编号　${data.verification.number}` : data.date),
        },
        children,
      },
    ],
  })
  return Packer.toBuffer(document)
}
