import writeExcelFile from 'write-excel-file/node'
import { columnLetter, rosterColumns } from './columns.ts'

const choices: Partial<Record<string, string[]>> = { sex: ['男', '女'], staffKind: ['教师', '职员'] }
const headerStyle = { fontWeight: 'bold', backgroundColor: '#e8eef7', align: 'center' } as const

/**
 * The roster template as .xlsx: the first sheet holds only the header (all columns are formatted as text, so that
 * 0012 stays 0012), the second 填写说明 with a hint for each column and two example rows.
 */
export async function rosterTemplate(): Promise<Buffer> {
  const header = rosterColumns.map((column) => ({
    ...headerStyle,
    value: column.required ? `${column.title}*` : column.title,
  }))
  const text = rosterColumns.map(() => ({ type: String, format: '@' }))
  const lines = rosterColumns.map((column) => [
    { value: column.title },
    { value: column.required ? '必填' : '可不填' },
    { value: column.hint, wrap: true },
  ])
  const bold = (value: string) => ({ ...headerStyle, value })
  const instructions = [
    [bold('列'), bold('是否必填'), bold('怎样填写')],
    ...lines,
    [],
    [
      {
        value:
          '一人一行，从第一张表的第2行填起；不要合并单元格，不用的列可以整列删去；空着的格子不会改动系统里已有的内容，要清空组或职务请填“无”。',
      },
    ],
    [],
    [{ value: '填写示例（只供参考，不会被读取）', fontWeight: 'bold' as const }],
    rosterColumns.map((column) => bold(column.title)),
    ...[0, 1].map((example) =>
      rosterColumns.map((column) => ({ value: column.examples[example], type: String, format: '@' })),
    ),
  ]
  const file = writeExcelFile(
    [
      {
        sheet: '花名册',
        stickyRowsCount: 1,
        columns: rosterColumns.map(({ width }) => ({ width })),
        data: [header, text],
      },
      { sheet: '填写说明', columns: [{ width: 12 }, { width: 12 }, { width: 70 }], data: instructions },
    ],
    {
      features: [
        {
          files: {
            transform: {
              'xl/worksheets/sheet{id}.xml': {
                transform: (xml, _options, { sheetIndex }) => (sheetIndex === 0 ? formatColumns(xml) : xml),
              },
            },
          },
        },
      ],
    },
  )
  return file.toBuffer()
}

/** Gives the text format of the empty second row to the whole columns, drops that row, adds the lists of choices. */
function formatColumns(xml: string): string {
  const style = /<c r="A2" s="(\d+)"\/>/.exec(xml)?.[1]
  if (!style) throw new Error('rosterTemplate: write-excel-file no longer writes empty cells with a style')
  const lists = rosterColumns.flatMap(({ field }, index) => {
    const values = choices[field]
    const letter = columnLetter(index)
    return values
      ? `<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="${letter}2:${letter}10001"><formula1>"${values.join(',')}"</formula1></dataValidation>`
      : []
  })
  return xml
    .replace(/<row r="2">.*?<\/row>/s, '')
    .replaceAll(/<col (?=min=)/g, `<col style="${style}" `)
    .replace(
      '</sheetData>',
      `</sheetData><dataValidations count="${lists.length}">${lists.join('')}</dataValidations>`,
    )
}
