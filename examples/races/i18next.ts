/**
 * i18next 21.8.7: of two overlapping `loadNamespaces()` the first one resolves when the second one's texts have come.
 * Each answer of the backend was counted for every request that waited, whether it had asked for that namespace or not.
 * 21.8.8 counts it for those that did.
 *
 * Callbacks of a backend, which answer in any order.
 *
 * Reported: https://github.com/i18next/i18next/issues/1785
 */
import { pause } from 'heddle'
import i18next_21_8_7 from 'i18next-21.8.7'
import i18next_21_8_8 from 'i18next-21.8.8'

/** Two parts of a page load their texts and then show them. */
export function page(i18next: typeof i18next_21_8_7) {
  return async () => {
    const i18n = i18next.createInstance()
    i18n.use({
      type: 'backend',
      init() {},
      async read(_language, namespace, callback) {
        await pause(`texts of the ${namespace}`)
        callback(null, { title: `Title of the ${namespace}` })
      },
    })
    await i18n.init({ lng: 'en', fallbackLng: false, ns: [] })

    const show = async (part: string) => {
      await i18n.loadNamespaces(part)
      const title = i18n.t(`${part}:title`)
      if (title !== `Title of the ${part}`) throw new Error(`the ${part} shows "${title}"`)
    }
    await Promise.all([show('menu'), show('article')])
  }
}

export const scenarios = {
  'i18next 21.8.7': page(i18next_21_8_7),
  'i18next 21.8.8': page(i18next_21_8_8),
}
