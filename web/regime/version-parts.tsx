import { useState } from 'react'
import type { DraftPage } from '../../server/regime/drafts-contract.ts'
import type { FormFor, FormView, PartsPage, WordListView } from '../../server/regime/parts-contract.ts'
import type { Wire } from '../kit/api.ts'
import { Icon } from '../kit/icons.tsx'
import { ErrorNotice, Section, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { parts, versionRooms } from './api.ts'
import { AddButton, EditButton, EditorEnd, type Item, Remarks, usedText } from './part-editing.tsx'
import { CohortItem } from './version-cohorts.tsx'
import './version-parts.css'

/** Whom the rules speak of, what papers must hold, and the words of the lists, each changed by form. */
export function PartsPart({
  id,
  remarks,
  dirty,
}: {
  id: string
  remarks: Wire<DraftPage>['remarks']
  dirty: boolean
}) {
  const query = useApi(parts.getParts, { id })
  if (query.error) return <ErrorNotice error={query.error} retry={query.refetch} />
  if (!query.data) return <Skeleton shape="form" />
  const page = query.data
  const blocked = page.abilities.edit ?? (dirty ? '请先保存上面没有保存的修改' : null)
  return (
    <>
      <Remarks remarks={remarks} />
      <Section title="人群" sentence="规则约束哪些人。名册变了，人群自动跟着变。" plain>
        <ul className="part-list">
          {page.cohorts.map((cohort) => (
            <CohortItem key={cohort.id} page={page} cohort={cohort} blocked={blocked} />
          ))}
        </ul>
        <CohortItem page={page} cohort={null} blocked={blocked} />
      </Section>
      <Section title="表单" sentence="计划、记录和作品必须写齐哪些部分。" plain>
        {page.forms.length === 0 ? (
          <p className="quiet">还没有表单：各种材料都不分部分。</p>
        ) : (
          <ul className="part-list">
            {page.forms.map((form) => (
              <FormItem key={form.id} page={page} form={form} blocked={blocked} />
            ))}
          </ul>
        )}
        <FormItem page={page} form={null} blocked={blocked} />
      </Section>
      <Section title="词表" sentence="登记时从这些词里选。有规则用到的词可以改名，不能删去。" plain>
        <Lists page={page} blocked={blocked} />
      </Section>
    </>
  )
}

// ── Forms ────────────────────────────────────────────────────────────────────

interface SectionLine {
  key: string
  section: string
  label: string
  hint: string
  required: boolean
}

function FormItem({ page, form, blocked }: Item & { form: Wire<FormView> | null }) {
  const [open, setOpen] = useState(false)
  if (form === null)
    return open ? (
      <FormEditor page={page} form={null} close={() => setOpen(false)} />
    ) : (
      <AddButton word="加一份表单" blocked={blocked} add={() => setOpen(true)} />
    )
  return (
    <li className="part">
      <div className="part-head">
        <b>{form.label}</b>
        <span className="clause">{form.clause}</span>
        <span className="quiet">{form.about}</span>
        {blocked === null && !open && <EditButton edit={() => setOpen(true)} />}
      </div>
      <p className="quiet">
        {form.sections.map((section) => `${section.label}${section.required ? '' : '（可不写）'}`).join('、')}
        。{usedText(form.usedBy)}。
      </p>
      {open && <FormEditor page={page} form={form} close={() => setOpen(false)} />}
    </li>
  )
}

let lines = 0
const newLine = (): SectionLine => ({
  key: `line${++lines}`,
  section: '',
  label: '',
  hint: '',
  required: true,
})

/** The list with the item at a place moved up or down. */
function moved<One>(list: One[], at: number, by: -1 | 1): One[] {
  const other = list[at + by]
  const own = list[at]
  if (other === undefined || own === undefined) return list
  return list.map((one, index) => (index === at ? other : index === at + by ? own : one))
}

const levels = [
  { value: 'organisation', label: '学校' },
  { value: 'group', label: '小组' },
  { value: 'teacher', label: '教师' },
] as const

function FormEditor({
  page,
  form,
  close,
}: {
  page: Wire<PartsPage>
  form: Wire<FormView> | null
  close: () => void
}) {
  const [label, setLabel] = useState(form?.label ?? '')
  const [clause, setClause] = useState(form?.clause ?? '')
  const [belongs, setBelongs] = useState<FormFor>('minutes')
  const [level, setLevel] = useState<'organisation' | 'group' | 'teacher' | ''>('')
  const [workKind, setWorkKind] = useState('')
  const [sections, setSections] = useState<SectionLine[]>(
    form === null
      ? [newLine()]
      : form.sections.map(({ id, ...section }) => ({ key: id, section: id, ...section })),
  )
  const command = { invalidate: versionRooms, inline: true, onSuccess: close }
  const save = useCommand(parts.saveForm, { ...command, success: '已保存。' })
  const remove = useCommand(parts.removeForm, { ...command, success: '已删去。' })
  const set = (key: string, change: Partial<SectionLine>) =>
    setSections(sections.map((one) => (one.key === key ? { ...one, ...change } : one)))
  const error = save.error ?? remove.error
  return (
    <div className="part-editor">
      <div className="part-fields">
        <label className="field">
          <span className="field-label">名称</span>
          <input
            className="native-input"
            value={label}
            placeholder="例如：教研活动记录"
            onChange={(event) => setLabel(event.target.value)}
          />
        </label>
        <label className="field">
          <span className="field-label">条款号</span>
          <input
            className="native-input"
            value={clause}
            onChange={(event) => setClause(event.target.value)}
          />
        </label>
        {form === null && (
          <label className="field">
            <span className="field-label">用在</span>
            <select
              className="native-select"
              value={belongs}
              onChange={(event) => setBelongs(event.target.value as FormFor)}
            >
              {page.formKinds.map((kind) => (
                <option key={kind.value} value={kind.value}>
                  {kind.label}
                </option>
              ))}
            </select>
          </label>
        )}
        {form === null && (belongs === 'plan' || belongs === 'summary') && (
          <label className="field">
            <span className="field-label">哪一级</span>
            <select
              className="native-select"
              value={level}
              onChange={(event) => setLevel(event.target.value as typeof level)}
            >
              <option value="">各级都用</option>
              {levels.map((one) => (
                <option key={one.value} value={one.value}>
                  {one.label}
                </option>
              ))}
            </select>
          </label>
        )}
        {form === null && belongs === 'work' && (
          <label className="field">
            <span className="field-label">哪一种作品</span>
            <select
              className="native-select"
              value={workKind}
              onChange={(event) => setWorkKind(event.target.value)}
            >
              <option value="">请选择</option>
              {page.workKinds.map((kind) => (
                <option key={kind.value} value={kind.value}>
                  {kind.label}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <div>
        <span className="field-label">要写的部分，按先后</span>
        <div className="section-lines">
          {sections.map((section, index) => (
            <div key={section.key} className="section-line">
              <input
                className="native-input"
                aria-label={`第 ${index + 1} 部分的名称`}
                placeholder="名称，例如：活动过程"
                value={section.label}
                onChange={(event) => set(section.key, { label: event.target.value })}
              />
              <input
                className="native-input"
                aria-label={`第 ${index + 1} 部分的提示`}
                placeholder="提示（选填）：写什么"
                value={section.hint}
                onChange={(event) => set(section.key, { hint: event.target.value })}
              />
              <label>
                <input
                  type="checkbox"
                  checked={section.required}
                  onChange={(event) => set(section.key, { required: event.target.checked })}
                />
                必填
              </label>
              <span className="line-buttons">
                <button
                  type="button"
                  className="icon-button up"
                  aria-label="上移"
                  disabled={index === 0}
                  onClick={() => setSections(moved(sections, index, -1))}
                >
                  <Icon name="chevronDown" size={18} />
                </button>
                <button
                  type="button"
                  className="icon-button"
                  aria-label="下移"
                  disabled={index === sections.length - 1}
                  onClick={() => setSections(moved(sections, index, 1))}
                >
                  <Icon name="chevronDown" size={18} />
                </button>
                <button
                  type="button"
                  className="icon-button"
                  aria-label="删去这一部分"
                  onClick={() => setSections(sections.filter((one) => one.key !== section.key))}
                >
                  <Icon name="trash" size={18} />
                </button>
              </span>
            </div>
          ))}
        </div>
        <button type="button" className="tool-button" onClick={() => setSections([...sections, newLine()])}>
          <Icon name="plus" size={18} />
          加一部分
        </button>
      </div>
      <EditorEnd
        error={error?.message ?? null}
        running={save.running}
        save={() =>
          void save.run({
            id: page.id,
            rowVersion: page.rowVersion,
            form: form?.id ?? '',
            label,
            clause,
            about: { for: belongs, level: level === '' ? null : level, workKind },
            sections: sections.map(({ section, label: own, hint, required }) => ({
              section,
              label: own,
              hint,
              required,
            })),
          })
        }
        close={close}
        remove={
          form === null
            ? null
            : {
                blocked: form.usedBy.length > 0 ? '还有规则用到，不能删去' : null,
                run: () => void remove.run({ id: page.id, rowVersion: page.rowVersion, form: form.id }),
              }
        }
      />
    </div>
  )
}

// ── Words ────────────────────────────────────────────────────────────────────

/** The lists that hold words; those that do not yet, by name at the end. */
function Lists({ page, blocked }: Item) {
  const [begun, setBegun] = useState<string[]>([])
  const isShown = (list: Wire<WordListView>) => list.terms.length > 0 || begun.includes(list.name)
  const empty = page.lists.filter((list) => !isShown(list))
  return (
    <>
      <ul className="part-list">
        {page.lists.filter(isShown).map((list) => (
          <WordsItem
            key={list.name}
            page={page}
            list={list}
            blocked={blocked}
            begins={begun.includes(list.name)}
          />
        ))}
      </ul>
      {empty.length > 0 && blocked === null && (
        <div className="word-starts">
          <span className="quiet">还没有词的：</span>
          {empty.map((list) => (
            <button
              key={list.name}
              type="button"
              className="tool-button"
              onClick={() => setBegun([...begun, list.name])}
            >
              <Icon name="plus" size={16} />
              {list.label}
            </button>
          ))}
        </div>
      )}
    </>
  )
}

function WordsItem({
  page,
  list,
  blocked,
  begins,
}: Item & {
  list: Wire<WordListView>
  /** Whether its first word is about to be written. */
  begins: boolean
}) {
  const [open, setOpen] = useState(begins)
  return (
    <li className="part">
      <div className="part-head">
        <b>{list.label}</b>
        <span className="quiet">{list.terms.length} 个词</span>
        {blocked === null && !open && <EditButton edit={() => setOpen(true)} />}
      </div>
      {list.terms.length > 0 && !open && (
        <p className="quiet">{list.terms.map((term) => term.label).join('、')}</p>
      )}
      {open && <WordsEditor page={page} list={list} close={() => setOpen(false)} />}
    </li>
  )
}

function WordsEditor({
  page,
  list,
  close,
}: {
  page: Wire<PartsPage>
  list: Wire<WordListView>
  close: () => void
}) {
  const [terms, setTerms] = useState(
    list.terms.map((term) => ({
      key: term.id,
      term: term.id,
      label: term.label,
      clause: term.clause ?? '',
      used: term.used,
    })),
  )
  const save = useCommand(parts.saveWords, {
    invalidate: versionRooms,
    inline: true,
    success: '已保存。',
    onSuccess: close,
  })
  const set = (key: string, change: { label?: string; clause?: string }) =>
    setTerms(terms.map((one) => (one.key === key ? { ...one, ...change } : one)))
  return (
    <div className="part-editor">
      <div className="word-lines">
        {terms.map((term, index) => (
          <div key={term.key} className="word-line">
            <input
              className="native-input"
              aria-label={`第 ${index + 1} 个词`}
              value={term.label}
              onChange={(event) => set(term.key, { label: event.target.value })}
            />
            <input
              className="native-input"
              aria-label={`第 ${index + 1} 个词的条款号`}
              placeholder="条款号"
              value={term.clause}
              onChange={(event) => set(term.key, { clause: event.target.value })}
            />
            {term.used ? (
              <span className="quiet">有规则用到</span>
            ) : (
              <button
                type="button"
                className="icon-button"
                aria-label={`删去“${term.label}”`}
                onClick={() => setTerms(terms.filter((one) => one.key !== term.key))}
              >
                <Icon name="trash" size={18} />
              </button>
            )}
          </div>
        ))}
      </div>
      <button
        type="button"
        className="tool-button"
        onClick={() =>
          setTerms([...terms, { key: `line${++lines}`, term: '', label: '', clause: '', used: false }])
        }
      >
        <Icon name="plus" size={18} />
        加一个词
      </button>
      <EditorEnd
        error={save.error?.message ?? null}
        running={save.running}
        save={() =>
          void save.run({
            id: page.id,
            rowVersion: page.rowVersion,
            list: list.name,
            terms: terms.map(({ term, label, clause }) => ({ term, label, clause })),
          })
        }
        close={close}
        remove={null}
      />
    </div>
  )
}
