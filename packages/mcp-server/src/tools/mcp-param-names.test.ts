import { getLaunchOptionSchemas } from '@subagent-mcp/api'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { fromMcpParamNames, toMcpParamName, toMcpParamNames } from './mcp-param-names.js'
import { launchAgentTool } from './launch-agent.js'

const options = getLaunchOptionSchemas('mcp')

test('launch_agent takes each option that it does not leave out with a reason', () => {
  const names = Object.keys(options).map(toMcpParamName)
  expect(names).toEqual(expect.arrayContaining(['prompt', 'task_category', 'request_id', 'on_host_exit']))
  const { properties } = z
    .object({ properties: z.record(z.string(), z.unknown()) })
    .parse(launchAgentTool.inputSchema())
  expect(Object.keys(properties)).toEqual(names)
})

test('parameters are converted back to the names of options', () => {
  expect(Object.keys(toMcpParamNames(options))).toContain('task_category')
  const input = { prompt: 'x', task_category: 'coding', on_host_exit: 'kill' } as const
  expect(fromMcpParamNames(options, input)).toEqual({ prompt: 'x', category: 'coding', onHostExit: 'kill' })
})
