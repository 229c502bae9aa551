import { expect, test } from 'vitest'
import { openServiceStage } from './agent-service.test.support.js'

test('a listener is called when definitions of its project have changed, until it is removed', async () => {
  const { agents, clock, define } = openServiceStage()
  const lists: string[][] = []
  const { list, onDefinitionsChange } = agents()
  const stop = onDefinitionsChange(() =>
    lists.push(list().flatMap(({ name, builtIn }) => (builtIn ? [] : [name]))),
  )
  define('reviewer')
  define('tester')
  await expect
    .poll(() => {
      clock.advance(200)
      return lists.at(-1)
    })
    .toEqual(['reviewer', 'tester'])
  stop()
  const told = lists.length
  define('third')
  await new Promise((resolve) => setTimeout(resolve, 50))
  clock.advance(200)
  expect(lists).toHaveLength(told)
})
