import type { CodePlace, FailureFile, ScheduleRecord } from '../explore/failure-file.ts'

/** The file with other paths, and without the error's stack, which names this machine's. */
export function withPaths(file: FailureFile, change: (path: string) => string): FailureFile {
  const at = (place: CodePlace): CodePlace => ({ ...place, file: change(place.file) })
  const optional = (place: CodePlace | undefined): { at?: CodePlace } => (place === undefined ? {} : { at: at(place) })
  const schedule = <S extends ScheduleRecord>(s: S): S => ({
    ...s,
    steps: s.steps.map((x) => ({ ...x, ...optional(x.at) })),
    values: s.values.map((x) => ({ ...x, ...optional(x.at) })),
    wakes: s.wakes?.map((x) => ({ ...x, ...optional(x.at) })),
  })
  return {
    ...file,
    error: { name: file.error.name, message: file.error.message },
    failing: schedule(file.failing),
    passing: file.passing && schedule(file.passing),
    waits: file.waits?.map((w) => ({
      ...w,
      ...(w.waitsAt === undefined ? {} : { waitsAt: at(w.waitsAt) }),
      ...(w.createdAt === undefined ? {} : { createdAt: at(w.createdAt) }),
    })),
    timeouts: file.timeouts?.map((t) => ({ ...t, ...(t.waitsAt === undefined ? {} : { waitsAt: at(t.waitsAt) }) })),
    frames: file.frames?.map((f) => ({ ...f, at: at(f.at) })),
  }
}
