import { el, set } from './dom.ts'

/** Dark or light as the system says, until the button says otherwise. */
export function themeToggle(): HTMLButtonElement {
  const button = el('button', { type: 'button' })
  const system = matchMedia('(prefers-color-scheme: dark)')
  const isDark = (): boolean => {
    const { theme } = document.documentElement.dataset
    return theme === undefined ? system.matches : theme === 'dark'
  }
  const say = (): void => {
    button.textContent = isDark() ? '☀ light' : '☾ dark'
    set(button, { 'aria-label': isDark() ? 'Light colours (t)' : 'Dark colours (t)', title: 'Colours (t)' })
  }
  button.addEventListener('click', () => {
    document.documentElement.dataset['theme'] = isDark() ? 'light' : 'dark'
    say()
  })
  system.addEventListener('change', say)
  say()
  return button
}
