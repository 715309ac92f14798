import type { LocalDate } from '../engine/types.ts'
import type { Tx } from '../server/kit/sql.ts'
import * as org from '../server/org/actions.ts'

const from: LocalDate = '2020-09-01'

/** Who sits in the district's bodies beside the two officers: education bureau, inspection, researchers. No accounts. */
const colleagues = [
  { staffNumber: 'QJY03', name: '潘国栋' },
  { staffNumber: 'QJY04', name: '施慧敏' },
  { staffNumber: 'QJY05', name: '倪建章' },
  { staffNumber: 'QJY06', name: '陆春华' },
  { staffNumber: 'QJY07', name: '聂永红' },
  { staffNumber: 'QJY08', name: '褚晓岚' },
  { staffNumber: 'QJY09', name: '邱立群' },
  { staffNumber: 'QJY10', name: '柯美珍' },
]

/** The district's leading group, guidance group and office, as its scheme names them. */
export async function foundDistrictOffice(tx: Tx, officerIds: string[]): Promise<void> {
  const ids: string[] = []
  for (const { staffNumber, name } of colleagues)
    ids.push(await org.createPerson(tx, { staffNumber, name, from, attributes: {} }))
  const [director = '', chinese = ''] = officerIds
  const [deputyHead = '', basic = '', personnel = '', inspection = '', ...researchers] = ids
  await body(tx, '校本研修领导小组', [deputyHead, director, basic, personnel, inspection, chinese])
  await body(tx, '校本研修指导小组', [director, chinese, inspection, basic, ...researchers])
  const officeId = await org.createUnit(tx, { kind: 'department', name: '校本研修办公室', from })
  await org.addMember(tx, { unitId: officeId, personId: director, from })
  await org.appoint(tx, {
    personId: director,
    role: 'groupLeader',
    unitId: officeId,
    title: '办公室主任',
    from,
  })
}

/** A body whose first member leads and whose second is the deputy. */
async function body(tx: Tx, name: string, personIds: string[]): Promise<void> {
  const unitId = await org.createUnit(tx, { kind: 'body', name, from })
  for (const personId of personIds) await org.addMember(tx, { unitId, personId, from })
  const [leader = '', deputy = ''] = personIds
  const short = name.replace('校本研修', '')
  await org.appoint(tx, { personId: leader, role: 'groupLeader', unitId, title: `${short}组长`, from })
  await org.appoint(tx, { personId: deputy, role: 'deputyLeader', unitId, title: `${short}副组长`, from })
}
