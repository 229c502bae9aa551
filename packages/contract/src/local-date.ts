/** Formats a time (Unix ms) as the date in the local time zone: `2026-11-21`. */
export function formatLocalDate(at: number): string {
  const date = new Date(at)
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((number) => `${number}`.padStart(2, '0'))
    .join('-')
}
