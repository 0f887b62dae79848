import { Lock, pause } from 'heddle'

/** The same behind a lock. */
export class Account {
  balance = 10
  #lock = new Lock()

  async withdraw(amount) {
    await this.#lock.with(async () => {
      if (amount > this.balance) return
      await pause(`withdraw ${amount}`)
      this.balance -= amount
    })
  }
}
