import { addDays } from '../../engine/days.ts'
import { schoolYearOf } from '../../engine/periods.ts'
import type { CalendarInput, LocalDate } from '../../engine/types.ts'
import { activitySettings, choosable } from '../activity/settings.ts'
import { loadCalendar } from '../calendar/store.ts'
import { dayText, localDateOf } from '../kit/dates.ts'
import { demand, refuseNotFound } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { findOrganisation, listSchoolsOf, listUnits } from '../org/store.ts'
import type { AppointmentLetter } from '../typesetting/types.ts'
import { can } from './access.ts'
import { getOrganisation, listOffers } from './actions.ts'
import { ratingUntil } from './contribution-actions.ts'
import type { ContributionView, InvitationView, ToRate, TrainerView, TrainerYear } from './contract.ts'
import { wordsNamed } from './described.ts'
import { adviserDuties } from './invitation-actions.ts'
import { meanStars, ratingDays, type Word, wordsFor } from './rules.ts'
import * as store from './store.ts'
import { trainerKinds, trainerLevels, usualGuidanceKinds, usualModes } from './words.ts'

/** Words as which trainers count anywhere: taught at an activity, guided, engaged as an adviser. */
async function allWords(tx: Tx): Promise<Word[]> {
  const words = [
    ...(await wordsNamed(tx, 'activity.held', 'trainers')),
    ...(await wordsNamed(tx, 'guidance.given', 'guide')),
  ]
  return [...new Map(words.map((word) => [word.id, word])).values()]
}

const yearLabel = (id: string) => `${id.replace('-', '—')}学年`

/** The asked school year, else the running one; in the holidays the one before. */
function yearMeant(calendar: CalendarInput, today: LocalDate, id: string | null) {
  const begun = calendar.schoolYears.filter((year) => year.from <= today)
  return (id === null ? schoolYearOf(calendar, today) : begun.find((one) => one.id === id)) ?? begun.at(-1)
}
/** A school year lasts until the next begins: lectures in the summer holidays belong to it. */
function rangeOf(calendar: CalendarInput, year: { id: string; from: LocalDate; to: LocalDate }) {
  const next = calendar.schoolYears.find((one) => one.from > year.from)
  return { from: year.from, to: next ? addDays(next.from, -1) : addDays(year.to, 60) }
}

/** The pool, whom the district offers, and what its form needs. */
export async function loadTrainers(tx: Tx, left: boolean) {
  const organisation = await getOrganisation(tx)
  const calendar = await loadCalendar(tx)
  const words = await allWords(tx)
  const rows = (await store.listTrainers(tx)).filter((row) => left || row.leftOn === null)
  const advisers = (await store.listInvitations(tx, { status: 'approved' })).filter(
    (one) => one.kind === 'adviser' && one.from <= tx.today && (one.to ?? one.from) >= tx.today,
  )
  const year = yearMeant(calendar, tx.today, null)
  const figures = new Map(
    (year ? await store.listFigures(tx, rangeOf(calendar, year)) : []).map((one) => [one.trainerId, one]),
  )
  const seesPhones = can.seePhone(tx.actor) === null
  const labelOf = (id: string) => words.find((word) => word.id === id)?.label ?? id
  return {
    trainers: rows.map((row): TrainerView => {
      const own = figures.get(row.id)
      const adviser = advisers.find((one) => one.trainerId === row.id)
      return {
        id: row.id,
        name: row.name,
        kind: row.kind,
        kindLabel: trainerKinds[row.kind],
        level: row.level,
        levelLabel: trainerLevels[row.level],
        employer: row.employer,
        field: row.field,
        phone: seesPhones ? row.phone : '',
        isOwn: row.personId !== null,
        fromDistrict: row.districtTrainerId !== null,
        offered: row.offered,
        leftOn: row.leftOn,
        countsAs: row.countsAs,
        countedAs: wordsFor({ ...row, isOwn: row.personId !== null }, words).map(labelOf),
        adviser: adviser ? { subject: adviser.subject, to: adviser.to ?? adviser.from } : null,
        lectures: own?.lectures ?? 0,
        guidances: own?.guidances ?? 0,
        stars: own?.stars ?? null,
      }
    }),
    offers:
      can.maintain(tx.actor) === null
        ? (await listOffers(tx)).map((row) => ({
            id: row.id,
            name: row.name,
            kindLabel: trainerKinds[row.kind],
            levelLabel: trainerLevels[row.level],
            employer: row.employer,
            field: row.field,
          }))
        : [],
    isDistrict: organisation.kind === 'district',
    words,
    duties: await adviserDuties(tx),
    today: tx.today,
    yearEnds: year?.to ?? null,
    abilities: {
      maintain: can.maintain(tx.actor),
      offer: can.offer(tx.actor, organisation),
      fee: can.seeFee(tx.actor),
    },
  }
}

/** The mean over everybody who said something, not over the means of each time. */
function starsOf(rows: readonly store.ContributionView[]): number | null {
  return meanStars(rows.flatMap((row) => Array.from({ length: row.ratings }, () => row.stars ?? 0)))
}

/** Invitations for the offices and the principal; others see none. */
export async function loadInvitations(tx: Tx): Promise<InvitationView[]> {
  if (can.maintain(tx.actor) !== null && tx.actor.districtId === null) return []
  const seesFees = can.seeFee(tx.actor) === null
  return (await store.listInvitations(tx))
    .filter((row) => row.status !== 'withdrawn')
    .map((row) => ({
      id: row.id,
      trainerId: row.trainerId,
      trainerName: row.trainerName,
      kind: row.kind,
      subject: row.subject,
      from: row.from,
      to: row.to,
      place: row.place,
      ...(seesFees ? { fee: row.fee } : {}),
      status: row.status,
      reason: row.reason,
      letterNumber: row.letterNumber,
      proposedByName: row.proposedByName,
      decidedByName: row.decidedByName,
      isGiven: row.isGiven,
      abilities: {
        decide: can.decide(tx.actor, row),
        withdraw: row.isGiven ? '已经登记为讲过。' : can.withdraw(tx.actor, row),
      },
    }))
}

export function forWhom(row: store.ContributionView, organisationName: string): string {
  if (row.personNames.length > 0) return row.personNames.join('、')
  return row.unitName ?? row.schoolName ?? organisationName
}

/** What was given in a school year, and what it comes to for each trainer. */
export async function loadContributions(tx: Tx, schoolYearId: string | null) {
  const calendar = await loadCalendar(tx)
  const year = yearMeant(calendar, tx.today, schoolYearId)
  const organisation = await getOrganisation(tx)
  const everybody = organisation.kind === 'district' ? '全区' : '全校'
  const rows = await store.listContributions(tx, year ? rangeOf(calendar, year) : {})
  const seesFees = can.seeFee(tx.actor) === null
  const seesComments = can.maintain(tx.actor) === null
  const contributions = rows.map(
    (row): ContributionView => ({
      id: row.id,
      kind: row.kind,
      giverName: row.giverName,
      levelLabel: row.level ? trainerLevels[row.level] : '',
      trainerId: row.trainerId,
      subject: row.subject,
      heldOn: row.heldOn,
      minutes: row.minutes,
      forWhom: forWhom(row, everybody),
      note: row.note,
      activity: row.activityId ? { id: row.activityId, theme: row.activityTheme ?? '' } : null,
      ...(seesFees ? { fee: row.fee } : {}),
      people: row.people ?? 0,
      ratings: row.ratings,
      stars: row.stars,
      comments: seesComments ? row.comments : [],
      abilities: {
        withdraw: can.record(tx.actor, row.unitId),
        fee: can.maintain(tx.actor) ?? can.seeFee(tx.actor),
      },
    }),
  )
  const trainers = await store.listTrainers(tx)
  const years = trainers.flatMap((trainer): TrainerYear[] => {
    const own = rows.filter((row) => row.trainerId === trainer.id)
    if (own.length === 0) return []
    const sum = (amount: (row: store.ContributionView) => number) =>
      own.reduce((total, row) => total + amount(row), 0)
    return [
      {
        trainerId: trainer.id,
        name: trainer.name,
        kindLabel: trainerKinds[trainer.kind],
        levelLabel: trainerLevels[trainer.level],
        isOwn: trainer.personId !== null,
        lectures: own.filter((row) => row.kind === 'lecture').length,
        guidances: own.filter((row) => row.kind === 'guidance').length,
        minutes: sum((row) => row.minutes),
        people: sum((row) => row.people ?? 0),
        stars: starsOf(own),
        ...(seesFees ? { fee: sum((row) => row.fee ?? 0) } : {}),
      },
    ]
  })
  return {
    contributions,
    years,
    schoolYear: year ? { id: year.id, label: yearLabel(year.id) } : null,
    schoolYears: calendar.schoolYears
      .filter((one) => one.from <= tx.today)
      .map(({ id }) => ({ id, label: yearLabel(id) }))
      .reverse(),
    abilities: {
      record: can.recordSomething(tx.actor),
      fee: can.seeFee(tx.actor),
    },
  }
}

/** Everything that the form of a lecture or guidance offers for choosing. */
export async function loadContributionChoices(tx: Tx) {
  demand(can.recordSomething(tx.actor))
  const organisation = await getOrganisation(tx)
  const named = (name: string) => wordsNamed(tx, 'guidance.given', name)
  const own = await named('guidanceKind')
  const modes = await named('mode')
  const units = await listUnits(tx, tx.today)
  const whole = can.record(tx.actor, null)
  const invitations = (await store.listInvitations(tx, { status: 'approved' })).filter(
    (one) => one.kind !== 'adviser' && !one.isGiven,
  )
  return {
    trainers: (await store.listTrainers(tx))
      .filter((row) => row.leftOn === null)
      .map((row) => ({
        id: row.id,
        label: row.name,
        note: `${row.personId === null ? row.employer || '校外' : '本校'} · ${trainerLevels[row.level]}${trainerKinds[row.kind]}`,
      })),
    bodies: units.filter((unit) => unit.kind === 'body').map(({ id, name }) => ({ id, label: name })),
    units: units
      .filter((unit) => unit.kind !== 'body' && can.record(tx.actor, unit.id) === null)
      .map(({ id, name }) => ({ id, label: name })),
    activityKinds: choosable((await activitySettings(tx)).kinds),
    guideWords: await named('guide'),
    guidanceKinds: own.length > 0 ? own : usualGuidanceKinds,
    modes: [...modes, ...usualModes.filter((one) => !modes.some((other) => other.id === one.id))],
    beneficiaries: await named('beneficiary'),
    schools:
      organisation.kind === 'district'
        ? (await listSchoolsOf(tx, tx.orgId)).map(({ id, name }) => ({ id, label: name }))
        : [],
    invitations: (whole === null ? invitations : []).map((one) => ({
      id: one.id,
      trainerId: one.trainerId,
      kind: one.kind === 'lecture' ? ('lecture' as const) : ('guidance' as const),
      subject: one.subject,
      day: one.from,
    })),
    today: tx.today,
    abilities: { whole, fee: can.seeFee(tx.actor) },
  }
}

/** Activities of the last months without a trainer, those of the own groups for leaders. */
export async function findActivityChoices(tx: Tx, search: string) {
  demand(can.recordSomething(tx.actor))
  const found = await store.findActivities(tx, search, addDays(tx.today, -200))
  return found
    .filter((row) => can.record(tx.actor, row.unitId) === null)
    .map((row) => ({
      id: row.id,
      theme: row.theme,
      note: `${dayText(row.heldOn)} · ${row.unitName ?? '全校'}`,
    }))
}

/** What waits for a word of the person who acts. */
export async function loadToRate(tx: Tx): Promise<ToRate[]> {
  const { personId } = tx.actor
  if (personId === null || tx.actor.districtId !== null) return []
  const rows = await store.listToRate(tx, personId, addDays(tx.today, -ratingDays))
  return rows.map(({ activityId: _activityId, ...row }) => ({ ...row, until: ratingUntil(row.heldOn) }))
}

/** The rating on the page of an activity; null where nobody of the pool taught, or one may not say anything. */
export async function loadActivityRating(tx: Tx, activityId: string) {
  const [row] = (await store.listContributions(tx, { activityId })).filter((one) => one.trainerId !== null)
  const { personId } = tx.actor
  if (!row || personId === null) return null
  const part = await store.findMyPart(tx, row.id, personId)
  if (!part) return null
  const ability = can.rate(tx.actor, {
    ...part,
    isOver: tx.today > ratingUntil(row.heldOn),
    withdrawnBecause: row.withdrawnBecause,
  })
  if (ability !== null && !part.isOwn && can.maintain(tx.actor) !== null && part.stars === null) return null
  return {
    id: row.id,
    giverName: row.giverName,
    myStars: part.stars,
    mySentence: part.sentence ?? '',
    ratings: row.ratings,
    stars: row.stars,
    ability,
  }
}

/** What the letter of appointment says. Only for advisers whose appointment was approved. */
export async function letterData(tx: Tx, invitationId: string): Promise<AppointmentLetter> {
  const row = (await store.findInvitation(tx, invitationId)) ?? refuseNotFound('聘请')
  if (row.kind !== 'adviser' || row.status !== 'approved') refuseNotFound('聘书')
  const trainer = await store.findTrainer(tx, row.trainerId)
  if (trainer?.personId !== tx.actor.personId || trainer?.personId === null) demand(can.maintain(tx.actor))
  const organisation = await getOrganisation(tx)
  const district = organisation.districtId ? await findOrganisation(tx, organisation.districtId) : undefined
  return {
    title: '聘书',
    organisation: organisation.name,
    district: district?.name ?? '',
    name: row.trainerName,
    subject: row.subject,
    from: row.from,
    to: row.to ?? row.from,
    number: `聘字〔${row.letterNumber.split('-')[0] ?? ''}〕${row.letterNumber.split('-')[1] ?? ''}号`,
    issuedOn: row.decidedAt ? localDateOf(row.decidedAt) : tx.today,
  }
}
