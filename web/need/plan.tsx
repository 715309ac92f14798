import { Button } from 'antd'
import { Icon } from '../kit/icons.tsx'
import { Link } from '../kit/link.tsx'
import { Empty, Section } from '../kit/page.tsx'
import { paths } from '../paths.ts'
import { hoursText, type ModuleLine, type Overview } from './api.ts'

/** The modules of a term, layer by layer. */
export function Plan({ overview, add }: { overview: Overview; add: () => void }) {
  const { modules, layers } = overview
  const organises = overview.abilities.organise === null
  if (modules.length === 0)
    return (
      <Empty
        title={
          overview.isPublished || organises ? '这个学期还没有培训模块。' : '这个学期的培训计划还没有发布。'
        }
        sentence={
          organises
            ? '先发一份需求问卷，结束后一点就能按结果生成模块；也可以直接加。'
            : '计划由教导处、教科室根据需求问卷和听课发现的不足来拟。'
        }
        {...(organises
          ? {
              action: (
                <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={add}>
                  加模块
                </Button>
              ),
            }
          : {})}
      />
    )
  const order = [...layers.map((layer) => layer.id), ...modules.map((module) => module.layer)]
  const used = [...new Set(order)].filter((id) => modules.some((module) => module.layer === id))
  return (
    <>
      {used.map((id) => {
        const own = modules.filter((module) => module.layer === id)
        const layer = layers.find((one) => one.id === id)
        const planned = own.reduce((sum, one) => sum + one.plannedMinutes, 0)
        const held = own.reduce((sum, one) => sum + one.progress.heldMinutes, 0)
        return (
          <Section
            key={id}
            plain
            title={own[0]?.layerLabel ?? id}
            aside={
              <span className="quiet">
                {layer && `${layer.people} 人 · `}计划 {hoursText(planned, overview.minutesPerHour)}，已办{' '}
                {hoursText(held, overview.minutesPerHour)}
                {overview.myLayers.includes(id) && ' · 包括您'}
              </span>
            }
          >
            <ul className="cards need-cards">
              {own.map((module) => (
                <ModuleCard key={module.id} module={module} minutesPerHour={overview.minutesPerHour} />
              ))}
            </ul>
          </Section>
        )
      })}
    </>
  )
}

/** Held against planned, as a bar with words. */
export function ModuleBar({ module, minutesPerHour }: { module: ModuleLine; minutesPerHour: number }) {
  const { heldMinutes, held, ratePerMille, people, reached } = module.progress
  const share = module.plannedMinutes === 0 ? 0 : Math.min(1, heldMinutes / module.plannedMinutes)
  return (
    <div className="need-progress">
      <span className="need-track" aria-hidden="true">
        <span className="need-done" style={{ width: `${share * 100}%` }} />
      </span>
      <span>
        {held === 0
          ? `计划 ${hoursText(module.plannedMinutes, minutesPerHour)}，还没有办`
          : `已办 ${held} 次，${hoursText(heldMinutes, minutesPerHour)}/${hoursText(module.plannedMinutes, minutesPerHour)}`}
        {module.ahead > 0 && `，已排 ${module.ahead} 次`}
      </span>
      {held > 0 && (
        <span className="quiet">
          参加过 {reached}/{people} 人{ratePerMille !== null && `，到会率 ${Math.round(ratePerMille / 10)}%`}
        </span>
      )}
    </div>
  )
}

function ModuleCard({ module, minutesPerHour }: { module: ModuleLine; minutesPerHour: number }) {
  return (
    <li className="card need-card">
      <div className="card-head">
        <Link to={paths.trainingModule(module.id)} className="card-title card-cover">
          {module.title}
        </Link>
        {module.isMine && <span className="need-tag">有您</span>}
      </div>
      <p className="quiet">
        {[module.tagLabel, module.formLabel, module.unitName || '全校', `负责人 ${module.responsibleName}`]
          .filter((part) => part !== '')
          .join(' · ')}
      </p>
      <ModuleBar module={module} minutesPerHour={minutesPerHour} />
      {(module.surveyTitle !== '' || module.weaknesses.length > 0 || module.guidanceCourse) && (
        <p className="quiet">
          {[
            module.surveyTitle === '' ? '' : `依据《${module.surveyTitle}》`,
            module.weaknesses.length === 0 ? '' : `针对 ${module.weaknesses.length} 条不足`,
            module.guidanceCourse ? '配指导课程' : '',
          ]
            .filter((part) => part !== '')
            .join(' · ')}
        </p>
      )}
    </li>
  )
}
