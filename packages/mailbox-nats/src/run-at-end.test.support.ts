/** Has something ended after the test, what came last first; `ending` is for `afterEach`. */
export function runAtEnd(end: () => Promise<void>): void {
  ends.unshift(end)
}

export async function ending(): Promise<void> {
  for (const end of ends.splice(0)) await end()
}

const ends: (() => Promise<void>)[] = []
