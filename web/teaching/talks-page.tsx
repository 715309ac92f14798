import { Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { useHasRole } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { DataList, type ListColumn } from '../kit/data-list.tsx'
import { ChoiceInput, CommandForm, Field } from '../kit/form.tsx'
import { useFilters, useGo } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { originalWord } from '../../server/teaching/words.ts'
import { secondsText, talk, talkMarks } from './api.ts'
import { TalkSettings } from './talk-settings.tsx'
import './teaching.css'

type List = Awaited<ReturnType<typeof talk.listTalks>>
type Line = List['talks'][number]

const columns: ListColumn<Line>[] = [
  { key: 'title', title: '课题', phone: 'title', render: (row) => row.title, sortBy: (row) => row.title },
  { key: 'name', title: '教师', render: (row) => row.personName, sortBy: (row) => row.personName },
  { key: 'occasion', title: '场合', render: (row) => row.occasionLabel },
  {
    key: 'status',
    title: '说课稿',
    phone: 'mark',
    render: (row) => <StateMark {...talkMarks[row.status]} />,
    sortBy: (row) => row.status,
  },
  {
    key: 'spoken',
    title: '说课',
    render: (row) =>
      row.spokenOn === null || row.seconds === null
        ? '—'
        : `${dayText(row.spokenOn)} ${secondsText(row.seconds)}`,
    sortBy: (row) => row.spokenOn ?? '',
  },
  {
    key: 'mean',
    title: '平均分',
    align: 'end',
    render: (row) => (row.mean === null ? '—' : `${row.mean} 分（${row.scores} 人）`),
    sortBy: (row) => row.mean ?? 0,
  },
  {
    key: 'similar',
    title: '相同',
    align: 'end',
    render: (row) => (row.similarPercent === null ? '—' : `${row.similarPercent}%`),
    sortBy: (row) => row.similarPercent ?? 0,
  },
  {
    key: 'original',
    title: '原创',
    render: (row) => (row.status === 'draft' ? '—' : originalWord(row.original)),
    sortBy: (row) => originalWord(row.original),
  },
]

/** All talks about lessons: papers, times and scores. */
export function TalksPage() {
  const [filters] = useFilters({ q: '', status: '', occasion: '' })
  const list = useApi(talk.listTalks, {})
  const [open, setOpen] = useState<'start' | 'settings' | null>(null)
  const teaches = useHasRole('teacher')
  return (
    <Page
      title="说课"
      query={list}
      sentence={
        list.data && (
          <>
            限时 {list.data.settings.limitMinutes} 分钟；与校内别人的文字相同达到{' '}
            {list.data.settings.similarPercent}% 时提醒审核人，是否原创由审核人认定。
          </>
        )
      }
      actions={
        <>
          {teaches && (
            <Button type="primary" onClick={() => setOpen('start')}>
              写说课稿
            </Button>
          )}
          {list.data?.abilities.settle === null && (
            <Button onClick={() => setOpen('settings')}>限时、部分和查重</Button>
          )}
        </>
      }
    >
      {(data) => (
        <>
          <DataList
            label="说课"
            rows={data.talks.filter(
              (row) =>
                ((filters.q ?? '') === '' ||
                  row.title.includes(filters.q ?? '') ||
                  row.personName.includes(filters.q ?? '')) &&
                ((filters.status ?? '') === '' || row.status === filters.status) &&
                ((filters.occasion ?? '') === '' || row.occasion === filters.occasion),
            )}
            rowKey={(row) => row.id}
            columns={columns}
            href={(row) => paths.talk(row.id)}
            search="课题或姓名"
            filters={[
              {
                key: 'status',
                label: '状态',
                all: '全部状态',
                options: Object.entries(talkMarks).map(([value, mark]) => ({ value, label: mark.word })),
              },
              ...(data.occasions.length > 1
                ? [
                    {
                      key: 'occasion',
                      label: '场合',
                      all: '全部场合',
                      options: data.occasions.map((one) => ({ value: one.id, label: one.label })),
                    },
                  ]
                : []),
            ]}
            exportHref={fileAddress(talk.getTalksFile, {})}
            empty={{
              title: '还没有说课',
              sentence: '先按要求的部分写说课稿，审核采纳以后，现场计时、评委在手机上打分。',
            }}
          />
          <Drawer
            title={open === 'settings' ? '限时、部分和查重' : '写说课稿'}
            open={open !== null}
            onClose={() => setOpen(null)}
            destroyOnHidden
          >
            {open === 'settings' ? (
              <TalkSettings settings={data.settings} done={() => setOpen(null)} />
            ) : (
              <StartForm occasions={data.occasions} />
            )}
          </Drawer>
        </>
      )}
    </Page>
  )
}

function StartForm({ occasions }: { occasions: List['occasions'] }) {
  const go = useGo()
  const start = useCommand(talk.startTalk, { inline: true, onSuccess: ({ id }) => go(paths.talk(id)) })
  return (
    <CommandForm<Parameters<typeof talk.startTalk>[0], { id: string }, { title: string; occasion: string }>
      command={start}
      initial={{ title: '', occasion: occasions[0]?.id ?? '' }}
      toInput={(values) => values}
      submit="开始写"
    >
      <Field name="title" label="课题" required>
        <Input maxLength={60} placeholder="例如：三角形的面积" />
      </Field>
      <Field name="occasion" label="场合" required>
        <ChoiceInput options={occasions.map((one) => ({ value: one.id, label: one.label }))} />
      </Field>
    </CommandForm>
  )
}
