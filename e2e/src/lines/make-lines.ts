import { dailyCommandLines } from './daily-lines.js'

/** Returns a random whole number from 0 up to a limit. The same seed gives the same numbers. */
export type RandomNumbers = (limit: number) => number

/** A random generator of 32 bits (mulberry32). */
export function seededRandom(seed: number): RandomNumbers {
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
export function randomCommandLine(random: RandomNumbers): string {
  if (random(5) === 0) return randomArguments(random)
  const line =
    random(4) === 0 ? composed(random, 2) : pick(random, random(5) === 0 ? hostileLines : dailyCommandLines)
  let changed = line
  for (let left = random(4); left > 0; left -= 1) changed = mutate(changed, random)
  return changed
}

/** Pieces of command lines that have a meaning to shells. Most of them try to run `marker` or to write the file `out`. */
const pieces = [
  ...'$(marker)|`marker`|"$(marker)"|\'$(marker)\'|${x:-$(marker)}|${x:-\'$(marker)\'}|"${x:-$(marker)}"|${x:-a}|$x|"$x"'.split(
    '|',
  ),
  ..."=(marker) <(marker) >(marker) *(e:marker:) *(e:'marker':) (marker) $x[1] $x:h ${x}[1] $#x $[1] $((1)) $((x)) a[$(marker)] path[$(marker)]".split(
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
    '>&1-',
    '>&$((1-5))',
    'LC_ALL=C ',
    'COLUMNS=x ',
    'time ',
    'nice ',
    'cd src',
  ],
] as const

/** Hostile lines that once ran a program, or that shells read in different ways. */
const hostileLines = [
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
  "for x in 'path[$(marker)]'; do COLUMNS=x ls; done",
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
  'ls cat head tail wc sort uniq grep cut tr diff comm find file date seq echo printf test stat basename od sed awk jq git rg xxd tac nl cd read type :'.split(
    ' ',
  )
const operands =
  "a.txt names.txt src src/a.ts . 'a b' \"a b\" *.txt a* $HOME ~ -n -r -c -l -1 1 5 + '%s' '{print $1}' 1p x".split(
    ' ',
  )
/** Programs that run another one, also in capitals, which are the names of other programs. */
const wrappers = [
  'nice',
  'timeout 5',
  'time',
  'command',
  '!',
  'xargs',
  'stdbuf -oL',
  'NICE',
  'BASH -c',
  'Time',
]
const joints = [' ; ', ' && ', ' || ', ' | ', '\n', ' & ', ' |& ', ';']

function composed(random: RandomNumbers, depth: number): string {
  const inner = () => (depth > 0 ? composed(random, depth - 1) : simple(random))
  switch (random(10)) {
    case 0:
      return `for f in ${pick(random, operands)} ${pick(random, operands)}; do ${inner()} "$f"; done`
    case 1:
      return `if ${inner()}; then ${inner()}; fi`
    case 2:
      return `(${inner()})`
    case 3:
      return `{ ${inner()}; }`
    case 4:
      return `${inner()} "$(${inner()})"`
    case 5:
      return `cat <<${pick(random, ['E', "'E'", '-E'])}\n${inner()}\nE`
    case 6:
      return `${pick(random, wrappers)} ${inner()}`
    default:
      return `${simple(random)}${pick(random, joints)}${inner()}`
  }
}

/** Returns a random command that only prints or reads, with arguments that shells may read in different ways. */
function randomArguments(random: RandomNumbers): string {
  const parts = Array.from({ length: 2 + random(6) }, () =>
    pick(random, random(3) === 0 ? pieces : random(2) === 0 ? shortPieces : operands),
  )
  return `${pick(random, ['echo', 'echo', 'ls', 'cat', ':', 'printf %s', 'test', ''])} ${parts.join(random(2) === 0 ? ' ' : '')}`
}

const shortPieces = [
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

function simple(random: RandomNumbers): string {
  const words = Array.from({ length: random(4) }, () => pick(random, random(6) === 0 ? pieces : operands))
  return [pick(random, programs), ...words].join(' ')
}

function mutate(line: string, random: RandomNumbers): string {
  const [at, to] = [random(line.length + 1), random(line.length + 1)]
  const [from, end] = [Math.min(at, to), Math.min(Math.max(at, to), Math.min(at, to) + 8)]
  switch (random(8)) {
    case 0:
    case 1:
      return line.slice(0, at) + pick(random, pieces) + line.slice(at)
    case 2:
      return `${line} ${pick(random, pieces)}`
    case 3:
      return line.slice(0, from) + line.slice(end)
    case 4:
      return line.slice(0, end) + line.slice(from)
    case 5:
      return line.slice(0, from) + pick(random, pieces) + line.slice(end)
    case 6:
      return line.replace(/ /, () => ` ${pick(random, pieces)} `)
    default:
      return `${line}${pick(random, joints)}${pick(random, dailyCommandLines)}`
  }
}

function pick<T>(random: RandomNumbers, all: readonly T[]): T {
  const one = all[random(all.length)]
  if (one === undefined) throw new Error('nothing to pick from')
  return one
}
