import { checkForLeaks } from '@subagent-mcp/testkit'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { entry, useJournals, useWriters } from './journals.test.support.js'

checkForLeaks()
const { open, path } = useJournals()
const start = useWriters()

const ClaimLine = z.object({ pid: z.number(), type: z.string(), by: z.number().optional() })

describe('many processes at one journal', () => {
  it('write in parallel, and each fact is there once', async () => {
    const writes = `
      const journal = open('n')
      print('ready')
      await told()
      for (let number = 0; number < 300; number += 1)
        journal.append([{ at: 0, agentId: 'agent ' + process.pid, type: 'counted', body: number }])
    `
    const writers = [start(path(), writes), start(path(), writes)]
    await Promise.all(writers.map((writer) => writer.until(1)))
    for (const writer of writers) writer.tell('go')
    const reader = open()
    await Promise.all(writers.map((writer) => writer.finish()))

    const entries = reader.read({})
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 600 }, (_, index) => index + 1))
    const agentIds = [...new Set(entries.map(({ agentId }) => agentId))]
    expect(agentIds).toHaveLength(2)
    for (const agentId of agentIds) {
      const counted = reader.read({ agentId }).map(({ body }) => body)
      expect(counted).toEqual(Array.from({ length: 300 }, (_, number) => number))
    }
  })

  it('make the file and claim the version in parallel, and one of them wins', async () => {
    const claims = `
      print('ready')
      await told()
      const journal = open('n')
      const claim = journal.claim()
      print({ pid: process.pid, type: claim.type, by: claim.by?.pid })
      await told()
    `
    const claimants = Array.from({ length: 8 }, () => start(path(), claims))
    await Promise.all(claimants.map((claimant) => claimant.until(1)))
    for (const claimant of claimants) claimant.tell('go')
    await Promise.all(claimants.map((claimant) => claimant.until(2)))

    const claimed = claimants.map(({ lines }) => ClaimLine.parse(JSON.parse(lines[1] ?? '')))
    const winners = claimed.filter(({ type }) => type === 'won')
    expect(winners).toHaveLength(1)
    expect(new Set(claimed.map(({ pid, by }) => by ?? pid))).toEqual(new Set([winners[0]?.pid]))
    await Promise.all(claimants.map((claimant) => claimant.finish()))
  })

  it('adopt in parallel, and each agent goes to one of them', async () => {
    const dead = open({ nonce: 'dead' })
    const agentIds = Array.from({ length: 200 }, (_, index) => `agent ${index}`)
    dead.append(agentIds.map((agentId) => entry(agentId, 1)))
    const adopts = `
      const journal = open('n', (owner) => owner.nonce !== 'dead')
      print('ready')
      await told()
      const { owners, entries } = journal.adopt()
      print([...entries].map(({ agentId }) => agentId))
      await told()
    `
    const adopters = [start(path(), adopts), start(path(), adopts), start(path(), adopts)]
    await Promise.all(adopters.map((adopter) => adopter.until(1)))
    for (const adopter of adopters) adopter.tell('go')
    await Promise.all(adopters.map((adopter) => adopter.until(2)))
    const adopted = adopters.flatMap(({ lines }) => z.array(z.string()).parse(JSON.parse(lines[1] ?? '')))
    expect(adopted.toSorted()).toEqual(agentIds.toSorted())
  })
})
