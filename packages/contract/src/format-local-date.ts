/** Formats a time (Unix ms) as the date in the local time zone: `2026-11-21`. */
export function formatLocalDate(at: number): string {
  const date = new Date(at)
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-')
}

/** Formats a time (Unix ms) as hours and minutes in the local time zone: `09:05`. */
export function formatLocalTime(at: number): string {
  const date = new Date(at)
  return [date.getHours(), date.getMinutes()].map(twoDigits).join(':')
}

function twoDigits(number: number): string {
  return `${number}`.padStart(2, '0')
}
