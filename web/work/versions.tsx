import type { WorkVersion } from '../../server/work/contract.ts'
import type { Wire } from '../kit/api.ts'
import { momentText } from '../kit/words.ts'
import { Written } from '../kit/writing.tsx'

const decisionWords = { accepted: '已采纳', returned: '已退回', withdrawn: '本人撤回' } as const

/** What was handed in and what came of it, newest first. */
export function Versions({ versions }: { versions: Wire<WorkVersion>[] }) {
  if (versions.length === 0) return null
  return (
    <section className="versions" aria-label="提交记录">
      <h2>提交记录</h2>
      <ol>
        {versions.map((version) => (
          <li key={version.number}>
            <details>
              <summary>
                第 {version.number} 次 · {momentText(version.submittedAt)}
                <span className="quiet">
                  {version.decision ? decisionWords[version.decision] : '待审核'}
                  {version.decidedByName !== null &&
                    version.decision !== 'withdrawn' &&
                    ` · ${version.decidedByName}`}
                </span>
              </summary>
              <h3>{version.title}</h3>
              <Written html={version.body} />
            </details>
            {version.remark !== '' && <p className="version-remark">{version.remark}</p>}
          </li>
        ))}
      </ol>
    </section>
  )
}
