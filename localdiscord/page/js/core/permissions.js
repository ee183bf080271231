/** Who may do what, by Discord's permission algorithm (overwrites: everyone, roles, member). Pure. */

export const VIEW_CHANNEL = 1n << 10n;
export const SEND_MESSAGES = 1n << 11n;
export const MANAGE_MESSAGES = 1n << 13n;
export const ATTACH_FILES = 1n << 15n;
export const ADD_REACTIONS = 1n << 6n;
export const MANAGE_THREADS = 1n << 34n;
export const SEND_IN_THREADS = 1n << 38n;
const READ_HISTORY = 1n << 16n;
const ADMINISTRATOR = 1n << 3n;
const WHEN_TIMED_OUT = VIEW_CHANNEL | READ_HISTORY;
const ALL = (1n << 63n) - 1n;

/** Until when `member` is timed out, in milliseconds since 1970; null when they are not. */
export function timedOutUntil(state, member) {
  const until = Date.parse(member?.communication_disabled_until ?? "");
  return until > Date.now() + state.ahead ? until : null;
}

/** The permissions of `member` in `channel` (for a thread: pass its parent). */
export function permissions(state, member, channel) {
  if (!member || !channel) return 0n;
  if (state.guild.owner_id === member.id) return ALL;
  const roles = new Set([state.guild.id, ...member.roles]);
  let allowed = 0n;
  for (const id of roles) allowed |= BigInt(state.roles.get(id)?.permissions ?? 0);
  if (allowed & ADMINISTRATOR) return ALL;
  const overwrites = channel.permission_overwrites ?? [];
  const apply = (rows) => {
    const deny = rows.reduce((sum, row) => sum | BigInt(row.deny), 0n);
    const allow = rows.reduce((sum, row) => sum | BigInt(row.allow), 0n);
    allowed = (allowed & ~deny) | allow;
  };
  apply(overwrites.filter((row) => row.id === state.guild.id));
  apply(overwrites.filter((row) => row.id !== state.guild.id && roles.has(row.id)));
  apply(overwrites.filter((row) => row.id === member.id));
  if (timedOutUntil(state, member)) allowed &= WHEN_TIMED_OUT;
  return allowed & VIEW_CHANNEL ? allowed : 0n;
}
