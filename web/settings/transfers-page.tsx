import './settings.css'
import { DataList, type ListColumn } from '../kit/data-list.tsx'
import { Link } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { type Answer, org } from './api.ts'

type Transfer = Answer<typeof org.listTransfers>['transfers'][number]

/** Who came from which school and who went where, with the records that went along. */
export function TransfersPage() {
  const query = useApi(org.listTransfers, {})
  const rows = query.data?.transfers
  const columns: ListColumn<Transfer>[] = [
    {
      key: 'name',
      title: '姓名',
      phone: 'title',
      render: (row) =>
        row.personId ? (
          <Link to={paths.settings.person(row.personId)}>{row.personName}</Link>
        ) : (
          row.personName
        ),
    },
    { key: 'from', title: '原学校', render: (row) => row.fromName },
    { key: 'to', title: '新学校', render: (row) => row.toName },
    { key: 'on', title: '在原学校做到', render: (row) => row.lastDay, sortBy: (row) => row.lastDay },
    {
      key: 'carried',
      title: '一起转去的记录',
      align: 'end',
      render: (row) =>
        row.withdrawnBecause === null ? `${row.carried} 条` : `已撤出：${row.withdrawnBecause}`,
    },
    { key: 'note', title: '说明', render: (row) => row.note || '—' },
  ]
  return (
    <Page
      title="人员调动"
      width="wide"
      sentence="区内学校之间的调动。近五年的学时、学分和成果随人走，注明在哪所学校取得；原学校的记录不变。"
    >
      <DataList<Transfer>
        label="人员调动"
        rows={rows}
        error={query.error}
        retry={query.refetch}
        rowKey={(row) => row.id}
        columns={columns}
        empty={{
          title: '还没有区内调动。',
          sentence: '在“人员”里打开一个人的档案，点“调往他校”办理；办好以后两所学校和区里都能看到。',
        }}
        emptyFiltered="没有找到。"
      />
    </Page>
  )
}
