export { type AnyCommand, concurrentModelRun, type ModelSetup } from './model-run.ts'
export type { Schedule, ScheduleOptions } from './schedule.ts'
export { scheduleOf, schedules } from './schedules.ts'
