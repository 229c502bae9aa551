import { checkForLeaks } from '@subagent-mcp/testkit'
import { describe, expect, it } from 'vitest'
import { entry, factsIn, useJournals } from './journals.test.support.js'

checkForLeaks()
const { open } = useJournals()

/** An `isAlive` for which all owners with this nonce are dead. */
const allBut = (nonce: string) => (owner: { nonce: string }) => owner.nonce !== nonce

describe('the claim of a version', () => {
  it('is won by one live owner', () => {
    const first = open()
    const second = open()
    expect(first.claim()).toEqual({ type: 'won' })
    expect(second.claim()).toEqual({ type: 'taken', by: first.owner })
    expect(first.claim()).toEqual({ type: 'won' })
  })

  it('is another one for each version', () => {
    expect(open({ version: '1.0.0' }).claim()).toEqual({ type: 'won' })
    expect(open({ version: '1.1.0' }).claim()).toEqual({ type: 'won' })
  })

  it('falls to the next one when the winner closes, or is dead', () => {
    const closes = open()
    const dies = open({ nonce: 'dead' })
    const last = open({ isAlive: allBut('dead') })
    closes.claim()
    expect(last.claim()).toEqual({ type: 'taken', by: closes.owner })
    closes.close()
    expect(dies.claim()).toEqual({ type: 'won' })
    expect(last.claim()).toEqual({ type: 'won' })
  })
})

describe('adopting', () => {
  it('takes the agents of the dead and of those who closed, with all their facts', () => {
    const [dead, closed, live] = [open({ nonce: 'dead' }), open(), open()]
    dead.append([entry('a', 1)])
    closed.append([entry('b', 2)])
    live.append([entry('c', 3)])
    dead.append([entry('a', 4)])
    closed.close()
    const adopter = open({ isAlive: allBut('dead') })
    adopter.append([entry('d', 5)])

    const { owners, entries } = adopter.adopt()
    const seqs = [...entries].map(({ seq }) => seq)
    adopter.append([entry('a', 6)])
    expect(owners).toEqual([dead.owner])
    expect(seqs).toEqual([1, 2, 4])
    expect([...entries].map(({ seq }) => seq)).toEqual(seqs)
    expect(dead.append([entry('a', 7)])).toBe(6)
    expect(adopter.read({ agentId: 'a' })).toHaveLength(3)
    live.append([entry('c', 8)])
  })

  it('goes by what an owner says of itself: its pid and the place where that is one', () => {
    const [here, elsewhere] = [open({ place: 'boot pid:[1]' }), open({ place: 'boot pid:[2]' })]
    here.append([entry('a', 1)])
    elsewhere.append([entry('b', 2)])
    const { owners, entries } = open({ isAlive: ({ place }) => place !== 'boot pid:[1]' }).adopt()
    expect(owners).toEqual([here.owner])
    expect(factsIn(entries).map(({ agentId }) => agentId)).toEqual(['a'])
  })

  it('reads a long history to its end', () => {
    const dead = open({ nonce: 'dead' })
    dead.append(Array.from({ length: 1_700 }, (_, index) => entry(`agent ${index % 7}`, index)))
    const entries = factsIn(open({ isAlive: allBut('dead') }).adopt().entries)
    expect(entries.map(({ body }) => body)).toEqual(
      Array.from({ length: 1_700 }, (_, number) => ({ number })),
    )
  })

  it('names the dead again until they are buried, also to the next one when the adopter dies', () => {
    const dead = open({ nonce: 'dead' })
    dead.append([entry('a', 1)])
    const adopter = open({ nonce: 'dead too', isAlive: allBut('dead') })
    expect([...adopter.adopt().entries]).toHaveLength(1)

    const next = open({ isAlive: ({ nonce }) => !nonce.startsWith('dead') })
    const adopted = next.adopt()
    expect(adopted.owners).toEqual([dead.owner, adopter.owner])
    expect([...adopted.entries]).toHaveLength(1)
    next.deleteOwners(adopted.owners)
    expect(next.adopt().owners).toEqual([])
    expect([...next.adopt().entries]).toEqual([])
    expect(next.append([entry('a', 2)])).toBe(2)
  })

  it('gets what a dead owner wrote after it was buried unadopted', () => {
    const dead = open({ nonce: 'dead' })
    dead.append([entry('a', 1)])
    const other = open()
    other.deleteOwners([dead.owner])
    expect([...other.adopt().entries]).toHaveLength(1)
  })
})

describe('load', () => {
  it('is what the other live owners told last', () => {
    const [first, dead, silent] = [open(), open({ nonce: 'dead' }), open({ isAlive: allBut('dead') })]
    first.publish({ turns: 1 })
    first.publish({ turns: 2 })
    dead.publish({ turns: 3 })
    expect(silent.othersLoad()).toEqual([{ turns: 2 }])
    expect(first.othersLoad()).toEqual([{ turns: 3 }])
    first.close()
    expect(silent.othersLoad()).toEqual([])
  })
})
