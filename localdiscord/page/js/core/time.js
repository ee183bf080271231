/** Times as people read them, and the one clock that keeps relative times alive. */

/** English words (the page's language) with the reader's own regional habits where they have any. */
const LOCALE = navigator.languages?.find((tag) => tag.startsWith("en-")) ?? "en-GB";
const DISCORD_EPOCH = 1420070400000n;

const format = (options) => new Intl.DateTimeFormat(LOCALE, options);
const STYLES = {
  t: format({ timeStyle: "short" }),
  T: format({ timeStyle: "medium" }),
  d: format({ dateStyle: "short" }),
  D: format({ dateStyle: "long" }),
  f: format({ dateStyle: "long", timeStyle: "short" }),
  F: format({ dateStyle: "full", timeStyle: "short" }),
  s: format({ dateStyle: "short", timeStyle: "short" }),
  S: format({ dateStyle: "short", timeStyle: "medium" }),
};
const EXACT = format({ dateStyle: "full", timeStyle: "long" });
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const UNITS = [
  ["year", 31557600],
  ["month", 2629800],
  ["week", 604800],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** When a snowflake was made, in milliseconds since 1970. */
export const snowflakeTime = (id) => Number((BigInt(id) >> 22n) + DISCORD_EPOCH);

/** "3 minutes ago", "in 2 days"; both in milliseconds. */
export function relative(then, now = Date.now()) {
  const seconds = Math.round((then - now) / 1000);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS[UNITS.length - 1];
  return RELATIVE.format(Math.trunc(seconds / size), unit);
}

/** The moment in one of Discord's timestamp styles (t T d D f F s S R). */
export const styled = (then, style, now) =>
  style === "R" ? relative(then, now) : STYLES[style].format(then);

/** "14:05" today, "Yesterday, 14:05", else the date and time. */
export function posted(then, now = Date.now()) {
  const day = (moment) => new Date(moment).toDateString();
  if (day(then) === day(now)) return STYLES.t.format(then);
  if (day(then) === day(now - 86400000)) return `Yesterday, ${STYLES.t.format(then)}`;
  return STYLES.s.format(then);
}

/** "just now", "5 min", "3 h", "2 d", then the date: for places with little room. */
export function compact(then, now = Date.now()) {
  const seconds = Math.max(0, (now - then) / 1000);
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 7 * 86400) return `${Math.floor(seconds / 86400)} d ago`;
  return STYLES.D.format(then);
}

/** The full date and time with its zone, for tooltips; "" for a moment no calendar holds. */
export const exact = (then) => (isShowable(then) ? EXACT.format(then) : "");

/** Whether a moment fits a Date (±8.64e15 ms); timestamps in messages are anyone's numbers. */
export const isShowable = (then) => Number.isFinite(new Date(then).getTime());

const listeners = new Set();
let timer = null;

/** Call `listener` every second until the returned function is called. */
export function everySecond(listener) {
  listeners.add(listener);
  timer ??= setInterval(() => listeners.forEach((each) => each()), 1000);
  return () => {
    listeners.delete(listener);
    if (!listeners.size) {
      clearInterval(timer);
      timer = null;
    }
  };
}
