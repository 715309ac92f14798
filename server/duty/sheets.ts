import type { Tx } from '../kit/sql.ts'
import type { Sheet } from '../typesetting/spreadsheet.ts'
import { loadBodies, loadDuties, loadGrowth } from './present.ts'
import { loadTitles } from './title-actions.ts'

const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })
const day = (title: string) => ({ title, width: 14, kind: 'date' as const })

/** Bodies and duties for Excel, one sheet each. */
export async function bodySheets(tx: Tx): Promise<Sheet[]> {
  const { bodies } = await loadBodies(tx)
  const { duties } = await loadDuties(tx, true)
  return [
    {
      name: '组织机构',
      columns: [
        text('组织', 26),
        text('职务', 22),
        text('姓名', 12),
        day('从'),
        text('兼任', 40),
        text('产生方式', 12),
        day('任期从'),
        day('任期到'),
        text('任命文件', 32),
      ],
      rows: bodies.flatMap((body) => {
        const about = [body.term?.from ?? null, body.term?.to ?? null, body.paper.title]
        return [
          ...body.posts.map((post) => [
            body.name,
            post.title,
            post.name,
            post.from,
            post.others.join('、'),
            '任命',
            ...about,
          ]),
          ...body.members.map((one) => [
            body.name,
            '成员',
            one.name,
            one.from,
            one.others.join('、'),
            one.byRule ? '按职务' : '指定',
            ...about,
          ]),
        ]
      }),
    },
    {
      name: '职责',
      columns: [
        text('管理层级', 20),
        text('职责', 40),
        text('责任人', 18),
        text('职务', 14),
        text('第一责任人', 12),
        day('从'),
        day('到'),
        text('对应条款', 36),
      ],
      rows: duties.map((duty) => [
        duty.layerLabel,
        duty.statement,
        duty.holderName,
        duty.roleLabel,
        duty.firstResponsible ? '是' : '',
        duty.from,
        duty.to,
        duty.counts.join('；'),
      ]),
    },
  ]
}

/** Steps and the pool for Excel. */
export async function growthSheets(tx: Tx): Promise<Sheet[]> {
  const { rows, proposals } = await loadGrowth(tx)
  const { titles } = await loadTitles(tx)
  return [
    {
      name: '成长阶段',
      columns: [
        text('姓名', 12),
        text('教研组', 20),
        text('成长阶段', 12),
        day('从'),
        text('依据', 40),
        text('骨干级别', 20),
      ],
      rows: rows.map((row) => [row.name, row.groupName, row.stepLabel, row.since, row.proof, row.backbone]),
    },
    {
      name: '骨干和培养对象',
      columns: [
        text('姓名', 12),
        text('类别', 12),
        text('级别', 10),
        text('称号', 16),
        day('从'),
        text('依据', 40),
        text('培养记录', 60),
      ],
      rows: proposals
        .filter((one) => one.kind !== 'step' && one.status === 'confirmed')
        .map((one) => [
          one.name,
          one.kind === 'title' ? '骨干' : '培养对象',
          one.levelLabel,
          one.wordLabel,
          one.from,
          one.proof,
          one.trainings.map((training) => `${training.heldOn} ${training.what}`).join('；'),
        ]),
    },
    {
      name: '集体称号',
      columns: [text('组或学校', 26), text('级别', 10), text('称号', 24), day('授予日期'), text('依据', 50)],
      rows: titles.map((one) => [one.holderName, one.levelLabel, one.titleLabel, one.grantedOn, one.proof]),
    },
  ]
}
