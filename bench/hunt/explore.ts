import { check } from 'heddle'
import type { Hunt, Property, Row } from './hunt.ts'

/**
 * Explores each property as JavaScript runs it (`io`), and if nothing is found there with every order of what is ready (`tasks`).
 * What only the second one finds is no defect of the package: there every await may take arbitrarily long, and JavaScript's own order
 * of reactions, which the package may rely on, is not kept.
 */
export async function* exploreHunt(hunt: Hunt, schedules: number): AsyncGenerator<Row> {
  for (const property of hunt.properties) {
    const real = await explore(hunt, property, 'io', schedules)
    yield real
    if (real.find === null) yield await explore(hunt, property, 'tasks', schedules)
  }
}

async function explore(hunt: Hunt, property: Property, permute: 'io' | 'tasks', schedules: number): Promise<Row> {
  const name = `${hunt.package}: ${property.name}`
  const { choicePoints, exhausted, failure, schedules: run } = await check(property.body, {
    name, schedules, permute, ...property.options,
  })
  return {
    property: property.name,
    permute,
    schedules: run,
    choicePoints,
    exhausted,
    trophy: property.trophy ?? null,
    known: property.known ?? null,
    find: failure === undefined ? null : {
      kind: failure.kind,
      message: (failure.error instanceof Error ? failure.error.message : String(failure.error)).split('\n', 1)[0] as string,
      token: failure.token,
      picture: String(failure),
      switches: failure.switches,
    },
  }
}
