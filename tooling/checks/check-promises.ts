import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CheckResult } from './check.js'

/** Checks that an end-to-end test cites every promise of e2e/src/requirements.ts, and that no test cites another one. */
export function checkPromises(root: string): CheckResult {
  const folder = join(root, 'e2e/src')
  const promised = promisesIn(readFileSync(join(folder, 'requirements.ts'), 'utf8'))
  const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.test.ts'),
  )
  const citations = tests.flatMap((file) =>
    citationsIn(readFileSync(join(folder, file), 'utf8')).map((id) => ({ file, id })),
  )
  const cited = new Set(citations.map(({ id }) => id))
  return {
    summary: `${promised.length} promises, ${tests.length} test files`,
    problems: [
      ...promised
        .filter((id) => !cited.has(id))
        .map((id) => `[${id}] of e2e/src/requirements.ts is cited by no end-to-end test; add one`),
      ...citations
        .filter(({ id }) => !promised.includes(id))
        .map(({ file, id }) => `e2e/src/${file}: [${id}] is not in requirements.ts`),
    ],
  }
}

/** Returns the ids of the promises in the text of requirements.ts. */
function promisesIn(text: string): string[] {
  return [...text.matchAll(/^ {2}'?([\w-]+)'?:/gm)].map(([, id = '']) => id)
}

/** Returns the promise ids that test titles begin with, as in `test('[launch-wait] …')`. Skipped tests do not count. */
function citationsIn(text: string): string[] {
  const titles = text.matchAll(/(?<!\.skip|\.todo)\(\s*['"`]((?:\[[\w-]+\] ?)+)/g)
  return [...titles].flatMap(([, title = '']) => [...title.matchAll(/[\w-]+/g)].map(([id]) => id))
}
