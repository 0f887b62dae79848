/**
 * The texts of a page that are hard to read: for each less than 4.5 : 1 against what is behind it, by the formula of
 * WCAG 2.2 (section "contrast ratio"). It runs in the browser, so it may name nothing outside itself.
 */
export function contrasts(): string[] {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const rgba = (colour: string): [number, number, number, number] => {
    if (canvas === null) return [0, 0, 0, 0]
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data
    return [r, g, b, a / 255]
  }
  const luminance = ([r, g, b]: readonly number[]): number => {
    const part = (v = 0): number => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
  }
  /** The first of the colours behind a point that is not transparent. */
  const behind = (element: Element): string => {
    const { x, y, width, height } = element.getBoundingClientRect()
    for (const e of document.elementsFromPoint(x + width / 2, y + height / 2)) {
      const style = getComputedStyle(e)
      const colour = e instanceof SVGElement ? (e.tagName === 'rect' ? style.fill : '') : style.backgroundColor
      if (colour !== '' && rgba(colour)[3] > 0.5) return colour
    }
    return getComputedStyle(document.body).backgroundColor
  }
  const found: string[] = []
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent?.trim() !== '')
    const box = element.getBoundingClientRect()
    if (!own || element.closest('script, noscript, dialog, title') !== null || box.width === 0 || box.height === 0) continue
    element.scrollIntoView({ block: 'center' })
    const style = getComputedStyle(element)
    const front = luminance(rgba(element instanceof SVGElement ? style.fill : style.color))
    const back = luminance(rgba(behind(element)))
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05)
    if (ratio < 4.5) found.push(`${element.textContent}: ${ratio.toFixed(2)}`)
  }
  return found
}
