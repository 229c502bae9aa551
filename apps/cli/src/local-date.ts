/** The day that it is here at a time (Unix ms), as `2026-11-21`. */
export function localDate(at: number): string {
  const date = new Date(at)
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()]
  return parts.map((part) => String(part).padStart(2, '0')).join('-')
}
