import type { Host, HostMachine } from '@subagent-mcp/installer'
import { hosts } from '@subagent-mcp/installer'
import { mendingOf, type ProviderCli } from '../doctor/provider-clis.js'
import { tableLines, type TableLayout } from '../terminal/table.js'
import type { Output } from '../terminal/terminal.js'
import type { Tone } from '../terminal/paint.js'

/** A host on this machine, or the CLI of a provider, or both in one program. */
export type FoundAgent = {
  id: string
  label: string
  /** Whether the program is here, as a host whose files are present or as an installed CLI. */
  isFound: boolean
  /** The CLI that can be an agent; undefined for hosts that cannot. */
  cli?: ProviderCli
}

/** Joins the hosts that are present and the CLIs of providers: first those that can be agents. */
export function joinFoundAgents(clis: readonly ProviderCli[], machine: HostMachine): FoundAgent[] {
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

/** Renders what was found: a line for each program, with what is missing and the command that mends it. */
export function foundAgentLines(found: readonly FoundAgent[], screen: Output): string[] {
  const [here, missing] = [found.filter(({ isFound }) => isFound), found.filter(({ isFound }) => !isFound)]
  return [
    ...tableLines(here, layout, screen).slice(1),
    ...(here.length > 0 && missing.length > 0
      ? [screen.paint('dim', `not found: ${missing.map(({ label }) => label).join(', ')}`)]
      : []),
  ]
}

const layout: TableLayout<FoundAgent> = {
  columns: [
    ['', ({ cli }) => (cli?.type === 'unusable' ? '✗' : '✓'), ({ cli }) => toneOf(cli)],
    ['', ({ label }) => label],
    ['', ({ cli }) => stateWords(cli)],
  ],
  dropFirst: [],
}

function toneOf(cli: ProviderCli | undefined): Tone {
  return cli?.type === 'unusable' ? 'yellow' : 'green'
}

function stateWords(cli: ProviderCli | undefined): string {
  if (cli === undefined) return 'found'
  if (cli.type === 'usable') return cli.signedIn === 'yes' ? 'signed in' : 'found'
  const { id, failure } = cli
  const words: Partial<Record<typeof failure.reason, string>> = {
    'not-installed': 'its program was not found',
    'not-signed-in': 'not signed in',
  }
  return `${words[failure.reason] ?? failure.message}: ${mendingOf(id, failure)}`
}

/** Renders the state of a machine without any host: the command that installs each of those that can be agents. */
export function nothingFoundLines(found: readonly FoundAgent[]): string[] {
  const installs = found.flatMap(({ cli }) =>
    cli?.type === 'unusable' ? [`  ${mendingOf(cli.id, cli.failure)}`] : [],
  )
  return ['No coding agent was found on this machine. Install one and sign in to it:', ...installs]
}

/** A sentence to say in each host that was set up, so that its model delegates to another vendor where one is usable. */
export function firstSentences(planned: readonly Host[], found: readonly FoundAgent[]): string[] {
  const usable = found.filter(({ cli }) => cli?.type === 'usable')
  if (usable.length === 0) return []
  return planned.map(({ id, label }) => {
    const other = usable.find((agent) => agent.id !== id)
    const whom = other ? other.label.replace(/ (Code|CLI)$/, '') : 'a sub-agent'
    return `In ${label}, say: ask ${whom} to review my changes`
  })
}
