import type { Place } from '../../server/home/contract.ts'
import { paths } from '../paths.ts'

/** The address of a place that the server names. */
export function addressOf(place: Place): string {
  switch (place.page) {
    case 'activity':
      return paths.activity(place.id)
    case 'runActivity':
      return paths.runActivity(place.id)
    case 'work':
      return paths.work(place.id)
    case 'plan':
      return paths.plan(place.id)
    case 'regulation':
      return paths.regulation(place.id)
    case 'lesson':
      return paths.lesson(place.id)
    case 'observation':
      return paths.observation(place.id)
    case 'survey':
      return paths.survey(place.id)
    case 'topic':
      return paths.topic(place.id)
    case 'teachingRun':
      return paths.teachingRun(place.id)
    case 'design':
      return paths.design(place.id)
    case 'talk':
      return paths.talk(place.id)
    case 'programme':
      return paths.programme(place.id)
    case 'regimeVersion':
      return paths.regimeVersion(place.id)
    case 'boardPerson':
      return paths.boardPerson(place.id)
    case 'boardGroup':
      return paths.boardGroup(place.id)
    case 'school':
      return paths.school(place.id)
    case 'newWork':
      return paths.newWork()
    case 'newActivity':
      return place.unitId === null ? paths.newActivity() : `${paths.newActivity()}?unit=${place.unitId}`
    case 'clause':
      return `${paths.regime()}#${place.ruleId}`
    case 'trace': {
      const { rule, regime, minimum, subjectKind, subject, period } = place
      return paths.trace({ rule, regime, minimum, subjectKind, subject, period })
    }
    case 'boardPeople':
      return `${paths.boardSchool()}?view=people`
    case 'settingsCalendar':
      return paths.settings.calendar()
    case 'settingsPeople':
      return paths.settings.roster()
    case 'settingsUnits':
      return paths.settings.units()
    case 'settingsAccounts':
      return paths.settings.accounts()
    case 'settingsRegime':
      return paths.settings.regime()
    default:
      return paths[place.page]()
  }
}
