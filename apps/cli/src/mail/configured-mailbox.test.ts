import { SubagentError } from '@subagent-mcp/contract'
import { openSqliteStore } from '@subagent-mcp/journal'
import { needsNats, startNats } from '@subagent-mcp/testkit'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { createDefaultConfig } from '../settings/config.js'
import { openConfiguredMailbox, readStateFolderId } from './configured-mailbox.js'

type Given = { mailbox?: object; check?: () => void }

function open({ mailbox = {}, check = () => undefined }: Given) {
  const home = mkdtempSync(join(tmpdir(), 'house-mailbox-'))
  const config = createDefaultConfig()
  const files = { config: { ...config, mailbox: { ...config.mailbox, ...mailbox } }, check }
  const store = openSqliteStore(join(home, 'journal.db'))
  const opened = openConfiguredMailbox({ files, home, store, log: () => undefined })
  onTestFinished(async () => {
    await opened.close()
    store.close()
    rmSync(home, { recursive: true })
  })
  return { mailbox: opened, home, store }
}

test('is in the file of the journal, with the limits of the configuration', async () => {
  const { mailbox, home } = open({ mailbox: { maxKilobytes: 0.01 } })
  const where = join(home, 'journal.db')
  expect(await mailbox.health()).toEqual({ kind: 'sqlite', where, reachable: true })
  const send = mailbox.send({
    from: { name: 'me', host: 'box', through: 'http' },
    to: 'api',
    body: 'x'.repeat(11),
  })
  await expect(send).rejects.toMatchObject({ code: 'invalid-parameter' })
})

test('rejects calls while the configuration cannot be used', async () => {
  const check = (): void => {
    throw new SubagentError('config-invalid', 'config.jsonc:1: half a file')
  }
  const { mailbox } = open({ check })
  await expect(mailbox.agents()).rejects.toMatchObject({ code: 'config-invalid' })
  expect(await mailbox.health()).toMatchObject({ reachable: false, problem: 'config.jsonc:1: half a file' })
})

test('an error about unreachable servers contains no secret, and comes without a long wait', async () => {
  const { mailbox } = open({ mailbox: { url: 'nats://me:secret@127.0.0.1:1,nats://127.0.0.1:2' } })
  expect(await mailbox.health()).toMatchObject({
    kind: 'nats',
    where: 'nats://127.0.0.1:1,nats://127.0.0.1:2',
    reachable: false,
  })
  const asked = await mailbox.agents().catch((error: unknown) => error)
  expect(asked).toMatchObject({ code: 'mailbox-unreachable' })
  expect(JSON.stringify([asked, String(asked), await mailbox.health()])).not.toContain('secret')
})

test('on servers keeps no mail in the state folder', needsNats, async () => {
  const nats = await startNats()
  onTestFinished(() => nats.end())
  const { mailbox, home, store } = open({ mailbox: { url: nats.url } })
  expect(await mailbox.agents()).toEqual([])
  expect(readdirSync(home).filter((name) => !name.startsWith('journal.db'))).toEqual(['mailbox-id'])
  expect(store.rows(z.unknown(), "SELECT name FROM sqlite_master WHERE name LIKE 'mail%'")).toEqual([])
})

test('each state folder has a keeper id of its own', () => {
  const [one, other] = [open({}), open({})]
  expect(readStateFolderId(one.home)).toMatch(/^[0-9a-f]{16}$/)
  expect(readStateFolderId(one.home)).toBe(readStateFolderId(one.home))
  expect(readStateFolderId(other.home)).not.toBe(readStateFolderId(one.home))
})
