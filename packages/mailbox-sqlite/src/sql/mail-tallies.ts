import type { SqliteStore } from '@subagent-mcp/journal'
import { z } from 'zod'
import type { MailList } from '@subagent-mcp/mailbox'

/**
 * The tables that count messages, so that reading a count scans nothing. Triggers keep them, so that no command and no
 * process of another version can forget to.
 *
 * `mailTallies` has a row per agent: `unread` leaves out events, `work` counts messages that can be taken. `mailTalks` has
 * a row per thread and agent, and one with an empty agent for the whole thread; `last` is the seq of the newest message,
 * which may be deleted. The row of `mailTallies` with an empty agent counts all threads.
 */
export const mailTallyTablesSql = `
  CREATE TABLE mailTallies (
    agent TEXT PRIMARY KEY,
    inbox INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0,
    work INTEGER NOT NULL DEFAULT 0,
    dead INTEGER NOT NULL DEFAULT 0,
    threads INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE mailTalks (
    thread TEXT NOT NULL,
    agent TEXT NOT NULL,
    last INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    PRIMARY KEY (thread, agent)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX mailTalksByAge ON mailTalks (agent, last);

  CREATE TRIGGER mailTalkBegun AFTER INSERT ON mailTalks BEGIN
    INSERT INTO mailTallies (agent, threads) VALUES (new.agent, 1)
      ON CONFLICT (agent) DO UPDATE SET threads = threads + 1;
  END;
  CREATE TRIGGER mailTalkEnded AFTER DELETE ON mailTalks BEGIN
    UPDATE mailTallies SET threads = threads - 1 WHERE agent = old.agent;
  END;

  CREATE TRIGGER mailSent AFTER INSERT ON mailMessages BEGIN
    INSERT INTO mailTallies (agent, inbox, unread, work, dead) VALUES (new.recipient, new.finished = 0,
        new.finished = 0 AND new.kind <> 'event', new.status = 'waiting' AND new.wakes = 1, new.status = 'dead')
      ON CONFLICT (agent) DO UPDATE SET inbox = inbox + excluded.inbox, unread = unread + excluded.unread,
        work = work + excluded.work, dead = dead + excluded.dead;
    INSERT INTO mailTalks (thread, agent, last, messages, waiting)
      SELECT new.thread, name, new.seq, 1, new.finished = 0 FROM
        (SELECT '' AS name UNION SELECT new.recipient UNION SELECT new.sender WHERE new.through <> 'mailbox') WHERE true
      ON CONFLICT (thread, agent) DO UPDATE SET last = excluded.last, messages = messages + 1,
        waiting = waiting + excluded.waiting;
  END;
  CREATE TRIGGER mailChanged AFTER UPDATE OF status, finished ON mailMessages WHEN old.status <> new.status BEGIN
    UPDATE mailTallies SET
        inbox = inbox - (old.finished = 0) + (new.finished = 0),
        unread = unread - (old.finished = 0 AND old.kind <> 'event') + (new.finished = 0 AND new.kind <> 'event'),
        work = work - (old.status = 'waiting' AND old.wakes = 1) + (new.status = 'waiting' AND new.wakes = 1),
        dead = dead - (old.status = 'dead') + (new.status = 'dead')
      WHERE agent = new.recipient;
  END;
  CREATE TRIGGER mailFinished AFTER UPDATE OF finished ON mailMessages WHEN old.finished <> new.finished BEGIN
    UPDATE mailTalks SET waiting = waiting - (old.finished = 0) + (new.finished = 0)
      WHERE thread = new.thread AND agent IN ('', new.recipient, new.sender);
  END;
  CREATE TRIGGER mailDropped AFTER DELETE ON mailMessages BEGIN
    UPDATE mailTallies SET
        inbox = inbox - (old.finished = 0),
        unread = unread - (old.finished = 0 AND old.kind <> 'event'),
        work = work - (old.status = 'waiting' AND old.wakes = 1),
        dead = dead - (old.status = 'dead')
      WHERE agent = old.recipient;
    UPDATE mailTalks SET messages = messages - 1, waiting = waiting - (old.finished = 0)
      WHERE thread = old.thread AND agent IN ('', old.recipient, old.sender);
    DELETE FROM mailTalks WHERE thread = old.thread AND agent IN ('', old.recipient, old.sender) AND messages = 0;
  END;

  INSERT INTO mailTallies (agent, inbox, unread, work, dead)
    SELECT recipient, sum(finished = 0), sum(finished = 0 AND kind <> 'event'),
      sum(status = 'waiting' AND wakes = 1), sum(status = 'dead') FROM mailMessages GROUP BY recipient;
  INSERT INTO mailTalks (thread, agent, last, messages, waiting)
    SELECT thread, name, max(seq), count(*), sum(finished = 0) FROM (
      SELECT thread, '' AS name, seq, finished FROM mailMessages
      UNION SELECT thread, recipient, seq, finished FROM mailMessages
      UNION SELECT thread, sender, seq, finished FROM mailMessages WHERE through <> 'mailbox'
    ) GROUP BY thread, name;
`

export function countMailListItems(store: SqliteStore, list: MailList): number {
  switch (list.of) {
    case 'inbox':
      return sum(store, 'SELECT inbox AS count FROM mailTallies WHERE agent = ?', list.agent)
    case 'thread':
      return sum(store, "SELECT messages AS count FROM mailTalks WHERE thread = ? AND agent = ''", list.id)
    case 'threads':
      return sum(store, 'SELECT threads AS count FROM mailTallies WHERE agent = ?', list.agent ?? '')
    case 'dead':
      return list.agent === undefined
        ? sum(store, 'SELECT dead AS count FROM mailTallies')
        : sum(store, 'SELECT dead AS count FROM mailTallies WHERE agent = ?', list.agent)
  }
}

function sum(store: SqliteStore, sql: string, ...values: string[]): number {
  return store.rows(CountRow, sql, ...values).reduce((total, { count }) => total + count, 0)
}

const CountRow = z.object({ count: z.number() })
