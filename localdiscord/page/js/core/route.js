/**
 * Where you are, as an address: `#/channel/{id}[/thread/{id}][/{message}][?as={member}]`.
 *
 * Pure: reads and writes strings only. Also turns Discord's jump links into addresses of this page.
 */

const ROUTE = /^#\/channel\/(\d+)(?:\/thread\/(\d+))?(?:\/(\d+))?$/;
const JUMP = /^https?:\/\/(?:[a-z]+\.)?discord(?:app)?\.com\/channels\/(\d+|@me)\/(\d+)(?:\/(\d+))?\/?$/;

/** `{channel, thread, message, member}`, each an id or null. */
export function parseRoute(hash) {
  const [path, query = ""] = hash.split("?");
  const found = ROUTE.exec(path);
  return {
    channel: found?.[1] ?? null,
    thread: found?.[2] ?? null,
    message: found?.[3] ?? null,
    member: new URLSearchParams(query).get("as"),
  };
}

/** The address of a channel, a thread in it, or a message in either. */
export function formatRoute({ channel, thread = null, message = null, member = null }) {
  const path = [
    "#/channel",
    channel,
    ...(thread ? ["thread", thread] : []),
    ...(message ? [message] : []),
  ].join("/");
  return member ? `${path}?as=${member}` : path;
}

/** `{guild, channel, message}` of a Discord link to a channel or message, else null; guild "@me" for direct messages. */
export function parseJump(url) {
  const found = JUMP.exec(url);
  return found ? { guild: found[1], channel: found[2], message: found[3] ?? null } : null;
}

/** The Discord link to a message: what people share and what the bot's commands take. */
export const formatJump = ({ guild, channel, message }) =>
  `https://discord.com/channels/${guild}/${channel}/${message}`;

/** Whether an address from a message may become a link: http and https only, as the browser itself reads it. */
export function isWebAddress(url) {
  if (typeof url !== "string" || !/^https?:\/\//i.test(url)) return false;
  try {
    return ["http:", "https:"].includes(new URL(url).protocol);
  } catch {
    return false;
  }
}
