/** Text that can be printed and written into XML. */

// Control characters (pasted text carries them), characters without width and those that are none.
const unprintable = /[^\P{Cc}\n\t]|[\u200b\ufeff\ufffe\uffff]/gu

/** The text without characters that have no glyph; line ends become `\n`, half characters `\ufffd`. */
export function printable(text: string): string {
  return text.replace(/\r\n?/g, '\n').toWellFormed().replace(unprintable, '')
}

/** The same plain data as JSON, every text in it printable. */
export function printableJson(data: unknown): string {
  return JSON.stringify(data, (_key, value: unknown) =>
    typeof value === 'string' ? printable(value) : value,
  )
}
