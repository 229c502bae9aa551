import { hosts, type Host, type HostMachine } from '@subagent-mcp/installer'
import { providerCliFix, type ProviderCli } from '../doctor/provider-clis.js'
import type { TextOutput } from '../terminal/terminal.js'

/** A host on this machine, or the CLI of a provider, or both in one program. */
export type FoundHostOrCli = {
  id: string
  label: string
  /** Whether this machine has the program: a host's files are present, or the CLI is installed. */
  isFound: boolean
  /** The CLI that can be an agent; undefined for hosts that cannot. */
  cli?: ProviderCli
}

/** Joins the hosts that are present and the CLIs of providers: first those that can be agents. */
export function joinHostsAndClis(clis: readonly ProviderCli[], machine: HostMachine): FoundHostOrCli[] {
  const present = hosts.filter((host) => host.isPresent(machine))
  const agents = clis.map((cli) => ({
    id: cli.id,
    label: labelOf(cli.id),
    isFound: !isMissing(cli) || present.some(({ id }) => id === cli.id),
    cli,
  }))
  const others = present.filter(({ id }) => !clis.some((cli) => cli.id === id))
  return [...agents, ...others.map(({ id, label }) => ({ id, label, isFound: true }))]
}

function labelOf(id: string): string {
  return hosts.find((host) => host.id === id)?.label ?? id
}

function isMissing(cli: ProviderCli): boolean {
  return cli.type === 'unusable' && cli.failure.reason === 'not-installed'
}

/** Renders what was found: a line for each program, and below it what makes a CLI usable that is not. */
export function hostAndCliLines(
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
        paint('bold', `    ${providerCliFix(cli.id, cli.failure)}`),
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

/** Renders the state of a machine without any host: the command that installs each of those that can be agents. */
export function noHostFoundLines(found: readonly FoundHostOrCli[]): string[] {
  const installs = found.flatMap(({ cli }) =>
    cli?.type === 'unusable' ? [`  ${providerCliFix(cli.id, cli.failure)}`] : [],
  )
  return ['No coding agent was found on this machine. Install one and sign in to it:', ...installs]
}

/** A sentence to say in each host that was set up, so that its model delegates to another vendor where one is usable. */
export function suggestedPrompts(planned: readonly Host[], found: readonly FoundHostOrCli[]): string[] {
  const usable = found.filter(({ cli }) => cli?.type === 'usable')
  if (usable.length === 0) return []
  return planned.map(({ id, label }) => {
    const other = usable.find((agent) => agent.id !== id)
    const whom = other ? other.label.replace(/ (Code|CLI)$/, '') : 'a sub-agent'
    return `In ${label}, say: ask ${whom} to review my changes`
  })
}
