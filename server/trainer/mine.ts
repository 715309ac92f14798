import type { Tx } from '../kit/sql.ts'
import { inScopeOf } from '../org/scope.ts'
import { listSchoolsOf } from '../org/store.ts'
import { getOrganisation } from './actions.ts'
import type { MyContribution, MyEngagement } from './contract.ts'
import { forWhom } from './present.ts'
import { meanStars } from './rules.ts'
import * as store from './store.ts'

/** Engagements and contributions of some trainers of the organisation in whose scope this is read. */
async function readHere(tx: Tx, trainerIds: string[]) {
  const { name, kind } = await getOrganisation(tx)
  const everybody = kind === 'district' ? '全区' : '全校'
  const invitations = await store.listInvitations(tx, { status: 'approved', trainerIds })
  const given = await store.listContributions(tx, { trainerIds })
  return {
    engagements: invitations
      .filter((one) => !one.isGiven)
      .map(
        (one): MyEngagement => ({
          organisationName: name,
          kind: one.kind,
          subject: one.subject,
          from: one.from,
          to: one.to,
          letterNumber: one.letterNumber,
        }),
      ),
    contributions: given.map(
      (one): MyContribution => ({
        organisationName: name,
        kind: one.kind,
        subject: one.subject,
        heldOn: one.heldOn,
        minutes: one.minutes,
        forWhom: forWhom(one, everybody),
        people: one.people ?? 0,
        ratings: one.ratings,
        stars: one.stars,
        // Never with names: people say what they think.
        comments: one.comments,
      }),
    ),
  }
}

/** As whom the person who acts stands in the own pool, and in that of the district. */
export async function findMyPlaces(
  tx: Tx,
): Promise<{ own: string[]; offered: string[]; districtId: string | null }> {
  const me = tx.actor.personId
  if (me === null || tx.actor.districtId !== null) return { own: [], offered: [], districtId: null }
  const organisation = await getOrganisation(tx)
  const own = (await store.listTrainers(tx)).filter((row) => row.personId === me).map((row) => row.id)
  if (organisation.kind === 'district') return { own, offered: own, districtId: tx.orgId }
  const { districtId } = organisation
  if (districtId === null) return { own, offered: [], districtId }
  const there = await inScopeOf(tx, districtId, store.listTrainers)
  const mine = there.filter((row) => row.homeOrgId === tx.orgId && row.homePersonId === me)
  return { own, offered: mine.map((row) => row.id), districtId }
}

/**
 * What the person who acts was engaged for and gave: here, and in every school of the district that took the person over
 * from the district's pool. Only ever the own records.
 */
export async function loadMine(tx: Tx) {
  const { own, offered, districtId } = await findMyPlaces(tx)
  const parts: Awaited<ReturnType<typeof readHere>>[] = []
  if (own.length > 0) parts.push(await readHere(tx, own))
  if (offered.length > 0 && districtId !== null) {
    if (districtId !== tx.orgId)
      parts.push(await inScopeOf(tx, districtId, (other) => readHere(other, offered)))
    for (const school of await listSchoolsOf(tx, districtId)) {
      if (school.id === tx.orgId) continue
      const there = await inScopeOf(tx, school.id, async (other) => {
        const ids = (await store.listTrainers(other))
          .filter((row) => row.districtTrainerId !== null && offered.includes(row.districtTrainerId))
          .map((row) => row.id)
        return ids.length === 0 ? undefined : readHere(other, ids)
      })
      if (there) parts.push(there)
    }
  }
  const contributions = parts
    .flatMap((part) => part.contributions)
    .toSorted((a, b) => (a.heldOn < b.heldOn ? 1 : -1))
  const stars = contributions.flatMap((one) => Array.from({ length: one.ratings }, () => one.stars ?? 0))
  return {
    isTrainer: own.length + offered.length > 0,
    engagements: parts.flatMap((part) => part.engagements).toSorted((a, b) => (a.from < b.from ? 1 : -1)),
    contributions,
    stars: meanStars(stars),
    ratings: stars.length,
  }
}
