import type { TopPage } from './top-state.js'

/** A key of the list of agents: the names that `ScreenKey` has for it, how help and the last line call it, and what it does. */
export type TopKey = {
  names: readonly string[]
  typed: string
  short: string
  does: string
  action: TopAction
}

export type TopAction =
  | 'transcript'
  | 'answer'
  | 'send'
  | 'kill'
  | 'changes'
  | 'filter'
  | 'help'
  | 'quit'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'

/** The keys of the list of agents, in the order of the help. The last line of the screen lists those that have a `short` text. */
export const topKeys: readonly TopKey[] = [
  { names: ['q'], typed: 'q', short: 'quit', does: 'quit; agents continue', action: 'quit' },
  { names: ['?'], typed: '?', short: 'help', does: 'show this help', action: 'help' },
  {
    names: ['return', 'enter'],
    typed: 'Enter',
    short: 'transcript',
    does: 'follow the transcript of the selected agent',
    action: 'transcript',
  },
  {
    names: ['a'],
    typed: 'a',
    short: 'answer',
    does: 'read and answer its permission request, or the newest one',
    action: 'answer',
  },
  { names: ['s'], typed: 's', short: 'send', does: 'send it a message', action: 'send' },
  { names: ['x'], typed: 'x', short: 'kill', does: 'kill it with its processes, after a y', action: 'kill' },
  { names: ['d'], typed: 'd', short: 'diff', does: 'show what it changed', action: 'changes' },
  {
    names: ['/'],
    typed: '/',
    short: 'filter',
    does: 'show only agents whose name, id, model, folder or status contains a text',
    action: 'filter',
  },
  { names: ['up', 'k'], typed: 'Up, k', short: '', does: 'select the agent above', action: 'up' },
  { names: ['down', 'j'], typed: 'Down, j', short: '', does: 'select the agent below', action: 'down' },
  { names: ['pageup', 'b'], typed: 'PgUp, b', short: '', does: 'go up by a page', action: 'page-up' },
  {
    names: ['pagedown', 'space'],
    typed: 'PgDn, Space',
    short: '',
    does: 'go down by a page',
    action: 'page-down',
  },
  { names: ['home', 'g'], typed: 'Home, g', short: '', does: 'go to the first', action: 'first' },
  { names: ['end', 'G'], typed: 'End, G', short: '', does: 'go to the last', action: 'last' },
]

/** Keys that are not of the list alone, for the help. */
const otherKeys: readonly Pick<TopKey, 'typed' | 'does'>[] = [
  { typed: 'Esc', does: 'go back; in the list, end the filter' },
  { typed: 'Ctrl-L', does: 'draw the whole screen again' },
  { typed: 'Ctrl-Z', does: 'stop this program; fg continues it' },
  { typed: 'Ctrl-C', does: 'quit, from everywhere' },
]

/** The page that lists all keys of `top`. */
export const topHelpPage: TopPage = {
  type: 'page',
  key: 'help',
  title: 'Keys',
  lines: [...topKeys, ...otherKeys].map(({ typed, does }) => ({
    text: `${typed.padEnd(13)}${does}`,
    tone: 'plain',
  })),
  from: 0,
}
