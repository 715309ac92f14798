import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { RosterRow } from './columns.ts'
import { pinyinKeys } from './pinyin.ts'
import { compareRoster, type ExistingPerson, listGroups } from './rules.ts'

const blank: RosterRow = {
  row: 2,
  employeeNumber: '1',
  name: '张三',
  sex: null,
  birthDate: null,
  staffKind: null,
  subjects: null,
  title: null,
  degree: null,
  joinedOn: null,
  firstAppointedOn: null,
  backboneLevel: null,
  backboneAuthority: null,
  putonghuaLevel: null,
  teachingStyle: null,
  mobile: null,
  teachingResearchGroups: null,
  lessonPreparationGroups: null,
  gradeGroups: null,
  posts: null,
}
const known = (person: RosterRow): ExistingPerson => ({ ...person, id: `id-${person.employeeNumber}` })

test('sorts people into created, updated with the changed fields, unchanged and missing', () => {
  const existing = [
    known({ ...blank, title: '二级教师', mobile: '13800000000', gradeGroups: ['三年级组', '四年级组'] }),
    known({ ...blank, employeeNumber: '2', name: '李四', subjects: ['语文'] }),
    known({ ...blank, employeeNumber: '3', name: '王五' }),
  ]
  const result = compareRoster(
    [
      { ...blank, title: '一级教师', gradeGroups: ['四年级组', '三年级组'] },
      { ...blank, employeeNumber: '2', name: '李四' },
      { ...blank, employeeNumber: '4', name: '赵六' },
    ],
    existing,
  )
  assert.deepEqual(
    result.update.map(({ person, changes }) => [person.id, changes]),
    [['id-1', [{ field: 'title', label: '职称', before: '二级教师', after: '一级教师' }]]],
  )
  assert.deepEqual(
    result.unchanged.map(({ person }) => person.id),
    ['id-2'],
  )
  assert.deepEqual(
    result.create.map(({ row }) => row.employeeNumber),
    ['4'],
  )
  assert.deepEqual(
    result.missing.map(({ id }) => id),
    ['id-3'],
  )
})

test('an empty cell changes nothing, 无 empties a list', () => {
  const person = known({ ...blank, mobile: '13800000000', posts: [{ title: '教导主任', leads: null }] })
  assert.equal(compareRoster([blank], [person]).unchanged.length, 1)
  const [update] = compareRoster([{ ...blank, posts: [] }], [person]).update
  assert.deepEqual(update?.changes, [
    { field: 'posts', label: '职务', before: [{ title: '教导主任', leads: null }], after: [] },
  ])
})

test('sees that a post moved to another group', () => {
  const lead = (name: string) => [{ title: '组长', leads: { kind: 'gradeGroup' as const, name } }]
  const [update] = compareRoster(
    [{ ...blank, posts: lead('四年级组') }],
    [known({ ...blank, posts: lead('三年级组') })],
  ).update
  assert.equal(update?.changes.length, 1)
})

test('warns of a second record for someone whose number lost its zeros or was changed', () => {
  const existing = [
    known({ ...blank, employeeNumber: '0012', name: '曾小明' }),
    known({ ...blank, employeeNumber: 'B7', name: '单国英' }),
  ]
  const { create } = compareRoster(
    [
      { ...blank, employeeNumber: '12', name: '曾晓明' },
      { ...blank, employeeNumber: 'C7', name: '单国英' },
    ],
    existing,
  )
  assert.deepEqual(
    create.map(({ maybeSameAs }) => maybeSameAs.map(({ employeeNumber }) => employeeNumber)),
    [['0012'], ['B7']],
  )
})

test('every row and every person ends up in exactly one place, and a second comparison changes nothing', () => {
  const row = fc.record({
    employeeNumber: fc.integer({ min: 0, max: 20 }).map(String),
    title: fc.constantFrom(null, '一级教师', '高级教师'),
    subjects: fc.constantFrom<string[] | null>(null, [], ['语文'], ['语文', '数学'], ['数学', '语文']),
  })
  const unique = fc.uniqueArray(row, { selector: ({ employeeNumber }) => employeeNumber })
  fc.assert(
    fc.property(unique, unique, (file, system) => {
      const rows = file.map((given) => ({ ...blank, ...given }))
      const people = system.map((given) => known({ ...blank, ...given }))
      const result = compareRoster(rows, people)
      assert.equal(result.create.length + result.update.length + result.unchanged.length, rows.length)
      assert.equal(result.update.length + result.unchanged.length + result.missing.length, people.length)
      const after = [
        ...result.create.map(({ row }) => known(row)),
        ...result.unchanged.map(({ person }) => person),
        ...result.update.map(({ person, changes }) => ({
          ...person,
          ...Object.fromEntries(changes.map(({ field, after }) => [field, after])),
        })),
      ]
      const again = compareRoster(rows, after)
      assert.equal(again.unchanged.length, rows.length)
    }),
  )
})

test('lists the groups of a roster with their size', () => {
  const rows = [
    { ...blank, teachingResearchGroups: ['语文组'] },
    { ...blank, teachingResearchGroups: ['语文组', '英语组'], gradeGroups: ['三年级组'] },
  ]
  assert.deepEqual(listGroups(rows), [
    { kind: 'teachingResearchGroup', name: '语文组', members: 2 },
    { kind: 'teachingResearchGroup', name: '英语组', members: 1 },
    { kind: 'gradeGroup', name: '三年级组', members: 1 },
  ])
})

test('reads surnames as surnames', () => {
  assert.deepEqual(pinyinKeys('曾小明'), {
    full: 'zengxiaoming',
    initials: 'zxm',
    sortKey: 'zeng1 xiao3 ming2',
  })
  assert.deepEqual(pinyinKeys('单国强'), {
    full: 'shanguoqiang',
    initials: 'sgq',
    sortKey: 'shan4 guo2 qiang2',
  })
  assert.equal(pinyinKeys('尉迟恭').full, 'yuchigong')
  assert.equal(pinyinKeys('仇英').initials, 'qy')
  assert.deepEqual(pinyinKeys('吕布'), { full: 'lvbu', initials: 'lb', sortKey: 'lv3 bu4' })
})

test('makes keys of names of minorities, of foreigners and of none', () => {
  assert.deepEqual(pinyinKeys('阿依古丽·买买提'), {
    full: 'ayigulimaimaiti',
    initials: 'ayglmmt',
    sortKey: 'a1 yi1 gu3 li4 mai3 mai3 ti2',
  })
  assert.deepEqual(pinyinKeys('Anna Smith'), { full: 'annasmith', initials: 'as', sortKey: 'anna smith' })
  assert.deepEqual(pinyinKeys(''), { full: '', initials: '', sortKey: '' })
})

test('sorts by syllable before tone and never mixes 西安 with 先', () => {
  const names = ['单国强', '曾小明', '尚文', '善勇', '李四', '黎明', '吕布', '陆游']
  const sorted = names.toSorted((a, b) => (pinyinKeys(a).sortKey < pinyinKeys(b).sortKey ? -1 : 1))
  assert.deepEqual(sorted, ['黎明', '李四', '陆游', '吕布', '单国强', '善勇', '尚文', '曾小明'])
})
