import { SubagentError } from '@subagent-mcp/contract'
import { buildChildEnvironment, findExecutable } from '@subagent-mcp/driver-kit'
import { spawn } from 'node:child_process'

type AwakeOptions = {
  environment: NodeJS.ProcessEnv
  platform?: NodeJS.Platform
  /** Called with the reason when the program that keeps the computer awake has ended too early. */
  onLost: (why: string) => void
}

/**
 * Keeps the computer from sleeping by the platform's own command, until the returned function is called or this process ends,
 * however it ends. @throws SubagentError `not-supported` where the platform has no such command
 */
export function preventComputerSleep({
  environment,
  platform = process.platform,
  onLost,
}: AwakeOptions): () => void {
  const variables = buildChildEnvironment(environment)
  const { name, args } = commandOn(platform)
  const command = findExecutable({ name, environment: variables, platform })
  if (command === undefined) {
    const hint = 'leave out --keep-awake, and keep the computer awake in its settings'
    throw new SubagentError('not-supported', `--keep-awake needs ${name}, which is not on PATH`, { hint })
  }
  const child = spawn(command, args, { env: variables, stdio: ['pipe', 'ignore', 'pipe'] })
  let isOver = false
  let said = ''
  const lose = (why: string): void => {
    if (!isOver) onLost(why)
    isOver = true
  }
  child.stderr.on('data', (chunk: Buffer) => (said = `${said}${String(chunk)}`.slice(-500)))
  child.stdin.on('error', () => undefined) // The program has ended, which its exit event reports.
  child.once('error', (error) => lose(error.message))
  child.once('close', (code) => lose(said.trim() || `${name} ended with ${code ?? 'a signal'}`))
  return () => {
    isOver = true
    child.stdin.end()
    child.kill()
  }
}

/** The command that keeps a platform awake until its input ends, or until this process ends. */
function commandOn(platform: NodeJS.Platform): { name: string; args: readonly string[] } {
  if (platform === 'darwin') return { name: 'caffeinate', args: ['-i', '-s', '-w', String(process.pid)] }
  if (platform === 'win32')
    return { name: 'powershell', args: ['-NoProfile', '-NonInteractive', '-Command', windowsScript] }
  const why = ['--who=subagent-mcp', '--why=agents are at work', '--mode=block']
  return { name: 'systemd-inhibit', args: ['--what=idle:sleep', ...why, 'cat'] }
}

/** Asks Windows to stay awake (ES_CONTINUOUS and ES_SYSTEM_REQUIRED) until stdin ends. */
const windowsScript = [
  `$import = '[DllImport("kernel32.dll")] public static extern uint SetThreadExecutionState(uint flags);'`,
  '$power = Add-Type -MemberDefinition $import -Name Power -Namespace SubagentMcp -PassThru',
  '[void]$power::SetThreadExecutionState([uint32]2147483649)',
  '[void][Console]::In.ReadToEnd()',
].join('; ')
