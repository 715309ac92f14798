import { refuseNotFound } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { inScopeOf } from '../org/scope.ts'
import { findOrganisation, type Organisation } from '../org/store.ts'
import { can } from './access.ts'
import { getVersions, listKinds, listRuleChoices, type Version, withStage } from './actions.ts'
import type { Clause, DiffLine, OpinionView, RegulationLine, RegulationView } from './contract.ts'
import { compareClauses, needsAnswer } from './rules.ts'
import * as store from './store.ts'
import { labelsOf } from './words.ts'

function lineOf(version: Version, kinds: ReadonlyMap<string, string>): RegulationLine {
  return {
    id: version.regulationId,
    versionId: version.id,
    version: version.number,
    kind: version.kind,
    kindLabel: kinds.get(version.kind) ?? '其他制度',
    title: version.title,
    documentNumber: version.documentNumber,
    stage: version.stage,
    clauses: version.clauses.filter((clause) => clause.kind === 'clause').length,
    consultFrom: version.consultFrom,
    consultTo: version.consultTo,
    inForceFrom: version.inForceFrom,
    inForceTo: version.inForceTo,
    savedAt: version.savedAt,
    draftedByName: version.draftedByName,
    approvedByName: version.approvedByName,
    opinions: {
      total: version.opinionStates.length,
      open: version.opinionStates.filter(needsAnswer).length,
    },
    hasMine: version.hasMine,
  }
}

const hasEnded = (version: Version) => version.stage === 'replaced' || version.stage === 'repealed'

/** The versions that matter: in force, coming, in the making; with `ended` also the old ones. */
async function listLines(
  tx: Tx,
  ended: boolean,
  kinds: ReadonlyMap<string, string>,
): Promise<RegulationLine[]> {
  return (await store.listAllVersions(tx))
    .map((row) => withStage(tx, row))
    .filter((version) => can.see(tx.actor, version) === null && (ended || !hasEnded(version)))
    .map((version) => lineOf(version, kinds))
}

/** What is published to the schools of a district. */
const isPublished = (version: Version) => version.approvedAt !== null

/** The district of a school; undefined for districts and schools without one. */
async function findDistrict(tx: Tx): Promise<Organisation | undefined> {
  const own = await findOrganisation(tx)
  return own?.districtId ? findOrganisation(tx, own.districtId) : undefined
}

async function kindLabels(tx: Tx): Promise<Map<string, string>> {
  return new Map((await listKinds(tx)).map((kind) => [kind.id, kind.label]))
}

/** The list as its page shows it. */
export async function loadList(tx: Tx, ended: boolean) {
  const kinds = await kindLabels(tx)
  const district = await findDistrict(tx)
  const districtLines = district
    ? await inScopeOf(tx, district.id, async (other) =>
        (await store.listAllVersions(other))
          .map((row) => withStage(other, row))
          .filter((version) => isPublished(version) && (ended || !hasEnded(version)))
          .map((version) => ({ ...lineOf(version, kinds), hasMine: false })),
      )
    : []
  return {
    own: await listLines(tx, ended, kinds),
    district: district && districtLines.length > 0 ? { name: district.name, lines: districtLines } : null,
    kinds: [...kinds].map(([id, label]) => ({ id, label })),
    abilities: { draft: can.draft(tx.actor) },
  }
}

export interface Found {
  versions: Version[]
  version: Version
  organisation: Organisation
  opinions: store.OpinionRow[]
  isDistrict: boolean
}

/** A regulation of the organisation, else one that its district has published. */
export async function findAnywhere(tx: Tx, id: string, number?: number): Promise<Found> {
  const choose = (versions: Version[]): Version =>
    (number === undefined
      ? (versions.find((one) => one.stage === 'inForce') ?? versions[0])
      : versions.find((one) => one.number === number)) ?? refuseNotFound('制度')
  if (await isOwn(tx, id)) {
    const versions = await getVersions(tx, id)
    const version = choose(versions)
    const opinions = await store.listOpinions(tx, version.id)
    const organisation = (await findOrganisation(tx)) ?? refuseNotFound('制度')
    return { versions, version, organisation, opinions, isDistrict: false }
  }
  const district = (await findDistrict(tx)) ?? refuseNotFound('制度')
  const versions = await inScopeOf(tx, district.id, async (other) =>
    (await store.listVersions(other, id)).map((row) => withStage(other, row)).filter(isPublished),
  )
  return { versions, version: choose(versions), organisation: district, opinions: [], isDistrict: true }
}

async function isOwn(tx: Tx, id: string): Promise<boolean> {
  return (await store.listVersions(tx, id)).length > 0
}

/** What each opinion is about: the number of the clause as the teachers had it before them. */
function clauseLabels(version: Version): Map<string, string> {
  const labels = new Map<string, string>()
  for (const clauses of [version.clauses, version.consultedClauses ?? []]) {
    const numbers = labelsOf(clauses, version.numbering)
    for (const [index, clause] of clauses.entries())
      labels.set(clause.id, (numbers[index] ?? '').replace(/[、.]$/, ''))
  }
  return labels
}

function opinionView(tx: Tx, version: Version, row: store.OpinionRow, labels: ReadonlyMap<string, string>) {
  return {
    id: row.id,
    clauseId: row.clauseId,
    clauseLabel: row.clauseId === null ? '全文' : (labels.get(row.clauseId) ?? '已删去的条文'),
    personName: row.personName,
    stance: row.stance,
    text: row.text,
    at: row.at,
    answer: row.answer,
    answerReason: row.answerReason,
    answeredByName: row.answeredByName,
    answeredAt: row.answeredAt,
    isMine: row.personId === tx.actor.personId,
    abilities: {
      withdraw: can.withdrawOpinion(tx.actor, version, row),
      answer: can.answer(tx.actor, version),
    },
  } satisfies OpinionView
}

/** The opinions of a version for a table. */
export function opinionsOf(tx: Tx, found: Found): OpinionView[] {
  const labels = clauseLabels(found.version)
  return found.opinions.map((row) => opinionView(tx, found.version, row, labels))
}

/** A regulation with its clauses, opinions, versions and what the caller may do. */
export async function viewRegulation(tx: Tx, id: string, number?: number): Promise<RegulationView> {
  const found = await findAnywhere(tx, id, number)
  const { version, versions, organisation, isDistrict } = found
  const kinds = await kindLabels(tx)
  const labels = labelsOf(version.clauses, version.numbering)
  const rules = isDistrict ? [] : await listRuleChoices(tx)
  const isNewest = versions[0]?.id === version.id
  const opinions = opinionsOf(tx, found)
  const notHere = isDistrict
    ? '这是区里的制度，学校只能查看。'
    : isNewest
      ? null
      : '这不是最新的一版，请到最新一版办理。'
  const only = (reason: string | null) => notHere ?? reason
  const { actor } = tx
  return {
    ...lineOf(version, kinds),
    hasMine: !isDistrict && version.hasMine,
    organisation: { name: organisation.name, isDistrict },
    numbering: version.numbering,
    note: version.note,
    text: version.clauses.map((clause: Clause, index) => {
      const about = found.opinions.filter((one) => one.clauseId === clause.id)
      return {
        ...clause,
        label: labels[index] ?? '',
        opinions: about.length,
        open: about.filter(needsAnswer).length,
      }
    }),
    draftVersion: version.draftVersion,
    approvedAt: version.approvedAt,
    remark: version.remark,
    repealReason: version.repealReason,
    rules: rules.filter((rule) => version.ruleIds.includes(rule.ruleId)),
    opinionList: opinions,
    versions: versions.map((one) => ({
      version: one.number,
      stage: one.stage,
      inForceFrom: one.inForceFrom,
      inForceTo: one.inForceTo,
      title: one.title,
    })),
    kinds: [...kinds].map(([kind, label]) => ({ id: kind, label })),
    comparable: {
      previous: versions.some((one) => one.number < version.number),
      consulted: version.consultedClauses !== null && compareText(version, version.consultedClauses),
    },
    abilities: {
      edit: only(can.edit(actor, version)),
      discard: only(can.discard(actor, version)),
      consult: only(can.consult(actor, version)),
      endConsultation: only(can.endConsultation(actor, version)),
      giveOpinion: only(can.giveOpinion(actor, version)),
      approve: only(can.approve(actor, version)),
      withdrawApproval: only(can.withdrawApproval(actor, version)),
      revise: isDistrict ? notHere : can.revise(actor, { ...version, hasOpenVersion: hasOpen(versions) }),
      repeal: isDistrict ? notHere : can.repeal(actor, version),
      linkRules: isDistrict ? notHere : can.linkRules(actor),
    },
  }
}

const hasOpen = (versions: Version[]) => versions.some((one) => one.approvedAt === null)

/** Whether the text was changed after the teachers had it before them. */
function compareText(version: Version, consulted: Clause[]): boolean {
  const text = (clauses: Clause[]) => clauses.map((clause) => `${clause.kind} ${clause.text}`).join('\n')
  return text(version.clauses) !== text(consulted)
}

/** What a version changed against the one before, or against the text of its consultation. */
export async function compareVersion(
  tx: Tx,
  input: { id: string; version: number; against: 'previous' | 'consulted' },
): Promise<{ before: string; after: string; lines: DiffLine[] }> {
  const { version, versions } = await findAnywhere(tx, input.id, input.version)
  const after = `第 ${version.number} 版`
  if (input.against === 'consulted') {
    const clauses = version.consultedClauses ?? refuseNotFound('征求意见稿')
    return {
      before: '征求意见稿',
      after,
      lines: compareClauses({ clauses, numbering: version.numbering }, version),
    }
  }
  const before = versions.find((one) => one.number < version.number) ?? refuseNotFound('上一版')
  return { before: `第 ${before.number} 版`, after, lines: compareClauses(before, version) }
}
