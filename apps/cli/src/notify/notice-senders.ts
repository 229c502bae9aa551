import type { Clock } from '@subagent-mcp/contract'
import { getUserHomeFolder } from '@subagent-mcp/definitions'
import {
  buildChildEnvironment,
  startChildProcess,
  type ChildProcessExit,
  type Watchdog,
} from '@subagent-mcp/driver-kit'
import { maskSecrets } from '@subagent-mcp/permissions'
import type { UserNotice, NotifyOptions, NotifySender } from '@subagent-mcp/runtime'
import type { NotifySettings } from '../settings/notify-settings.js'
import { encodeNoticeAsAsciiJson, findDesktopNoticeCommand } from './desktop.js'
import { createWebhookSender } from './webhook.js'

/** The environment of the programs that the senders run, and the watchdog that ends these programs. */
export type NoticeSenderParts = { environment: NodeJS.ProcessEnv; watchdog: Watchdog; clock: Clock }

/** Returns the options of notices from the settings; `undefined` if the user has set up no way of notifying. */
export function createNotifyOptions(
  settings: NotifySettings,
  parts: NoticeSenderParts,
): NotifyOptions | undefined {
  const senders = createNoticeSenders(settings, parts)
  if (senders.length === 0) return undefined
  const { asks, ended } = settings.after
  return { senders, on: settings.on, after: { asks: asks * 1000, ended: ended * 1000 } }
}

/** Creates a sender for each way of notifying that the settings have. */
export function createNoticeSenders(
  { desktop, command, webhook }: NotifySettings,
  parts: NoticeSenderParts,
): readonly NotifySender[] {
  return [
    ...(desktop ? [desktopSender(parts)] : []),
    ...(command ? [commandSender(command, parts)] : []),
    ...(webhook === undefined ? [] : [createWebhookSender({ url: webhook, clock: parts.clock })]),
  ]
}

function desktopSender(parts: NoticeSenderParts): NotifySender {
  const { platform } = process
  const environment = buildChildEnvironment(parts.environment)
  return {
    name: 'desktop',
    send: (notice, signal) => {
      const found = findDesktopNoticeCommand(notice, { platform, environment })
      if (!found)
        return Promise.reject(
          new Error('this machine has no command for desktop notices: see subagent-mcp doctor'),
        )
      return runWith(found, { notice, signal, parts })
    },
  }
}

function commandSender([program = '', ...args]: readonly string[], parts: NoticeSenderParts): NotifySender {
  const command = program.replace(/^~(?=[\\/])/, getUserHomeFolder(parts.environment))
  return { name: 'command', send: (notice, signal) => runWith({ command, args }, { notice, signal, parts }) }
}

/** Milliseconds that a program has to exit after its input has ended, and again after SIGTERM. */
const graceMs = 10_000

type Run = { notice: UserNotice; signal: AbortSignal; parts: NoticeSenderParts }

/** Runs a program with the notice on its stdin. Rejects if it fails or does not exit in time. */
async function runWith(
  { command, args }: { command: string; args: readonly string[] },
  { notice, signal, parts }: Run,
): Promise<void> {
  const environment = buildChildEnvironment(parts.environment)
  let kill = (): void => undefined
  const ended = await new Promise<ChildProcessExit>((resolve) => {
    const child = startChildProcess({
      ...{ command, args, environment, watchdog: parts.watchdog, graceMs },
      cwd: getUserHomeFolder(parts.environment),
      onLine: () => undefined,
      onOversizedLine: () => undefined,
      onExit: resolve,
    })
    kill = () => void child.stop('kill')
    signal.addEventListener('abort', kill)
    child.write(encodeNoticeAsAsciiJson(notice))
    void child.stop('graceful')
  })
  signal.removeEventListener('abort', kill)
  if (ended.code !== 0) throw new Error(whyFailed(ended))
}

function whyFailed({ code, signal, spawnError, stderrTail }: ChildProcessExit): string {
  if (spawnError) return `it cannot be started (${spawnError.code ?? 'unknown error'})`
  const [line = ''] = stderrTail.trim().split('\n').slice(-1)
  const end = code === null ? `it was ended (${signal ?? 'no answer in time'})` : `it exited with ${code}`
  return line === '' ? end : `${end}: ${maskSecrets(line).slice(0, 200)}`
}
