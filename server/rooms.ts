import { accessRoom } from './access/routes.ts'
import { activityLiveRoom, activityRoom, attendanceRoom } from './activity/routes.ts'
import { participationRoom } from './activity/participation-routes.ts'
import { seriesRoom } from './activity/series-routes.ts'
import { districtRoom } from './district/routes.ts'
import { attendanceBookRoom } from './attendance/routes.ts'
import { appraisalRoom } from './appraisal/routes.ts'
import { documentsRoom } from './documents/routes.ts'
import { dutyRoom } from './duty/routes.ts'
import { exchangeRoom } from './exchange/routes.ts'
import { filesRoom } from './files/routes.ts'
import { inboxRoom } from './inbox/routes.ts'
import { lessonRoom } from './lesson/routes.ts'
import { liveRoom } from './live/routes.ts'
import { needRoom } from './need/routes.ts'
import { planRoom } from './plan/routes.ts'
import { designRoom, talkRoom, teachingRoom } from './teaching/routes.ts'
import { studyRoom } from './study/routes.ts'
import { trainerRoom } from './trainer/routes.ts'
import { workRoom } from './work/routes.ts'
import { agendaRoom } from './calendar/agenda-routes.ts'
import { calendarRoom } from './calendar/routes.ts'
import { orgRoom } from './org/routes.ts'
import { slotRoom } from './slot/routes.ts'
import { programmeRoom } from './programme/routes.ts'
import { searchRoom } from './search/routes.ts'
import { setupRoom } from './setup/routes.ts'
import { homeRoom } from './home/routes.ts'
import { demoRoom } from './demo/routes.ts'
import type { Room } from './kit/serve.ts'
import { messageRoom } from './notice/message-routes.ts'
import { noticeRoom } from './notice/routes.ts'
import { regimeDraftsRoom } from './regime/drafts-routes.ts'
import { regimePartsRoom } from './regime/parts-routes.ts'
import { regimeResultsRoom } from './regime/results-routes.ts'
import { regimeRoom } from './regime/routes.ts'
import { regulationRoom } from './regulation/routes.ts'
import { vocabularyRoom } from './vocabulary/routes.ts'

/** Every room with endpoints. A room that is not in this list cannot be reached. */
export const rooms: Room[] = [
  accessRoom,
  activityRoom,
  attendanceRoom,
  attendanceBookRoom,
  activityLiveRoom,
  seriesRoom,
  participationRoom,
  regimeRoom,
  regimeDraftsRoom,
  regimePartsRoom,
  regimeResultsRoom,
  regulationRoom,
  vocabularyRoom,
  districtRoom,
  appraisalRoom,
  documentsRoom,
  dutyRoom,
  filesRoom,
  inboxRoom,
  lessonRoom,
  messageRoom,
  noticeRoom,
  needRoom,
  exchangeRoom,
  liveRoom,
  planRoom,
  studyRoom,
  teachingRoom,
  designRoom,
  talkRoom,
  workRoom,
  searchRoom,
  setupRoom,
  calendarRoom,
  agendaRoom,
  slotRoom,
  programmeRoom,
  trainerRoom,
  orgRoom,
  homeRoom,
  demoRoom,
]
