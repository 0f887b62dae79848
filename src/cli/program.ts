import { Command, CommanderError } from 'commander'
import { exploreCommand, type ExploreFlags, REPORTERS } from './explore-command.ts'
import { mergeCommand, type MergeFlags } from './merge-command.ts'
import { MISUSE, Misuse, NOTHING_FOUND } from './misuse.ts'
import { manifest } from './own-package.ts'
import { replayCommand, type ReplayFlags } from './replay-command.ts'
import { harmless } from '../report/text-width.ts'
import { Defect } from './team.ts'
import { showCommand, type ShowFlags } from './show-command.ts'

const SCENARIO = `
A scenario file exports what is to be explored: a function, or several by name. They may be async or generator functions.

  // transfer.scenario.ts
  import { gather, pause } from 'heddle'

  export const scenarios = {
    async transfer() {
      let balance = 0
      const deposit = async () => {
        const seen = balance
        await pause('bank')        // here anything else may come first
        balance = seen + 1
      }
      await gather([deposit(), deposit()])
      if (balance !== 2) throw new Error(\`lost a deposit: \${balance}\`)
    },
  }
`

const EXIT_CODES = `
Exit codes: 0 nothing found, 1 a failure found (replay: reproduced), 2 misuse (replay: the program has changed).
`

/** Runs one command line and gives its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let code = NOTHING_FOUND
  const program = programOf((result) => (code = result))
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? NOTHING_FOUND : MISUSE
    process.stderr.write(`heddle: ${harmless(error instanceof Misuse ? error.message : defect(error))}\n`)
    return MISUSE
  }
}

/** The one case in which a stack is of use. */
function defect(error: unknown): string {
  const stack = error instanceof Defect ? error.message : error instanceof Error ? error.stack : String(error)
  return `this is a defect of Heddle, and no mistake of yours; please report it with these lines:\n${stack}`
}

function programOf(done: (code: number) => void): Command {
  const program = new Command('heddle')
    .description('Finds race conditions in async code: it runs a scenario in many orders, and shows the one that breaks it.')
    .version(manifest.version)
    .exitOverride()
    .showHelpAfterError("(try 'heddle --help', or 'heddle <command> --help')")
    .addHelpText('after', () => `${SCENARIO}
Find it, look at it, and see that it is mended:

  $ npx heddle explore transfer.scenario.ts
  $ npx heddle replay transfer.scenario.ts --token h1.…
${EXIT_CODES}`)
  addExplore(program, done)
  addReplay(program, done)
  addShow(program, done)
  addMerge(program, done)
  return program
}

const REPORTER = `how to say it: ${REPORTERS.join(', ')}`
const PLUGIN = 'make every await a choice point, in JavaScript too (default: in TypeScript)'
const NO_PLUGIN = 'leave awaits alone: only pause(), io() and the like are choice points'

function addExplore(program: Command, done: (code: number) => void): void {
  program
    .command('explore')
    .description('explores the orders of scenarios, and shows the first failure of each')
    .argument('<files...>', 'scenario files: TypeScript goes through Vite, .js and .mjs are loaded as they are')
    .option('-n, --schedules <n>', 'at most so many schedules for each scenario, all workers and shards together (default: 1000, with --time no limit)')
    .option('-t, --time <duration>', 'at most so long for each scenario: 500ms, 60s, 5m, 1h')
    .option('-s, --strategy <name>', 'auto, random, pct, pos, surw, urw, race, portfolio, delay, preemption, exhaustive, dpor, fifo', 'auto')
    .option('--seed <n>', "the seed of random strategies (default: from the scenario's name)")
    .option('--first <n>', 'begin with schedule number n of the seed (default: 1)')
    .option('-w, --workers <n>', 'threads to explore in', '1')
    .option('--shard <i/n>', 'explore the i-th of n shares only; join their results with merge', '1/1')
    .option('--permute <what>', "'tasks': every order of what is ready; 'io': only orders that the real runtime can produce", 'tasks')
    .option('--assume <what>', "'tracked': all shared state goes through Heddle, so that dpor may reduce")
    .option('--bail', 'stop at the first failing schedule of a scenario', true)
    .option('--no-bail', 'go on, tell different failures apart and count them')
    .option('--max-steps <n>', 'steps in one schedule; reaching it is a failure', '100000')
    .option('--leaks <what>', "'error' or 'ignore': tasks left pending, exceptions never retrieved", 'error')
    .option('--cancel <task>', "tasks that may be cancelled at any wait, one in a schedule: a name, or 'any'; may be repeated", collect)
    .option('--faults <n>', 'how many calls of io() may go wrong in a schedule (default: 1)')
    .option('--name <scenario>', 'only the scenarios with this name')
    .option('-r, --reporter <name>', REPORTER, 'words')
    .option('--json <file>', 'write the results to a file, for merge')
    .option('--corpus [directory]', "keep failing schedules, a file each, and run them first next time (default directory: '.heddle')")
    .option('--isolate', 'import the modules of the project again for each schedule: for state at module level')
    .option('--plugin', PLUGIN)
    .option('--no-plugin', NO_PLUGIN)
    .addHelpText('after', `${SCENARIO}
Examples:
  $ heddle explore transfer.scenario.ts
  $ heddle explore scenarios/*.ts --schedules 20000 --workers 4 --no-bail
  $ heddle explore transfer.scenario.ts --time 60s --strategy pct
  $ heddle explore transfer.scenario.ts --cancel any --faults 2    # callers that give up, I/O that goes wrong
  $ heddle explore transfer.scenario.ts --strategy exhaustive      # a proof, where there are few schedules
  $ heddle explore scenarios/*.ts --shard 2/4 --json shard-2.json  # on one of four machines

Ctrl-C ends the exploration and prints what was found; pressed twice it leaves at once.
${EXIT_CODES}`)
    .action(async (files: string[], flags: ExploreFlags) => done(await exploreCommand(files, flags)))
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}

function addReplay(program: Command, done: (code: number) => void): void {
  program
    .command('replay')
    .description('runs one schedule again, exactly, and shows it')
    .argument('<file>', 'the scenario file')
    .requiredOption('--token <token>', 'the schedule, as a failure prints it')
    .option('--name <scenario>', 'which scenario of the file (default: the one that the token names)')
    .option('--plugin', PLUGIN)
    .option('--no-plugin', NO_PLUGIN)
    .addHelpText('after', `
Example:
  $ heddle replay transfer.scenario.ts --token h1.…

Exit codes: 1 the failure was reproduced, 0 the schedule passes now, 2 the program has changed since, or misuse.
`)
    .action(async (file: string, flags: ReplayFlags) => done(await replayCommand(file, flags)))
}

function addShow(program: Command, done: (code: number) => void): void {
  program
    .command('show')
    .description('shows a failure that was kept')
    .argument('<failure>', 'a failure file, such as those in .heddle/, or a results file')
    .option('--html <file>', 'write a page with the schedule, to step through in a browser')
    .option('--trace <file>', 'write a trace for ui.perfetto.dev or chrome://tracing')
    .option('--mermaid', 'print a sequence diagram')
    .option('--test', 'print a vitest test that forces this order, without exploring')
    .option('--number <n>', 'which failure of a results file', '1')
    .addHelpText('after', `
Examples:
  $ heddle show .heddle/transfer-1a2b3c4d.json
  $ heddle show .heddle/transfer-1a2b3c4d.json --html transfer.html --trace transfer.trace.json
  $ heddle show results.json --number 2 --test > transfer.test.ts
`)
    .action((file: string, flags: ShowFlags) => done(showCommand(file, flags)))
}

function addMerge(program: Command, done: (code: number) => void): void {
  program
    .command('merge')
    .description('joins the results of shards into those of one exploration')
    .argument('<results...>', 'files that explore --json wrote')
    .option('-r, --reporter <name>', REPORTER, 'words')
    .option('--json <file>', 'write the joined results to a file')
    .addHelpText('after', `
Example, on one machine after the other or in a CI matrix:
  $ heddle explore scenarios/*.ts --shard 1/2 --json shard-1.json
  $ heddle explore scenarios/*.ts --shard 2/2 --json shard-2.json
  $ heddle merge shard-*.json

Exit codes: 0 nothing found in the whole, 1 a failure found, 2 misuse, or a shard is missing.
`)
    .action((files: string[], flags: MergeFlags) => done(mergeCommand(files, flags)))
}
