/** Returns a number with its noun: `1 agent`, `2 agents`. */
export function pluralize(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
