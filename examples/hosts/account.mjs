import { pause } from 'heddle'

/** It looks whether there is enough, then waits, then takes: two withdrawals at once may both have looked. */
export class Account {
  balance = 10

  async withdraw(amount) {
    if (amount > this.balance) return
    await pause(`withdraw ${amount}`) // where the real code waits for its database
    this.balance -= amount
  }
}
