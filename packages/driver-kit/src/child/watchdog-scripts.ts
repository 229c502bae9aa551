/**
 * The watchdog on POSIX, a shell that waits in `read`: 1 MB of memory instead of 40 for a Node process. Runs on dash, bash
 * 3.2 and busybox. Its input is lines of `watch PID START`, `unwatch PID` and `close`. The end of the input without `close`
 * means that the supervisor is dead.
 */
export const posixWatchdogScript = `# Ends what a killed subagent-mcp supervisor left running.
trap '' HUP INT QUIT TERM PIPE TSTP
# [S] keeps a grep that looks for this from finding itself.
mark="[S]UBAGENT_MCP_NONCE=$1[.]"
watched=' '

start_of() {
  if [ -r /proc/self/stat ]; then
    stat=
    # A process's name may hold newlines and parentheses: read all, and go by the last parenthesis.
    while IFS= read -r line; do stat="$stat $line"; done < "/proc/$1/stat"
    set -- \${stat##*)}
    start=\${20}
  else
    set -- $(ps -o lstart= -p "$1")
    start=$(IFS=_; echo "$*")
  fi
}

end_group() {
  start=
  start_of "$1"
  [ "$start" = "\${2:-unknown}" ] && kill -KILL "-$1"
}

marked() {
  if [ -r /proc/self/environ ]; then
    grep -ls "$mark" /proc/[0-9]*/environ | while IFS=/ read -r _ _ pid _; do echo "$pid"; done
  else
    ps -axwwE -o pid= -o command= | grep "$mark" | while read -r pid _; do echo "$pid"; done
  fi
}

end_marked() {
  if [ -r /proc/self/environ ]; then
    grep -qs "$mark" "/proc/$1/environ" && kill -KILL "$1"
  else
    ps -wwE -o command= -p "$1" | grep -q "$mark" && kill -KILL "$1"
  fi
}

while read -r verb pid start; do
  case $verb in
    watch) watched="$watched$pid=$start " ;;
    unwatch)
      case $watched in
        *" $pid="*)
          after=\${watched#*" $pid="}
          watched="\${watched%%" $pid="*} \${after#* }"
          ;;
      esac
      ;;
    close) exit ;;
  esac
done

for entry in $watched; do end_group "\${entry%%=*}" "\${entry#*=}"; done

round=0
while [ "$round" -lt 50 ]; do
  found=
  for pid in $(marked); do end_marked "$pid" && found=yes; done
  [ -z "$found" ] && exit
  round=$((round + 1))
  sleep 0.05 || sleep 1
done
`

/**
 * The watchdog on Windows, run by `node -e`. Reads the same lines, and runs `taskkill` at their end. Needs no start times,
 * because Windows does not reuse a pid while a handle is open. Not tried on a real Windows.
 */
export const windowsWatchdogScript = `
const { spawnSync } = require('node:child_process')
const watched = new Set()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK']) process.on(signal, () => {})
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const [verb, pid] = line.split(' ')
  if (verb === 'watch') watched.add(pid)
  if (verb === 'unwatch') watched.delete(pid)
}).on('close', () => {
  for (const pid of watched) spawnSync('taskkill', ['/T', '/F', '/PID', pid], { windowsHide: true })
})
`
