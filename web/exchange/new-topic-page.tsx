import { Form, Input } from 'antd'
import { linkLabels, type LinkRoom, topicKindLabels, type TopicKind } from '../../server/exchange/words.ts'
import { Chips } from '../kit/chips.tsx'
import { ChoiceInput, CommandForm, Field } from '../kit/form.tsx'
import { Link, useFilters, useGo } from '../kit/link.tsx'
import { Notice, Page } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { exchange, stale } from './api.ts'
import './exchange.css'

type Opening = Awaited<ReturnType<typeof exchange.getOpening>>
interface Values {
  kind: TopicKind
  unitId: string
  title: string
  body: string
  problemKind: string
}

/** Opening a topic; about an activity, a lesson or training away from school everything is filled in. */
export function NewTopicPage() {
  const [{ room, record }] = useFilters({ room: '', record: '' })
  const known = room in linkLabels && record !== ''
  const query = useApi(exchange.getOpening, known ? { room: room as LinkRoom, recordId: record } : {})
  return (
    <Page
      title="发起话题或提问"
      width="reading"
      back={{ to: paths.exchange(), label: '网上交流' }}
      query={query}
      skeleton="form"
      sentence={(opening) =>
        opening.link
          ? `关于${linkLabels[opening.link.room]}《${opening.link.title}》`
          : '同事会在“网上交流”里看到。'
      }
    >
      {(opening) => (
        <>
          {opening.existing !== null && (
            <Notice action={<Link to={paths.topic(opening.existing)}>去看</Link>}>
              已经有人发起了关于它的话题，可以直接去回复。
            </Notice>
          )}
          <TopicForm opening={opening} />
        </>
      )}
    </Page>
  )
}

function TopicForm({ opening }: { opening: Opening }) {
  const go = useGo()
  const [form] = Form.useForm<Values>()
  const kind = Form.useWatch('kind', form) ?? 'discussion'
  const open = useCommand(exchange.openTopic, {
    inline: true,
    invalidate: stale,
    success: '已发出',
    onSuccess: (made) => go(paths.topic(made.id), { replace: true }),
  })
  return (
    <CommandForm<Parameters<typeof exchange.openTopic>[0], { id: string }, Values>
      command={open}
      form={form}
      submit="发出"
      initial={{
        kind: 'discussion',
        unitId: opening.unitId ?? '',
        title: opening.title,
        body: '',
        problemKind: '',
      }}
      toInput={(values) => ({
        kind: values.kind,
        unitId: values.unitId || null,
        title: values.title,
        body: values.body ?? '',
        problemKind: values.problemKind ?? '',
        link: opening.link ? { room: opening.link.room, id: opening.link.id } : null,
      })}
    >
      <Field name="kind" label="说一说，还是问一问" required>
        <KindChips />
      </Field>
      <Field name="title" label={kind === 'question' ? '问什么' : '话题'} required>
        <Input
          maxLength={80}
          placeholder={kind === 'question' ? '例如：单位“1”怎样引入学生更容易懂？' : '一句话'}
        />
      </Field>
      <Field name="body" label="说具体一点">
        <Input.TextArea autoSize={{ minRows: 4 }} maxLength={5000} />
      </Field>
      <Field name="unitId" label="给谁看" hint="组里的话题只有组员、教导处和校长能看到">
        <ChoiceInput
          empty="全校教师"
          options={opening.units.map((unit) => ({ value: unit.id, label: unit.label }))}
        />
      </Field>
      {kind === 'question' && opening.problemKinds.length > 0 && (
        <Field name="problemKind" label="属于哪类问题">
          <ChoiceInput
            empty="不分类"
            options={opening.problemKinds.map((one) => ({ value: one.id, label: one.label }))}
          />
        </Field>
      )}
    </CommandForm>
  )
}

function KindChips({ value, onChange }: { value?: TopicKind; onChange?: (value: TopicKind) => void }) {
  return (
    <Chips<TopicKind>
      label="说一说，还是问一问"
      options={[
        { id: 'discussion', label: topicKindLabels.discussion },
        { id: 'question', label: topicKindLabels.question },
      ]}
      isChosen={(id) => id === (value ?? 'discussion')}
      onTap={(id) => onChange?.(id)}
    />
  )
}
