import './duty.css'
import { Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link } from '../kit/link.tsx'
import { Notice, Page, Section } from '../kit/page.tsx'
import { PeoplePicker, PersonPicker } from '../kit/pickers.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { org, searchPeople } from '../settings/api.ts'
import { Attachments } from '../work/attachments.tsx'
import { type Bodies, type Body, duty } from './api.ts'

type Task = 'found' | { what: 'term' | 'post' | 'members' | 'rule'; body: Body }
const stale = { inline: true, invalidate: ['duty', 'org', 'regime'] } as const

/** The bodies of the school: who sits where, by which paper, and what the regime still misses. */
export function BodiesPage() {
  const query = useApi(duty.listBodies, {})
  const [task, setTask] = useState<Task | null>(null)
  const close = () => setTask(null)
  const ofDistrict = useSession().organisation.kind === 'district'
  const mayFound = query.data?.abilities.found === null
  const found = mayFound && (
    <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setTask('found')}>
      新建机构
    </Button>
  )
  const titles = { term: '任期和任命文件', post: '任命职务', members: '加入成员', rule: '按职务产生成员' }
  return (
    <Page
      title="组织机构"
      query={query}
      width="wide"
      sentence={({ bodies, rules }) => standing(bodies, rules, ofDistrict ? '区里' : '本校')}
      actions={
        <>
          {query.data && query.data.bodies.length > 0 && (
            <Button icon={<Icon name="download" size={18} />} href={fileAddress(duty.getBodiesFile, {})}>
              导出名单和职责
            </Button>
          )}
          {query.data && query.data.bodies.length > 0 && found}
        </>
      }
      isEmpty={({ bodies, rules }) => bodies.length === 0 && rules.length === 0}
      empty={{
        title: '还没有领导小组等机构。',
        sentence: mayFound
          ? '先建一个，再任命组长、副组长，成员可以按职务自动产生。'
          : '校长或管理员建好以后，会出现在这里。',
        action: found,
      }}
    >
      {(data) => (
        <>
          {data.rules.length > 0 && <RegimeRules data={data} />}
          {data.bodies.length === 0 && found}
          <ul className="duty-cards">
            {data.bodies.map((body) => (
              <BodyCard key={body.id} body={body} data={data} open={setTask} />
            ))}
          </ul>
          <Drawer
            title={
              task === null ? '' : task === 'found' ? '新建机构' : `${task.body.name}：${titles[task.what]}`
            }
            open={task !== null}
            onClose={close}
            destroyOnHidden
          >
            {task === 'found' && <Found onDone={close} />}
            {task !== null && task !== 'found' && task.what === 'term' && (
              <TermForm body={task.body} data={data} onDone={close} />
            )}
            {task !== null && task !== 'found' && task.what === 'post' && (
              <PostForm body={task.body} onDone={close} />
            )}
            {task !== null && task !== 'found' && task.what === 'members' && (
              <MembersForm body={task.body} onDone={close} />
            )}
            {task !== null && task !== 'found' && task.what === 'rule' && (
              <RuleForm body={task.body} data={data} onDone={close} />
            )}
          </Drawer>
        </>
      )}
    </Page>
  )
}

function standing(bodies: Bodies['bodies'], rules: Bodies['rules'], where: string): string {
  const lacking = rules.filter((rule) => rule.missing.length > 0).length
  const over = bodies.filter((body) => body.termOver).length
  return [
    `${where}有 ${bodies.length} 个机构`,
    ...(rules.length > 0
      ? [
          lacking === 0
            ? '制度要求的都已建好、人员齐全'
            : `制度的 ${rules.length} 条要求中有 ${lacking} 条还不完整`,
        ]
      : []),
    ...(over > 0 ? [`${over} 个任期已满，请换届或续任`] : []),
  ]
    .join('；')
    .concat('。')
}

function RegimeRules({ data }: { data: Bodies }) {
  return (
    <Section title="制度的要求">
      {data.rules.map((rule) => (
        <div key={`${rule.regimeId}${rule.ruleId}`} className="duty-rule">
          <div className="duty-rule-about">
            <b>{rule.title}</b> <span className="clause">{rule.clause}</span>
            <p className="quiet">{rule.text}</p>
            {rule.missing.map((sentence) => (
              <p key={sentence}>{sentence}</p>
            ))}
          </div>
          {rule.finding ? (
            <Link
              to={paths.trace({
                rule: rule.ruleId,
                regime: rule.regimeId,
                subjectKind: 'organisation',
                subject: data.organisationId,
                period: rule.finding.periodId,
              })}
            >
              <StateMark state={rule.finding.state} /> 为什么
            </Link>
          ) : (
            <StateMark state={rule.missing.length === 0 ? 'done' : 'open'} />
          )}
        </div>
      ))}
    </Section>
  )
}

function BodyCard({ body, data, open }: { body: Body; data: Bodies; open: (task: Task) => void }) {
  const mayAppoint = data.abilities.appoint === null
  const dropRule = useCommand(duty.removeBodyRule, { ...stale, inline: false, success: '不再按职务产生' })
  const endPost = useCommand(org.endPost, { ...stale, inline: false, success: '已免去' })
  const leave = useCommand(org.removeMember, { ...stale, inline: false, success: '已退出' })
  return (
    <li className="card">
      <div className="card-head">
        <span className="card-title">{body.name}</span>
        {body.termOver && <StateMark state="overdue" word="任期已满" />}
      </div>
      <dl className="duty-posts">
        {body.posts.map((post) => (
          <div key={post.id} style={{ display: 'contents' }}>
            <dt>{post.title}</dt>
            <dd>
              <b>{post.name}</b>
              {post.others.length > 0 && <span className="quiet"> 兼 {post.others.join('、')}</span>}
              {mayAppoint && (
                <Button
                  type="link"
                  size="small"
                  aria-label={`免去${post.name}的${post.title}`}
                  onClick={() => void endPost.run({ postId: post.id, on: data.today })}
                >
                  免去
                </Button>
              )}
            </dd>
          </div>
        ))}
        <dt>成员</dt>
        <dd>
          {body.members.length === 0 ? (
            <span className="quiet">还没有</span>
          ) : (
            body.members.map((member, index) => (
              <span key={member.personId}>
                {index > 0 && '、'}
                {member.name}
                {mayAppoint && !member.byRule && (
                  <button
                    type="button"
                    className="duty-leave"
                    aria-label={`${member.name}退出`}
                    onClick={() =>
                      void leave.run({ unitId: body.id, personId: member.personId, on: data.today })
                    }
                  >
                    <Icon name="close" size={14} />
                  </button>
                )}
              </span>
            ))
          )}
          {body.rules.map((rule) => (
            <p key={rule.id} className="quiet">
              其中“{rule.label}”随任免自动更新
              {mayAppoint && (
                <Button
                  type="link"
                  size="small"
                  onClick={() => void dropRule.run({ unitId: body.id, ruleRecordId: rule.id })}
                >
                  取消
                </Button>
              )}
            </p>
          ))}
        </dd>
        <dt>任期</dt>
        <dd>
          {body.term === null
            ? `${dayText(body.since)}成立，没有写任期`
            : body.term.to === null
              ? `${body.term.from} 起`
              : `${body.term.from} 至 ${body.term.to}`}
        </dd>
        <dt>任命文件</dt>
        <dd>
          {body.paper.regulationId !== null ? (
            <Link to={paths.regulation(body.paper.regulationId)}>{body.paper.title}</Link>
          ) : (
            body.paper.title || <span className="quiet">还没有</span>
          )}
          <Attachments room="body" id={body.id} attachments={body.files} canChange={false} />
        </dd>
      </dl>
      {body.composition.length > 0 && (
        <ul className="duty-parts" aria-label="人员组成">
          {body.composition.map((part) => (
            <li key={`${part.clause}${part.label}`}>
              <StateMark state={part.met ? 'done' : 'open'} word={part.sentence} />
            </li>
          ))}
        </ul>
      )}
      {mayAppoint && (
        <div className="duty-acts">
          <Button onClick={() => open({ what: 'post', body })}>任命职务</Button>
          <Button onClick={() => open({ what: 'rule', body })}>按职务产生成员</Button>
          <Button onClick={() => open({ what: 'members', body })}>加入成员</Button>
          <Button onClick={() => open({ what: 'term', body })}>任期和文件</Button>
        </div>
      )}
    </li>
  )
}

function Found({ onDone }: { onDone: () => void }) {
  const { today } = useSession()
  const create = useCommand(org.createUnit, { ...stale, success: (_, input) => `“${input.name}”建好了` })
  return (
    <CommandForm
      command={create}
      initial={{ from: today, name: '' }}
      toInput={(values: { name: string; from: string }) => ({
        ...values,
        kind: 'body' as const,
        parentId: null,
        subject: '',
      })}
      submit="新建"
      onDone={onDone}
    >
      <Field name="name" label="名称" required hint="例如 校本研修领导小组、考核小组、学分认定小组">
        <Input />
      </Field>
      <Field name="from" label="从哪天起" required>
        <DateInput />
      </Field>
    </CommandForm>
  )
}

interface FormProps {
  body: Body
  onDone: () => void
}

function TermForm({ body, data, onDone }: FormProps & { data: Bodies }) {
  const save = useCommand(duty.saveBody, { ...stale, success: '已保存' })
  return (
    <>
      <CommandForm
        command={save}
        initial={{
          from: body.term?.from ?? body.since,
          to: body.term?.to ?? '',
          regulationId: body.paper.regulationId ?? '',
          paper: body.paper.regulationId === null ? body.paper.title : '',
        }}
        toInput={(values: { from: string; to: string; regulationId: string; paper: string }) => ({
          unitId: body.id,
          from: values.from,
          to: values.to || null,
          regulationId: values.regulationId || null,
          paper: values.paper ?? '',
        })}
        submit="保存"
        onDone={onDone}
      >
        <Field name="from" label="任期从" required>
          <DateInput />
        </Field>
        <Field name="to" label="任期到" hint="不填表示没有写明">
          <DateInput />
        </Field>
        {data.regulations.length > 0 && (
          <Field name="regulationId" label="依据的学校制度">
            <ChoiceInput
              empty="没有"
              options={data.regulations.map((one) => ({ value: one.id, label: one.label }))}
            />
          </Field>
        )}
        <Field
          name="paper"
          label="任命文件的名称、文号"
          hint="例如 校发〔2026〕12 号；有扫描件可以在下面添加"
        >
          <Input maxLength={100} />
        </Field>
      </CommandForm>
      <Attachments
        room="body"
        id={body.id}
        attachments={data.bodies.find((one) => one.id === body.id)?.files ?? body.files}
        canChange
      />
    </>
  )
}

function PostForm({ body, onDone }: FormProps) {
  const { today } = useSession()
  const appoint = useCommand(org.appoint, { ...stale, success: '已任命' })
  const labels = { groupLeader: '组长', deputyLeader: '副组长' }
  return (
    <CommandForm
      command={appoint}
      initial={{ role: 'groupLeader' as const, from: today }}
      toInput={(values: {
        role: 'groupLeader' | 'deputyLeader'
        personId: string
        from: string
        title?: string
      }) => ({
        personId: values.personId,
        role: values.role,
        unitId: body.id,
        title: values.title || labels[values.role],
        from: values.from,
      })}
      submit="任命"
      onDone={onDone}
    >
      <Field name="role" label="职务" required>
        <ChoiceInput options={Object.entries(labels).map(([value, label]) => ({ value, label }))} />
      </Field>
      <Field name="personId" label="由谁担任" required requiredMessage="请选择人员">
        <PersonPicker search={searchPeople} aria-label="由谁担任" />
      </Field>
      <Field name="title" label="职务名称" hint="不填就写“组长”“副组长”">
        <Input maxLength={40} />
      </Field>
      <Field name="from" label="从哪天起" required>
        <DateInput />
      </Field>
    </CommandForm>
  )
}

function MembersForm({ body, onDone }: FormProps) {
  const { today } = useSession()
  const add = useCommand(org.addMembers, { ...stale, success: ({ added }) => `加入了 ${added} 人` })
  return (
    <CommandForm
      command={add}
      initial={{ personIds: [] as string[], from: today }}
      toInput={(values: { personIds: string[]; from: string }) => ({ ...values, unitId: body.id })}
      submit="加入"
      onDone={onDone}
    >
      <Field name="personIds" label="人员" required requiredMessage="请先选择人员">
        <PeoplePicker search={searchPeople} aria-label="人员" />
      </Field>
      <Field name="from" label="从哪天起" required>
        <DateInput />
      </Field>
    </CommandForm>
  )
}

function RuleForm({ body, data, onDone }: FormProps & { data: Bodies }) {
  const add = useCommand(duty.addBodyRule, {
    ...stale,
    success: ({ added }) => (added > 0 ? `加入了 ${added} 人，以后随任免自动更新` : '已设定，现有的人都在内'),
  })
  return (
    <CommandForm
      command={add}
      toInput={(values: { rule: string }) => ({ unitId: body.id, rule: values.rule })}
      submit="设定"
      onDone={onDone}
    >
      <Notice>符合的人自动成为成员；换了人，名单当天跟着换。指定的人不受影响。</Notice>
      <Field name="rule" label="哪些人" required requiredMessage="请选择">
        <ChoiceInput options={data.choices.map((one) => ({ value: one.id, label: one.label }))} />
      </Field>
    </CommandForm>
  )
}
