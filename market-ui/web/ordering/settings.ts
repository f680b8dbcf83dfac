type Setting = string | number | boolean

/** Settings of a program as lines of `name = value`. */
export const settingsText = (settings: Readonly<Record<string, Setting>>): string =>
  Object.entries(settings)
    .map(
      ([name, value]) =>
        `${name} = ${typeof value === 'string' && isPlain(value) ? value : JSON.stringify(value)}`,
    )
    .join('\n')

/** Reads lines of `name = value`; undefined if one is none. Numbers, true and false are what they look like, `"1"` is text. */
export const readSettings = (text: string): Record<string, Setting> | undefined => {
  const settings: Record<string, Setting> = {}
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const [, name, value] = /^\s*([A-Za-z]\w{0,63})\s*=\s*(.+?)\s*$/.exec(line) ?? []
    if (name === undefined || value === undefined || Object.hasOwn(settings, name)) return undefined
    settings[name] = settingOf(value)
  }
  return settings
}

const settingOf = (text: string): Setting => {
  if (text === 'true' || text === 'false') return text === 'true'
  if (/^-?\d+(\.\d+)?(e-?\d+)?$/i.test(text)) return Number(text)
  const quoted = /^"(.*)"$/.exec(text)
  return quoted ? (quoted[1] ?? '') : text
}

/** Whether it reads back as the same text without quotes. */
const isPlain = (text: string): boolean => text !== '' && text.trim() === text && settingOf(text) === text
