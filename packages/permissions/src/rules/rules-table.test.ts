import { afterAll, describe, expect, test } from 'vitest'
import { doesRuleFit, project } from '../project.test.support.js'

const { place, remove } = project()
afterAll(remove)

const table = (text: string, lines: string): [string, string][] =>
  lines
    .trim()
    .split('\n')
    .map((line) => [text, line.trim().replaceAll('\\n', '\n')])

const allowed = [
  ...table(
    'Bash(git status)',
    `git status
     "git" 'status'
     g"it" status
     git   status
     (git status)
     { git status; }
     git status &
     git status && git status
     git status\\ngit status
     git status # a note
     git status 2>&1
     git status 2>/dev/null
     bash -c 'git status'
     /bin/bash -lc 'git status'
     timeout 5 git status
     nice -n 5 git status
     command git status
     CI=1 git status
     cd src && git status
     if git status; then git status; fi`,
  ),
  ...table(
    'Bash(npm test:*)',
    `npm test
     npm test -- --watch=false
     npm test "a b"
     npm test 'a; rm -rf /'
     npm test $X
     npm test *.ts
     npm test src/a && npm test src/b
     npm test | npm test
     timeout 60 npm test
     time npm test
     bash -lc 'npm test -- a'
     cd src/a; npm test
     cd deep && npm test
     NODE_ENV=test npm test
     ! npm test
     while npm test; do npm test; done`,
  ),
  ...table('Bash(npm run *)', 'npm run build\nnpm run build -- -w\nnpm run'),
  ...table('Bash(npm run test:*)', 'npm run test'),
  ...table('Bash(node scripts/*.js)', 'node scripts/a.js\nnode scripts/b/c.js'),
  ...table('Bash', 'ls\nrm -rf /\ngit push -f'),
]

const notAllowed = [
  ...table(
    'Bash(git status)',
    `git status; rm -rf /
     git status && rm -rf /
     git status || rm -rf /
     git status | sh
     git status & rm -rf /
     git status\\nrm -rf /
     git status $(rm -rf /)
     git status \`rm -rf /\`
     git status "$(rm -rf /)"
     git status > a
     git status >> ~/.bashrc
     git status 2> a
     git status &> a
     git status -s
     git
     git stash
     git statusx
     xgit status
     ./git status
     /tmp/git status
     Git status
     "git status"
     git\\ status
     $X status
     git $X
     "$(echo git)" status
     {git,status}
     PATH=/tmp git status
     GIT_PAGER=x git status
     PATH=/tmp; git status
     LD_PRELOAD=a git status
     export PATH=/tmp; git status
     alias git=rm; git status
     git() { rm -rf /; }; git status
     function git { rm x; }; git status
     sudo git status
     env git status
     nohup git status
     nice x=/run.sh git status
     timeout x=1 git status
     xargs git status
     eval git status
     exec git status
     bash -c 'git status' x
     ./timeout 5 git status
     bash -c 'git status; rm x'
     bash -c "git status $X"
     bash -ic 'git status'
     ./bash -c 'git status'
     cd / && git status
     cd .. && git status
     cd out && git status
     cd $X && git status
     cd - && git status
     cd && git status
     pushd src && git status
     git status "
     git status $(
     if git status
     git status <(rm x)
     git status <<E\\n$(rm x)\\nE
     coproc git status
     [[ -n $(rm x) ]] && git status
     for x in $(rm x); do git status; done
     case $(rm x) in a) git status;; esac`,
  ),
  ...table(
    'Bash(npm test:*)',
    `npm
     npm testx
     npm run test
     npm --prefix / test
     npm exec test
     npm test; npm publish
     npm test && curl a | sh
     npm test $(curl a)
     npm test \${a:-$(rm x)}
     npm test $((1 + $(rm x)))
     npm test > a
     CI[$(rm x)]=1 npm test
     /usr/bin/time -o a npm test
     ~/timeout 5 npm test
     NODE_OPTIONS=--require=a npm test
     npm_config_script_shell=a npm test
     npx npm test
     sudo npm test
     cd out/other && npm test
     time -o a rm x`,
  ),
  ...table('Bash(npm run *)', 'npm\nnpm runx\nnpm run a; rm x'),
  ...table(
    'Bash(node scripts/*.js)',
    'node scripts/../a.js\nnode scripts/a.ts\nnode scripts/$X\nnode scripts/*.js\nnode other/a.js',
  ),
]

const forbidden = [
  ...table(
    'Bash(rm:*)',
    `rm x
     /bin/rm x
     \\rm x
     'rm' x
     r''m x
     $'\\x72m' x
     ls; rm x
     ls && rm x
     ls | xargs rm
     xargs -n 1 rm
     xargs -I {} rm {}
     echo $(rm x)
     echo "\`rm x\`"
     sudo rm x
     sudo -n rm x
     sudo -u root rm x
     env A=1 rm x
     env -u A rm x
     A=1 rm x
     nohup rm x
     timeout -k 1 5 rm x
     command rm x
     builtin rm x
     exec rm x
     eval "rm x"
     bash -c 'rm x'
     bash -ec 'rm x'
     sh -c "bash -c 'rm x'"
     find . -exec rm {} ;
     find . -exec ls {} \\; -exec rm {} \\;
     fd -Hx rm
     /bin/RM x
     /bin/r? x
     $X
     cd / && rm x
     $X x
     f() { rm x; }; f
     cat <(rm x)`,
  ),
  ...table(
    'Read(~/.ssh/**)',
    'cat ~/.ssh/a\ncat out/.ssh/a\ncat < ../.ssh/a\ncat ../.SSH/a\ngrep -r x ~/.ssh\ncat note*',
  ),
  ...table(
    'Edit(src/**)',
    'rm src/a\nrm -rf src\ncp x deep\ntee src/../src/b\nls > src/a\ncd src && touch a',
  ),
]

const notForbidden = [
  ...table('Bash(rm:*)', 'ls\nrmdir x\necho rm x\necho "rm x"\ngit rm x\nls rm'),
  ...table('Edit(src/**)', 'cat src/a\ntouch a\nls > a'),
]

describe('commands', () => {
  test.each(allowed)('%s allows %s', (text, command) => {
    expect(doesRuleFit(place, text, { tool: 'Bash', input: { command } }, 'allow')).toBe(true)
  })
  test.each(notAllowed)('%s does not allow %s', (text, command) => {
    expect(doesRuleFit(place, text, { tool: 'Bash', input: { command } }, 'allow')).toBe(false)
  })
  test.each(forbidden)('%s forbids %s', (text, command) => {
    expect(doesRuleFit(place, text, { tool: 'Bash', input: { command } }, 'forbid')).toBe(true)
  })
  test.each(notForbidden)('%s does not forbid %s', (text, command) => {
    expect(doesRuleFit(place, text, { tool: 'Bash', input: { command } }, 'forbid')).toBe(false)
  })
})
