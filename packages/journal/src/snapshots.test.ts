import { expect, test } from 'vitest'
import { entry, useJournals } from './journals.test.support.js'
import { openStore } from './store.js'

const { open, path } = useJournals()

/** What another owner of this version takes over from all owners with the nonce `dead`: numbers of facts, and snapshots. */
function adopted(version = '1.0.0'): unknown[] {
  const { entries } = open({ version, isAlive: ({ nonce }) => nonce !== 'dead' }).adopt()
  return [...entries].map((each) => ('snapshot' in each ? each.snapshot : each.seq))
}

/** An owner that dies without closing, with facts 1 to 4 of agents a and b, and a snapshot of a after fact 3. */
function died(): ReturnType<typeof open> {
  const dead = open({ nonce: 'dead' })
  dead.append([entry('b', 1), entry('a', 2), entry('a', 3)])
  dead.keepSnapshots({ agents: [{ agentId: 'a', body: 'state of a' }], shared: 'limits' })
  dead.append([entry('b', 4)])
  return dead
}

test('a snapshot stands for the facts before it, at the place of the first of them', () => {
  const dead = died()
  expect(adopted()).toEqual([1, 'state of a', 'limits', 4])
  dead.close()
})

test('facts after a snapshot are read', () => {
  const dead = died()
  dead.append([entry('a', 5)])
  expect(adopted()).toEqual([1, 'state of a', 'limits', 4, 5])
})

test('snapshots of another version are not read', () => {
  died()
  expect(adopted('1.0.1')).toEqual([1, 2, 3, 4])
})

test.each(['body', 'seq', 'version'])('a snapshot with a damaged %s is not read', (column) => {
  died()
  const store = openStore(path())
  const other = column === 'seq' ? '1' : "'state of b'"
  for (const table of ['snapshots', 'sharedSnapshot'])
    store.write(() => {
      store.execute(`UPDATE ${table} SET ${column} = ${other}`)
    })
  store.close()
  expect(adopted()).toEqual([1, 2, 3, 4])
})

test('an owner writes no snapshot of an agent that another has taken over, or that is deleted', () => {
  const dead = open({ nonce: 'dead' })
  dead.append([entry('a', 1), entry('b', 2)])
  const next = open({ isAlive: ({ nonce }) => nonce !== 'dead' })
  expect([...next.adopt().entries]).toHaveLength(2)
  next.forget(['b'])
  const agents = ['a', 'b'].map((agentId) => ({ agentId, body: 'wrong' }))
  dead.keepSnapshots({ agents, shared: 'limits' })
  next.close()
  expect(adopted()).toEqual([1, 'limits'])
})

test('a deleted agent leaves no snapshot', () => {
  const dead = died()
  dead.forget(['a'])
  expect(adopted()).toEqual([1, 'limits', 4])
})
