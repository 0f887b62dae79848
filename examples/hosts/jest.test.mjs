// NODE_OPTIONS=--experimental-vm-modules jest --testMatch '**/jest.test.mjs'
import { explore, pause } from 'heddle'
import { Account } from './account.mjs'

test('never lends', async () => {
  await explore(
    async () => {
      const account = new Account()
      const later = async () => {
        await pause('log in')
        await account.withdraw(7)
      }
      await Promise.all([account.withdraw(4), later()])
      expect(account.balance).toBeGreaterThanOrEqual(0)
    },
    { name: 'never lends' },
  )
})
