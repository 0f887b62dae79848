import { pause } from 'heddle'
import pDebounce from 'p-debounce'
import { assert, sleep } from '../support.mjs'

export default {
  package: 'p-debounce',
  properties: [
    {
      name: 'a call made while another one is saving is saved too',
      promise: 'Saving data, file writes, state updates - ensures latest data is never lost.',
      trophy: 'p-debounce-lost-call',
      body: async () => {
        // flush() gives the write under way where there is one, so that several parts of a program may wait for the same promise.
        let text = ''
        let disk = ''
        let writing
        const write = async () => {
          const written = text
          await pause('the disk')
          disk = written
          writing = undefined
        }
        const flush = () => (writing ??= write())
        const save = pDebounce.promise(flush, { after: true })
        const typist = async () => {
          await pause('typing')
          text += 'a'
          await save()
        }
        const spellchecker = async () => {
          await pause('spelling')
          await writing
          text += 'b'
          await save()
        }
        await Promise.all([typist(), spellchecker()])
        assert(disk === text, `on the disk is ${disk}, not ${text}`)
      },
    },
    {
      name: 'an abort rejects a call that waits',
      promise: 'signal: An `AbortSignal` to cancel the debounced function.',
      trophy: 'p-debounce-deaf',
      body: async () => {
        const user = new AbortController()
        const ran = []
        const search = pDebounce(async (text) => {
          ran.push(text)
          await pause(`the search for ${text}`)
        }, 100, { signal: user.signal })
        const first = search('a').catch(() => {})
        await sleep(150)
        const second = search('b').then(() => 'resolved', () => 'rejected')
        await sleep(50)
        const before = [...ran]
        user.abort()
        const outcome = await second
        await first
        assert(outcome === 'rejected' || before.includes('b'), `aborted before it ran, and yet it ${outcome}, having run ${ran}`)
      },
    },
    {
      name: 'before: a call gets what the function gave',
      promise: '(...arguments: ArgumentsType) => Promise<ReturnType>',
      trophy: 'p-debounce-undefined',
      body: async () => {
        const load = pDebounce(async () => {
          await pause('load')
          return 'loaded'
        }, 100, { before: true })
        const got = await Promise.all([load(), load()])
        assert(got[1] === 'loaded', `the second call got ${got[1]}`)
      },
    },
  ],
}
