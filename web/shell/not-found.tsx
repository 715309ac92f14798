import { LinkButton } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { paths } from '../paths.ts'

export function NotFoundPage() {
  return (
    <Page title="没有这一页" sentence="网址可能打错了，或者这条内容已经删除。">
      <p className="page-way">
        <LinkButton type="primary" to={paths.home()}>
          回首页
        </LinkButton>
      </p>
    </Page>
  )
}

/** The page exists, but not for this person's posts. */
export function NotForYouPage({ title, who }: { title: string; who: string }) {
  return (
    <Page
      title={title}
      sentence={`这一页给${who}使用，您目前的岗位没有这项权限。如有需要，请联系学校管理员。`}
    >
      <p className="page-way">
        <LinkButton type="primary" to={paths.home()}>
          回首页
        </LinkButton>
      </p>
    </Page>
  )
}
