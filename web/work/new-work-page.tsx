import { useGo } from '../kit/link.tsx'
import { Icon } from '../kit/icons.tsx'
import { Page } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { work } from './api.ts'
import './work.css'

const lastKindKey = 'xiaoyan/work/last-kind'

/** Which kind is to be written; the one used last stands first. */
export function NewWorkPage() {
  const kinds = useApi(work.listWorkKinds, {})
  const go = useGo()
  const start = useCommand(work.startWork, {
    onSuccess: ({ id }, { kind }) => {
      localStorage.setItem(lastKindKey, kind)
      go(paths.work(id), { replace: true })
    },
  })
  const last = localStorage.getItem(lastKindKey)
  return (
    <Page
      title="写一篇"
      width="reading"
      back={{ to: paths.works(), label: '写作' }}
      sentence="选好种类就可以写，写的时候自动保存。"
      query={kinds}
      skeleton="cards"
    >
      {(list) => (
        <ul className="kind-choices">
          {[...list]
            .sort((a, b) => Number(b.kind === last) - Number(a.kind === last))
            .map((kind) => (
              <li key={kind.kind}>
                <button
                  type="button"
                  disabled={start.running}
                  onClick={() => void start.run({ kind: kind.kind })}
                >
                  <Icon name="pen" size={22} />
                  <span className="kind-name">{kind.label}</span>
                  <span className="quiet">
                    不少于 {kind.minimumCharacters} 字
                    {kind.parts.some((part) => part.required) &&
                      ` · 须写${kind.parts
                        .filter((part) => part.required)
                        .map((part) => `“${part.label}”`)
                        .join('')}`}
                  </span>
                </button>
              </li>
            ))}
        </ul>
      )}
    </Page>
  )
}
