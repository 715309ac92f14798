import { attributesOn, isInPost } from '../../engine/cohorts.ts'
import { compositionOf, isMeant } from '../../engine/shapes/body.ts'
import type { LocalDate, PersonInput } from '../../engine/types.ts'
import { listAttachmentsOf } from '../files/actions.ts'
import { can as orgCan } from '../org/access.ts'
import { listPosts, listUnits, findOrganisation } from '../org/store.ts'
import { postRoleLabels, postRoleMeans, postRoles } from '../org/words.ts'
import { listFindings } from '../regime/actions.ts'
import { findYearInForce } from '../regime/adoption.ts'
import { listAllVersions } from '../regulation/store.ts'
import { withStage } from '../regulation/actions.ts'
import { can as regulationCan } from '../regulation/access.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { layersOf, whyNotCounted } from './actions.ts'
import { listRuleChoices, loadRegister } from './body-actions.ts'
import type {
  BodyRuleView,
  BodyView,
  DutyChoice,
  DutyView,
  EnvironmentView,
  ProposalView,
} from './contract.ts'
import { growthWords } from './growth-actions.ts'
import { conditionsOf, listMyBodies, listReviews, opinionsByProposal } from './opinion-actions.ts'
import { askedOf, labelIn, type Word } from './rules.ts'
import { countedOf, regimesNow } from './standing.ts'
import * as store from './store.ts'
import { usualEnvironmentKinds } from './words.ts'

const holds = (range: { from: LocalDate; to: LocalDate | null }, day: LocalDate) =>
  range.from <= day && (range.to === null || day <= range.to)
const isSeen = (tx: Tx, row: Parameters<typeof withStage>[1]) =>
  regulationCan.see(tx.actor, withStage(tx, row)) === null

/** Bodies with posts and members, and what the regime asks of them. */
export async function loadBodies(tx: Tx) {
  const register = await loadRegister(tx)
  const posts = await listPosts(tx, tx.today)
  const units = (await listUnits(tx, tx.today)).filter((unit) => unit.kind === 'body')
  const terms = await store.listBodyTerms(tx)
  const memberRules = await store.listMemberRules(tx)
  const byRule = new Set((await store.listMembersByRule(tx)).map((one) => `${one.unitId} ${one.personId}`))
  const inForce = await findYearInForce(tx)
  const regimes = await regimesNow(tx)
  const findings = inForce
    ? await listFindings(tx, { kind: 'organisation', id: tx.orgId }, inForce.year.id)
    : []
  const versions = (await listAllVersions(tx)).filter((row) => isSeen(tx, row))
  const regulations = new Map<string, string>()
  for (const row of versions)
    if (!regulations.has(row.regulationId)) regulations.set(row.regulationId, row.title)

  const bodyRules = regimes.flatMap((regime) => {
    const asked = askedOf(regime, register, tx.today)
    return regime.rules.flatMap((rule) =>
      rule.body && rule.body.unitKinds.includes('body') ? [{ regime, rule, block: rule.body, asked }] : [],
    )
  })
  const othersOf = (personId: string, unitId: string) =>
    posts
      .filter((post) => post.personId === personId && post.unitId !== unitId && post.role !== 'administrator')
      .map((post) => post.title)
  const bodies: BodyView[] = []
  for (const unit of units) {
    const input = register.units.find((one) => one.id === unit.id)
    const own = posts.filter((post) => post.unitId === unit.id)
    const term = terms.find((one) => one.unitId === unit.id)
    const posted = new Set(own.map((post) => post.personId))
    const members = register.people.flatMap((person) => {
      const one = person.memberships.find((range) => range.unitId === unit.id && holds(range, tx.today))
      return one && !posted.has(person.id) && person.service.some((range) => holds(range, tx.today))
        ? [
            {
              personId: person.id,
              name: person.name,
              from: one.from,
              to: one.to,
              others: othersOf(person.id, unit.id),
              byRule: byRule.has(`${unit.id} ${person.id}`),
            },
          ]
        : []
    })
    const rank = (role: string) => ['groupLeader', 'deputyLeader'].indexOf(role) >>> 0
    bodies.push({
      id: unit.id,
      name: unit.name,
      since: unit.fromOn,
      posts: own
        .toSorted((a, b) => rank(a.role) - rank(b.role))
        .map((post) => ({
          id: post.id,
          personId: post.personId,
          name: post.personName,
          title: post.title,
          from: post.fromOn,
          to: post.toOn,
          others: othersOf(post.personId, unit.id),
        })),
      members: members.toSorted((a, b) => a.name.localeCompare(b.name, 'zh-CN')),
      rules: memberRules
        .filter((rule) => rule.unitId === unit.id)
        .map((rule) => ({
          id: rule.id,
          label: rule.label,
          people: members.filter((member) => member.byRule).length,
        })),
      term: term ? { from: term.from, to: term.to } : null,
      termOver: term?.to !== undefined && term?.to !== null && term.to < tx.today,
      paper: {
        regulationId: term?.regulationId ?? null,
        title: (term?.regulationId ? regulations.get(term.regulationId) : undefined) ?? term?.paper ?? '',
      },
      files: await listAttachmentsOf(tx, 'body', unit.id),
      composition: input
        ? bodyRules
            .filter(({ block, asked }) => isMeant(block, input, asked))
            .flatMap(({ regime, rule, block, asked }) =>
              compositionOf(block, input, asked).map((part) => ({
                ...part,
                clause: `${regime.title} ${rule.clause}`,
              })),
            )
        : [],
    })
  }
  const rules = bodyRules.map(({ regime, rule, block, asked }): BodyRuleView => {
    const finding = findings.find((one) => one.regimeId === regime.id && one.ruleId === rule.id)
    const meant = register.units.filter((unit) => holds(unit, tx.today) && isMeant(block, unit, asked))
    const missing = meant.flatMap((unit) =>
      compositionOf(block, unit, asked)
        .filter((part) => !part.met)
        .map((part) => `${unit.name}：${part.sentence}`),
    )
    if (meant.length < block.atLeast)
      missing.unshift(`应有 ${block.atLeast} ${block.unit}，现有 ${meant.length} ${block.unit}`)
    return {
      regimeId: regime.id,
      regimeTitle: regime.title,
      ruleId: rule.id,
      title: rule.title,
      clause: rule.clause,
      text: rule.text,
      finding: finding
        ? {
            state: finding.state,
            periodId: finding.period.id,
            value: finding.value,
            target: finding.target,
            unit: finding.unit,
          }
        : null,
      missing,
    }
  })
  return {
    bodies,
    rules,
    choices: (await listRuleChoices(tx, regimes)).map(({ id, label }) => ({ id, label })),
    regulations: [...regulations].map(([id, label]) => ({ id, label })),
    organisationId: tx.orgId,
    today: tx.today,
    abilities: { appoint: can.appoint(tx.actor), found: can.appoint(tx.actor) ?? orgCan.maintain(tx.actor) },
  }
}

/** Duties in force (with `ended` also those that are over), and what the regime names that nobody holds. */
export async function loadDuties(tx: Tx, ended: boolean) {
  const regimes = await regimesNow(tx)
  const counted = countedOf(regimes, 'duty.assigned')
  const layers = layersOf(regimes)
  const units = await listUnits(tx, tx.today)
  const rows = await store.listDuties(tx)
  const inForce = rows.filter((row) => row.to === null || row.to >= tx.today)
  const layerLabel = (id: string) =>
    layers.find((one) => one.id === id)?.label ?? labelIn(regimes, 'layer', id)
  const countsFor = (row: { duty: string; layer: string; role: string }) =>
    counted.filter(
      ({ values }) =>
        (values.duty === undefined ? row.layer !== '' : values.duty.includes(row.duty)) &&
        (values.layer === undefined || values.layer.includes(row.layer)) &&
        (values.role === undefined || values.role.includes(row.role)),
    )
  const duties = (ended ? rows : inForce).map((row): DutyView => {
    const because = whyNotCounted(row, counted)[0] ?? null
    return {
      id: row.id,
      duty: row.duty,
      statement: row.statement,
      layer: row.layer,
      layerLabel: row.layer === '' ? '' : layerLabel(row.layer),
      roleLabel: row.role === '' || row.role === 'teacher' ? '' : labelIn(regimes, 'role', row.role),
      firstResponsible: row.firstResponsible,
      holderKind: row.holderKind,
      holderId: row.holderId,
      holderName: row.holderKind === 'organisation' ? '全体教师' : row.holderName,
      isMine:
        row.holderId === tx.actor.personId ||
        (row.holderKind === 'unit' && tx.actor.unitIds.includes(row.holderId)) ||
        row.holderKind === 'organisation',
      from: row.from,
      to: row.to,
      counts: [...new Set(countsFor(row).map((one) => `${one.regimeTitle} ${one.clause}`))],
      because,
    }
  })
  const words = new Map<string, DutyChoice>()
  for (const one of counted)
    for (const id of one.values.duty ?? []) {
      const choice = words.get(id) ?? {
        id,
        label: labelIn(regimes, 'duty', id),
        clause: one.clause,
        layers: [],
        roles: [],
      }
      choice.layers = [...new Set([...choice.layers, ...(one.values.layer ?? [])])]
      const roles = new Set([...choice.roles.map((role) => role.id), ...(one.values.role ?? [])])
      choice.roles = [...roles].map((role) => ({ id: role, label: labelIn(regimes, 'role', role) }))
      words.set(id, choice)
    }
  for (const regime of regimes)
    for (const term of regime.vocabularies.otherTerms)
      if (term.group === '职责' && !words.has(term.id))
        words.set(term.id, {
          id: term.id,
          label: term.label,
          clause: term.clause ?? '',
          layers: [],
          roles: [],
        })
  const asksLayers = counted.filter((one) => one.values.layer || !one.values.duty)
  const open = [
    ...[...words.values()]
      .filter((choice) => counted.some((one) => one.values.duty?.includes(choice.id)))
      .filter((choice) => !inForce.some((row) => row.duty === choice.id))
      .map((choice) => `“${choice.label}”还没有人负责（${choice.clause}）`),
    ...(asksLayers.length > 0
      ? layers
          .filter((layer) => layer.clause !== null && !inForce.some((row) => row.layer === layer.id))
          .map((layer) => `“${layer.label}”这一级还没有写明职责（${layer.clause}）`)
      : []),
  ]
  return {
    duties,
    layers,
    choices: [...words.values()],
    open,
    today: tx.today,
    posts: await loadPosts(tx),
    schoolName: (await findOrganisation(tx))?.name ?? '',
    units: units.map((unit): Word => ({ id: unit.id, label: unit.name })),
    abilities: { assign: can.assign(tx.actor) },
  }
}

/** Posts that are held today: what each lets its holders do. */
async function loadPosts(tx: Tx) {
  const held = Map.groupBy(await listPosts(tx, tx.today), (post) => post.role)
  return postRoles.flatMap((role) => {
    const own = held.get(role) ?? []
    if (own.length === 0) return []
    const holders = [...new Map(own.map((post) => [post.personId, post.personName])).values()]
    const isMine = own.some((post) => post.personId === tx.actor.personId)
    return [{ role, label: postRoleLabels[role], means: postRoleMeans[role], holders, isMine }]
  })
}

/** The register of venues, equipment, times, and the requests to logistics. */
export async function loadEnvironment(tx: Tx) {
  const regimes = await regimesNow(tx)
  const counted = countedOf(regimes, 'environment.registered')
  const named = [...new Set(counted.flatMap((one) => one.values.environmentKind ?? []))].map((id) => ({
    id,
    label: labelIn(regimes, 'environmentKind', id),
    clause: counted.find((one) => one.values.environmentKind?.includes(id))?.clause ?? null,
  }))
  const kinds = [
    ...named,
    ...usualEnvironmentKinds
      .filter((one) => !named.some((other) => other.id === one.id))
      .map((one): { id: string; label: string; clause: string | null } => ({ ...one, clause: null })),
  ]
  const items = (await store.listItems(tx)).map((row): EnvironmentView => {
    const { withdrawnBecause: _withdrawn, ...view } = row
    return {
      ...view,
      kindLabel:
        kinds.find((one) => one.id === row.kind)?.label ?? labelIn(regimes, 'environmentKind', row.kind),
      counts: counted
        .filter((one) => one.values.environmentKind?.includes(row.kind))
        .map((one) => `${one.regimeTitle} ${one.clause}`),
    }
  })
  const myBodies = await listMyBodies(tx)
  const supplies = (await store.listSupplies(tx)).map(({ requestedBy, ...row }) => ({
    ...row,
    isLate: row.status === 'requested' && row.neededOn < tx.today,
    cameLate: row.status === 'delivered' && row.settledOn !== null && row.settledOn > row.neededOn,
    abilities: {
      deliver: can.deliver(tx.actor, row),
      withdraw: can.withdrawRequest(tx.actor, { ...row, requestedBy }),
    },
  }))
  return {
    items,
    kinds,
    open: named
      .filter(
        (kind) => !items.some((item) => item.kind === kind.id && (item.to === null || item.to >= tx.today)),
      )
      .map((kind) => `还没有登记${kind.label}（${kind.clause}）`),
    supplies,
    reviews: await listReviews(tx),
    myBodies,
    today: tx.today,
    abilities: {
      maintain: can.maintainEnvironment(tx.actor),
      request: can.request(tx.actor),
      review: can.giveOpinion(tx.actor, myBodies.length > 0),
    },
  }
}

const valueOf = (person: PersonInput, name: string, day: LocalDate) =>
  person.attributes
    .filter((one) => one.name === name && holds(one, day))
    .toSorted((a, b) => (a.from < b.from ? 1 : -1))[0]

/** Where everybody stands on the ladder, the pool, and what waits to be confirmed. */
export async function loadGrowth(tx: Tx) {
  const register = await loadRegister(tx)
  const { steps, titles, levels } = await growthWords(tx)
  const kinds = new Map(register.units.map((unit) => [unit.id, unit.kind]))
  const names = new Map(register.units.map((unit) => [unit.id, unit.name]))
  const trainings = await store.listTrainings(tx)
  const rows = await store.listProposals(tx)
  const myBodies = await listMyBodies(tx)
  const sits = myBodies.length > 0
  const seen = rows.filter((row) => can.seeProposal(tx.actor, row, sits))
  const opinions = await opinionsByProposal(tx)
  const isOpen = (row: (typeof rows)[number]) => row.status === 'proposed' && row.kind !== 'step'
  const conditions = await conditionsOf(
    tx,
    await regimesNow(tx),
    seen.filter(isOpen).map((row) => row.personId),
  )
  const label = (words: readonly Word[], id: string) => words.find((one) => one.id === id)?.label ?? id
  const proposals: ProposalView[] = []
  for (const row of seen) {
    const isCandidate = row.kind === 'candidate' && row.status === 'confirmed'
    proposals.push({
      ...row,
      wordLabel: label(row.kind === 'step' ? steps : titles, row.word),
      levelLabel: row.level === '' ? '' : label(levels, row.level),
      trainings: trainings.filter((one) => one.candidateId === row.id),
      files:
        row.status === 'proposed' || row.kind !== 'step' ? await listAttachmentsOf(tx, 'growth', row.id) : [],
      opinions: opinions.get(row.id) ?? [],
      conditions: isOpen(row) ? (conditions.get(row.personId) ?? []) : [],
      abilities: {
        opine:
          row.status === 'proposed'
            ? row.personId === tx.actor.personId
              ? '不能评审自己的提名。'
              : can.giveOpinion(tx.actor, sits)
            : '这项提名已经处理过了。',
        confirm: can.confirm(tx.actor, row),
        withdraw: can.withdrawProposal(tx.actor, row),
        train: isCandidate ? can.propose(tx.actor) : '培养记录写在已确认的培养对象名下。',
      },
    })
  }
  const people = register.people.filter((person) => {
    const { staffKind } = attributesOn(person, (id) => kinds.get(id), tx.today)
    return isInPost(person, tx.today) && (staffKind ?? 'teaching') === 'teaching'
  })
  const growth = people
    .map((person) => {
      const step = valueOf(person, 'growthStep', tx.today)
      const known = steps.find((one) => one.id === step?.value || one.label === step?.value)
      const id = known?.id ?? (typeof step?.value === 'string' ? step.value : '')
      const group = person.memberships.find(
        (one) => holds(one, tx.today) && kinds.get(one.unitId) === 'teachingResearchGroup',
      )
      const backbone = valueOf(person, 'backboneLevel', tx.today)?.value
      const proof = rows.find(
        (row) =>
          row.personId === person.id && row.kind === 'step' && row.status === 'confirmed' && row.word === id,
      )?.proof
      return {
        personId: person.id,
        name: person.name,
        groupName: group ? (names.get(group.unitId) ?? '') : '',
        step: id,
        stepLabel: id === '' ? '' : label(steps, id),
        since: step?.from ?? null,
        proof: proof ?? '',
        backbone: typeof backbone === 'string' ? backbone : '',
      }
    })
    .toSorted(
      (a, b) => a.groupName.localeCompare(b.groupName, 'zh-CN') || a.name.localeCompare(b.name, 'zh-CN'),
    )
  return {
    steps: steps.map((step) => ({ ...step, people: growth.filter((row) => row.step === step.id).length })),
    rows: growth,
    proposals,
    titles,
    levels,
    unknown: growth.filter((row) => row.step === '').length,
    myBodies,
    today: tx.today,
    abilities: { propose: can.propose(tx.actor) },
  }
}
