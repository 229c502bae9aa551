import { startLimit } from '@subagent-mcp/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCommandLine } from './parse-command-line.js'

const lines = (text: string) =>
  parseCommandLine(text).commands.map(({ words }) => words.map((word) => word.text).join(' '))

test.each([
  ['git status; rm -rf /', ['git status', 'rm -rf /']],
  ['a && b || c | d & e', ['a', 'b', 'c', 'd', 'e']],
  ['a\nb', ['a', 'b']],
  ['echo "$(rm x)"', ['echo $(rm x)', 'rm x']],
  ['echo `rm x`', ['echo `rm x`', 'rm x']],
  ['echo ${a:-$(rm x)}', ['echo ${a:-$(rm x)}', 'rm x']],
  ['echo $((1 + $(rm x)))', ['echo $((1 + $(rm x)))', 'rm x']],
  ['if a; then b; else c; fi', ['a', 'b', 'c']],
  ['for f in $(ls); do rm $f; done', ['ls', 'rm $(ls)']],
  ['(a; { b; })', ['a', 'b']],
  ['cat <<E\n$(rm x)\nE', ['cat', 'rm x']],
  ["echo 'a; rm x'", ['echo a; rm x']],
  ['r"m" x', ['rm x']],
])('%s runs all of its commands', (text, expected) => {
  expect(lines(text).toSorted()).toEqual(expected.toSorted())
})

test.each([
  'echo "a',
  'f() { a; }; f',
  'diff <(a) b',
  'coproc a',
  'ls &>a rm b',
  'ls &>a 2>&1 rm b',
  '&>a rm b',
  'for x in a; do cd ..; done',
  'if a',
  'a $(',
  'echo $((x))',
  'echo ${x:$y}',
  'echo ${PATH:=x}',
  'echo ${!x}',
  '[[ x -eq y ]]',
  'for PATH in x; do a; done',
  'for path in x; do a; done',
  '[[ -t x ]]',
  '[[ -v x ]]',
  '[[ -f $(rm x) ]]',
  '[[ a == *(#qe:x:) ]]',
  '[[ -f a && -f b ]]',
  '[[ a =~ b ]]',
  'a b c d e f g h'
    .split(' ')
    .map((name) => `for ${name} in 1 2 3 4 5 6 7 8 9; do `)
    .join('') +
    ':' +
    '; done'.repeat(8),
  'a {x}>b',
  '[[ a || rm x ]]',
  '[[ a > b ]]',
  "echo $'\\'; touch x; #'",
  'a[$(rm x)]=1 b',
  'a=([$(rm x)]=1) b',
  'for x in a; do command ls; cd ..; done',
  'while a; do (cd ..); done',
  'a\r\nb',
  'a\0b',
  'a\u00a0b',
  'a\u2028b',
  'a\u0001b',
  '$('.repeat(2000),
  'a '.repeat(20_000),
])('%s is not understood', (text) => {
  expect(parseCommandLine(text).opaque).toBeDefined()
})

test.each([
  ['a', 'plain'],
  ['"a b"', 'plain'],
  ['$X', 'unknown'],
  ['"$X"', 'unknown'],
  ['~/a', 'tilde'],
  ['"~/a"', 'plain'],
  ['~root/a', 'unknown'],
  ['*.ts', 'glob'],
  ['{a,b}', 'choice'],
  ['{a,{b,c}}', 'unknown'],
  ['{1..3}', 'shown'],
  ['$HOME', 'tilde'],
  ['"${HOME}/a b"', 'tilde'],
  ['$HOMEX', 'unknown'],
  ['${HOME}x', 'unknown'],
  ['a$HOME', 'shown'],
  ['${HOME%/x}', 'shown'],
  ['"$(a)"', 'shown'],
  ['$((1+2))', 'number'],
  ['$PATH', 'shown'],
  ['"$API_KEY"', 'unknown'],
  ['"a: $?"', 'number'],
  ['$#', 'number'],
  ['$1', 'unknown'],
])('the word %s is %s', (text, kind) => {
  expect(parseCommandLine(`x ${text}`).commands[0]?.words[1]?.kind).toBe(kind)
})

test.each([
  ['for f in *.ts; do x "$f"; done', 'glob'],
  ['for f in *.ts; do x $f; done', 'parted'],
  ['for f in "a b"; do x "$f"; done', 'plain'],
  ['for f in "a b"; do x $f; done', 'unknown'],
  ['for f in a $X; do x $f; done', 'unknown'],
  ['for f in $(a); do x $f; done', 'shown'],
  ['for f in ~/a; do x $f; done', 'tilde'],
  ['for f in ~/a; do x b$f; done', 'shown'],
  ['while read -r l; do x "$l"; done', 'shown'],
  ['while read -r PATH; do x "$l"; done', 'unknown'],
  ['for f in a; do for f in $X; do :; done; x $f; done', 'unknown'],
  ['for f in a; do :; done; x $f', 'unknown'],
])('%s: %s', (text, kind) => {
  const command = parseCommandLine(text).commands.find(({ words }) => words[0]?.text === 'x')
  expect(command?.words[1]?.kind).toBe(kind)
})

test('files and variables are seen, streams and /dev/null are none', () => {
  const [command] = parseCommandLine('A=1 x <in >out 2>&1 2>/dev/null').commands
  expect(command?.assignments).toEqual(['A'])
  expect(command?.redirections.map(({ writes, target }) => [writes, target.text])).toEqual([
    [false, 'in'],
    [true, 'out'],
  ])
})

test.each(['a >!b', 'a >>!b', 'a >=b'])('where %s writes depends on the shell', (text) => {
  const [command] = parseCommandLine(text).commands
  expect(command?.redirections[0]?.target.kind).toBe('unknown')
})

test.each(['$(', '"$(', '`', '((', '{ ', 'cat <(', 'if a;then ', '<<E\n', 'a;', '{a,', '${a:-'])(
  'a line full of %j takes no time',
  async (piece) => {
    const limit = startLimit(3_000)
    parseCommandLine(piece.repeat(19_000 / piece.length))
    expect(await limit.isOver()).toBe(false)
  },
)

test('no text makes it throw', () => {
  const pieces = fc.constantFrom(
    ...'a rm " \' ` $( ) ${ } $(( )) << > | ; & \n ( { [[ ]] if fi do for in case esac =~ * ~ \\'.split(' '),
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(pieces).map((all) => all.join(' ')),
    fc.array(pieces).map((all) => all.join('')),
  )
  fc.assert(
    fc.property(text, (line) => {
      expect(() => parseCommandLine(line)).not.toThrow()
    }),
  )
})
