import { createRuntime } from '@subagent-mcp/runtime'
import { commandDriver } from './command-driver.js'

// Runs any program as an agent that reads its task from stdin and prints its answer:
// node dist/main.js "Sort these words" sort
const [prompt = 'one two', command = 'cat', ...args] = process.argv.slice(2)

const runtime = createRuntime({ drivers: [commandDriver('my-cli', command, args)] })
const agent = await runtime.launch({ prompt, provider: 'my-cli', cwd: process.cwd() })
const { text, failure } = await agent.result()
console.log(failure?.message ?? text)
await runtime.close()
