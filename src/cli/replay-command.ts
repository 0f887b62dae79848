import { InvalidTokenError, decodeToken } from '../explore/token.ts'
import { scenarioFiles } from './files.ts'
import { identityOf } from './identity.ts'
import { chosen } from './explore-command.ts'
import type { Target } from './messages.ts'
import { FOUND, MISUSE, Misuse, NOTHING_FOUND } from './misuse.ts'
import { counted } from './numbers.ts'
import { inWords, replayLine } from './summary.ts'
import { short } from './scenarios.ts'
import { Mismatch, Team } from './team.ts'

/** Options of `heddle replay`. */
export interface ReplayFlags {
  readonly token: string
  readonly name?: string
  readonly plugin?: boolean
}

/** `heddle replay`. @throws Misuse */
export async function replayCommand(path: string, { token, name, plugin }: ReplayFlags): Promise<number> {
  const identity = testOf(token)
  const [file] = scenarioFiles([path])
  const team = await Team.gather(1, { files: [file as string], instrument: plugin })
  try {
    const target = targetOf(team.targets, name, identity)
    const { failure, schedule } = await team.replay(target, token)
    const size = `${counted(schedule.steps, 'step')}, ${counted(schedule.choicePoints, 'choice point')}`
    if (failure === null) {
      process.stdout.write(`${identityOf(target)}: the schedule passes now (${size})\n`)
      return NOTHING_FOUND
    }
    const line = replayLine(short(target.file), target.scenario, token)
    process.stdout.write(`${identityOf(target)}: reproduced (${size})\n\n${inWords(failure, line)}\n`)
    return FOUND
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error
    process.stderr.write(`heddle: ${error.message}\n`)
    return MISUSE
  } finally {
    await team.close()
  }
}

function testOf(token: string): string {
  try {
    return decodeToken(token).name
  } catch (error) {
    if (error instanceof InvalidTokenError) throw new Misuse(`--token: ${error.message}`)
    throw error
  }
}

/** The scenario that is named, or that the token names, or the only one. @throws Misuse */
function targetOf(targets: readonly Target[], name: string | undefined, identity: string): Target {
  const found = name === undefined ? ofToken(targets, identity) : chosen(targets, name)
  const [first] = found
  if (first !== undefined && found.length === 1) return first
  const names = targets.map((t) => `'${t.scenario}'`).join(', ')
  throw new Misuse(`which scenario? The token ${identity === '' ? 'names none' : `is of '${identity}'`}; give --name with one of ${names}`)
}

function ofToken(targets: readonly Target[], identity: string): readonly Target[] {
  const named = targets.filter((t) => identityOf(t) === identity || identity.endsWith(` > ${t.scenario}`))
  return named.length > 0 ? named : targets
}
