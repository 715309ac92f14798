import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { fileAddress } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { ChoiceInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { useFilters, useGo } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { need, type Overview } from './api.ts'
import { LayerList } from './layers.tsx'
import { ModuleForm } from './module-form.tsx'
import { Plan } from './plan.tsx'
import { SurveyForm } from './survey-form.tsx'
import { SurveyList } from './survey-list.tsx'
import { NoteWeakness, WeaknessList } from './weaknesses.tsx'
import './need.css'

const tabs = { plan: '培训计划', surveys: '需求问卷', weaknesses: '发现的不足', layers: '分层' } as const
type Tab = keyof typeof tabs
type Panel = 'survey' | 'module' | 'weakness' | null

/** Training by need: what shows the needs, and the modules of the term by layer. */
export function NeedsPage() {
  const [filters, setFilters] = useFilters({ tab: 'plan', term: '' })
  const [panel, setPanel] = useState<Panel>(null)
  const go = useGo()
  const termId = filters.term === '' ? {} : { termId: filters.term }
  const query = useApi(need.getOverview, termId, { keep: true })
  const data = query.data
  const organises = data?.abilities.organise === null
  // 分层 is for those who plan; everybody else sees it on the modules.
  const shown = (Object.keys(tabs) as Tab[]).filter((one) => one !== 'layers' || organises)
  const tab = shown.find((one) => one === filters.tab) ?? 'plan'
  return (
    <>
      <Page
        title="需求和培训"
        query={query}
        sentence={(overview) => standing(overview)}
        {...(data ? { actions: <Actions data={data} tab={tab} open={setPanel} /> } : {})}
      >
        {(overview) => (
          <>
            <div className="need-bar no-print">
              <div className="segments" role="group" aria-label="看什么">
                {shown.map((one) => (
                  <button
                    key={one}
                    type="button"
                    aria-pressed={tab === one}
                    onClick={() => setFilters({ tab: one })}
                  >
                    {tabs[one]}
                  </button>
                ))}
              </div>
              {tab === 'plan' && overview.terms.length > 1 && (
                <ChoiceInput
                  aria-label="学期"
                  value={overview.term.id}
                  onChange={(term) => setFilters({ term })}
                  options={overview.terms.map((term) => ({ value: term.id, label: term.label }))}
                />
              )}
            </div>
            {tab === 'plan' && <Plan overview={overview} add={() => setPanel('module')} />}
            {tab === 'surveys' && <SurveyList overview={overview} add={() => setPanel('survey')} />}
            {tab === 'weaknesses' && <WeaknessList overview={overview} add={() => setPanel('weakness')} />}
            {tab === 'layers' && <LayerList overview={overview} />}
          </>
        )}
      </Page>
      <Drawer
        title={
          panel === 'survey' ? '发一份需求问卷' : panel === 'module' ? '加一个培训模块' : '登记发现的不足'
        }
        size="large"
        open={panel !== null}
        onClose={() => setPanel(null)}
        destroyOnHidden
      >
        {panel === 'survey' && <SurveyForm survey={null} done={(id) => go(paths.survey(id))} />}
        {panel === 'module' && data && (
          <ModuleForm module={null} termId={data.term.id} done={() => setPanel(null)} />
        )}
        {panel === 'weakness' && <NoteWeakness done={() => setPanel(null)} />}
      </Drawer>
    </>
  )
}

function standing(overview: Overview) {
  const { modules } = overview
  const waiting = overview.surveys.filter((survey) => survey.waits).length
  const held = modules.filter((module) => module.progress.held > 0).length
  const plan =
    modules.length === 0
      ? `${overview.term.label}还没有培训计划`
      : `${overview.term.label}有 ${modules.length} 个培训模块，已开始 ${held} 个`
  return (
    <>
      {plan}
      {waiting > 0 && `；有 ${waiting} 份问卷等您回答`}
      {!overview.isPublished && modules.length > 0 && '；计划还没有发布，只有教导处、教科室和校长能看到'}。
    </>
  )
}

function Actions({ data, tab, open }: { data: Overview; tab: Tab; open: (panel: Panel) => void }) {
  const publish = useCommand(need.publishPlan, { success: '已发布，教师能看到培训计划了' })
  const organises = data.abilities.organise === null
  const plus = <Icon name="plus" size={18} />
  if (tab === 'surveys')
    return organises ? (
      <Button type="primary" icon={plus} onClick={() => open('survey')}>
        发问卷
      </Button>
    ) : null
  if (tab === 'weaknesses')
    return data.abilities.note === null ? (
      <Button type="primary" icon={plus} onClick={() => open('weakness')}>
        登记不足
      </Button>
    ) : null
  if (tab === 'layers') return null
  return (
    <>
      {data.modules.length > 0 && (
        <Button
          icon={<Icon name="download" size={18} />}
          href={fileAddress(need.getPlanFile, { termId: data.term.id })}
        >
          导出 Excel
        </Button>
      )}
      {organises && (
        <Button
          {...(data.isPublished ? { type: 'primary' as const } : {})}
          icon={plus}
          onClick={() => open('module')}
        >
          加模块
        </Button>
      )}
      {organises && !data.isPublished && data.modules.length > 0 && (
        <DisabledBecause
          type="primary"
          reason={data.abilities.publish}
          loading={publish.running}
          onClick={() => void publish.run({ termId: data.term.id })}
        >
          发布计划
        </DisabledBecause>
      )}
    </>
  )
}
