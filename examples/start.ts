/** What `npm start` runs: two published packages, each with its race and with the race fixed. */
import { check, type Failure, replay, type ScenarioBody } from 'heddle'
import { scenarios as mutexScenarios } from './async-mutex.ts'
import { scenarios as zustandScenarios } from './zustand.ts'

/** Explores a version that is known to have a race. Gives what was not as expected. */
async function expectRace(name: string, body: ScenarioBody): Promise<string[]> {
  const report = await check(body, { name })
  const { failure } = report
  if (failure === undefined) {
    say(`${name}: no race found in ${schedules(report.schedules)}`)
    return [`${name}: its race was not found in ${schedules(report.schedules)}`]
  }
  say(`${name}: a race, found in ${schedules(report.schedules)}\n`)
  say(indented(String(failure)))
  return expectSameAgain(name, body, failure)
}

async function expectSameAgain(name: string, body: ScenarioBody, failure: Failure): Promise<string[]> {
  const again = (await replay(body, failure.token)).failure
  const same =
    again?.kind === failure.kind &&
    String(again.error) === String(failure.error) &&
    JSON.stringify(again.trace) === JSON.stringify(failure.trace)
  say(`\n  replayed from its token: ${same ? 'the same failure, step by step' : 'NOT the same failure'}\n`)
  return same ? [] : [`${name}: the token did not bring the failure back`]
}

/** Explores a version without the race: every schedule has to pass. */
async function expectProof(name: string, body: ScenarioBody): Promise<string[]> {
  const report = await check(body, { name })
  if (report.failure === undefined && report.exhausted) {
    say(`${name}: every schedule passes (exhausted: true, all ${schedules(report.schedules)})\n`)
    return []
  }
  if (report.failure !== undefined) say(`${name}: a failure\n\n${indented(String(report.failure))}\n`)
  return [`${name}: ${report.failure === undefined ? 'not every schedule was run' : 'a schedule failed'}`]
}

function say(text: string): void {
  console.log(text)
}

function schedules(n: number): string {
  return `${n} ${n === 1 ? 'schedule' : 'schedules'}`
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}

say('async-mutex: an audit waits for the mutex with waitForUnlock(), then reads two accounts\n')
const wrong = [
  ...(await expectRace('async-mutex 0.3.2', mutexScenarios['async-mutex 0.3.2'])),
  ...(await expectProof('async-mutex 0.4.0', mutexScenarios['async-mutex 0.4.0'])),
]
say('zustand: a persisted store is rehydrated twice, and the answers of its storage cross\n')
wrong.push(
  ...(await expectRace('zustand 5.0.9', zustandScenarios['zustand 5.0.9'])),
  ...(await expectProof('zustand 5.0.10', zustandScenarios['zustand 5.0.10'])),
)

if (wrong.length === 0) say('Both races found and replayed; both fixed versions pass every schedule.')
else say(`Not as expected:\n${indented(wrong.join('\n'))}`)
process.exitCode = wrong.length === 0 ? 0 : 1
