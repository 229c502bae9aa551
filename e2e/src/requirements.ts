/** What we promise, each in a sentence. Every end-to-end test cites one in its title, as in `[launch-wait]`. */
export const requirements = {
  'launch-wait': 'A launched agent is waited for and its answer comes back, from the real CLI.',
  'three-at-once': 'Three agents launched together run side by side and are each reported once.',
  'follow-up': 'A message to a finished agent starts a turn on the same session, with its context.',
  'queued-messages':
    'Messages to a busy agent each get a turn of their own, in order, and no answer is lost.',
  steer: 'A steering message enters the running turn instead of getting one of its own.',
  'permission-allow': 'A tool call that was asked for and allowed really runs.',
  'permission-deny': 'A tool call that was denied does not run, and the agent goes on.',
  'answered-once':
    'A question is answered once, from wherever the answer comes first; the tool ran or did not, and the audit log says so.',
  'answered-late':
    'A question that nobody answers in time stays open: a later answer wakes the agent, after a restart of the daemon too, and what it allows runs unasked.',
  'repository-files':
    'What a repository holds configures nothing that runs: each of its files is given, checked, ignored or refused as docs/permissions.md says.',
  'host-forms':
    "Claude and Codex show their user a form with what an agent asks; where nobody is there, the host's model is asked at once.",
  'daily-lines': 'Lines that people use every day to look around pass in `read-only`.',
  'lines-read':
    'A line that passes in `read-only` runs no other program and changes no file, in bash, dash and zsh.',
  'person-only': 'What cannot be undone is allowed by a person alone, whatever a model says.',
  'kill-in-tool': 'Killing an agent in the middle of a tool call leaves no process.',
  'cli-killed': 'A CLI that is killed from outside in mid-turn shows as errored, crashed.',
  'api-errors': 'What the model API refuses is errored with a typed reason, never a finished turn.',
  'empty-answer': 'A turn that ends without a word is flagged, never passed as a normal success.',
  'server-killed': 'When an in-process server is killed with SIGKILL, every child is gone within 5 s.',
  'host-gone': 'When the host of an in-process server crashes, it and its children are gone within 5 s.',
  'one-daemon': 'All hosts of a user share one daemon, also when they start at once.',
  'client-killed': 'The agent of a host that is killed finishes, and the next host has its result once.',
  'daemon-killed':
    'Whenever the daemon is killed, no CLI survives 5 s, and the next one knows all that was answered.',
  'next-daemon':
    'A host that is open goes on with the next daemon by itself, and the agents that it launched are still its own.',
  'host-exit': 'An agent goes on without its host, unless it was launched to end with it.',
  'own-environment':
    'Each launch has the environment and folder of its own caller, and no secret of it is kept.',
  resume: 'A closed, interrupted or crashed agent goes on in its own session with the next message.',
  'turn-usage': 'Each turn counts with what the model said that it took, also after a resume.',
  caps: 'A launch beyond a cap is queued with its place, and starts by itself.',
  'no-recursion': 'An agent that reaches this server launches none.',
  upgrade: 'A new version starts a daemon of its own; the old one goes on with its agents.',
  fallback: 'Where no daemon can be started the host is served in-process, and told why.',
  terminal: 'The terminal shows what runs, and can launch, follow, message, wait for and end agents.',
  'bad-input': 'Nothing malformed on stdin ends the server, and errors name what to do.',
  'cancelled-wait': 'A cancelled wait loses nothing: the next one has the result.',
  'clean-room': 'The child gets no nesting variables, no user hooks and no MCP servers, unless asked for.',
  'mcp-choice': 'On request the child gets the MCP servers of the user, or those that were named.',
  'long-answer': 'A long answer is cut at a stated size, with the path of the whole on disk.',
  'no-secrets-on-argv': 'Neither a prompt nor a system prompt is ever on a command line.',
  'not-installed': 'A CLI that is missing or not signed in is an error at launch that says what to do.',
  'modern-host': 'A 2026-07-28 client and a 2025-era client are both served.',
  'bare-command': 'Without a subcommand the CLI serves when stdin is a pipe, and knows --help and --version.',
  'driver-contract': 'The drivers of Claude, Codex and ACP keep the driver contract on the real CLIs.',
  'three-providers': 'Claude, Codex and Gemini agents run side by side, each on its real CLI.',
  failover: 'A launch that fails before a word moves on to the next candidate, and its answer says so.',
  'all-fail': 'When every candidate fails, one error names each with its reason.',
  pinned: 'A provider and model that were named are never replaced, and fail loudly.',
  'named-provider':
    'A provider that was named is the only one that is tried and fails with its reason; one that is preferred is tried first.',
  routes: 'The routing table is shown as it resolves on this machine, with reasons.',
  effort: 'An effort that does nothing is said, and one that is not there is refused.',
  deadlock: 'A third try of the same task goes to a candidate that has not failed it.',
  'shared-process':
    'When the process that Codex agents share dies, all are errored and the next launch works.',
  'packed-packages':
    'In an empty folder each packed package installs, and the example of its README compiles and runs.',
  packed:
    'The packed package runs without the monorepo, needs no dependency but libsql, and sets up, updates and undoes itself.',
  demo: 'The demo plays a whole host session on the real CLI, without network or account.',
  'launch-once': 'The same request_id never launches twice, and is refused for another launch.',
  definitions: 'An agent file decides on provider, prompt, tools and permissions of what is started from it.',
  warm: 'A task is answered by a live process, which the next task gets again, until a reset ends it.',
  'no-trace': 'What a task was told never reaches another, after time-outs, cancels and crashes too.',
  'own-answer': 'Many tasks at once over several agents each get their own answer.',
  'fresh-process':
    'A process killed in mid-task gives that task a typed error, and the next one a fresh process.',
  'task-asks': 'A task that asks for a permission answers early, and wait has what it says then.',
  'left-task':
    'A task whose call times out, or whose host is killed, goes on, and the next wait has its answer once.',
  'clean-slate': 'What a task left running is gone before the next one.',
  'reset-clean':
    'A reset session has nothing of the conversation before, nor a process that it left running.',
  'same-prefix': 'Requests of two tasks of a definition begin with the same bytes, in one process or two.',
  wired: 'After setup the hosts say themselves that our server is there, and a second setup changes nothing.',
  'wired-session':
    'Sessions of Claude, Codex and Gemini launch an agent and wait for it through what setup wrote.',
  unwired: 'After uninstall each file has the bytes that it had before setup.',
  delegate:
    'With orchestration mode on, a host is told to delegate and its direct edits are denied; off, its requests are as without us.',
  'mail-by-hook':
    'A Claude session is told that mail waits when it starts, before a tool and when it would stop, once each, and not what it says.',
  'worker-answers':
    'A message to a Claude, Codex or Gemini worker is answered once, by its final words or by chat, each sender in its thread.',
  'worker-warm': 'The next message is answered by the same process, which knows what was said before.',
  'worker-budget':
    'A worker takes the turns that its daily budget pays, and no other message is taken that day.',
  'worker-denied':
    'What a message asks for and its worker may not do is not done, and the message is answered all the same.',
  'worker-blocked':
    'A worker whose turns no retry mends takes no messages, says why and tells their senders; they are answered when it is mended.',
  'worker-killed':
    'Whatever is killed, each message is answered exactly once or dead-lettered with a notice, and no process is left.',
  'worker-replicas':
    'Replicas of a worker on two machines share its messages, each message gets its own answer, and one replica takes over those of another that is killed.',
  'fleet-keys':
    'A worker that a restarted daemon runs without its keys says so, and answers again after fleet up with them.',
  'worker-tools': 'A worker is offered each of our tools that its list names.',
  'not-delegated': 'Agents of ours are neither told to delegate nor denied their tools.',
  stalled: 'A silent agent shows as stalled, is not killed for it, and goes back to processing.',
} as const
