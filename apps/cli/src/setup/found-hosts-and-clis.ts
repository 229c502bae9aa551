import { hosts, type Host, type HostMachine } from '@subagent-mcp/installer'
import { describeProviderCliFix, type ProviderCli } from '../doctor/provider-clis.js'
import type { TextOutput } from '../terminal/terminal.js'

/** A program that setup has looked for: a host, the CLI of a provider, or both in one. */
export type FoundHostOrCli = {
  id: string
  label: string
  /** Whether this machine has the program: the files of the host are present, or the CLI is installed. */
  isFound: boolean
  /** The CLI, if the program can run agents; undefined for other hosts. */
  cli?: ProviderCli
}

/** Joins the present hosts and the CLIs of providers in one list: first those that can run agents. */
export function joinHostsAndClis(clis: readonly ProviderCli[], machine: HostMachine): FoundHostOrCli[] {
  const present = hosts.filter((host) => host.isPresent(machine))
  const agents = clis.map((cli) => ({
    id: cli.id,
    label: hosts.find(({ id }) => id === cli.id)?.label ?? cli.id,
    isFound:
      cli.type === 'usable' ||
      cli.failure.reason !== 'not-installed' ||
      present.some(({ id }) => id === cli.id),
    cli,
  }))
  const others = present.filter(({ id }) => !clis.some((cli) => cli.id === id))
  return [...agents, ...others.map(({ id, label }) => ({ id, label, isFound: true }))]
}

/** Renders a line for each program that setup has found. Below a CLI that is not usable stands what makes it usable. */
export function formatHostAndCliLines(
  found: readonly FoundHostOrCli[],
  { paint }: Pick<TextOutput, 'paint'>,
): string[] {
  const [here, missing] = [found.filter(({ isFound }) => isFound), found.filter(({ isFound }) => !isFound)]
  const width = Math.max(...here.map(({ label }) => label.length))
  const lines = here.flatMap(({ label, cli }) => {
    const name = label.padEnd(width)
    if (cli?.type === 'unusable')
      return [
        `${paint('yellow', '✗')} ${name}  ${stateWords(cli)}`,
        paint('bold', `    ${describeProviderCliFix(cli.id, cli.failure)}`),
      ]
    return [`${paint('green', '✓')} ${name}  ${cli?.signedIn === 'yes' ? 'signed in' : 'found'}`]
  })
  if (missing.length === 0) return lines
  return [...lines, paint('dim', `not found: ${missing.map(({ label }) => label).join(', ')}`)]
}

function stateWords({ failure }: Extract<ProviderCli, { type: 'unusable' }>): string {
  if (failure.reason === 'not-installed') return 'its program was not found'
  return failure.reason === 'not-signed-in' ? 'not signed in' : failure.message
}

/** Renders what setup prints on a machine without any host: the commands that install some. */
export function formatNoHostFoundLines(found: readonly FoundHostOrCli[]): string[] {
  const installs = found.flatMap(({ cli }) =>
    cli?.type === 'unusable' ? [`  ${describeProviderCliFix(cli.id, cli.failure)}`] : [],
  )
  return ['No coding agent was found on this machine. Install one and sign in to it:', ...installs]
}

/** Returns for each host that was set up a sentence that a user can say in it to try a first delegation. */
export function suggestFirstPrompts(planned: readonly Host[], found: readonly FoundHostOrCli[]): string[] {
  const usable = found.filter(({ cli }) => cli?.type === 'usable')
  if (usable.length === 0) return []
  return planned.map(({ id, label }) => {
    const other = usable.find((agent) => agent.id !== id)
    const whom = other ? other.label.replace(/ (Code|CLI)$/, '') : 'a sub-agent'
    return `In ${label}, say: ask ${whom} to review my changes`
  })
}
