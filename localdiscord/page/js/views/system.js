/** The sentences of system messages (docs resources/message, Message Types). Type 21 repeats a thread's starter. */

const SENTENCES = {
  1: "added someone to the thread.",
  2: "removed someone from the thread.",
  6: "pinned a message.",
  7: "joined. Welcome!",
  12: "follows announcements of another channel here.",
  46: "closed a poll.",
};

export const THREAD_STARTER = 21;

/** What a system message says, or null when `message` is one that somebody wrote. */
export function systemText(message, author) {
  if (message.type === 4) return `${author.name} changed the name to “${message.content}”.`;
  if (message.type === 18) return `${author.name} started the thread “${message.content}”.`;
  return message.type in SENTENCES ? `${author.name} ${SENTENCES[message.type]}` : null;
}
