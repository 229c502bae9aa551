import { SubagentError } from '@subagent-mcp/contract'
import { expect, test, vi } from 'vitest'
import { startTestContext, type TestContext } from '../terminal/context.test.support.js'
import { keepAttendance, type KeptAttendance } from './keep-attendance.js'
import { workerMail } from './worker-mail.js'

function attend(desk: TestContext, pid = process.pid) {
  const refused: SubagentError[] = []
  const reached = { client: desk.client }
  const attendance: KeptAttendance = keepAttendance({
    reach: () => Promise.resolve(reached.client),
    body: {
      ...{ name: 'api', capabilities: [], topics: ['>'], wakes: 'high' },
      ...{ cwd: desk.terminal.cwd, environment: {}, pid, startTime: '-' },
    },
    onRefused: (error) => refused.push(error),
  })
  return { attendance, mail: workerMail(attendance), refused, reached }
}

const from = { name: 'me', host: 'box', through: 'http' } as const
const stay = new AbortController().signal

test('messages are taken under the current registration, also at the next daemon', async () => {
  const desk = await startTestContext()
  const { attendance, mail, reached } = attend(desk)
  const { instance } = await attendance.present()
  await desk.client.mail.send({ from, to: 'api', body: 'hi' })
  const order = { agent: 'api', instance: 'whoever', leaseMs: 60_000, waitMs: 1_000 }
  const batch = await mail.next(order, stay)
  expect(batch?.messages).toMatchObject([{ body: 'hi' }])
  expect(await mail.acknowledge(batch?.take ?? '')).toHaveLength(1)
  await desk.close()
  await expect(mail.thread('t')).rejects.toMatchObject({ code: 'daemon-unreachable' })
  const next = await startTestContext()
  reached.client = next.client
  await vi.waitUntil(() =>
    mail.next({ ...order, waitMs: 0 }, stay).then(
      () => true,
      () => false,
    ),
  )
  expect(await next.client.attendances()).toMatchObject([{ name: 'api', instance }])
})

test('a folder that another process has is no use trying again', async () => {
  const desk = await startTestContext()
  await attend(desk, 1).attendance.present()
  const { attendance, refused } = attend(desk)
  await expect(attendance.present()).rejects.toMatchObject({ code: 'already-running' })
  expect(refused).toMatchObject([{ code: 'already-running' }])
})

test('what else keeps it from being there may be over the next time', async () => {
  const desk = await startTestContext()
  const failed = new SubagentError('daemon-failed', 'it did not start', { hint: 'see its log' })
  const { body } = { body: { name: 'api', capabilities: [], topics: [], cwd: desk.terminal.cwd } }
  const attendance = keepAttendance({
    reach: () => Promise.reject(failed),
    body: { ...body, wakes: 'high', environment: {}, pid: process.pid, startTime: '-' },
    onRefused: () => {
      throw failed
    },
  })
  await expect(attendance.present()).rejects.toMatchObject({
    code: 'daemon-unreachable',
    message: 'it did not start',
    hint: 'see its log',
  })
})
