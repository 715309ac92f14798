import type { trainerApi } from '../../server/trainer/contract.ts'
import { api } from '../kit/api.ts'
import { readsRooms } from '../kit/live.ts'

export const trainer = api<typeof trainerApi>('trainer')
readsRooms('trainer', ['trainer', 'org', 'activity', 'regime'])

export type Pool = Awaited<ReturnType<typeof trainer.listTrainers>>
export type Trainer = Pool['trainers'][number]
export type Invitation = Awaited<ReturnType<typeof trainer.listInvitations>>[number]
export type Year = Awaited<ReturnType<typeof trainer.listContributions>>
export type Contribution = Year['contributions'][number]
export type Choices = Awaited<ReturnType<typeof trainer.getContributionChoices>>
export type Mine = Awaited<ReturnType<typeof trainer.getMine>>
