/**
 * With `returnExceptions` an error is a result like any other: a caller that does not look takes a failure for a success.
 */
import { gather, io } from 'heddle'

function invoice(hasFailed: (results: readonly unknown[]) => boolean) {
  return async () => {
    const sent: string[] = []
    const send = io(async (to: string) => { sent.push(to) }, { label: (to) => `send ${to}`, faults: { rejectBefore: true } })
    const results = await gather([send('customer'), send('bookkeeping')], { returnExceptions: true })
    const status = hasFailed(results) ? 'to be sent again' : 'sent'
    if (status === 'sent' && sent.length < 2) throw new Error(`called sent, but only ${sent.join() || 'nobody'} has it`)
  }
}

export const scenarios = {
  buggy: invoice(() => false),
  repaired: invoice((results) => results.some((r) => r instanceof Error)),
}
