import { Button, Input } from 'antd'
import { useState } from 'react'
import type { vocabularyApi } from '../../server/vocabulary/contract.ts'
import { sourceLabels, type VocabularyName } from '../../server/vocabulary/words.ts'
import { useSession } from '../access/session.ts'
import { api, fileAddress } from '../kit/api.ts'
import { ChoiceInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { useFilters } from '../kit/link.tsx'
import { Empty, Notice, Page } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { dayText } from '../kit/words.ts'
import './vocabulary.css'

const vocabulary = api<typeof vocabularyApi>('vocabulary')
type Vocabulary = Awaited<ReturnType<typeof vocabulary.listVocabularies>>['vocabularies'][number]
type Term = Vocabulary['terms'][number]

/** The fixed lists of the regimes in force with what the school has made of them. */
export function VocabulariesPage() {
  const [filters, setFilters] = useFilters({ list: 'contentTags' })
  const query = useApi(vocabulary.listVocabularies, {})
  return (
    <Page
      title="研修词表"
      query={query}
      width="wide"
      sentence="活动、作品、评价从这些词里选择。词表来自现行制度，可以改名、排序、停用，也可以增加自定的词。"
      actions={
        <a className="tool-button" href={fileAddress(vocabulary.getVocabularyFile, {})} download>
          <Icon name="download" size={18} />
          导出 Excel
        </a>
      }
    >
      {(data) => {
        const chosen = data.vocabularies.find((one) => one.name === filters.list) ?? data.vocabularies[0]
        return (
          <div className="vocabularies">
            <nav className="vocabulary-names" aria-label="词表">
              {data.vocabularies.map((one) => (
                <button
                  key={one.name}
                  type="button"
                  aria-pressed={one.name === chosen?.name}
                  onClick={() => setFilters({ list: one.name })}
                >
                  {one.label}
                  <span className="quiet">{one.terms.filter((term) => term.inUse).length}</span>
                </button>
              ))}
            </nav>
            {chosen && (
              <List
                key={chosen.name}
                list={chosen}
                schoolYear={data.schoolYear}
                blocked={data.abilities.edit}
              />
            )}
          </div>
        )
      }}
    </Page>
  )
}

function List({
  list,
  schoolYear,
  blocked,
}: {
  list: Vocabulary
  schoolYear: string | null
  blocked: string | null
}) {
  const [editing, setEditing] = useState<string | null>(null)
  const order = useCommand(vocabulary.orderTerms, {})
  const used = list.terms.filter((term) => term.inUse)
  const retired = list.terms.filter((term) => !term.inUse)
  const groups = [...new Set(used.map((term) => term.group))]
  function move(index: number, by: -1 | 1): void {
    const ids = used.map((term) => term.id)
    const [moved] = ids.splice(index, 1)
    if (moved !== undefined) ids.splice(index + by, 0, moved)
    void order.run({ vocabulary: list.name, termIds: [...ids, ...retired.map((term) => term.id)] })
  }
  return (
    <section className="vocabulary" aria-label={list.label}>
      <header>
        <h2>{list.label}</h2>
        <p className="quiet">{list.about}。</p>
      </header>
      {blocked !== null && <Notice>{blocked}</Notice>}
      {used.length === 0 ? (
        <Empty
          title="这个词表还是空的"
          sentence={
            blocked === null ? '现行制度没有规定，可以在下面增加自定的词。' : '现行制度没有规定这类词。'
          }
        />
      ) : (
        <table className="terms">
          <thead>
            <tr>
              <th scope="col">名称</th>
              <th scope="col">来源</th>
              {list.others.length > 0 && <th scope="col">对应区制度</th>}
              <th scope="col" className="terms-uses">
                {schoolYear ?? '本学年'}使用
              </th>
              {blocked === null && (
                <th scope="col" className="visually-hidden">
                  办理
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {groups.flatMap((group) => [
              ...(group === ''
                ? []
                : [
                    <tr key={`group ${group}`} className="terms-group">
                      <th colSpan={5} scope="rowgroup">
                        {group}
                      </th>
                    </tr>,
                  ]),
              ...used.flatMap((term, index) =>
                term.group !== group
                  ? []
                  : [
                      editing === term.id ? (
                        <tr key={term.id}>
                          <td colSpan={5}>
                            <EditTerm list={list} term={term} done={() => setEditing(null)} />
                          </td>
                        </tr>
                      ) : (
                        <TermRow
                          key={term.id}
                          list={list}
                          term={term}
                          may={blocked === null}
                          edit={() => setEditing(term.id)}
                          up={index > 0 ? () => move(index, -1) : null}
                          down={index < used.length - 1 ? () => move(index, 1) : null}
                        />
                      ),
                    ],
              ),
            ])}
          </tbody>
        </table>
      )}
      {blocked === null && <AddTerm name={list.name} />}
      {retired.length > 0 && (
        <div className="terms-retired">
          <h3>已停用</h3>
          <ul>
            {retired.map((term) => (
              <Retired key={term.id} list={list} term={term} may={blocked === null} />
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}

function TermRow({
  list,
  term,
  may,
  edit,
  up,
  down,
}: {
  list: Vocabulary
  term: Term
  may: boolean
  edit: () => void
  up: (() => void) | null
  down: (() => void) | null
}) {
  const retire = useCommand(vocabulary.retireTerm, {
    success: `“${term.label}”已停用，旧记录不受影响`,
    undo: () => void restore.run({ vocabulary: list.name, termId: term.id }),
  })
  const restore = useCommand(vocabulary.restoreTerm, {})
  const other = list.others.find((one) => one.id === term.standsFor)
  const isDistrict = useSession().organisation.kind === 'district'
  return (
    <tr>
      <td>
        <span className="term-label">{term.label}</span>
        {term.regimeLabel !== null && <span className="quiet">制度原词：{term.regimeLabel}</span>}
      </td>
      <td>
        {term.source === 'own' ? (
          <span className="term-own">{isDistrict ? '区内自定' : sourceLabels.own}</span>
        ) : (
          <span title={term.regimeTitle ?? ''}>
            {isDistrict && term.source === 'school' ? sourceLabels.district : sourceLabels[term.source]}
            {term.clause !== null && <span className="clause"> {term.clause}</span>}
          </span>
        )}
      </td>
      {list.others.length > 0 && (
        <td>{other ? other.label : term.source === 'district' ? <span className="quiet">—</span> : ''}</td>
      )}
      <td className="terms-uses">{term.uses === null ? '—' : `${term.uses} 次`}</td>
      {may && (
        <td className="term-tools">
          <button
            type="button"
            className="icon-button"
            aria-label={`${term.label}上移`}
            disabled={up === null}
            onClick={up ?? undefined}
          >
            <Icon name="sortUp" size={18} />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label={`${term.label}下移`}
            disabled={down === null}
            onClick={down ?? undefined}
          >
            <Icon name="sortDown" size={18} />
          </button>
          <button type="button" className="tool-button" onClick={edit}>
            修改
          </button>
          <button
            type="button"
            className="tool-button"
            disabled={retire.running}
            onClick={() => void retire.run({ vocabulary: list.name, termId: term.id })}
          >
            停用
          </button>
        </td>
      )}
    </tr>
  )
}

function EditTerm({ list, term, done }: { list: Vocabulary; term: Term; done: () => void }) {
  const [label, setLabel] = useState(term.label)
  const [group, setGroup] = useState(term.group)
  const [standsFor, setStandsFor] = useState(term.standsFor ?? '')
  const save = useCommand(vocabulary.saveTerm, { inline: true, success: '已保存', onSuccess: done })
  const mayMap = list.others.length > 0 && term.source !== 'district'
  return (
    <form
      className="term-form"
      onSubmit={(event) => {
        event.preventDefault()
        void save.run({
          vocabulary: list.name,
          termId: term.id,
          label,
          group,
          standsFor: mayMap && standsFor !== '' ? standsFor : null,
        })
      }}
    >
      <label>
        <span className="field-label">名称</span>
        <Input value={label} maxLength={30} autoFocus onChange={(event) => setLabel(event.target.value)} />
      </label>
      <label>
        <span className="field-label">
          分组<span className="optional">选填</span>
        </span>
        <Input value={group} maxLength={30} onChange={(event) => setGroup(event.target.value)} />
      </label>
      {mayMap && (
        <label>
          <span className="field-label">
            对应区制度<span className="optional">选填</span>
          </span>
          <ChoiceInput
            value={standsFor}
            empty="不对应"
            onChange={setStandsFor}
            options={list.others.map((one) => ({ value: one.id, label: one.label }))}
          />
        </label>
      )}
      <div className="form-actions">
        <Button type="primary" htmlType="submit" loading={save.running} disabled={label.trim() === ''}>
          保存
        </Button>
        <Button onClick={done}>取消</Button>
        {save.error && (
          <span className="form-error" role="alert">
            {save.error.message}
          </span>
        )}
      </div>
    </form>
  )
}

function AddTerm({ name }: { name: VocabularyName }) {
  const [label, setLabel] = useState('')
  const add = useCommand(vocabulary.addTerm, {
    inline: true,
    success: '已增加，可以选用了',
    onSuccess: () => setLabel(''),
  })
  return (
    <form
      className="term-add"
      onSubmit={(event) => {
        event.preventDefault()
        void add.run({ vocabulary: name, label })
      }}
    >
      <Input
        aria-label="自定的词"
        placeholder="增加自定的词"
        value={label}
        maxLength={30}
        onChange={(event) => setLabel(event.target.value)}
      />
      <Button htmlType="submit" loading={add.running} disabled={label.trim() === ''}>
        增加
      </Button>
      {add.error && (
        <span className="form-error" role="alert">
          {add.error.message}
        </span>
      )}
    </form>
  )
}

function Retired({ list, term, may }: { list: Vocabulary; term: Term; may: boolean }) {
  const restore = useCommand(vocabulary.restoreTerm, { success: `“${term.label}”已恢复` })
  return (
    <li>
      <span>{term.label}</span>
      <span className="quiet">
        {term.retiredOn === null ? '' : `${dayText(term.retiredOn)}停用`}
        {term.uses === null || term.uses === 0 ? '' : `，本学年用过 ${term.uses} 次`}
      </span>
      {may && (
        <button
          type="button"
          className="tool-button"
          disabled={restore.running}
          onClick={() => void restore.run({ vocabulary: list.name, termId: term.id })}
        >
          恢复
        </button>
      )}
    </li>
  )
}
