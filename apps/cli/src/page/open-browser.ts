import { findExecutable } from '@subagent-mcp/driver-kit'
import { spawn } from 'node:child_process'

export type BrowserMachine = { platform: NodeJS.Platform; environment: Readonly<Record<string, string>> }

/**
 * Returns the command that opens an address in the user's browser; `undefined` on a machine without a screen or such a command. On
 * Windows no shell reads the address.
 */
export function findBrowserCommand(
  address: string,
  { platform, environment }: BrowserMachine,
): { command: string; args: readonly string[] } | undefined {
  if (platform === 'win32') return { command: 'rundll32.exe', args: ['url.dll,FileProtocolHandler', address] }
  const hasScreen = platform === 'darwin' || screenVariables.some((name) => environment[name])
  const name = platform === 'darwin' ? 'open' : 'xdg-open'
  const command = hasScreen ? findExecutable({ name, environment, platform }) : undefined
  return command === undefined ? undefined : { command, args: [address] }
}

const screenVariables = ['DISPLAY', 'WAYLAND_DISPLAY']

/** Opens an address in the user's browser, which outlives this process. Resolves with whether a program for it could be started. */
export function openBrowser(address: string, machine: BrowserMachine): Promise<boolean> {
  const found = findBrowserCommand(address, machine)
  if (!found) return Promise.resolve(false)
  return new Promise((resolve) => {
    const child = spawn(found.command, [...found.args], {
      ...{ detached: true, stdio: 'ignore' },
      env: { ...machine.environment },
    })
    child.once('error', () => {
      resolve(false)
    })
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
