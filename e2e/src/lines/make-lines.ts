import { dailyLines } from './daily-lines.js'

/** Returns a random whole number from 0 up to a limit. The same seed gives the same numbers. */
export type Dice = (limit: number) => number

/** A random generator of 32 bits (mulberry32). */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

/**
 * Returns a random command line: unordered pieces, a line made by a grammar, or a daily or hostile line with up to
 * three changes.
 */
export function makeLine(dice: Dice): string {
  if (dice(5) === 0) return soup(dice)
  const line = dice(4) === 0 ? composed(dice, 2) : pick(dice, dice(5) === 0 ? attacks : dailyLines)
  let changed = line
  for (let left = dice(4); left > 0; left -= 1) changed = mutate(changed, dice)
  return changed
}

/** Pieces with a meaning to shells. Most of them try to run `marker` or to write the file `out`. */
const pieces = [
  ...'$(marker)|`marker`|"$(marker)"|\'$(marker)\'|${x:-$(marker)}|${x:-\'$(marker)\'}|"${x:-$(marker)}"|${x:-a}|$x|"$x"'.split(
    '|',
  ),
  ..."=(marker) <(marker) >(marker) *(e:marker:) *(e:'marker':) (marker) $x[1] $x:h ${x}[1] $#x $[1] $((1)) $((x)) a[$(marker)]".split(
    ' ',
  ),
  ...'=marker ==marker x=y x==marker marker ./x >out >>out 2>out >|out &>out <>out >&out >!out -o -oout --output=out'.split(
    ' ',
  ),
  ...'--co=marker --compress-program=marker -exec {} + \\; -delete -i -e -c -- - -v -f @a { } ( ) [[ ]] [ ] ! # ~ * ? $ % ^'.split(
    ' ',
  ),
  ...'then do done fi for in if while case esac function f() time coproc always select repeat eval exec command builtin noglob'.split(
    ' ',
  ),
  ...[
    ';',
    '&',
    '|',
    '||',
    '&&',
    '&!',
    '&|',
    ';|',
    '|&',
    ';;',
    '\n',
    '\\\n',
    '\\',
    '"',
    "'",
    '`',
    "$'",
    '$"',
    '$((',
    '))',
    '$(',
    '<<',
    '<<<',
  ],
  ...[
    '<<E\n',
    '\nE\n',
    "<<'E'\n",
    '<<-E\n',
    '\tE\n',
    "${x:-'",
    "'}",
    '${',
    '}',
    '{a,b}',
    '{1..3}',
    '\u00e9',
    ' ',
    '  ',
    '\t',
    '<1-5>',
    '10>out',
  ],
] as const

/** Hostile lines that once ran a program, or that shells read in different ways. */
const attacks = [
  "cat <<E\n${x:-'$(marker)'}\nE",
  'sort -S1b --co=marker a.txt',
  'file --co -m a.txt',
  'nice x=y ls',
  'timeout 5 x=y ls',
  'cat <<<=(marker)',
  'uniq -- - -out',
  '{ echo a } always { marker }\n}',
  "for x in 'a[$(marker)]'; do printf %d x; done",
  "for x in 'a[$(marker)]'; do [ x -eq 1 ]; done",
  "echo 'a[$(marker)]' | while read -r l; do [ $l -eq 1 ]; done",
  "cat <<'E'\n$(marker)\nE",
  "echo \"$(cat <<'E'\nit's (a)\nE\n)\" '$(marker)'",
  'echo `echo \\`marker\\``',
  'ls &! marker',
  'awk \'{print > "out"}\' a.txt',
  'awk \'BEGIN{system("marker")}\'',
  "sed -n '1w out' a.txt",
  'find . -exec ls {} \\; -exec marker {} \\;',
  'find . -type f -print0 | xargs -0 ls',
  '[[ -f a.txt || marker ]]',
  "printf '%s\\n' '$(marker)'",
  'echo \'$(marker)\' "\\$(marker)" \\$\\(marker\\)',
  'ls # $(marker)',
] as const

const programs =
  'ls cat head tail wc sort uniq grep cut tr diff comm find file date seq echo printf test stat basename od sed awk jq git rg xxd tac nl'.split(
    ' ',
  )
const operands =
  "a.txt names.txt src src/a.ts . 'a b' \"a b\" *.txt a* $HOME ~ -n -r -c -l -1 1 5 + '%s' '{print $1}' 1p x".split(
    ' ',
  )
const joints = [' ; ', ' && ', ' || ', ' | ', '\n', ' & ', ' |& ', ';']

function composed(dice: Dice, depth: number): string {
  const inner = () => (depth > 0 ? composed(dice, depth - 1) : simple(dice))
  switch (dice(10)) {
    case 0:
      return `for f in ${pick(dice, operands)} ${pick(dice, operands)}; do ${inner()} "$f"; done`
    case 1:
      return `if ${inner()}; then ${inner()}; fi`
    case 2:
      return `(${inner()})`
    case 3:
      return `{ ${inner()}; }`
    case 4:
      return `${inner()} "$(${inner()})"`
    case 5:
      return `cat <<${pick(dice, ['E', "'E'", '-E'])}\n${inner()}\nE`
    case 6:
      return `${pick(dice, ['nice', 'timeout 5', 'time', 'command', '!', 'xargs', 'stdbuf -oL'])} ${inner()}`
    default:
      return `${simple(dice)}${pick(dice, joints)}${inner()}`
  }
}

/** Arguments that shells may read in different ways, for programs that only print. */
function soup(dice: Dice): string {
  const parts = Array.from({ length: 2 + dice(6) }, () =>
    pick(dice, dice(3) === 0 ? pieces : dice(2) === 0 ? small : operands),
  )
  return `${pick(dice, ['echo', 'echo', 'ls', 'cat', ':', 'printf %s', 'test', ''])} ${parts.join(dice(2) === 0 ? ' ' : '')}`
}

const small = [
  'a',
  ' ',
  "'",
  '"',
  '\\',
  '$',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '<',
  '>',
  '=',
  ':',
  ',',
  '!',
  '#',
  '~',
  '\n',
  ';',
  '&',
  '|',
  '*',
  '?',
  'E',
  'marker',
  '$x',
  '${x}',
  "''",
  '""',
  '1',
  '-',
]

function simple(dice: Dice): string {
  const words = Array.from({ length: dice(4) }, () => pick(dice, dice(6) === 0 ? pieces : operands))
  return [pick(dice, programs), ...words].join(' ')
}

function mutate(line: string, dice: Dice): string {
  const [at, to] = [dice(line.length + 1), dice(line.length + 1)]
  const [from, end] = [Math.min(at, to), Math.min(Math.max(at, to), Math.min(at, to) + 8)]
  switch (dice(8)) {
    case 0:
    case 1:
      return line.slice(0, at) + pick(dice, pieces) + line.slice(at)
    case 2:
      return `${line} ${pick(dice, pieces)}`
    case 3:
      return line.slice(0, from) + line.slice(end)
    case 4:
      return line.slice(0, end) + line.slice(from)
    case 5:
      return line.slice(0, from) + pick(dice, pieces) + line.slice(end)
    case 6:
      return line.replace(/ /, () => ` ${pick(dice, pieces)} `)
    default:
      return `${line}${pick(dice, joints)}${pick(dice, dailyLines)}`
  }
}

function pick<T>(dice: Dice, all: readonly T[]): T {
  const one = all[dice(all.length)]
  if (one === undefined) throw new Error('nothing to pick from')
  return one
}
