import { dashboardOneTimeCodeLifetimeSeconds } from '@subagent-mcp/api'
import { jsonFlag, booleanArgSchema, integerArgSchema } from '../../command/arg-schemas.js'
import { selectDefinedVariables } from '@subagent-mcp/contract'
import { openBrowser } from '../../page/open-browser.js'
import { defineDaemonCommand, type CommandContext } from '../../terminal/command-context.js'
import { describeTerminalCaller } from '../../terminal/person.js'
import { printResult } from '../../terminal/print.js'
import { hostname } from 'node:os'

export const uiCommand = defineDaemonCommand(
  {
    description: 'Open a live page of agents, permissions, messages and usage in your browser',
    examples: ['ui', 'ui --no-open', 'ui --port 47900'],
    flags: {
      noOpen: booleanArgSchema('Print the address of the page, and open no browser'),
      port: integerArgSchema(
        { most: 65_535 },
        'Port of the page on this machine (default: a free one)',
      ).exactOptional(),
      json: jsonFlag,
    },
  },
  (args, context) => openDashboardInBrowser(args, context),
)

type UiArgs = { noOpen: boolean; port?: number; json: boolean }

/** Lets the daemon serve the page, and opens a browser; over ssh prints the command for a tunnel instead. @throws SubagentError */
export async function openDashboardInBrowser(
  { noOpen, port, json }: UiArgs,
  { client, terminal }: CommandContext,
): Promise<number> {
  const { environment } = terminal
  const wanted = port === undefined ? {} : { port }
  const page = await client.openPage({
    ...wanted,
    ...describeTerminalCaller(undefined, terminal),
    pid: process.pid,
  })
  const address = `http://127.0.0.1:${page.port}/#code=${page.code}`
  const tunnel = isRemote(environment) ? tunnelLine(page.port, environment) : undefined
  const machine = { platform: process.platform, environment: selectDefinedVariables(environment) }
  const opened = !noOpen && tunnel === undefined && (await openBrowser(address, machine))
  return printResult(terminal, json, {
    text: pageText({ address, tunnel, opened }),
    data: { address, port: page.port, opened, ...(tunnel !== undefined && { tunnel }) },
  })
}

function isRemote({ SSH_CONNECTION: connection = '' }: NodeJS.ProcessEnv): boolean {
  return connection !== ''
}

/** Returns the ssh command that forwards the page to the user's own machine. It uses the same port there, because the page checks its address. */
function tunnelLine(
  port: number,
  { USER: user = '', SSH_CONNECTION: connection = '' }: NodeJS.ProcessEnv,
): string {
  const [, , address = hostname()] = connection.split(' ')
  const host = address.includes(':') ? `[${address}]` : address
  return `ssh -N -L ${port}:127.0.0.1:${port} ${user === '' ? '' : `${user}@`}${host}`
}

type Opened = { address: string; tunnel: string | undefined; opened: boolean }

function pageText({ address, tunnel, opened }: Opened): string {
  const once = `It opens once, within ${dashboardOneTimeCodeLifetimeSeconds} seconds; subagent-mcp ui makes another.`
  if (tunnel !== undefined)
    return `On your own machine, run this and leave it running:\n  ${tunnel}\nThen open there:\n  ${address}\n${once}`
  return opened
    ? `The page is open in your browser: ${address}\n${once}`
    : `Open this address:\n  ${address}\n${once}`
}
