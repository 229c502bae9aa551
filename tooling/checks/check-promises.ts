import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from './check.js'

/** Every promise of e2e/src/requirements.ts has an end-to-end test, and every test cites one that exists. */
export function checkPromises(root: string): Finding {
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
      ...promised.filter((id) => !cited.has(id)).map((id) => `no end-to-end test cites [${id}]`),
      ...citations
        .filter(({ id }) => !promised.includes(id))
        .map(({ file, id }) => `e2e/src/${file}: [${id}] is not in requirements.ts`),
    ],
  }
}

/** The keys of the one object in requirements.ts: a name and a sentence a line. */
function promisesIn(text: string): string[] {
  return [...text.matchAll(/^ {2}'?([\w-]+)'?:/gm)].map(([, id = '']) => id)
}

/** A title starts with what it cites: `test('[launch-wait] …')`. A skipped test cites nothing. */
function citationsIn(text: string): string[] {
  const titles = text.matchAll(/(?<!\.skip|\.todo)\(\s*['"`]((?:\[[\w-]+\] ?)+)/g)
  return [...titles].flatMap(([, title = '']) => [...title.matchAll(/[\w-]+/g)].map(([id]) => id))
}
