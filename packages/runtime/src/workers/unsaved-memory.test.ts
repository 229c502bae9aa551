import { openMemoryMailbox } from '@subagent-mcp/mailbox'
import { checkForLeaks, createManualDriver } from '@subagent-mcp/testkit'
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRuntime } from '../create-runtime.js'
import { openState } from '../state/open-state.js'
import { getWorkerStatePath, readWorkerState } from './worker-state-file.js'

checkForLeaks()

let folder = ''
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'unsaved-')))
  mkdirSync(join(folder, 'api'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('a worker whose process is killed after a reply, and before its memory is saved, keeps session and count', async () => {
  const workers = join(folder, 'workers')
  const statePath = getWorkerStatePath(workers, 'api')
  const open = async () => {
    const [driver, mailbox] = [createManualDriver(), openMemoryMailbox()]
    const state = openState({ folder })
    const runtime = createRuntime({ drivers: [driver], mailbox, state, workers: { folder: workers } })
    await runtime.recover()
    await runtime.workers.start({ folder: join(folder, 'api'), provider: 'claude' })
    return { runtime, driver, mailbox }
  }
  const answer = async ({ driver, mailbox }: Awaited<ReturnType<typeof open>>, text: string) => {
    const from = { name: 'me', host: 'box', through: 'http' } as const
    await expect.poll(async () => (await mailbox.agents()).map(({ name }) => name)).toContain('api')
    const { message } = await mailbox.send({ from, to: 'api', body: text })
    await expect.poll(() => driver.sessions.length).toBe(1)
    const [session] = driver.sessions
    await session?.open()
    session?.sink({ type: 'session-identified', sessionId: 's-1' })
    const [prompt] = session?.sent.filter((command) => command.type === 'prompt') ?? []
    const usage = { inputTokens: 5, outputTokens: 1 }
    session?.sink({ type: 'usage-reported', turnId: prompt?.turnId ?? '', usage })
    session?.finish(text)
    await expect.poll(async () => await mailbox.thread(message.thread)).toHaveLength(2)
  }
  const first = await open()
  await expect
    .poll(() => readWorkerState(statePath)?.replicas)
    .toMatchObject([{ status: { type: 'waiting' } }])
  const before = join(folder, 'before.json')
  copyFileSync(statePath, before)
  await answer(first, 'one')
  await first.runtime.close()
  copyFileSync(before, statePath)

  const second = await open()
  await answer(second, 'two')
  expect(second.driver.sessions[0]?.spec.resumeSessionId).toBe('s-1')
  await second.runtime.close()
  expect(readWorkerState(statePath)?.replicas).toMatchObject([{ spent: { turns: 2, tokens: 12 } }])
})
