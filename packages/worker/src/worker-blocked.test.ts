import type { Failure } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { openManualWorker, type ManualWorker, type Script } from './manual-worker.test.support.js'
import type { WorkerPause, WorkerLine } from './index.js'
import { failureNeedsRepair } from './failure-needs-repair.js'

const signedOut: Failure = {
  reason: 'not-signed-in',
  message: 'claude is not signed in',
  hint: 'run `claude`',
}

/** Returns a script whose turns fail this way until `mend` is called. */
function broken(failure: Failure) {
  let isMended = false
  const script: Script = () =>
    isMended ? { type: 'ended', text: 'done', session: 's1' } : { type: 'failed', failure, session: 's1' }
  return { script, mend: () => void (isMended = true) }
}

/** The messages to a sender that are no replies. */
async function notesTo(manual: ManualWorker, name: string): Promise<string[]> {
  const inbox = await manual.mail.inbox(name)
  return inbox.filter(({ replyTo }) => replyTo === undefined).map(({ body }) => body)
}

function blocksOf(lines: readonly WorkerLine[]): WorkerPause[] {
  return lines.flatMap((line) => (line.type === 'blocked' ? [line] : []))
}

test.each<[string, Omit<Failure, 'message'>, boolean]>([
  ['nobody is signed in', { reason: 'not-signed-in' }, true],
  ['the CLI is not there', { reason: 'not-installed' }, true],
  ['the model is not there', { reason: 'model-unavailable' }, true],
  ['the launch is refused', { reason: 'refused' }, true],
  ['it takes more requests than it may', { reason: 'max-turns' }, true],
  ['the model refuses a message', { reason: 'bad-request' }, false],
  ['the CLI dies', { reason: 'crashed' }, false],
  [
    'one candidate may do better',
    { reason: 'no-candidate-left', reasons: ['not-signed-in', 'overloaded'] },
    false,
  ],
  ['no candidate can', { reason: 'no-candidate-left', reasons: ['not-signed-in', 'not-installed'] }, true],
  ['an older daemon does not say why none can', { reason: 'no-candidate-left' }, false],
])('whether something must be mended where %s', (_title, failure, isNeeded) => {
  expect(failureNeedsRepair({ message: 'no', ...failure })).toBe(isNeeded)
})

test('what no retry mends stops the worker: its messages wait with all their tries, and are answered when it is mended', async () => {
  const manual = await openManualWorker()
  const { script, mend } = broken(signedOut)
  const message = await manual.send('do it')
  const worker = manual.start(script)
  const began = manual.clock.now()
  await manual.until(() => blocksOf(worker.lines).length > 0)
  const reason = 'not-signed-in: claude is not signed in'
  expect(worker.shelf.memory?.status).toMatchObject({ type: 'blocked', reason, hint: 'run `claude`' })
  await manual.until(() => manual.clock.now() - began >= 2_400_000)
  expect(await manual.mail.thread(message.thread)).toMatchObject([{ status: 'waiting', tries: 0 }, {}])
  expect(worker.orders.length).toBeGreaterThan(5)
  expect(worker.orders.length).toBeLessThan(10)
  mend()
  await manual.until(() => manual.isIdle())
  expect(await manual.replies(message)).toMatchObject([{ body: 'done' }])
  await manual.until(() => worker.shelf.memory?.status.type === 'waiting')
})

test('a pause ends when its reason is mended, or the worker is stopped, and not before', async () => {
  const manual = await openManualWorker()
  const { script, mend } = broken(signedOut)
  let isSignedOut = true
  const worker = manual.start(script, { isRefused: () => isSignedOut })
  const message = await manual.send('do it')
  await manual.until(() => blocksOf(worker.lines).length === 6)
  const { until } = blocksOf(worker.lines)[5] ?? { until: 0 }
  mend()
  isSignedOut = false
  await manual.until(async () => (await manual.replies(message)).length > 0)
  expect(until - manual.clock.now()).toBeGreaterThan(600_000)

  const other = manual.start(broken(signedOut).script, { name: 'tests' })
  await manual.send('do it', { to: 'tests' })
  await manual.until(() => blocksOf(other.lines).length > 0)
  other.stop()
  expect(await other.end).toEqual({ type: 'stopped' })
})

test('each sender learns once why its message waits and what helps, also of a message that comes later', async () => {
  const manual = await openManualWorker()
  const { script } = broken(signedOut)
  const first = await manual.send('do it')
  await manual.send('for you to know', { from: 'tests', expectsReply: false })
  const worker = manual.start(script)
  await manual.until(() => blocksOf(worker.lines).length > 0)
  const later = await manual.send('and this', { from: 'bob' })
  await manual.until(() => blocksOf(worker.lines).length > 4)
  const noteOn = (id: string): string =>
    [
      'docs takes no messages now. not-signed-in: claude is not signed in',
      'Hint: run `claude`',
      `Your message ${id} waits, and docs answers it when this is repaired. You need not send it again.`,
    ].join('\n')
  expect(await notesTo(manual, 'ann')).toEqual([noteOn(first.id)])
  expect(await notesTo(manual, 'bob')).toEqual([noteOn(later.id)])
  expect(await notesTo(manual, 'tests')).toEqual([])
  worker.stop()
  await worker.end
  const again = manual.start(script, { memory: worker.shelf })
  await manual.until(() => blocksOf(again.lines).length > 0)
  expect(await notesTo(manual, 'ann')).toHaveLength(1)
})

test('two blocked workers that have written to each other tell it once each', async () => {
  const manual = await openManualWorker()
  const { script } = broken(signedOut)
  const workers = [manual.start(script), manual.start(script, { name: 'tests' })]
  await manual.send('one', { from: 'tests' })
  await manual.send('two', { from: 'docs', to: 'tests' })
  await manual.until(() => workers.every(({ lines }) => blocksOf(lines).length > 3))
  expect([await notesTo(manual, 'docs'), await notesTo(manual, 'tests')]).toMatchObject([
    ['one', expect.stringContaining('tests takes no messages now')],
    ['two', expect.stringContaining('docs takes no messages now')],
  ])
})

test('a session is kept while the machine lacks what it needs', async () => {
  const manual = await openManualWorker()
  const first = await manual.send('one')
  const worker = manual.start((_order, _signal, number) =>
    number === 1 || number > 4
      ? { type: 'ended', text: 'ok', session: 's1' }
      : { type: 'failed', failure: signedOut, session: 's1' },
  )
  await manual.until(() => manual.isIdle())
  await manual.send('two', { thread: first.thread })
  await manual.until(() => manual.isIdle())
  expect(worker.orders.map(({ session }) => session.type)).toEqual([
    'new',
    'known',
    'known',
    'known',
    'known',
  ])
})

test('with once, a worker that cannot work says why, tells the sender, and ends', async () => {
  const manual = await openManualWorker()
  const message = await manual.send('do it')
  const worker = manual.start(broken(signedOut).script, { once: true })
  expect(await worker.end).toMatchObject({
    type: 'blocked',
    reason: 'not-signed-in: claude is not signed in',
  })
  expect(blocksOf(worker.lines)).toHaveLength(1)
  expect(await notesTo(manual, 'ann')).toHaveLength(1)
  expect(await manual.mail.thread(message.thread)).toMatchObject([{ status: 'waiting', tries: 0 }, {}])
})
