import './documents.css'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useGo, usePathParams } from '../kit/link.tsx'
import { ErrorNotice, Facts, Skeleton } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { Brand } from '../shell/brand.tsx'
import { documents } from './api.ts'

type Answer = Awaited<ReturnType<typeof documents.findDocument>>
type Genuine = Extract<Answer, { genuine: true }>

/** Public: says whether a paper with a number is genuine, and nothing of its content. */
export function VerifyPage() {
  const { code } = usePathParams<'code'>()
  useEffect(() => {
    document.title = '验证文件 · 校研'
  }, [])
  return (
    <main className="verify" id="main">
      <header className="verify-head">
        <Brand />
        <span className="quiet">验证学校签发的文件</span>
      </header>
      {code === undefined ? (
        <p className="verify-lead">请输入印在文件封面和页脚的编号，或用手机扫描文件上的二维码。</p>
      ) : (
        <Outcome code={code} />
      )}
      <NumberForm key={code ?? ''} code={code} />
      <p className="verify-foot quiet">
        本页只说明这个编号由谁签发、签发给谁，不显示文件内容。对内容有疑问的，请带上编号向签发学校核对存档。
      </p>
    </main>
  )
}

function Outcome({ code }: { code: string }) {
  const answer = useApi(documents.findDocument, { code })
  if (answer.error) return <ErrorNotice error={answer.error} retry={answer.refetch} />
  if (!answer.data) return <Skeleton shape="text" rows={7} />
  return answer.data.genuine ? <GenuinePaper paper={answer.data} /> : <NotFound code={answer.data.code} />
}

function GenuinePaper({ paper }: { paper: Genuine }) {
  return (
    <section className="sheet verify-card" aria-labelledby="verify-result">
      <div className="verify-result">
        <GenuineSeal />
        <div>
          <h1 id="verify-result">此件属实</h1>
          <p className="quiet">由{paper.organisation}签发，学校的存档未经改动。</p>
        </div>
      </div>
      <Facts
        items={[
          { label: '文件', value: paper.title },
          { label: '持有人', value: <b>{paper.holderName}</b> },
          { label: '签发单位', value: paper.organisation },
          {
            label: '签发日期',
            value: `${paper.issuedOn.slice(0, 4)}年${dayText(paper.issuedOn)}`,
          },
          { label: '编号', value: <span className="issued-code">{paper.code}</span> },
          {
            label: '存档指纹',
            value: <span className="issued-code">{paper.fingerprint.replace(/(.{4})(?=.)/g, '$1 ')}</span>,
          },
        ]}
      />
      <p className="verify-compare">请核对：文件上的姓名、学年、编号和日期与这里一致，才是同一份文件。</p>
    </section>
  )
}

function NotFound({ code }: { code: string }) {
  return (
    <section className="sheet verify-card" aria-labelledby="verify-result">
      <h1 id="verify-result">没有找到这个编号</h1>
      <p>
        编号 <span className="issued-code">{code}</span>{' '}
        不是本系统签发的，或输入有误。编号由“XY”、年份和两组四位字母数字组成，后两组中没有数字 0、1 和字母
        O、I、L、U，请对照文件再输一次。
      </p>
      <p className="quiet">再次核对仍找不到的，请向签发学校询问，不要采信这份文件。</p>
    </section>
  )
}

function NumberForm({ code }: { code: string | undefined }) {
  const go = useGo()
  const [typed, setTyped] = useState('')
  return (
    <form
      className="verify-form"
      onSubmit={(event) => {
        event.preventDefault()
        const number = typed.trim()
        if (number !== '') go(paths.verify(number))
      }}
    >
      <label className="field-label" htmlFor="verify-number">
        {code === undefined ? '文件编号' : '验证另一份文件'}
      </label>
      <div className="verify-row">
        <input
          id="verify-number"
          className="native-input"
          value={typed}
          maxLength={40}
          placeholder="XY-2026-7K3M-9QPD"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="primary" htmlType="submit" disabled={typed.trim() === ''}>
          验证
        </Button>
      </div>
    </form>
  )
}

/** A calm round mark in the manner of a seal; green, because vermilion is for what the school stamps itself. */
function GenuineSeal() {
  return (
    <svg
      className="verify-seal"
      viewBox="0 0 96 96"
      width="96"
      height="96"
      aria-hidden="true"
      focusable="false"
    >
      <circle cx="48" cy="48" r="45" className="seal-line" />
      <circle cx="48" cy="48" r="39.500" className="seal-thin" />
      <path d="M29 49.500 42.500 63 68 35.500" className="seal-check" />
    </svg>
  )
}
