/** The control routes of the local Discord, one function each. Every failure is an ApiError with one sentence. */

export class ApiError extends Error {
  constructor(sentence, status = 0) {
    super(sentence);
    this.status = status;
  }
}

const part = encodeURIComponent;

async function request(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: method === "GET" ? {} : { "Content-Type": "application/json" },
      body: method === "GET" ? undefined : JSON.stringify(body ?? {}),
    });
  } catch {
    throw new ApiError("The local Discord can't be reached: is it still running?");
  }
  const text = await response.text();
  let data = null;
  try {
    data = text ? JSON.parse(text) : null;
  } catch {
    data = null;
  }
  if (!response.ok || data?.error) {
    throw new ApiError(data?.error ?? `The local Discord answered ${response.status}.`, response.status);
  }
  return data;
}

const query = (values) => {
  const present = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return new URLSearchParams(present).toString();
};

export const api = {
  state: (as) => request("GET", `/local/state?${query({ as })}`),
  messages: (as, channel, { before, limit } = {}) =>
    request("GET", `/local/channels/${part(channel)}/messages?${query({ as, before, limit })}`),
  threads: async (as, channel) =>
    (await request("GET", `/local/channels/${part(channel)}/threads?${query({ as })}`)).threads,
  direct: (as) => request("GET", `/local/dms/${part(as)}`),
  commands: async (as, channel, locale) =>
    (await request("GET", `/local/commands?${query({ as, channel, locale })}`)).commands,
  /** `files` as core/files.js packs them. */
  post: (as, channel, content, replyTo, files = []) =>
    request("POST", `/local/as/${part(as)}/channels/${part(channel)}/messages`, {
      content,
      ...(replyTo ? { reply_to: replyTo } : {}),
      ...(files.length ? { attachments: files } : {}),
    }),
  openThread: (as, channel, name, content, tags) =>
    request("POST", `/local/as/${part(as)}/channels/${part(channel)}/threads`, {
      name,
      content,
      ...(tags.length ? { applied_tags: tags } : {}),
    }),
  edit: (as, channel, message, content) =>
    request("PATCH", `/local/as/${part(as)}/channels/${part(channel)}/messages/${part(message)}`, {
      content,
    }),
  remove: (as, channel, message) =>
    request("DELETE", `/local/as/${part(as)}/channels/${part(channel)}/messages/${part(message)}`),
  react: (as, channel, message, emoji, on) =>
    request(
      on ? "PUT" : "DELETE",
      `/local/as/${part(as)}/channels/${part(channel)}/messages/${part(message)}/reactions/${part(emoji)}`,
    ),
  changeMember: (member, change) => request("PATCH", `/local/members/${part(member)}`, change),
  interact: (as, interaction) => request("POST", `/local/as/${part(as)}/interactions`, interaction),
};

/**
 * Listen to what happens, as `member` sees it. `onEvent(name, data)` gets gateway events, `onLink(up)` tells
 * whether the stream stands; after a break the caller re-reads what it shows. Returns a function that ends it.
 */
export function listen(member, onEvent, onLink) {
  let source = null;
  let timer = null;
  let wait = 500;
  const open = () => {
    source = new EventSource(`/local/events?${query({ as: member })}`);
    source.onopen = () => {
      wait = 500;
      onLink(true);
    };
    source.onmessage = (message) => {
      const { t, d } = JSON.parse(message.data);
      onEvent(t, d);
    };
    source.onerror = () => {
      // The browser's own retry gives up on some answers (a 502, say); ours does not.
      source.close();
      onLink(false);
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, 10000);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
