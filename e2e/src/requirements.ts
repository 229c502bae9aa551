/** The promises of the product. The title of every end-to-end test cites at least one, as in `[launch-wait]`. */
export const requirements = {
  'launch-wait': 'A caller can wait for a launched agent and gets its answer, from the real CLI.',
  'three-at-once': 'Three agents that are launched together run in parallel, and each is reported once.',
  'typed-answer':
    'An answer by a schema is checked before it is reported: a wrong one is repaired in one more turn of the session, or the failure names what does not match.',
  acceptance:
    'The result of a launch with accept is checked by commands, by its files and by a reviewer of another vendor before it is reported: what fails is repaired in the same session, and the grade says what was shown, with evidence in the journal.',
  undo: 'What an agent changed in the checkout itself can be taken back: all or nothing, with what the user edited meanwhile left as it is.',
  'follow-up': 'A message to a finished agent starts a turn in the same session, with its context.',
  attachments:
    'Images that are attached to a launch or message reach the model by their bytes, other files by their path.',
  'queued-messages': 'Messages to a busy agent each get their own turn, in order, and no answer is lost.',
  recap:
    'The recap tells what each agent did once, with the number of its fact, and search finds its words, also after the daemon was killed; both forget deleted agents.',
  traces:
    'With a collector that OTEL_* variables name, a launch is a trace: with its turns and tool calls, and also when the daemon was killed during the work.',
  page: 'The page of subagent-mcp ui shows agents and mail live and takes what a person decides; what agents write has no effect in it, and no other site can use it.',
  accounts:
    'A launch can name one of several accounts of a provider. The agent runs on it, and its limits and budgets count for this account alone.',
  budget:
    'An agent whose budget is spent is interrupted, with all that it launched, and the result says which budget was spent. Nothing is lost: a person can continue it with more.',
  reserve:
    'A provider with less of its account limits left than the user reserves is skipped with the reason, also right after kill -9 of the daemon.',
  'on-limit':
    'A turn that a usage limit or an outage cuts off is continued: in the same session after its end, or by the next provider with the task, the work so far and the diff.',
  steer: 'A steering message enters the running turn instead of starting its own.',
  'permission-allow': 'A tool call for which the agent asked permission and that was allowed really runs.',
  'permission-deny': 'A denied tool call does not run, and the agent continues.',
  'answered-once':
    'A question of an agent takes only its first answer, from whichever side that comes. Its tool runs or does not run as the answer says, and the audit log records it.',
  'answered-late':
    'A question that is not answered in time stays open. A later answer wakes the agent, also after a restart of the daemon, and the call that it allows runs without another question.',
  'repository-files':
    "A repository's files configure nothing that runs. Each kind of file is given to the CLI, checked, ignored or refused, as docs/permissions.md says.",
  'host-forms':
    "Claude and Codex show their user a form with what an agent asks. Without a user, the host's model is asked immediately.",
  'daily-lines': 'Commands that people use every day to look around are allowed in `read-only`.',
  'lines-read':
    'A command line that is allowed in `read-only` runs only programs that read and changes no file, in bash, dash and zsh.',
  'person-only': 'Only a person can allow a call that cannot be undone. The answer of a model never does.',
  'kill-in-tool': 'Killing an agent in the middle of a tool call leaves no process behind.',
  'cli-killed': 'An agent whose CLI is killed from outside in a turn is errored, with the reason crashed.',
  'api-errors': 'A turn whose request the model API refuses is errored with a typed reason, never finished.',
  'empty-answer': 'A turn that ends without a word is flagged and never reported as a normal success.',
  'server-killed':
    'When an in-process server is killed with SIGKILL, every child process is gone within 5 s.',
  'host-gone':
    'When the host of an in-process server crashes, the server and its child processes are gone within 5 s.',
  'one-daemon': 'All hosts of a user share one daemon, also when they start in parallel.',
  'client-killed': 'The agent of a killed host finishes, and the next host gets its result once.',
  'daemon-killed':
    'Whenever the daemon is killed, no CLI survives 5 s, and the next daemon knows everything that the killed one had answered.',
  'next-daemon':
    'A host that stays open continues with the next daemon by itself, and the agents that it launched still belong to it.',
  'host-exit': 'An agent continues without its host, unless it was launched to end with it.',
  'own-environment':
    'Each launch has the environment and the folder of its own caller, and no secret in them is stored.',
  resume: 'A closed, interrupted or crashed agent continues in its own session with the next message.',
  'turn-usage': 'Each turn counts the usage that the model reported for it, also after a resume.',
  caps: 'A launch beyond a cap on agents is queued, says its place in the queue, and starts by itself.',
  'no-recursion': 'An agent that can call the tools of subagent-mcp cannot launch agents with them.',
  upgrade: 'A new version starts its own daemon, and the old daemon continues with its agents.',
  fallback: 'Where no daemon can be started, the host gets an in-process server, which says why.',
  terminal:
    'The terminal commands show running agents, and can launch, follow, message, wait for and end agents.',
  top: '`subagent-mcp top` shows what needs you first, takes keys, and leaves the terminal as it was, however it ends.',
  'bad-input': 'No malformed input on stdin ends the server, and errors say what to do.',
  'cancelled-wait': 'A cancelled wait loses nothing: the next one returns the result.',
  'clean-room':
    "An agent's CLI gets no variables of an outer CLI session, no user hooks and no MCP servers, unless the launch asks for them.",
  'mcp-choice': "On request an agent's CLI gets the user's MCP servers, or only the named ones.",
  'long-answer': 'A long answer is cut at a stated size and names the path of the whole answer on disk.',
  'no-secrets-on-argv': 'Neither a prompt nor a system prompt is ever on a command line.',
  'not-installed':
    'A launch on a CLI that is missing or not signed in fails with an error that says what to do.',
  'offered-tools':
    'A host is offered the tools that need a defined agent or others in the mailbox once these exist, and is notified of the change.',
  'slash-commands':
    'In Claude and Gemini each defined agent is a slash command that has it launched, and one shows what runs.',
  'mcp-url':
    'A host that connects to the URL of the daemon, with its token, uses the same tools, over both protocols.',
  'mcp-conformance':
    'The official MCP conformance suite finds no failure but in what the server does not offer, each with its reason.',
  'modern-host': 'An MCP client of the 2026-07-28 protocol and a client of a 2025 protocol are both served.',
  'answer-data':
    'Each tool lists the schema of its data, and a client gets data of that schema; the model of each host gets the text once.',
  'bare-command':
    'Without a subcommand the CLI serves when stdin is a pipe, and it has --help and --version.',
  'driver-contract': 'The drivers of Claude, Codex and ACP keep the driver contract on the real CLIs.',
  'three-providers': 'Claude, Codex and Gemini agents run in parallel, each on its real CLI.',
  failover:
    "A launch that fails before the agent's first word moves on to the next candidate, and its answer says so.",
  'all-fail': 'When every candidate of a launch fails, one error names each candidate with its reason.',
  pinned: 'A named provider and model are never replaced: where they fail, the launch fails with an error.',
  'named-provider':
    'A named provider is the only one that is tried, and its failure is reported with the reason. A preferred provider is tried first.',
  routes: 'The routing table is shown as it resolves on this machine, with reasons.',
  effort: 'A requested effort that has no effect is reported, and an unknown effort is refused.',
  deadlock: 'A third try of the same task goes to a candidate that has not failed it.',
  'shared-process':
    'When the process that Codex agents share dies, all of them are errored, and the next launch works.',
  'ci-job':
    'In a job of CI an agent works without a daemon, a person or the tokens of the job; its end is an exit code, JUnit and a summary, and nothing is left.',
  release:
    'A release can be tried without a network: versions, changelogs, checked tarballs, a publish that can be repeated, and the bundle.',
  'packed-packages':
    'In an empty folder each packed package installs, and the example of its README compiles and runs.',
  packed:
    'The packed package runs without the monorepo, needs no dependency but libsql, and sets up, updates and removes itself.',
  'docs-site':
    'The site of the docs is built without a dead link, can be searched, and loads nothing from elsewhere.',
  'docs-commands': 'Every command of the docs that needs no person runs as it is written.',
  newcomer:
    'From the packed release in an empty home, one command and two sentences in Claude have Codex review the changes and fix the first finding; uninstall restores each file.',
  demo: 'The demo plays a whole host session on the real CLIs, without network or account.',
  'launch-once': 'Launches with one request_id start one agent, and a different launch with it is refused.',
  definitions:
    'An agent file decides on the provider, prompt, tools and permissions of the sessions that are started from it.',
  warm: 'A task of a pooled agent is answered by a live process, which also answers the next task, until a reset ends it.',
  'no-trace': 'No text of a task ever reaches another task, also after time-outs, cancels and crashes.',
  'own-answer': 'Many parallel tasks on several agents each get their own answer.',
  'fresh-process':
    'When a process is killed during a task, that task gets a typed error and the next one a new process.',
  'task-asks':
    "A call whose task asks for a permission returns early, and wait returns the task's later answer.",
  'left-task':
    'A task whose call times out, or whose host is killed, continues, and the next wait returns its answer once.',
  'clean-slate': 'A process that a task left running is gone before the next task.',
  'reset-clean':
    'A reset session has nothing of the earlier conversation, and no process that it left running.',
  'same-prefix':
    'The model requests of two tasks of one agent definition begin with the same bytes, in one process or in two.',
  wired:
    'After setup the hosts themselves report that they have our MCP server, and a second setup changes nothing.',
  'wired-session':
    'Sessions of Claude, Codex and Gemini launch an agent and wait for it through the files that setup wrote.',
  plugin:
    'The plugins of Claude Code and Codex, the extension of Gemini CLI and the bundle of Claude Desktop install from this checkout and bring tools, skill and hooks; beside setup nothing is there twice.',
  unwired: 'After uninstall each file has the bytes that it had before setup.',
  'setup-asks':
    'At a terminal setup shows which CLIs are signed in, asks question by question, and writes after the last answer; Ctrl-C before it writes nothing.',
  'short-path':
    'Under a host with the short PATH of a desktop program the CLIs are found and run, and a prompt shows and completes the setup.',
  'reviewed-by-another':
    "Asked in a plain sentence, Claude has its user's changes reviewed by Codex: Codex's model gets the diff, and the findings come back by themselves. If Codex is signed out, the answer has the command to sign in, and Claude does not review in its place.",
  worktree:
    "An agent that is launched in a worktree works in a private copy of the repository: nothing of the user's checkout, index, refs, hooks or filters is touched or run until the changes are applied, all or none. Work that nobody took is never lost.",
  delegate:
    'With orchestration mode on, the model of a host is instructed to delegate, and its direct edits are denied. With the mode off, its requests are the same as without our hooks.',
  'mail-by-hook':
    "Each waiting message is announced once in a Claude session: at its start, before a tool or when it would stop. The announcement does not contain the message's text.",
  batch:
    'A batch of launches goes on where its command was stopped or killed: no line is lost or launched twice, limits with a known end are waited for, and questions stay open.',
  notified:
    'With `notify` in the configuration the user is notified once of an agent that ends or asks while its host does not read it, in short texts without its answer.',
  'back-by-itself':
    'What a Claude session waits for comes back in a turn that it starts by itself, also after a crash of the host or of the daemon.',
  'turns-nobody-typed':
    'Results start at most a set number of turns in a row of a Claude session that no person typed; then they wait for the next prompt, and none is lost.',
  'told-by-driver':
    'An agent that launched others and ended its turn without waiting gets one more turn, in fixed words, when they have finished or ask.',
  'told-at-prompt':
    'A Claude, Codex or Gemini session learns at its next prompt that an agent finished or asks, in fixed words; `wait` returns the report once.',
  'within-limit':
    "`wait` and `invoke` return before the time limit of the host's calls and say what still runs; a later `wait` has each report once.",
  'woken-by-hook':
    'An idle Claude session without MCP tasks is woken by a hook, in fixed words, when an agent has finished, unless it has the report; after a set number of turns that nobody typed, results wait for the next prompt.',
  'status-line':
    'Where the user agreed, the status line of Claude Code shows how many agents of the session work, ask and have results that it has not read, and nothing without any.',
  'oldest-client':
    'A client of the first release of the MCP SDK (1.0.0) launches an agent and gets its answer.',
  'none-lost':
    'Whenever host, shim, daemon or agent is killed, the report of each agent reaches the continued Claude session; one that may have arrived before is marked as repeated.',
  'told-together': 'Agents of a session that end together wake it once, and it gets all their results.',
  'codex-woken':
    'With `wake.codex`, which setup asks for, an idle Codex session is woken by a message in fixed words when an agent has finished, and only the session that launched it; otherwise its next prompt says so.',
  'woken-by-call':
    'Where Claude has no terminal, a `wait` that takes long continues in the background, and Claude begins a turn by itself with its report.',
  'worker-answers':
    'A message to a Claude, Codex or Gemini worker is answered once, by the final words of a turn or with the tool `chat`, and each sender gets the answer in its own thread.',
  'worker-warm':
    'The next message to a worker is answered by the same process, which knows the earlier ones.',
  'worker-budget':
    'A worker runs the turns that its daily budget pays for, and takes no other message that day.',
  'worker-denied':
    'A worker does nothing that it may not do, whatever a message asks for, and answers the message nevertheless.',
  'worker-blocked':
    'A worker whose turns fail for a reason that no retry repairs takes no messages, says why and tells the senders. The messages are answered when the reason is repaired.',
  'worker-killed':
    'Whichever process is killed, each message is answered exactly once or dead-lettered with a notice, and no process is left behind.',
  'worker-replicas':
    'Replicas of a worker on two machines share its messages, each message gets its own answer, and a replica takes over the messages of another one that is killed.',
  'fleet-keys':
    "A fleet's worker that lacks its keys after a restart of the daemon says so, and answers again after `fleet up` with the keys.",
  'worker-tools': "A worker's model is offered each of our tools that the worker's list names.",
  'not-delegated':
    'Agents get no instruction to delegate and are denied none of their tools, also while orchestration mode is on.',
  stalled:
    'A silent agent shows as stalled, is not killed for it, and shows as processing again when it continues.',
} as const
