import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { useHasRole } from '../access/session.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { ChoiceInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, LinkButton, useGo, usePathParams } from '../kit/link.tsx'
import { Empty, Facts, Notice, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { notify } from '../kit/toast.tsx'
import { dayText, dayWithWeekday } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { hoursText, type ModuleDetail, need } from './api.ts'
import { ModuleForm } from './module-form.tsx'
import { ModuleBar } from './plan.tsx'
import './need.css'

/** One module: for whom, why, what was held, whom it has reached. */
export function ModulePage() {
  const { id } = usePathParams<'id'>()
  const query = useApi(need.getModule, { id })
  const [changing, setChanging] = useState(false)
  const data = query.data
  return (
    <>
      <Page
        title={data?.title ?? '培训模块'}
        back={{ to: paths.needs('plan'), label: '需求和培训' }}
        query={query}
        skeleton="text"
        sentence={(module) =>
          `${module.term.label}，面向${module.layerLabel}（${module.progress.people} 人）${module.isMine ? '，包括您' : ''}。`
        }
        {...(data ? { actions: <Actions module={data} change={() => setChanging(true)} /> } : {})}
      >
        {(module) => (
          <>
            <Section title="计划">
              <ModuleBar module={module} minutesPerHour={module.minutesPerHour} />
              <Facts
                items={[
                  { label: '内容', value: module.tagLabel || '不限' },
                  { label: '形式', value: module.formLabel || '不限' },
                  { label: '计划', value: hoursText(module.plannedMinutes, module.minutesPerHour) },
                  { label: '负责人', value: module.responsibleName },
                  { label: '由谁组织', value: module.unitName || '学校' },
                  ...(module.guidanceCourse ? [{ label: '指导课程', value: '配一门校本研修指导课程' }] : []),
                  ...(module.aim === '' ? [] : [{ label: '目标', value: module.aim }]),
                  ...(module.surveyId === null
                    ? []
                    : [
                        {
                          label: '依据',
                          value: <Link to={paths.survey(module.surveyId)}>{module.surveyTitle}</Link>,
                        },
                      ]),
                  ...(module.weaknesses.length === 0
                    ? []
                    : [
                        {
                          label: '针对的不足',
                          value: (
                            <ul>
                              {module.weaknesses.map((one) => (
                                <li key={one.id}>{one.text}</li>
                              ))}
                            </ul>
                          ),
                        },
                      ]),
                ]}
              />
            </Section>
            <Activities module={module} />
            {module.people && module.people.length > 0 && module.progress.held > 0 && (
              <People people={module.people} held={module.progress.held} />
            )}
          </>
        )}
      </Page>
      <Drawer
        title="修改模块"
        size="large"
        open={changing}
        onClose={() => setChanging(false)}
        destroyOnHidden
      >
        {data && <ModuleForm module={data} termId={data.term.id} done={() => setChanging(false)} />}
      </Drawer>
    </>
  )
}

/** Planning an activity of this module: kind, form, contents and group are filled in. */
const planAddress = (module: ModuleDetail) =>
  `${paths.newActivity()}?module=${module.id}&unit=${module.unitId ?? 'school'}`

function Actions({ module, change }: { module: ModuleDetail; change: () => void }) {
  const go = useGo()
  const plans = useHasRole('groupLeader', 'academicOffice', 'researchOffice', 'principal')
  const remove = useCommand(need.removeModule, {
    success: '已删去',
    onSuccess: () => go(paths.needs('plan'), { replace: true }),
  })
  const { abilities } = module
  return (
    <>
      {abilities.change === null && abilities.remove === null && (
        <Button loading={remove.running} onClick={() => void remove.run({ id: module.id })}>
          删去
        </Button>
      )}
      {abilities.change === null && <Button onClick={change}>修改</Button>}
      {abilities.arrange === null && plans && (
        <LinkButton type="primary" icon={<Icon name="plus" size={18} />} to={planAddress(module)}>
          安排活动
        </LinkButton>
      )}
    </>
  )
}

const words: Record<string, string> = {
  present: '您已参加',
  late: '您迟到',
  leftEarly: '您早退',
  onLeave: '您请假',
  absent: '您缺席',
  signedIn: '您已签到',
}

function Activities({ module }: { module: ModuleDetail }) {
  const arranges = module.abilities.arrange === null
  const unlink = useCommand(need.unlinkActivity, { success: '已从模块里去掉，活动本身不变' })
  return (
    <Section title="活动">
      {module.activities.length === 0 && (
        <Empty
          title="还没有安排活动。"
          sentence={
            arranges
              ? '点“安排活动”，类别、形式、内容都已填好，写上主题和时间就能发布；已有的活动也可以在下面选来。'
              : '安排以后会列在这里。'
          }
        />
      )}
      <ul className="need-activities">
        {module.activities.map((one) => (
          <li key={one.id}>
            <span className="need-activity">
              <Link to={paths.activity(one.id)}>{one.theme || '主题待定'}</Link>
              <span className="quiet">
                {dayWithWeekday(one.day)} · {hoursText(one.minutes, module.minutesPerHour)}
                {one.mine !== null && words[one.mine] !== undefined && ` · ${words[one.mine]}`}
              </span>
            </span>
            {one.status === 'closed' ? (
              <StateMark state="done" word={`到 ${one.attended}/${one.expected} 人`} />
            ) : (
              <StateMark state="open" word={one.status === 'running' ? '正在进行' : '已安排'} />
            )}
            {arranges && (
              <button
                type="button"
                className="tool-button"
                disabled={unlink.running}
                onClick={() => void unlink.run({ id: module.id, activityId: one.id })}
              >
                去掉
              </button>
            )}
          </li>
        ))}
      </ul>
      {arranges && <LinkExisting module={module} />}
    </Section>
  )
}

function LinkExisting({ module }: { module: ModuleDetail }) {
  const [chosen, setChosen] = useState('')
  const free = useApi(need.findActivities, { id: module.id })
  const link = useCommand(need.linkActivity, {
    onSuccess: (done) => {
      setChosen('')
      notify(done.note ?? '已列入这个模块', { kind: done.note === null ? 'success' : 'plain' })
    },
  })
  if ((free.data?.length ?? 0) === 0) return null
  return (
    <div className="need-link no-print">
      <label className="field-label" htmlFor="need-existing">
        已有的活动
      </label>
      <ChoiceInput
        id="need-existing"
        value={chosen}
        onChange={setChosen}
        empty="选一次本学期的活动"
        options={(free.data ?? []).map((one) => ({
          value: one.id,
          label: `${dayText(one.day)} ${one.theme || '主题待定'}`,
        }))}
      />
      <DisabledBecause
        reason={null}
        disabled={chosen === ''}
        loading={link.running}
        onClick={() => void link.run({ id: module.id, activityId: chosen })}
      >
        列入模块
      </DisabledBecause>
    </div>
  )
}

/** Whom it has not reached yet comes first. */
function People({ people, held }: { people: NonNullable<ModuleDetail['people']>; held: number }) {
  const missing = people.filter((person) => person.attended === 0)
  return (
    <Section title="参加情况">
      {missing.length === 0 ? (
        <Notice tone="good">层内 {people.length} 人都参加过。</Notice>
      ) : (
        <p>
          还没有参加过的 {missing.length} 人：{missing.map((person) => person.name).join('、')}
        </p>
      )}
      <ul className="need-people">
        {people
          .filter((person) => person.attended > 0)
          .map((person) => (
            <li key={person.id}>
              {person.name}{' '}
              <span className="quiet">
                {person.attended}/{held}
              </span>
            </li>
          ))}
      </ul>
    </Section>
  )
}
