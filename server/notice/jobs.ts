import { listFilesOf } from '../files/actions.ts'
import { type Services, systemActor } from '../kit/services.ts'
import { listOrganisations } from '../org/store.ts'
import { closeOver, takeOver } from './actions.ts'
import { deliverMessage } from './mail.ts'
import { tellSchool } from './messages.ts'
import { findNotice } from './store.ts'

const actor = systemActor('job:tellMessages')

/**
 * Every few minutes: in each organisation notices whose count is over are closed, reminders are gathered and the digests
 * whose time has come are sent. One school's trouble does not keep the others from theirs.
 */
export async function tellMessagesJob(services: Services, payload: { orgId?: string } | null): Promise<void> {
  const failures: unknown[] = []
  for (const { id, kind } of await listOrganisations(services.pool)) {
    if (payload?.orgId !== undefined && payload.orgId !== id) continue
    try {
      await services.inOrganisation(id, actor, (tx) => closeOver(tx, services))
      if (kind === 'school') await tellSchool(services, id, actor)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'messages could not be told in some schools')
}

export async function deliverMessageJob(
  services: Services,
  payload: { orgId: string; id: string },
): Promise<void> {
  await deliverMessage(services, payload)
}

/** One school takes over how a notice of its district now stands. */
export async function passOnNoticeJob(
  services: Services,
  payload: { districtId: string; noticeId: string; schoolId: string },
): Promise<void> {
  const name = systemActor('job:passOnNotice')
  const sent = await services.inOrganisation(
    payload.districtId,
    name,
    async (tx) => {
      const notice = await findNotice(tx, payload.noticeId)
      return notice && { notice, files: await listFilesOf(tx, 'notice', notice.id) }
    },
    { readOnly: true },
  )
  if (sent)
    await services.inOrganisation(payload.schoolId, name, (tx) =>
      takeOver(tx, services, sent.notice, sent.files),
    )
}
