import { expect, test } from 'vitest'
import { askPersonForPermission, describeTypedPermissionAnswer } from './ask-person.js'
import { createTestTerminal } from '../terminal.test.support.js'

/** Asks for a permission at a terminal on which a person types these lines, and returns the answer and the printed text. */
async function answerBy(lines: (string | undefined)[], humanOnly = false) {
  const terminal = createTestTerminal({ cwd: '/', now: () => 0 })
  terminal.widen({ columns: 80, rows: 24 })
  const left = [...lines, 'not read']
  const ask = (question: string): Promise<string | undefined> => {
    void terminal.stderr.print(question)
    return Promise.resolve(left.shift())
  }
  const { signal } = new AbortController()
  const answer = await askPersonForPermission({ humanOnly }, { ask, stderr: terminal.stderr }, signal)
  expect(left).toEqual(['not read'])
  return { answer, said: terminal.said.stderr }
}

const no = { decision: 'deny', reason: 'the user said no' }

test.each([
  ['y', { decision: 'allow' }],
  [' YES ', { decision: 'allow' }],
  ['n', no],
  ['No', no],
  ['r use npm test', { decision: 'deny', reason: 'use npm test' }],
  ['R  too  much ', { decision: 'deny', reason: 'too  much' }],
  ['s', undefined],
  ['skip', undefined],
  [undefined, undefined],
])('%j is an answer', async (line, answer) => {
  expect((await answerBy([line])).answer).toEqual(answer)
})

test.each(
  [
    '',
    ' ',
    'x',
    'yn',
    'yes!',
    'yes please',
    'y n',
    'n y',
    'no way',
    'nope',
    'd',
    'q',
    'rm it',
    '1',
    'ja',
  ].concat(['\u0003', '\u001b[A', 'у', 'ｙ', 'y\u200b', 'deny', 'allow', 's s', '? y', 'constructor']),
)('%j is asked again, and is neither a yes nor a no', async (line) => {
  const { answer, said } = await answerBy([line, 's'])
  expect(answer).toBeUndefined()
  expect(said.match(/allow\?/g)).toHaveLength(2)
  expect(said).toMatch(/nothing was answered|is not understood/)
})

test('what was typed is shown without what a terminal would act on', async () => {
  expect((await answerBy(['\u001b[2Jy', 's'])).said).toContain(String.raw`'\u{1b}[2Jy' is not understood`)
})

test('help lists the answers', async () => {
  for (const word of ['?', 'help'])
    expect((await answerBy([word, 's'])).said).toMatch(/y {2}yes.*\nn .*\nr .*\ns .*\n/)
})

test('a reason is asked for, and without one the question is asked again', async () => {
  expect((await answerBy(['r', ' do not '])).answer).toEqual({ decision: 'deny', reason: 'do not' })
  for (const nothing of ['', ' ', undefined])
    expect((await answerBy(['r', nothing, 'y'])).answer).toEqual({ decision: 'allow' })
})

test('what only a person may allow takes the whole word', async () => {
  const { answer, said } = await answerBy(['y', 'Y', 'yes'], true)
  expect(answer).toEqual({ decision: 'allow' })
  expect(said.match(/type yes in full/g)).toHaveLength(2)
  expect((await answerBy(['n'], true)).answer).toEqual(no)
})

test('when the question is over nothing more is asked', async () => {
  const over = new AbortController()
  const terminal = createTestTerminal({ cwd: '/', now: () => 0 })
  const ask = (): Promise<string> => {
    over.abort()
    return Promise.resolve('y')
  }
  expect(await askPersonForPermission({}, { ask, stderr: terminal.stderr }, over.signal)).toBeUndefined()
  expect(terminal.said.stderr).toBe('')
})

test('the outcome is a line', () => {
  expect(describeTypedPermissionAnswer({ decision: 'allow' })).toBe('allowed\n')
  expect(describeTypedPermissionAnswer({ decision: 'deny', reason: 'not\u001b that' })).toBe(
    'denied: not\\u{1b} that\n',
  )
  expect(describeTypedPermissionAnswer(undefined)).toMatch(/^left open;/)
})
