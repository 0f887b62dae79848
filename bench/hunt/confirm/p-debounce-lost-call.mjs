// Two parts of a program wait for one write; the one that is told second saves again, and its save never comes.
import pDebounce from 'p-debounce'
import { report, sleep, within } from './support.mjs'

let writes = 0
let writing
const flush = () => (writing ??= sleep(20).then(() => {
  writes++
  writing = undefined
}))
const save = pDebounce.promise(flush, { after: true })

save()
const second = (async () => {
  await writing
  await save()
  return 'saved'
})()
const outcome = await within(500, second)
report(outcome === 'nothing', `after 500 ms the second save came to ${outcome}; ${writes} write`)
