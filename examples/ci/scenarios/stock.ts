import { gather, pause } from 'heddle'

/** A shop that looks before it sells. */
class Shop {
  sold = 0
  stock: number

  constructor(stock: number) {
    this.stock = stock
  }

  async sell(): Promise<boolean> {
    if (this.stock === 0) return false
    await pause('payment')
    this.stock -= 1
    this.sold += 1
    return true
  }

  /** Takes the thing from the shelf first, and puts it back if the payment fails. */
  async sellSafely(): Promise<boolean> {
    if (this.stock === 0) return false
    this.stock -= 1
    await pause('payment')
    this.sold += 1
    return true
  }
}

export const scenarios = {
  async 'no more is sold than there is'(): Promise<void> {
    const shop = new Shop(2)
    await gather([shop.sellSafely(), shop.sellSafely(), shop.sellSafely()])
    if (shop.sold > 2) throw new Error(`sold ${shop.sold}, had two`)
  },

  async 'the last one is sold once'(): Promise<void> {
    const shop = new Shop(1)
    const late = async (): Promise<void> => {
      await pause('opening')
      await pause('queue')
      await shop.sell()
    }
    await gather([shop.sell(), late()])
    if (shop.sold > 1) throw new Error(`sold ${shop.sold}, had one`)
  },
}
