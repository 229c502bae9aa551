/** Lines with options that a program reads otherwise than they look, or that lead a search elsewhere. */
export const misleadingOptions = [
  ...["sed -- 'e touch pwned' a -e p", "sed -E -- 's/.*/id/e' a -e p", "sed -n -- 'w x' a -e p"],
  ...["sed 'w out' -e p a", 'sed -e p -ew\\ x a', "sed 's/a/b/' a -i", 'awk -- \'{print > "x"}\' a'],
  ...['command -v -viv -vit', 'command -v --ncommando=run', 'command -V *'],
  ...['xxd -ac a out', 'xxd -us a out', 'xxd -cols 5 a', 'xxd -l5x a out', 'xxd -ap a'],
  ...['tree -L2o out.txt src', 'tree -Lo 1 out.txt', 'tree -Po x out', 'tree -Ho . out'],
  ...['git diff ~ src', 'git diff .. src', 'git diff /etc src', 'git diff /opt src', 'git diff src out'],
  ...[
    'grep -d recurse -h . ~',
    'grep -hd recurse . ~',
    'grep --directories=recurse . .',
    'grep -drecurse . .',
  ],
  ...['grep .env -e .', 'grep .env --regexp=.', 'rg .env -e .', 'grep .env -f a', 'grep ~/.ssh/id_rsa -e .'],
  ...['git grep -e x .env', 'rg --files ~/.ssh', 'grep -A 3 x .env', 'rg -e x .env'],
  ...['cat .?/.ssh/con*', 'grep -r x .?', 'grep -r x .*', 'sort .?/.ssh/*', 'cat .*/.ssh/config'],
  ...['diff -N ~ src', 'diff ~ src', 'diff src ~/.config', 'diff -r . src', 'diff --recursive src .'],
  ...['grep -R . .', 'grep --dereference-recursive . .', 'rg -L x', 'rg --follow x'],
  ...['find . -print0 -type f | xargs -0 cat', 'find . -print0 -print0 -type f | xargs -0 cat'],
  ...["git log -p -- 'id_rs\\a'", "git grep . -- ':(top)id_rsa'", "git grep . -- ':(icase)ID_RSA'"],
  ...['git log -L1,9:.env', 'git log -L 1,9:.env', "git log -p -- ':/\\.env'"],
  ...["git log --format='%+GG'", "git log --format='%-G?'", "git log --format='% GG'"],
  ...["cat '!.env' .env", "grep . '!.env'", "rg . '!.env'"],
]

/** Shell command lines of the same programs with harmless options only. */
export const linesWithPlainOptions = [
  ...["sed -n -e 1p -e '$p' src/index.ts", 'sed -ne1p -- src/index.ts', 'sed --expression=1p src/index.ts'],
  ...['xxd -c5 -g 1 a', 'xxd -l 64 -p a', 'tree -aL 2', 'tree -L2', "tree -P '*.ts' -I node_modules src"],
  ...['git diff HEAD src', 'git diff main other', 'git diff HEAD -- src/index.ts', 'git diff HEAD~1 HEAD'],
  ...['grep -d skip x src/index.ts', 'grep -e .env -e x -r src', 'grep -A 3 .env src/index.ts'],
  ...['git grep -e .env -e x', "rg -g '!.env' -e x src", 'grep -r --exclude=.env x src', 'grep -rn / src'],
  ...['diff -r src/a src/repository', 'diff --no-dereference -r . src', 'diff -u src/index.ts a'],
  ...['find src -type f -print0 | xargs -0 cat', "git log --format='%h %+an'", "git log -- ':!dist' src"],
  ...['git log -L1,9:src/index.ts', 'cat src/.?*'],
]

/** Shell command lines that are read alike, but in which some shell looks for a builtin, a keyword or an assignment on PATH. */
export const linesThatSearchPath = [
  'command : *.txt',
  'command set -e',
  'nice : a',
  'timeout 5 exit 1',
  'env : a',
  'ls | xargs :',
  'find . -exec : {} +',
  'NICE ls',
  'Time ls',
  'TIMEOUT 5 ls',
  'Command ls',
  'BASH -c ls',
  'time : a',
  'time cd src',
  "time 'read' x",
  '(time type ls)',
  'time ! ls',
  'time LC_ALL=C ls',
  'time 2>/dev/null ls',
  'time (ls)',
  'time [[ -f a ]]',
  'time time ls',
  'time\nls',
]
