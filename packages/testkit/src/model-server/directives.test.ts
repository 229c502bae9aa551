import { expect, test } from 'vitest'
import { parseDirectives } from './directives.js'

test.each([
  ['plain text, a[[0]] and [[ -f x ]]', []],
  ['[[say: hello]]', [{ type: 'say', text: 'hello' }]],
  ['[[say:]]', [{ type: 'say', text: '' }]],
  ['[[say: two\nlines]]', [{ type: 'say', text: 'two\nlines' }]],
  ['[[say: use [[hang]] here]][[hang]]', [{ type: 'say', text: 'use [[hang]] here' }, { type: 'hang' }]],
  ['[[think: well]]', [{ type: 'think', text: 'well' }]],
  ['[[recall]]', [{ type: 'recall' }]],
  ['[[tool: List]]', [{ type: 'tool', tool: 'List', input: {} }]],
  [
    '[[tool: Bash {"command":"[[ -f x ]] && echo \\"]]\\""}]]',
    [{ type: 'tool', tool: 'Bash', input: { command: '[[ -f x ]] && echo "]]"' } }],
  ],
  [
    '[[tool: Agent {"prompt":"[[say: inner]]"}]] [[say: outer]]',
    [
      { type: 'tool', tool: 'Agent', input: { prompt: '[[say: inner]]' } },
      { type: 'say', text: 'outer' },
    ],
  ],
  ['[[tool: exec "text(1)"]]', [{ type: 'tool', tool: 'exec', input: 'text(1)' }]],
  ['[[delay: 500]]', [{ type: 'delay', milliseconds: 500 }]],
  [
    '[[delay: 20ms]][[delay: 2s]]',
    [
      { type: 'delay', milliseconds: 20 },
      { type: 'delay', milliseconds: 2000 },
    ],
  ],
  [
    '[[chunks: 2 x 50ms]]',
    [{ type: 'say', text: 'chunk 1 of 2\nchunk 2 of 2\n', pieces: 2, pauseMilliseconds: 50 }],
  ],
  ['[[chunks: 2 x 1s some text]]', [{ type: 'say', text: 'some text', pieces: 2, pauseMilliseconds: 1000 }]],
  ['[[gate: first one]]', [{ type: 'gate', name: 'first one' }]],
  ['[[cut]][[cut: times=1]]', [{ type: 'cut' }, { type: 'cut', times: 1 }]],
  ['[[status: 401]]', [{ type: 'status', status: 401 }]],
  [
    '[[status: 429 retry-after=3 times=2 slow down = wait]]',
    [{ type: 'status', status: 429, retryAfterSeconds: 3, times: 2, message: 'slow down = wait' }],
  ],
  [
    '[[usage: input=10 cached=5 output=3]]',
    [{ type: 'usage', inputTokens: 10, cachedTokens: 5, outputTokens: 3 }],
  ],
  ['[[usage: output=3]]', [{ type: 'usage', outputTokens: 3 }]],
])('%s', (text, steps) => {
  expect(parseDirectives(text)).toEqual(steps)
})

test.each([
  '[[tool: Bash {bad]]',
  '[[tool:]]',
  '[[delay: soon]]',
  '[[chunks: 0 x 1ms]]',
  '[[huge: 5GB]]',
  '[[gate:]]',
  '[[hang: on]]',
  '[[cut: twice=1]]',
  '[[status: 200]]',
  '[[status: 429 retry-after=soon]]',
  '[[status: 429 tries=1]]',
  '[[usage: input=many]]',
  '[[say: never closed',
])('%s cannot be read, and says so', (text) => {
  const message = `the model server cannot read ${text}`
  expect(parseDirectives(`[[say: before]] ${text}`)).toEqual([{ type: 'status', status: 400, message }])
  expect(parseDirectives(`${text} [[hang]]`)[0]).toMatchObject({ type: 'status', status: 400 })
})

test('a huge text is as long as it says, and no line is like another', () => {
  const [step] = parseDirectives('[[huge: 1kB]]')
  const text = step?.type === 'say' ? step.text : ''
  expect(text).toHaveLength(1000)
  expect(new Set(text.match(/.{10}\n/g))).toHaveProperty('size', 10)
})
