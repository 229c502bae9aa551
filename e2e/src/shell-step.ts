import type { Provider } from './each-provider.js'

/** A step of the model's script: a call of a tool. */
type ToolStep = { type: 'tool'; tool: string; input: Record<string, unknown> | string }

/** The step by which the model of a provider runs a command line in the shell of its CLI. */
export const shellStep: Readonly<Record<Provider, (line: string) => ToolStep>> = {
  claude: (command) => ({ type: 'tool', tool: 'Bash', input: { command } }),
  codex: (cmd) => ({
    ...{ type: 'tool', tool: 'exec' },
    input: `text(await tools.exec_command(${JSON.stringify({ cmd })}))`,
  }),
  gemini: (command) => ({ type: 'tool', tool: 'run_shell_command', input: { command } }),
}

/** The same call as a part of a prompt, which the model server plays. */
export function shellCall(provider: Provider, line: string): string {
  const { tool, input } = shellStep[provider](line)
  return `[[tool: ${tool} ${JSON.stringify(input)}]]`
}
