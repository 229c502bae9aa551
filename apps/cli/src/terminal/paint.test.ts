import { expect, test } from 'vitest'
import { paintForStream } from './paint.js'

const red = '\u001b[31mx\u001b[39m'
const rows: [isTty: boolean, environment: NodeJS.ProcessEnv, painted: string][] = [
  [true, {}, red],
  [true, { NO_COLOR: '' }, red],
  [true, { NO_COLOR: '1' }, 'x'],
  [true, { TERM: 'dumb' }, 'x'],
  [false, {}, 'x'],
]
test.each(rows)('a terminal: %s, with %j', (isTty, environment, painted) => {
  expect(paintForStream(isTty, environment)('red', 'x')).toBe(painted)
})
