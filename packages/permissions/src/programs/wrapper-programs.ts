import type { OptionGrammar } from './option-grammar.js'

/**
 * A program that runs the words after its own options as a command. `first` is the form of an operand before them. A
 * `transparent` one does nothing else.
 */
export type WrapperProgram = OptionGrammar & { first?: RegExp; assigns?: true; transparent?: true }

/** Programs that run a command, with their known options. */
export const wrapperPrograms = {
  nice: { valued: 'n', long: 'adjustment=', other: /^-\d+$/, optionsFirst: true, transparent: true },
  timeout: {
    letters: 'fpv',
    valued: 'ks',
    long: 'foreground preserve-status verbose kill-after= signal=',
    first: /^\d+(\.\d+)?[smhd]?$/,
    optionsFirst: true,
    transparent: true,
  },
  stdbuf: { valued: 'ioe', long: 'input= output= error=', optionsFirst: true, transparent: true },
  setsid: { letters: 'cfw', long: 'ctty fork wait', optionsFirst: true, transparent: true },
  time: { letters: 'p', optionsFirst: true, transparent: true },
  command: { letters: 'p', optionsFirst: true, transparent: true },
  // In a terminal nohup writes a file.
  nohup: { optionsFirst: true },
  builtin: { optionsFirst: true },
  exec: { letters: 'cl', valued: 'a', optionsFirst: true },
  env: {
    letters: 'i0v',
    valued: 'uC',
    long: 'ignore-environment null unset= chdir= debug',
    optionsFirst: true,
    assigns: true,
  },
  xargs: {
    letters: '0rtx',
    valued: 'nPLsEIJd',
    long: 'null no-run-if-empty verbose exit max-args= max-procs= max-lines? max-chars= delimiter= replace?',
    optionsFirst: true,
  },
  sudo: {
    letters: 'AbEHiknPS',
    valued: 'CDghpRTUu',
    long: 'non-interactive background login shell stdin set-home preserve-env? user= group= prompt= chdir= host=',
    optionsFirst: true,
    assigns: true,
  },
  doas: { letters: 'Lns', valued: 'Cu', optionsFirst: true },
} as const satisfies Readonly<Record<string, WrapperProgram>>
