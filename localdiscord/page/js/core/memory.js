/** What the browser remembers between visits. Works without storage too (private windows): then nothing stays. */

const read = (key, fallback) => {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? fallback;
  } catch {
    return fallback;
  }
};

const write = (key, value) => {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    /* storage is full or forbidden: forgetting is the worst that happens */
  }
};

export const memory = {
  get member() {
    return read("newsthread.member", null);
  },
  set member(id) {
    write("newsthread.member", id);
  },
  /** "light", "dark", or null to follow the system. */
  get theme() {
    return read("newsthread.theme", null);
  },
  set theme(theme) {
    write("newsthread.theme", theme);
  },
  get welcomed() {
    return read("newsthread.welcomed", false);
  },
  set welcomed(done) {
    write("newsthread.welcomed", done);
  },
  /** When this browser first came, in milliseconds: nothing older counts as unread. */
  get firstVisit() {
    const known = read("newsthread.firstVisit", null);
    if (known) return known;
    const now = Date.now();
    write("newsthread.firstVisit", now);
    return now;
  },
  reads: (member) => read(`newsthread.reads.${member}`, {}),
  saveReads: (member, reads) => write(`newsthread.reads.${member}`, reads),
};
