/** In-memory data, and three plain awaits: nothing here knows of Heddle. */
export class Account {
  balance = 0
  readonly history: string[] = []

  async load(): Promise<number> {
    return this.balance
  }

  async save(balance: number): Promise<void> {
    this.balance = balance
  }

  async deposit(amount: number): Promise<void> {
    const before = await this.load()
    await this.save(before + amount)
    await this.record(`deposit ${amount}`)
  }

  private async record(line: string): Promise<void> {
    this.history.push(line)
  }
}
