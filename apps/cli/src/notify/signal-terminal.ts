import { buildChildEnvironment } from '@subagent-mcp/driver-kit'
import type { NotifyOptions } from '@subagent-mcp/runtime'
import { readUserSettings } from '../settings/user-settings.js'
import type { Terminal } from '../terminal/terminal.js'
import { findDesktopNoticeProgram } from './desktop.js'

type Signal = { event: NotifyOptions['on'][number]; text: string }

/**
 * Signals an event on the terminal in which a command waits, if the user wants notices on the desktop and this machine has
 * no program that shows them. `text` must be without control characters.
 */
export async function signalTerminal(
  { stderr, environment }: Pick<Terminal, 'stderr' | 'environment'>,
  { event, text }: Signal,
): Promise<void> {
  if (stderr.size() === undefined) return
  const { desktop, on } = readUserSettings(environment).config.notify
  if (!desktop || !on.includes(event)) return
  const here = { platform: process.platform, environment: buildChildEnvironment(environment) }
  if (findDesktopNoticeProgram(here) === undefined) await stderr.print(signalFor(text, environment))
}

/** The control characters that show a notice in this terminal; the bell (BEL) if no others are known. */
function signalFor(text: string, environment: NodeJS.ProcessEnv): string {
  const { TERM: kind = '', TERM_PROGRAM: program = '', TMUX: tmux = '' } = environment
  if (tmux !== '') return bell
  if (/^(iTerm\.app|WezTerm|ghostty)$/.test(program) || kind === 'xterm-kitty')
    return `\u001b]9;${text}${bell}`
  return /^(rxvt-unicode|foot)/.test(kind) ? `\u001b]777;notify;subagent-mcp;${text}${bell}` : bell
}

const bell = '\u0007'
