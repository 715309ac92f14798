import './settings.css'
import { Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { type UnitKind, unitKindLabels, unitKinds } from '../../server/org/words.ts'
import { useHasRole, useSession } from '../access/session.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { Link, useGo, usePathParams } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { usePhone } from '../kit/screen.ts'
import { paths } from '../paths.ts'
import { org } from './api.ts'
import { type Unit, UnitFields } from './unit-fields.tsx'
import { UnitRecord } from './unit-record.tsx'

/** Departments, groups and bodies: the tree at the left, one of them at the right. */
export function UnitsPage() {
  const { id } = usePathParams<'id'>() as { id?: string }
  const phone = usePhone()
  const go = useGo()
  const query = useApi(org.listUnits, {})
  const first = unitKinds.flatMap((kind) => rootsOf(query.data?.units ?? [], kind))[0]
  const [founding, setFounding] = useState<'unit' | 'area' | null>(null)
  const ofDistrict = useSession().organisation.kind === 'district'
  const drawsAreas = useHasRole('districtOfficer') && ofDistrict
  const founded = (unitId: string) => {
    setFounding(null)
    go(paths.settings.unit(unitId))
  }
  const shown = id ?? (phone ? undefined : first?.id)
  if (phone && id !== undefined)
    return (
      <Page title="组和组织" back={{ to: paths.settings.units(), label: '全部' }}>
        <UnitRecord key={id} id={id} units={query.data?.units ?? []} />
      </Page>
    )
  const create = (
    <DisabledBecause
      type="primary"
      reason={query.data?.abilities.create ?? null}
      onClick={() => setFounding('unit')}
    >
      新建
    </DisabledBecause>
  )
  const area = drawsAreas && (
    <Button type="primary" onClick={() => setFounding('area')}>
      新建片区
    </Button>
  )
  return (
    <>
      <Page
        title="组和组织"
        query={query}
        width="wide"
        sentence={({ units }) => sentenceFor(units)}
        actions={
          query.data &&
          query.data.units.length > 0 && (
            <>
              {query.data.abilities.create === null && create}
              {area}
            </>
          )
        }
        isEmpty={({ units }) => units.length === 0}
        empty={
          ofDistrict
            ? {
                title: '还没有片区和机构。',
                sentence: '先划分片区（学区），把学校放进去，再定每个片区的组长学校。',
                action: area || create,
              }
            : {
                title: '还没有组。',
                sentence:
                  '导入花名册时，名册里写到的教研组、备课组、年级组会自动建好；领导小组、评审小组等在这里建。',
                action: create,
              }
        }
      >
        {({ units }) => (
          <div className="two-panes">
            <Tree units={units} shown={shown} />
            {!phone && shown !== undefined && (
              <div className="pane">
                <UnitRecord key={shown} id={shown} units={units} />
              </div>
            )}
          </div>
        )}
      </Page>
      <Drawer
        title={founding === 'area' ? '新建片区' : '新建组或组织'}
        open={founding !== null}
        onClose={() => setFounding(null)}
        destroyOnHidden
      >
        {founding === 'area' ? (
          <FoundArea onDone={founded} />
        ) : (
          <FoundUnit units={query.data?.units ?? []} onDone={founded} />
        )}
      </Drawer>
    </>
  )
}

function sentenceFor(units: Unit[]): string {
  const parts = unitKinds.flatMap((kind) => {
    const count = units.filter((unit) => unit.kind === kind).length
    return count > 0 ? [`${unitKindLabels[kind]} ${count} 个`] : []
  })
  const headless = units.filter(
    (unit) => !['department', 'area'].includes(unit.kind) && unit.leaders.length === 0,
  )
  return `${parts.join('，')}。${headless.length > 0 ? `${headless.length} 个还没有负责人。` : ''}`
}

const numerals = '一二三四五六七八九'
/** Groups in the order in which people count them: 一年级 before 二年级 before 三年级. */
const orderOf = (unit: Unit) =>
  unit.name.replace(/[一二三四五六七八九]/g, (sign) => String(numerals.indexOf(sign) + 1))
const inOrder = (units: Unit[]) =>
  units.toSorted((a, b) => orderOf(a).localeCompare(orderOf(b), 'zh-CN', { numeric: true }))

/** Units of a kind that stand below no other. */
function rootsOf(units: Unit[], kind: UnitKind): Unit[] {
  const known = new Set(units.map((unit) => unit.id))
  return inOrder(
    units.filter((unit) => unit.kind === kind && (unit.parentId === null || !known.has(unit.parentId))),
  )
}

function Tree({ units, shown }: { units: Unit[]; shown: string | undefined }) {
  return (
    <nav className="tree" aria-label="组和组织">
      {unitKinds.map((kind) => {
        const own = rootsOf(units, kind)
        if (own.length === 0) return null
        return (
          <section key={kind}>
            <h2>{unitKindLabels[kind]}</h2>
            <Branches units={units} own={own} shown={shown} />
          </section>
        )
      })}
    </nav>
  )
}

function Branches({ units, own, shown }: { units: Unit[]; own: Unit[]; shown: string | undefined }) {
  return (
    <ul>
      {own.map((unit) => {
        const below = inOrder(units.filter((other) => other.parentId === unit.id))
        return (
          <li key={unit.id}>
            <Link
              to={paths.settings.unit(unit.id)}
              className={unit.id === shown ? 'tree-item tree-shown' : 'tree-item'}
            >
              <span className="tree-name">{unit.name}</span>
              <span className="quiet">
                {unit.leaders.length > 0
                  ? unit.leaders.map((leader) => leader.name).join('、')
                  : unit.kind === 'department' || unit.kind === 'area'
                    ? ''
                    : '缺负责人'}
              </span>
              <span className="tree-count">
                {unit.kind === 'area' ? `${unit.schools} 所` : `${unit.members} 人`}
              </span>
            </Link>
            {below.length > 0 && <Branches units={units} own={below} shown={shown} />}
          </li>
        )
      })}
    </ul>
  )
}

function FoundArea({ onDone }: { onDone: (unitId: string) => void }) {
  const { today } = useSession()
  const create = useCommand(org.createArea, {
    inline: true,
    invalidate: ['org'],
    success: (_, input) => `“${input.name}”建好了，请把学校放进来`,
  })
  return (
    <CommandForm
      command={create}
      initial={{ name: '', from: today }}
      toInput={(values: { name: string; from: string }) => values}
      submit="新建"
      onDone={({ id }) => onDone(id)}
    >
      <Field name="name" label="名称" required hint="例如 城北片区、第二学区">
        <Input />
      </Field>
      <Field name="from" label="从哪天起" required>
        <DateInput />
      </Field>
    </CommandForm>
  )
}

function FoundUnit({ units, onDone }: { units: Unit[]; onDone: (unitId: string) => void }) {
  const { today } = useSession()
  const create = useCommand(org.createUnit, {
    inline: true,
    invalidate: ['org', 'setup'],
    success: (_, input) => `“${input.name}”建好了`,
  })
  return (
    <CommandForm
      command={create}
      initial={{ kind: 'teachingResearchGroup', parentId: '', subject: '', from: today, name: '' }}
      toInput={(values: {
        kind: UnitKind
        name: string
        parentId: string
        subject: string
        from: string
      }) => ({
        ...values,
        parentId: values.parentId || null,
      })}
      submit="新建"
      onDone={({ id }) => onDone(id)}
    >
      <Field name="kind" label="种类" required>
        <ChoiceInput
          options={unitKinds
            .filter((kind) => kind !== 'area')
            .map((kind) => ({ value: kind, label: unitKindLabels[kind] }))}
        />
      </Field>
      <Field name="name" label="名称" required hint="例如 语文教研组、校本研修领导小组">
        <Input />
      </Field>
      <UnitFields units={units} />
      <Field name="from" label="从哪天起" required>
        <DateInput />
      </Field>
    </CommandForm>
  )
}
