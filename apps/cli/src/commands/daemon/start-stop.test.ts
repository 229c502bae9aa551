import { expect, test } from 'vitest'
import { agentOf } from '../../terminal/agents.test.support.js'
import { describeDaemonStop } from './start-stop.js'

test('of agents that were interrupted one that takes messages is named; a task is invoked again', () => {
  const task = agentOf({ id: 't1', name: 'reviewer', status: 'interrupted', takesMessages: false })
  const agent = agentOf({ id: 'a1', status: 'interrupted' })
  const said = (...interrupted: (typeof agent)[]): string[] =>
    describeDaemonStop({ type: 'gone', pid: 7, hosts: 0, interrupted }).text.split('\n')
  const resume = 'a message resumes one: subagent-mcp send a1 "go on"'
  const again = 'tasks take no message and are not resumed: invoke them again'
  const head = ['daemon 7 has ended', 'interrupted: t1 "reviewer"']
  expect(said(task)).toEqual([...head, again])
  expect(said(task, agent)).toEqual([...head, 'interrupted: a1', resume, again])
  expect(said(agent)).toEqual(['daemon 7 has ended', 'interrupted: a1', resume])
})
