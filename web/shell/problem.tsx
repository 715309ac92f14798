import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { ApiError, randomId } from '../kit/api.ts'
import { paths } from '../paths.ts'

/** What stands in place of a page that broke: an id to report, and the ways on. */
export function ProblemPage({ error }: { error: unknown }) {
  const [id] = useState(() => (error instanceof ApiError && error.id) || randomId().slice(0, 8))
  useEffect(() => {
    document.title = '页面出了问题 · 校研'
    console.error(`page problem ${id}`, error)
  }, [id, error])
  return (
    <div className="page page-normal" role="alert">
      <header className="page-head">
        <div className="page-heading">
          <h1>页面出了问题</h1>
          <div className="page-sentence">
            <p>不是您的操作有误。已经保存的内容都在；正在写的内容也存在本机。</p>
          </div>
        </div>
      </header>
      <p>
        请先重新打开；若仍不行，请把编号 <b className="figure">{id}</b> 告诉管理员。
      </p>
      <p className="page-way">
        <Button type="primary" onClick={() => location.reload()}>
          重新打开
        </Button>
        <Button href={paths.home()}>回首页</Button>
      </p>
    </div>
  )
}
